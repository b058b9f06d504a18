package web

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// The names of the configuration form's fields, as posted and as keys of its
// errors. FieldProjects comes once for each chosen project. FieldSearch is
// what was typed to find projects, FieldCancel comes with a form that has a
// way back; both are no part of the configuration.
const (
	FieldProjects = "projects"
	FieldSearch   = "q"
	FieldTeam     = "team"
	FieldRole     = "role"
	FieldQuery    = "query"
	FieldWindow   = "window"
	FieldUnit     = "unit"
	FieldTitle    = "title"
	FieldRefresh  = "refresh"
	FieldZone     = "zone"
	FieldCancel   = "cancel"
)

// FormKind says which host a configuration form is for.
type FormKind string

// The forms: the gadget's has a unit, a title and its own buttons, the chat's
// has the fields of [ChatForm] and is submitted by the dialog around it.
const (
	FormGadget FormKind = "gadget"
	FormChat   FormKind = "chat"
)

// ConfigForm is the configuration form with what was chosen or typed so far.
type ConfigForm struct {
	L            *lang.Language
	Kind         FormKind
	Save         string // POST address
	Projects     ProjectPicker
	Team         *TeamField        // nil leaves the field out
	Windows      []Option          // days
	Units        []Option          // gadget only
	UnitHelp     string            // gadget only: what a day is
	Refreshes    []Option          // gadget only
	Chat         *ChatForm         // chat only
	Title        string            // gadget only, at most 80 characters
	DefaultTitle string            // gadget only: the title while there is no other
	Errors       map[string]string // field name to what is wrong with it
	Problem      string            // what is wrong with the form as a whole
	Cancel       bool              // there is a view to go back to
}

// Option is one choice of a field.
type Option struct {
	Value, Label string
	Selected     bool
}

// TeamChoice is how a team is chosen.
type TeamChoice string

// The ways to choose a team.
const (
	TeamAll   TeamChoice = "all"
	TeamRole  TeamChoice = "role"
	TeamQuery TeamChoice = "query"
)

// TeamField chooses whose work is shown.
type TeamField struct {
	Choice TeamChoice
	Roles  RoleField
	Query  string
	// PeopleURL is a GET address that answers PeopleView for the form sent
	// with it.
	PeopleURL string
	People    People
}

// RoleField offers the roles of the chosen projects.
type RoleField struct {
	L *lang.Language
	// URL is a GET address that answers RoleView for the form sent with it.
	URL   string
	Roles []Option // the first is none
	// Note says why there are not more.
	Note  string
	Error string
}

// People are those whom a user query finds.
type People struct {
	L     *lang.Language
	First []Face
	// Count says how many were found, "" while nothing was looked for; More how
	// many are not among the first.
	Count, More string
	// Error says what is wrong with the query, or why it could not be asked.
	Error string
}

// Face is a person as a list shows them.
type Face struct{ Name, AvatarURL, Initials string }

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

// with is the field with what is wrong with it.
func (r RoleField) with(wrong string) RoleField {
	r.Error = wrong
	return r
}

// with is the people with what is wrong with their query, if anything is.
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

// invalid marks the query's field; its error is among the people.
func (p People) invalid() templ.Attributes {
	if p.Error == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}
