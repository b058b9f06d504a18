package workload

import (
	"maps"
	"slices"
	"strings"
)

// Fields of a [GadgetConfig] as [FieldErrors] names them.
const (
	FieldProjects = "projects"
	FieldScope    = "scope"
	FieldFilter   = "filter"
	FieldJQL      = "jql"
	FieldSprint   = "sprint"
	FieldTeam     = "team"
	FieldRole     = "role"
	FieldQuery    = "query"
	FieldGroup    = "group"
	FieldWindow   = "window"
	FieldUnit     = "unit"
	FieldMeasure  = "measure"
	FieldPoints   = "points"
	FieldTitle    = "title"
	FieldRefresh  = "refresh"
	FieldColumns  = "columns"
	FieldTrend    = "trend"
	FieldAhead    = "ahead"
	FieldMissing  = "missing"
	FieldRows     = "rows"
	FieldSplit    = "split"
	FieldSheet    = "sheet"
	FieldLoad     = "load"
	FieldHeavy    = "heavy"
	FieldLight    = "light"
	FieldDueSoon  = "dueSoon"
	FieldRegion   = "region"
	FieldClosed   = "closed"
	FieldOpened   = "opened"
	FieldDaysOff  = "daysOff"
	// FieldAtlassianTeam is of an [AtlassianTeam].
	FieldAtlassianTeam = "atlassianTeam"
	// FieldPeople and FieldCalendar are of what editors note about people: it is no
	// part of the property.
	FieldPeople   = "people"
	FieldCalendar = "calendar"
)

// FieldErrors holds, by the field's name, what is wrong with it.
type FieldErrors map[string]Wrong

// Wrong is what is wrong with a field. The caller puts it into words.
type Wrong struct {
	Code WrongCode
	// Text is the part of the input that the code is about, if any.
	Text string
	// Limit is the code's limit, if it has one.
	Limit int
	// At is where Text begins, in characters from 1; 0 when that does not help.
	At int
}

// WrongCode names a kind of mistake.
type WrongCode string

// The kinds of mistakes.
const (
	WrongNoProjects      WrongCode = "no project"
	WrongTooManyProjects WrongCode = "too many projects" // Limit
	WrongNotProject      WrongCode = "not a project key" // Text
	WrongTwice           WrongCode = "chosen twice"      // Text
	WrongScope           WrongCode = "not one scope"
	WrongFilter          WrongCode = "not a filter"
	WrongJQL             WrongCode = "not a query"     // Text, what Jira says, or ""
	WrongValue           WrongCode = "not a value"     // Text
	WrongManyValues      WrongCode = "too many values" // Limit
	WrongSprint          WrongCode = "not a state of sprints"
	WrongNotVisible      WrongCode = "not visible"    // Text
	WrongTitleLong       WrongCode = "title too long" // Limit, in characters
	WrongControl         WrongCode = "has control characters"
	WrongRole            WrongCode = "not a role"
	WrongQuery           WrongCode = "not a user query" // Text, "" at the end, and At
	WrongQueryLong       WrongCode = "query too long"   // Limit, in characters
	WrongNoQuery         WrongCode = "no user query"
	WrongTeam            WrongCode = "not a way to choose a team"
	WrongTwoTeams        WrongCode = "several teams"
	WrongGroup           WrongCode = "not a group"
	WrongAtlassianTeam   WrongCode = "not a team"
	WrongWindow          WrongCode = "not a window"
	WrongRange           WrongCode = "not a range of days" // Limit
	WrongUnit            WrongCode = "not a unit"
	WrongMeasure         WrongCode = "not a measure"
	WrongPoints          WrongCode = "not fields of points"
	WrongZone            WrongCode = "not a time zone"
	WrongRefresh         WrongCode = "not a time to refresh"
	WrongColumns         WrongCode = "not columns"
	WrongTrend           WrongCode = "not a time to look back"
	WrongAhead           WrongCode = "not a time to look ahead" // Limit
	WrongMissing         WrongCode = "not a number of hours a day"
	WrongAxis            WrongCode = "not an axis"
	WrongSplit           WrongCode = "only people are split"
	WrongTeamField       WrongCode = "no field of teams"
	WrongSheet           WrongCode = "not rows of a sheet"
	WrongLoad            WrongCode = "not a way to judge a load"
	WrongPercent         WrongCode = "not a percentage"     // Limit
	WrongOrder           WrongCode = "light above heavy"    // Text, the other threshold
	WrongDueSoon         WrongCode = "not a number of days" // Limit
	WrongRegion          WrongCode = "not a region"
	WrongDay             WrongCode = "not a day"     // Text
	WrongManyDays        WrongCode = "too many days" // Limit
	WrongHours           WrongCode = "not hours of a day"
	WrongAway            WrongCode = "not an absence"    // Text
	WrongManyAway        WrongCode = "too many absences" // Limit
	WrongManyPeople      WrongCode = "too many people"   // Limit
	WrongCalendar        WrongCode = "not a calendar's address"
)

// Has reports whether something is wrong with the field.
func (e FieldErrors) Has(field string) bool { return e[field].Code != "" }

// Error lists all mistakes on one line, by field.
func (e FieldErrors) Error() string {
	var problems []string
	for _, field := range slices.Sorted(maps.Keys(e)) {
		problems = append(problems, field+": "+string(e[field].Code))
	}
	return strings.Join(problems, ", ")
}
