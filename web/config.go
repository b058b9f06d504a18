package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// chosenFirst is the project list with the chosen ones on top, so that a long
// list shows at a glance what is picked.
func (f ConfigForm) chosenFirst() []Option {
	list := slices.Clone(f.Projects)
	slices.SortStableFunc(list, func(a, b Option) int {
		return rank(a) - rank(b)
	})
	return list
}

func rank(o Option) int {
	if o.Selected {
		return 0
	}
	return 1
}

// describe ties a field to its help and its error.
func (f ConfigForm) describe(name, help string) templ.Attributes {
	attrs := templ.Attributes{}
	var ids []string
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
func choiceID(i int) string      { return "sl-project-" + strconv.Itoa(i) }
