package lang

// WorkloadTexts are those of the workload view.
type WorkloadTexts struct {
	Caption, Region, Person, Unassigned, Everyone string // Region is the part that scrolls
	Others, OthersHint                            string // the row of time logged outside the team
	Unknown, UnknownHint                          string // the row of time without a known author
	Open, ToDo, InProgress, Overdue               string // headings
	DueSoon, Remaining, Logged, Load              string
	Blank, Points                                 string // a heading; the unit under a heading
	NoPoints                                      string
	Hours, Days                                   string // the unit under a heading
	TimeIn                                        string // %s heading, %s unit
	Heavy, Balanced, Light                        string
	Nobody                                        string
	Window                                        Plural // %s days
	ShowAll                                       Plural // %s people
	Sample, SampleProject                         string
	IssuesOf                                      string // names a number's link: %s count, %s heading, %s whose
	SomeProjects                                  string // %s shown, %s all, %s those hidden
	UnknownZone                                   string // %s
	Untracked                                     string
	NoZone                                        string
	LongLinks                                     string
	OlderUntil                                    string // %s time of day
	MoreIssues, MoreWorklogs                      string // %s limit
	RoleUnseen                                    string
	GroupUnseen, GroupNobody                      string // %s group
	QueryRefused, QueryForbidden                  string
	QuerySlow, QueryNobody                        string
	MorePeople                                    string // %s limit
	RoleMissing, GroupsHidden                     string // %s projects; %s groups

	SortedUp, SortedDown  string // said after sorting, %s heading
	ShowIssues            string // %s whose
	Pin, Pinned, Unpinned string // %s name
	Compact               string // a switch, and what is said of it
	CompactOn, CompactOff string
	Apps, AppsNote        string // heading and switch of the apps' rows
	AppsOn, AppsOff       string
	Inactive              string // marks somebody whose account is deactivated
	Left, LeftOnly        string // what the link of their open issues counts; the box that shows only them
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
	Log, LogDay, LogHeading      string // a button; names an empty cell: %s whose, %s day; the form's heading
	LogIssue, LogIssueHelp       string // the field of the issue
	NoIssue, NotIssue, NotSeen   string // what is wrong with it
	Logged, LogRefused           string
	Delete, DeleteEntry          string // a button; DeleteEntry: %s issue, %s start
	DeleteHeading, DeleteText    string // DeleteText: %s duration, %s start
	DeleteChanged                string // %s duration, %s start
	Deleted, DeleteRefused       string
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
	TitleCount                     string // %s whose, %s how many
	SortBy, GroupBy, NoGroups      string // fields and choices
	ByDue, ByPriority, ByUpdate    string
	Project                        string
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
	MoreFiles                      Plural // %s how many are not shown
	LongSearch                     string
	Bytes, Kilobytes, Megabytes    string // %s
}

// ExportTexts are those of the page for taking a table along.
type ExportTexts struct {
	Take, Numbers          string // the button that leads there; a field
	Point, Comma           string // its choices
	Download, Copy, Print  string // buttons
	Made, Copied           string // said after them
	NotCopied, Text        string // Text names the field with the file's text
	Region                 string // names the part that scrolls
	App, Inactive          string // %s the name of an app's account, of somebody's that is deactivated
	Date                   string // %s moment of the numbers
	First                  Plural // %s rows on the page; the file has more
	Key, Summary, Priority string // headings of a list of issues
	Files                  string
}

// HandoverTexts are those of giving a person's issues to another.
type HandoverTexts struct {
	Open          string // a button
	Title         string // %s whose
	Which, To     string // fields
	Choose        string // the choice of nobody in particular
	Nobody        string // gives them to nobody
	Save          string
	NoIssue, NoTo string // what is wrong with a field
	Many          Plural // %s limit
	Done          Plural // %s issues, %s to whom
	DoneNobody    Plural // %s issues
	Undo          string
	Undone        Plural // %s issues
	Kept, Refused string // %s keys
	ListedFirst   Plural // %s how many can be chosen
}
