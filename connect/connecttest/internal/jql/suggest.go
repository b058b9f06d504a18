package jql

import (
	"html"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Suggestion is a value to offer while somebody types a query.
type Suggestion struct {
	// Value is how a query has it, Name what people read.
	Value, Name string
}

// maxSuggestions is how many are offered at once.
const maxSuggestions = 15

// Suggest lists values of a field that begin with a text, in any case, of what the
// caller may see. The names are HTML with the match in b. ok is false for a field
// that does not exist.
func Suggest(e Env, fieldName, prefix string) (found []Suggestion, ok bool) {
	f, ok := e.named(fieldName)
	if !ok || f.suggest == nil {
		return nil, ok
	}
	for _, s := range f.suggest(&e) {
		if at, matches := matchAt(s.Name, prefix); matches && !slices.Contains(found, s) {
			n := at + len(prefix)
			s.Name = html.EscapeString(s.Name[:at]) + "<b>" + html.EscapeString(s.Name[at:n]) + "</b>" + html.EscapeString(s.Name[n:])
			if prefix == "" {
				s.Name = strings.Replace(s.Name, "<b></b>", "", 1)
			}
			found = append(found, s)
		}
	}
	return found[:min(len(found), maxSuggestions)], true
}

// matchAt finds the beginning of a word at which the text begins.
func matchAt(name, prefix string) (int, bool) {
	for at := range name {
		starts := at == 0 || strings.ContainsRune(" (-", rune(name[at-1]))
		if starts && len(name)-at >= len(prefix) && strings.EqualFold(name[at:at+len(prefix)], prefix) {
			return at, true
		}
	}
	return 0, prefix == ""
}

// Quote writes a value so that a query can contain it.
func Quote(value string) string {
	plain := value != "" && !reserved(value) && !strings.EqualFold(value, "EMPTY") && !strings.EqualFold(value, "NULL")
	for i := range len(value) {
		c := value[i]
		plain = plain && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' && i > 0 || c == '.')
	}
	if plain {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(value) + `"`
}

// offered makes suggestions of names.
func offered[T any](list []T, name func(T) string) []Suggestion {
	var out []Suggestion
	for _, v := range list {
		out = append(out, Suggestion{Quote(name(v)), name(v)})
	}
	return out
}

func suggestProjects(e *Env) []Suggestion {
	var out []Suggestion
	for _, p := range e.World.Projects() {
		if e.sees(p.Key) {
			out = append(out, Suggestion{Quote(p.Key), p.Name + " (" + p.Key + ")"})
		}
	}
	return out
}

func suggestStatuses(e *Env) []Suggestion {
	return offered(e.World.Statuses(), func(s world.Status) string { return s.Name })
}

func suggestCategories(*Env) []Suggestion {
	return offered(world.StatusCategories(), func(c world.StatusCategory) string { return c.Name })
}

func suggestTypes(e *Env) []Suggestion {
	return offered(e.World.IssueTypes(), func(t world.IssueType) string { return t.Name })
}

func suggestResolutions(*Env) []Suggestion {
	return offered([]string{"Done", "Unresolved"}, func(s string) string { return s })
}

func suggestPriorities(e *Env) []Suggestion {
	return offered(e.World.Priorities(), func(p world.Priority) string { return p.Name })
}

func suggestFilters(e *Env) []Suggestion {
	seen := slices.DeleteFunc(e.World.Filters(), func(f world.Filter) bool { return !e.World.SeesFilter(e.Account, f) })
	return offered(seen, func(f world.Filter) string { return f.Name })
}

// suggestUsers offers people to callers who may browse them.
func suggestUsers(e *Env) []Suggestion {
	if !e.World.Can(e.Account, world.UserPicker, "") {
		return nil
	}
	var out []Suggestion
	for _, p := range e.World.Humans() {
		out = append(out, Suggestion{Quote(p.AccountID), p.DisplayName})
	}
	return out
}

func suggestComponents(e *Env) []Suggestion {
	seen := slices.DeleteFunc(e.World.Components(""), func(c world.Component) bool { return !e.sees(c.Project) })
	return offered(seen, func(c world.Component) string { return c.Name })
}

func suggestVersions(e *Env) []Suggestion {
	seen := slices.DeleteFunc(e.World.Versions(""), func(v world.Version) bool { return v.Archived || !e.sees(v.Project) })
	return offered(seen, func(v world.Version) string { return v.Name })
}

func suggestLabels(e *Env) []Suggestion {
	return offered(e.World.Labels(e.sees), func(s string) string { return s })
}

func suggestSprints(e *Env) []Suggestion {
	var out []Suggestion
	for _, s := range e.sprints() {
		if s.State != world.SprintClosed {
			out = append(out, Suggestion{s.ID, s.Name})
		}
	}
	return out
}

func suggestTeams(e *Env) []Suggestion {
	var out []Suggestion
	for _, t := range e.World.Teams() {
		out = append(out, Suggestion{t.ID, t.Name})
	}
	return out
}

// FieldData is what a person who types a query is told about a field.
type FieldData struct {
	Value     string // how a query has it
	Name      string
	CFID      string // its unambiguous name if it is a custom one, else ""
	Operators []string
	Type      string
	Sortable  bool
	Suggests  bool // there are values to offer
}

// Fields lists what queries of the caller may name.
func Fields(e Env) []FieldData {
	var out []FieldData
	for _, f := range e.fields() {
		if _, there := e.named(f.names[0]); !there {
			continue
		}
		d := FieldData{Value: Quote(f.names[0]), Name: f.names[0], Operators: operatorsOf(f.operators), Type: f.kind, Sortable: !f.unsorted, Suggests: f.suggest != nil}
		if f.custom != "" {
			d.CFID = f.clause()
			d.Name += " - " + d.CFID
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b FieldData) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return out
}

// operatorsOf splits a group of operators.
func operatorsOf(group string) []string {
	group = strings.NewReplacer("NOT IN", "not_in", "IS NOT", "is_not").Replace(group)
	list := strings.Fields(strings.ToLower(group))
	for i := range list {
		list[i] = strings.ReplaceAll(list[i], "_", " ")
	}
	return list
}

// ReservedWords are those that must be quoted to be a value.
func ReservedWords() []string { return strings.Fields(reservedWords) }
