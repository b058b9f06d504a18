package lang

// WorkloadTexts are those of the workload view.
type WorkloadTexts struct {
	Caption, Person, Unassigned, Everyone string
	Open, ToDo, InProgress, Overdue       string // headings
	DueSoon, Remaining, Logged, Load      string
	Hours, Days                           string // the unit under a heading
	TimeIn                                string // %s heading, %s unit
	Heavy, Balanced, Light                string
	Nobody                                string
	Window                                Plural // %s days
	ShowAll                               Plural // %s people
	Sample, SampleProject                 string
	IssuesOf                              string // names a number's link: %s count, %s heading, %s whose
	SomeProjects                          string // %s shown, %s all, %s those hidden
	UnknownZone                           string // %s
	MoreIssues, MoreWorklogs              string // %s limit
	RoleUnseen                            string
	QueryRefused, QueryForbidden          string
	QuerySlow, QueryNobody                string
	MorePeople                            string // %s limit
	RoleMissing, GroupsHidden             string // %s projects; %s groups

	SortedUp, SortedDown  string // said after sorting, %s heading
	ShowIssues            string // %s whose
	Pin, Pinned, Unpinned string // %s name
	Compact               string // a switch, and what is said of it
	CompactOn, CompactOff string
	Apps, AppsNote        string // heading and switch of the apps' rows
	AppsOn, AppsOff       string
	LoggedOf              string // %s logged, %s capacity, %s unit, %s days, %s hours a day, %s days a week
	Updated               string
}

// TimelogTexts are those of the view of logged time, its lists and its form.
type TimelogTexts struct {
	Caption, CaptionHint, Region string // what the table and its scrolling part are called
	Total, People, Entries       string // headings
	Cell                         string // names a cell: %s amount, %s unit, %s whose, %s day
	Nothing, NoTeam              string // no rows
	AppsTime                     string // names the switch for apps: %s amount, %s unit
	UpTo, Over                   string // steps of the legend: %s duration
	DayOff, Today                string
	Off, OffText                 string // time tracking is off; OffText: %s the other gadget
	Provider                     string // %s the other provider
	Of, EntryTotal, NoneLeft     string // Of: %s whose, %s day
	MoreEntries                  string // %s limit
	Edit, EditEntry              string // EditEntry: %s issue, %s start
	Moved, Saved                 string // Moved: %s day
	EditHeading                  string // %s issue
	Spent, SpentHelp, Day, Clock string // fields
	ClockHelp                    string // %s time zone
	Comment, CommentRich         string
	Weeks, Days, Hours, Minutes  string // words for units as typed, with a space between, without points
	NoTime, NotTime, LongTime    string // what is wrong with a field
	NotDay, NotClock, Skipped    string
	LongComment                  Plural // %s limit
	TimeRefused, StartRefused    string
	CommentRefused, Refused      string
	Changed                      string // %s duration, %s start
}

// PreferenceTexts are about how a viewer wants to see things.
type PreferenceTexts struct {
	Unsaved, Refused string // states of what they chose
}

// IssueTexts are those of a person's issues and of one issue.
type IssueTexts struct {
	Back                           string
	Title                          string // %s whose
	Issue, Status, Due, Priority   string // headings
	Assignee, Reporter, Labels     string
	Description, Attachments, Time string
	OverdueSince                   string // %s day
	NoDue, Nothing, Nobody         string
	OpenInJira, InJira             string // the second: %s key
	Hidden, HiddenText             string
	Cut, NoDescription             string
	Original, Remaining, Spent     string // %s duration each
	Files, More, Worklogs          Plural // %s
	Bytes, Kilobytes, Megabytes    string // %s
}
