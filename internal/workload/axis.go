package workload

import (
	"cmp"
	"slices"
	"strings"
)

// Axis is what issues are grouped by. The zero value is none: rows are people.
type Axis string

// The axes.
const (
	AxisNone    Axis = ""
	AxisTeam    Axis = "team" // Atlassian's field of teams
	AxisProject Axis = "project"
	AxisEpic    Axis = "epic" // the issue right above, if it is an epic
	AxisType    Axis = "type"
	AxisStatus  Axis = "status" // its category
)

// Value is one of those that issues are grouped by, such as a project. The zero Value is
// none.
type Value struct {
	// ID is what queries know it by, Name what it is called to the viewer; "" if Jira
	// does not say.
	ID, Name string
}

// Traits are what an issue may be grouped by, as far as it was read.
type Traits struct {
	Team, Project, Epic, Type, Status Value
}

// Grouping is an axis with all that is particular about it, besides its names.
type Grouping struct {
	Axis Axis
	// Fields are those of Jira that an issue is read with; the field of teams differs
	// between sites.
	Fields []string
	// Of is what an issue is grouped by.
	Of func(Traits) Value
	// Query is the field in queries; teams is the site's field of teams.
	Query func(teams string) string
	// named is a value as queries name it, nil: by its ID.
	named func(id string) string
	// always says that no issue has none.
	always bool
}

// Groupings are all axes, in the order of the form.
func Groupings() []Grouping {
	return []Grouping{
		{Axis: AxisTeam, Of: func(t Traits) Value { return t.Team }, Query: FieldInQueries},
		{Axis: AxisProject, Of: func(t Traits) Value { return t.Project }, Query: called("project"), always: true},
		{Axis: AxisEpic, Fields: []string{"parent", "issuetype"}, Of: func(t Traits) Value { return t.Epic }, Query: called("parent")},
		{Axis: AxisType, Fields: []string{"issuetype"}, Of: func(t Traits) Value { return t.Type }, Query: called("issuetype"), always: true},
		{Axis: AxisStatus, Of: func(t Traits) Value { return t.Status }, Query: called("statusCategory"), named: categoryName, always: true},
	}
}

func called(field string) func(string) string { return func(string) string { return field } }

// categoryName is a status category as queries name it in every language.
func categoryName(key string) string {
	switch Category(key) {
	case CategoryNew:
		return "To Do"
	case CategoryInProgress:
		return "In Progress"
	}
	return key
}

// Grouping finds an axis; false for people and for what is none.
func (a Axis) Grouping() (Grouping, bool) {
	all := Groupings()
	i := slices.IndexFunc(all, func(g Grouping) bool { return g.Axis == a })
	if i < 0 {
		return Grouping{}, false
	}
	return all[i], true
}

// By is how a workload groups issues.
type By struct {
	// Rows is what its rows stand for, Split what each person's row is divided by: at
	// most one of them is set.
	Rows  Axis `json:"rows,omitempty"`
	Split Axis `json:"split,omitempty"`
	// TeamField is the id of the site's field of teams, if it is grouped by them.
	TeamField string `json:"teamField,omitempty"`
}

// Axis is what issues are grouped by.
func (b By) Axis() Axis { return cmp.Or(b.Rows, b.Split) }

// Fields are those of Jira that an issue must be read with.
func (b By) Fields() []string {
	g, _ := b.Axis().Grouping()
	if g.Axis == AxisTeam {
		return []string{b.TeamField}
	}
	return g.Fields
}

// Of is what an issue is grouped by.
func (b By) Of(t Traits) Value {
	if g, ok := b.Axis().Grouping(); ok {
		return g.Of(t)
	}
	return Value{}
}

func (b By) wrong(note func(field string, w Wrong)) {
	for field, axis := range map[string]Axis{FieldRows: b.Rows, FieldSplit: b.Split} {
		if _, known := axis.Grouping(); !known && axis != AxisNone {
			note(field, Wrong{Code: WrongAxis})
		}
	}
	switch {
	case b.Rows != AxisNone && b.Split != AxisNone:
		note(FieldSplit, Wrong{Code: WrongSplit})
	case b.Axis() == AxisTeam && !IsCustomField(b.TeamField):
		field := FieldRows
		if b.Split != AxisNone {
			field = FieldSplit
		}
		note(field, Wrong{Code: WrongTeamField})
	}
}

// Bucket is what a summary's people have of a value, and nobody.
type Bucket struct {
	Value Value
	Counts
	// By are the parts of Counts that somebody has, by account id; "" is nobody.
	By map[string]Counts
}

// groups counts issues by value and by person.
type groups map[string]*counted

type counted struct {
	value Value
	by    map[*Row]*Counts
}

// of is where the issues of a value and of a person, nil for nobody, are counted.
func (g groups) of(v Value, row *Row) *Counts {
	found := g[v.ID]
	if found == nil {
		found = &counted{value: v, by: map[*Row]*Counts{}}
		g[v.ID] = found
	}
	found.value.Name = cmp.Or(found.value.Name, v.Name)
	if found.by[row] == nil {
		found.by[row] = &Counts{}
	}
	return found.by[row]
}

// of are the groups of those who count in a summary.
func (s *Summary) groupsOf(g groups) []Bucket {
	in := make(map[string]bool, len(s.Rows)+1)
	in[""] = true
	for i := range s.Rows {
		in[s.Rows[i].Person.AccountID] = true
	}
	list := make([]Bucket, 0, len(g))
	for _, found := range g {
		group := Bucket{Value: found.value, By: map[string]Counts{}}
		for row, counts := range found.by {
			account := ""
			if row != nil {
				account = row.Person.AccountID
			}
			if in[account] {
				group.By[account] = *counts
				group.add(counts)
			}
		}
		if group.Open > 0 {
			list = append(list, group)
		}
	}
	orderGroups(list, ByOpen.First(), s.Measure)
	return list
}

// OrderedGroups are a summary's groups in the order that a viewer chose. What is in
// none of the values comes last.
func (s Summary) OrderedGroups(by Sort) []Bucket {
	list := slices.Clone(s.Groups)
	orderGroups(list, by, s.Measure)
	return list
}

// PartsOf are the groups of what one person has, or nobody for "", as [Summary.OrderedGroups].
func (s Summary) PartsOf(account string, by Sort) []Bucket {
	var list []Bucket
	for _, g := range s.Groups {
		if part, ok := g.By[account]; ok {
			list = append(list, Bucket{Value: g.Value, Counts: part})
		}
	}
	orderGroups(list, by, s.Measure)
	return list
}

func orderGroups(list []Bucket, by Sort, m Measure) {
	row := func(g Bucket) Row {
		return Row{Person: Person{AccountID: g.Value.ID, Name: g.Value.Name}, Counts: g.Counts}
	}
	slices.SortFunc(list, func(a, b Bucket) int {
		if (a.Value.ID == "") != (b.Value.ID == "") {
			return strings.Compare(b.Value.ID, a.Value.ID)
		}
		x, y := row(a), row(b)
		return compareRows(&x, &y, by, m)
	})
}

// Bucket finds the group of a value; false if nobody has any of its issues.
func (s Summary) Bucket(id string) (Bucket, bool) {
	i := slices.IndexFunc(s.Groups, func(g Bucket) bool { return g.Value.ID == id })
	if i < 0 {
		return Bucket{}, false
	}
	return s.Groups[i], true
}

// Clause is the condition of the issues of one of the summary's groups, "" if all are. An
// issue is in the group of none if it is in none of the others: what the viewer cannot
// see is among these.
func (s Summary) Clause(id string) string {
	g, ok := s.By.Axis().Grouping()
	if !ok {
		return ""
	}
	field, name := g.Query(s.By.TeamField), g.named
	if name == nil {
		name = func(id string) string { return id }
	}
	if id != "" {
		return oneOf(field, name(id))
	}
	var others []string
	for _, group := range s.Groups {
		if group.Value.ID != "" {
			others = append(others, name(group.Value.ID))
		}
	}
	if len(others) == 0 {
		return ""
	}
	slices.Sort(others)
	if g.always {
		return noneOf(field, others, false)
	}
	return "(" + field + " is EMPTY OR " + noneOf(field, others, false) + ")"
}
