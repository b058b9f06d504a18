package lang

// MeasureTexts are about what a workload counts in.
type MeasureTexts struct {
	Measure                   string // a field
	Issues, Remaining, Points string // its choices
	PointField, BothFields    string // a field, and Jira's own fields together
	PointFieldHelp            string
	Settled                   string // %s field
	Field                     string // %s name, %s number
	Found                     Plural // %s open issues
	FoundBlank                Plural // the same, %s of them not estimated
	Failed                    string
	Wrong, WrongPoints        string // what is wrong with a field
}

// ScopeTexts are about what is looked at.
type ScopeTexts struct {
	Scope, Projects, Filter, JQL        string // a field and its choices
	JQLHelp                             string
	Query                               string // stands for the projects in a view
	FindFilter, NoFilter                string
	FilterNumber, Favourite             string // %s number; %s name
	Narrow, NarrowHelp                  string // of the fields that leave out issues
	Types, Components, Versions         string // these fields
	Labels, Epics, Sprint               string
	AnySprint, ActiveSprint, NextSprint string // choices
	FindValue, NoValue, SearchFailed    string
	Chosen                              string // names a list: %s field
	WrongScope, WrongFilter, WrongJQL   string // what is wrong with a field
	WrongSprint, WrongValue             string // the last: %s value
	ManyValues                          Plural // %s limit
	FilterHidden                        string // notes in a view
	QueryRefused                        string // %s what Jira says
	ValuesHidden                        string // %s values
}

// TrendTexts are those of how it was before.
type TrendTexts struct {
	Trend                     string // heads the column
	Label, Help               string // of the form's field
	None                      string // the choice not to look back
	Week, Month, Quarter      string // the other choices
	Since                     TrendSince
	More, Fewer               Plural // %s issues, %s since when
	Same                      string // %s since when
	RemainingMore             string // %s time, %s unit
	RemainingLess             string // likewise
	OverdueMore, OverdueFewer Plural // %s issues
	Untold                    string // %s since when
	Unkept                    string // likewise, where no facts can be used
	Wrong                     string
}

// TrendSince are the beginnings that can be chosen, as sentences go on with them.
type TrendSince struct{ Week, Month, Quarter string }

// MissingTexts are those of working days that lack time.
type MissingTexts struct {
	Label, Help    string // of the form's field
	None           string // the choice to mark no day
	Below          Plural // %s hours
	Wrong          string
	Short          Plural // what is said of a cell: %s hours
	Days, People   Plural // %s
	Open           string // %s days, %s people
	Title          string // %s hours in words
	Full           string // nobody lacks time
	Of             string // %s days, %s time
	Nothing        string // logged on a day
	Reminder       string // heads the text: %s hours in words
	ReminderLabel  string
	Copy           string
	Copied, Failed string
}
