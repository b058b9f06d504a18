package web

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// The names of the configuration form's fields, as posted and as keys of its
// errors. FieldProjects is sent once for each chosen project. FieldSearch is the
// text typed to find projects, and FieldCancel comes from a form with a Cancel
// button; neither is part of the configuration.
const (
	FieldProjects = "projects"
	FieldSearch   = "q"
	FieldTeam     = "team"
	FieldRole     = "role"
	FieldRoleName = "roleName"
	FieldQuery    = "query"
	FieldGroup    = "group"
	FieldWindow   = "window"
	FieldFirstDay = "from"
	FieldLastDay  = "to"
	FieldUnit     = "unit"
	FieldTitle    = "title"
	FieldRefresh  = "refresh"
	FieldZone     = "zone"
	FieldCancel   = "cancel"
	FieldColumns  = "columns"
	FieldTrend    = "trend"
	FieldMissing  = "missing"

	FieldWallboard     = "wallboard" // ticked: any value
	FieldAtlassianTeam = "atlassianTeam"
)

// NameField is the field with what a chosen value is called.
func NameField(field string) string { return field + "Name" }

// OfField is the field with the Jira field that a chosen value is one of.
func OfField(field string) string { return field + "Of" }

// FormKind says which host a configuration form is for.
type FormKind string

// The forms. The gadget's has a unit, a title and buttons. The chat's has the
// fields of [ChatForm]; the buttons are those of the dialog around it.
const (
	FormGadget FormKind = "gadget"
	FormChat   FormKind = "chat"
)

// ConfigForm is the configuration form with the choices and texts so far.
type ConfigForm struct {
	L            *lang.Language
	Kind         FormKind
	Save         string // POST address
	Projects     ProjectPicker
	Scope        *ScopeField       // nil: only projects can be chosen
	Team         *TeamField        // nil leaves the field out
	Measure      *MeasureField     // nil leaves the field out
	Windows      []Option          // days, and periods by name
	Range        *RangeField       // nil: no range can be chosen
	Units        []Option          // gadget only
	UnitHelp     string            // gadget only: what a day is
	Refreshes    []Option          // gadget only
	Wallboard    bool              // gadget only
	Trends       []Option          // days; nil leaves the field out
	Ahead        *AheadField       // nil leaves the field out
	Missings     []Option          // hours a day; nil leaves the field out
	Axes         *AxesField        // nil leaves the fields out
	Columns      []Option          // in their order; nil leaves the field out
	Load         *LoadForm         // a workload's gadget only
	Chat         *ChatForm         // chat only
	Title        string            // gadget only, at most 80 characters
	DefaultTitle string            // gadget only: stands in for an empty title
	Errors       map[string]string // field name to what is wrong with it
	Problem      string            // what is wrong with the form as a whole
	Cancel       bool              // shows a button that leads back to the view
}

// Option is one choice of a field.
type Option struct {
	Value, Label string
	Selected     bool
}

// RangeField is the first and the last day of a range, as Jira writes days, "" for none.
type RangeField struct {
	From, To string
	// PreviewURL is the GET address that answers PreviewView for the form in its query;
	// "" without a preview.
	PreviewURL string
}

// previews asks for the preview again when something else is chosen.
func (r *RangeField) previews() templ.Attributes {
	if r == nil || r.PreviewURL == "" {
		return nil
	}
	return templ.Attributes{"data-live": r.PreviewURL, "data-into": "sl-preview"}
}

// TeamChoice is a way to choose a team.
type TeamChoice string

// The ways to choose a team.
const (
	TeamAll       TeamChoice = "all"
	TeamRole      TeamChoice = "role"
	TeamGroup     TeamChoice = "group"
	TeamAtlassian TeamChoice = "atlassian"
	TeamQuery     TeamChoice = "query"
)

// TeamField chooses whose work is shown.
type TeamField struct {
	Choice TeamChoice
	Roles  RoleField
	Query  string
	// Group and Atlassian choose a group and an Atlassian team; nil where neither can be
	// chosen.
	Group, Atlassian *ValuePicker
	// PreviewURL is the GET address that answers PreviewView for the form in its query;
	// "" without a preview.
	PreviewURL string
	// PeopleURL is the GET address that answers PeopleView for the form in its
	// query.
	PeopleURL string
	People    People
}

// RoleField offers the roles of the chosen projects.
type RoleField struct {
	L *lang.Language
	// URL is the GET address that answers RoleView for the form in its query.
	URL   string
	Roles []Option // the first stands for no role
	// Name is what the chosen role was called when it was chosen; "" if that is
	// not known.
	Name string
	// Note says why roles are missing.
	Note  string
	Error string
}

// People are the result of a user query.
type People struct {
	L     *lang.Language
	First []Person
	// Count says how many people were found, "" before a search; More says how
	// many are not in First.
	Count, More string
	// Error says what is wrong with the query, or why the search failed.
	Error string
}

// Person is a person as a list shows them.
type Person struct{ Name, AvatarURL, Initials string }

// previews asks for the preview again when another choice is ticked.
func (t TeamField) previews() templ.Attributes {
	if t.PreviewURL == "" {
		return nil
	}
	return templ.Attributes{"data-live": t.PreviewURL, "data-into": "sl-preview"}
}

// describe ties a field to its help and its error.
func (f ConfigForm) describe(name, help string, more ...string) templ.Attributes {
	attrs := templ.Attributes{}
	ids := more
	if help != "" {
		ids = append(ids, helpID(name))
	}
	if f.Errors[name] != "" {
		ids = append(ids, errorID(name))
		attrs["aria-invalid"] = "true"
	}
	if len(ids) > 0 {
		attrs["aria-describedby"] = strings.Join(ids, " ")
	}
	return attrs
}

func fieldID(name string) string { return "sl-" + name }
func helpID(name string) string  { return "sl-" + name + "-help" }
func errorID(name string) string { return "sl-" + name + "-error" }

// with returns the field with an error.
func (r RoleField) with(wrong string) RoleField {
	r.Error = wrong
	return r
}

// with returns the people with an error in their query, if there is one.
func (p People) with(wrong string) People {
	if wrong != "" {
		p.Error = wrong
	}
	return p
}

// describe ties the select to its note and its error.
func (r RoleField) describe() templ.Attributes {
	f := ConfigForm{}
	if r.Error != "" {
		f.Errors = map[string]string{FieldRole: r.Error}
	}
	return f.describe(FieldRole, r.Note)
}

// invalid marks the query's field. The error itself is shown with the people.
func (p People) invalid() templ.Attributes {
	if p.Error == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}
