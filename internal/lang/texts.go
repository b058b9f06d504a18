package lang

// Texts is everything a language file fills in. Texts with verbs go through
// [Language.Say], a [Plural] through [Language.Count].
type Texts struct {
	Formats     Formats
	Ages        Ages
	Product     ProductTexts
	Workload    WorkloadTexts
	Timelog     TimelogTexts
	Preferences PreferenceTexts
	Peek        PeekTexts
	Form        FormTexts
	Wrong       WrongTexts
	State       StateTexts
	Chat        ChatTexts
	Slack       SlackTexts
	Reason      ReasonTexts
	Label       LabelTexts
	Problems    ProblemTexts
	Script      ScriptTexts
}

// Formats are how a language writes dates and durations.
type Formats struct {
	Months   [12]string // short, as in a date
	Weekdays [7]string  // short, Sunday first
	Date     string     // layout of package time with {month} for the month's name
	Day      string     // the same without a year
	Clock    string
	Hours    string // %s
	Seconds  string // %s
	Minutes  string // %s
	And      string
}

// Ages say how old numbers are.
type Ages struct {
	JustNow        string
	Minutes, Hours Plural
	Ago            string // {age} stands for the browser's own words, such as "3 minutes ago"
}

// ProductTexts are the product's own names and the admin's page.
type ProductTexts struct {
	Workload        string // the gadget's title when it has no other
	Timelog         string // the same of the gadget of logged time
	WorkloadAbout   string // what the gadget is, in Jira's list of gadgets
	TimelogAbout    string // the same of the gadget of logged time
	Configure       string // the title of the admin's page
	ConnectSlack    string // the title of the page on which a person of Slack says who they are
	Installed       string
	InstalledText   string // %s the gadget's title
	NoImpersonation string
	NoImpersonText  string
}

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

// PeekTexts are those of a person's issues and of one issue.
type PeekTexts struct {
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

// FormTexts are those of the configuration form.
type FormTexts struct {
	Projects, SearchProjects, NoSuchProject string
	Chosen, ChosenProjects                  string // before a count; names a list
	Remove                                  string // %s project
	HiddenProject                           string // marks one
	MoreProjects, SearchFailed              string
	Team, TeamHelp, Everybody               string
	ByRole, ByQuery                         string
	RoleNumber                              string // %s
	NoRole, RolesHidden, SomeRolesHidden    string // the last: %s projects
	NoProjectForRole, RolesFailed           string
	Query, QueryHelp                        string
	People, MorePeople                      Plural // %s found
	AndMore                                 Plural // %s not shown
	QueryRefused, QueryForbidden, QuerySlow string
	QueryFailed                             string
	LoggedTime, LoggedTimeHelp              string
	LastDays                                Plural // %s
	Zone, ZoneHelp                          string
	ReadsNow                                string
	ShowTimeIn, Hours, Days                 string
	DayIs                                   string // %s hours a day, %s days a week
	NoTimeTracking                          string
	Title, Refresh                          string
	Every                                   Plural // %s minutes
	EveryHour, Never                        string
	Save, Cancel                            string
	ShowGadget                              string // after saving
}

// WrongTexts say what is wrong with a field.
type WrongTexts struct {
	NoProjects, NotProject, Twice string // the last two: %s key
	TooManyProjects, TitleLong    Plural // %s limit
	Control, Role, Window         string
	Query                         string // %s position, %s what is there
	QueryEnds, NoQuery, Team      string
	TwoTeams, Refresh             string
	Unit, NotVisible              string // the last: %s projects
	Zone                          string
}

// StateTexts stand in place of a view.
type StateTexts struct {
	Anonymous, AnonymousText           string
	Unconfigured, UnconfiguredText     string
	NoTenant                           string
	RoomUnconfigured, RoomUnconfigText string
	Saved, RoomSavedText               string
	TriesAgain                         string // %s until then
	TryNow                             string
	Loading                            string
}

// ChatTexts are those of the chat's dialog and sidebar alone.
type ChatTexts struct {
	SetUp                               string // a button
	Label, LabelHelp                    string
	Open, Overdue, DueSoon              string // the parts of a label, as choices
	Unassigned, Heavy                   string
	Quiet, QuietHelp                    string
	QuietFrom, QuietTo                  string
	Preview, PreviewHelp, PreviewFailed string
	PreviewEmpty                        string // while no project is chosen
	ShownNow                            string // %s the label in the room
	WhereToInstall                      string // %s the app, %s the site
	WrongQuiet, WrongParts              string
}

// SlackTexts are those of Slack alone: the answers to its command, its modal,
// and the pages that connect it with Jira. What its modal has in common with
// the chat's dialog is in [FormTexts] and [ChatTexts].
type SlackTexts struct {
	NoTenant, NotOpened, TooLate string // answers to the command
	NoPerson                     string // %s an address; the text after | is its link
	ProjectsHelp, TeamHelp       string // under fields
	QueryHelp                    string
	QuietFrom, QuietTo           string
	Close                        string
	Stop, StopSure, StopText     string // a button, and the question behind it
	Stopped                      string // %s the command
	MessageLeft                  string // follows Stopped
	NotShown                     string // %s why
	Saved                        string
	NotInvited, Archived         string // why the channel shows nothing
	Revoked, Forbidden           string
	Refused, JiraFailed          string
	NothingSaved, Disconnected   string // why nothing was saved

	// The page for admins, and those that Slack leads to.
	Offer, OfferText, Connected string // Connected stands before workspaces
	Add, LinkTime               string
	Installed                   string
	InstalledText               string // %s workspace, %s site

	// The question in Jira who somebody of Slack is.
	Who                 string
	WhoText             string // %s person, %s workspace
	WhoWarning, WhoYes  string
	KnownNow, KnownText string // KnownText: %s workspace
}

// ReasonTexts say why a conversation does not show its newest numbers.
type ReasonTexts struct {
	Archived, Empty, Absent, Revoked      string // of the conversation and its chat
	Forbidden, Refused, Busy, Unreachable string
	NoTenant, Hidden, Jira                string // of the Jira behind it
	Interrupted, Internal                 string // of the app
	Unknown                               string
}

// LabelTexts make up a glance's label.
type LabelTexts struct {
	NotSetUp  string
	Counting  string // before the first numbers
	Separator string
	// The words after the numbers.
	Open, Overdue, DueSoon, Unassigned, Heavy LabelWord
}

// LabelWord is a word and what stands for it where the room is short.
type LabelWord struct{ Long, Short string }

// ScriptTexts are what the page's script says when a call fails: what was
// tried, then why.
type ScriptTexts struct {
	FailedOpen, FailedUpdate, FailedSave    string
	NoAnswer, SignedOut, NotAllowed, Failed string
}
