package web

import (
	"maps"
	"slices"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// The names of the fields of what is looked at. FieldFilter is sent once for the chosen
// filter; fields of a narrowing have names of their own, and what is typed to find their
// values that of [FindName].
const (
	FieldScope  = "scope"
	FieldFilter = "filter"
	FieldJQL    = "jql"
	FieldSprint = "sprint"
)

// FindName is the name of the field in which values of another one are searched for.
func FindName(field string) string { return "find:" + field }

// ScopeChoice is a way to say what is looked at.
type ScopeChoice string

// The ways.
const (
	ScopeProjects ScopeChoice = "projects"
	ScopeFilter   ScopeChoice = "filter"
	ScopeJQL      ScopeChoice = "jql"
)

// ScopeField chooses what is looked at.
type ScopeField struct {
	Choice ScopeChoice
	// PreviewURL is the GET address that answers PreviewView, CheckURL the one that
	// answers JQLView, for the form in its query.
	PreviewURL, CheckURL string
	Filter               ValuePicker
	JQL                  string
	Check                JQLCheck
	// Narrow are the fields that leave out issues; NarrowOpen shows them at first.
	Narrow     []ValuePicker
	Sprints    []Option
	NarrowOpen bool
	// Within says that only projects are looked at: a filter and a query leave out
	// issues of them.
	Within bool
}

// JQLCheck is what Jira says about a query.
type JQLCheck struct {
	L *lang.Language
	// Found says how much it finds.
	Found string
	Error string
}

// ValuePicker chooses values of a field by searching for them.
type ValuePicker struct {
	L           *lang.Language
	Name, Label string
	// Help says what choosing means; "" for nothing.
	Help string
	// Search is the hint in the field, None what an empty list says.
	Search, None string
	URL          string
	Typed        string
	Max          int
	Chosen       []PickedValue
	Found        []PickedValue
	// Unasked says that nothing has been searched for yet.
	Unasked bool
	// Problem says why the search failed.
	Problem string
	Error   string
	// First makes it the field where the form begins.
	First bool
}

// PickedValue is one value.
type PickedValue struct {
	Value, Label string
	// Hidden says that the person may not see it.
	Hidden bool
	// With is what is posted with it, by field.
	With map[string]string
}

// fields are those that are posted with it, in a fixed order.
func (v PickedValue) fields() []string { return slices.Sorted(maps.Keys(v.With)) }

// first is the filter's picker, where the form begins if a filter is ticked.
func (s ScopeField) first() ValuePicker {
	s.Filter.First = s.Choice == ScopeFilter
	return s.Filter
}

// jqlLabel names the field of the query.
func (s ScopeField) jqlLabel(l *lang.Language) string {
	if s.Within {
		return l.Chat.JQLWithin
	}
	return l.Scope.JQL
}

func (p ValuePicker) id(part string) string { return "sl-" + p.Name + "-" + part }

// withError is a picker with what is wrong with it.
func (f ConfigForm) withError(p ValuePicker) ValuePicker {
	p.Error = f.Errors[p.Name]
	return p
}

func (p ValuePicker) described() templ.Attributes {
	ids, attrs := p.id("count"), templ.Attributes{}
	if p.Help != "" {
		ids += " " + helpID(p.Name)
	}
	if p.Error != "" {
		ids, attrs["aria-invalid"] = ids+" "+errorID(p.Name), "true"
	}
	attrs["aria-describedby"] = ids
	return attrs
}

// with is the check with an error, if there is one.
func (c JQLCheck) with(wrong string) JQLCheck {
	if wrong != "" {
		c.Error = wrong
	}
	return c
}

// invalid marks the query's field.
func (c JQLCheck) invalid() templ.Attributes {
	if c.Error == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}
