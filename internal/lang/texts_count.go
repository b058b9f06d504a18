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

// AxisTexts are about what the rows of a gadget stand for.
type AxisTexts struct {
	Label, Help       string // of the form's part with these fields
	Rows, Split       string // fields of a workload
	People, NoSplit   string // their first choices
	Names, None       AxisNames
	EpicHint          string // says more of None.Epic
	Unnamed           string // a team that Jira does not name
	ShowAll           Plural // %s rows
	Epic              string // %s key, %s summary
	PartOf            string // names a row below a person's: %s person, %s value
	All               string // heads the values of everybody
	Caption           string // %s axis
	Example           string // %s names of some rows
	ExampleBelow      string // the same of rows below people
	NoExample, Failed string
	NoProjects        string
	Wrong, WrongSplit string // what is wrong with a field
	WrongTeamField    string

	SheetPeople, SheetIssues, SheetPeopleOfIssue string // the choices of who worked on what
	SheetProjects                                string
	SheetCaption, SheetCaptionOf                 string // names the table: %s rows; %s rows, %s what is below them
	Issue, Hidden                                string // heads a column; an issue that the viewer cannot see
}

// AxisNames has a text for each axis by which issues are grouped.
type AxisNames struct{ Team, Project, Epic, Type, Status string }

// Of is the text of an axis by its name in configurations, "" without any.
func (n AxisNames) Of(axis string) string {
	return map[string]string{"team": n.Team, "project": n.Project, "epic": n.Epic, "type": n.Type, "status": n.Status}[axis]
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
	Year                      string
	Since                     TrendSince
	More, Fewer               Plural // %s issues, %s since when
	Same                      string // %s since when
	RemainingMore             string // %s time, %s unit
	RemainingLess             string // likewise
	OverdueMore, OverdueFewer Plural // %s issues
	Untold                    string // %s since when
	Unkept                    string // likewise, where no facts can be used
	Burnup                    string // opens the view of what was open and done: %s since when
	BurnupWords               string // %s since when, %s issues open then, %s open now, %s done
	Day, Done, Most           string // of that view; the last: %s issues at the top
	Passing                   string // %s since when, %s condition
	Many                      string // %s since when, %s limit
	Wrong                     string
}

// TrendSince are the beginnings that can be chosen, as sentences go on with them.
type TrendSince struct{ Week, Month, Quarter, Year string }

// AheadTexts are those of what is due in the time ahead.
type AheadTexts struct {
	Label, Help        string // of the form's field
	None, Own          string // choices
	Next               Plural // a choice: %s days
	OwnDays            string // a field
	Within             Plural // heads the numbers: %s days
	ThisWeek, NextWeek string
	Days, Span         string // %s first day, %s last day; in words and in brief
	Later, After       string // %s last day before
	Undated            string
	UndatedHint        string
	Found              Plural // %s issues, %s days
	Wrong              Plural // %s limit
}

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
