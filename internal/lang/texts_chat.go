package lang

// ChatTexts are those of the chat's dialog and sidebar alone.
type ChatTexts struct {
	SetUp                               string // a button
	Label, LabelHelp                    string
	Open, Overdue, DueSoon              string // the parts of a label, as choices
	Unassigned, Heavy, Blank, Logged    string
	WithinHelp                          string // fields that leave out issues of the projects
	FilterWithin, JQLWithin             string
	FilterUnshared                      string // the app may not see the filter
	Probe                               string // somebody from whom issues are hidden
	Quiet, QuietHelp                    string
	QuietFrom, QuietTo                  string
	Preview, PreviewHelp, PreviewFailed string
	PreviewEmpty                        string // while no project is chosen
	ShownNow                            string // %s the label in the room
	WhereToInstall                      string // %s the app, %s the site
	WrongQuiet, WrongParts, WrongBlank  string
}

// LabelTexts make up a glance's label.
type LabelTexts struct {
	NotSetUp  string
	Counting  string // before the first numbers
	Separator string
	// The words after the numbers.
	Open, Overdue, DueSoon, Unassigned, Heavy, Blank, Logged LabelWord
	// Units; %s is the amount.
	Hours, Points LabelWord
}

// WeeklyTexts are those of a summary of the week.
type WeeklyTexts struct {
	Title       string // %s projects
	More, Less  string // after a number: %s by how much
	Room, Heavy Plural // %s people
	// The fields that choose when.
	Day, At, Help string
	Never         string
	Days          [7]string // Sunday first
	WrongAt       string
}

// LabelWord is a word and what stands for it where the room is short.
type LabelWord struct{ Long, Short string }

// ReasonTexts say why a conversation does not show its newest numbers.
type ReasonTexts struct {
	Archived, Empty, Absent, Revoked      string // of the conversation and its chat
	Forbidden, Refused, Busy, Unreachable string
	NoTenant, Hidden, Scope, Quota, Jira  string // of the Jira behind it
	Narrowed                              string
	Interrupted, Internal                 string // of the app
	Unknown                               string
}
