package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// caption names the table.
func (w Workload) caption() string {
	if w.RowsName == "" {
		return w.L.Workload.Caption
	}
	return w.L.Say(w.L.Axes.Caption, w.RowsName)
}

// whose names a row where it stands alone.
func (w Workload) whose(r Row) string {
	if r.Part && r.Whose != "" {
		return w.L.Say(w.L.Axes.PartOf, r.Whose, r.Name)
	}
	return r.Name
}

// names are how the markup names a row.
func (r Row) names() templ.Attributes {
	names := templ.Attributes{"data-person": r.ID}
	if r.Value != "" {
		names["data-value"] = r.Value
	}
	return names
}

// title is what a pointer is told of a row's name.
func (r Row) title() string {
	if r.Hint != "" {
		return r.Hint
	}
	return r.Name
}

// buttonID is where the keyboard finds a row's button again.
func (r Row) buttonID() string {
	if r.Value == "" {
		return "sl-person-" + r.ID
	}
	return "sl-value-" + url.PathEscape(r.ID+r.Value)
}

// ofPeople are the columns that only people's rows have.
func ofPeople(c column) bool { return slices.Contains([]string{"logged", "load", "trend"}, c.key) }

// withoutPeople leaves out what only people have, and never leaves nothing.
func (w Workload) withoutPeople(list, known []column) []column {
	list = slices.DeleteFunc(slices.Clone(list), ofPeople)
	if len(list) == 1 {
		list = append(list, known[1])
	}
	return list
}

// afterKey is what an issue is called after its key.
func (r Row) afterKey() string { return strings.TrimSpace(strings.TrimPrefix(r.Name, r.Key)) }

// showAll says how many rows there are.
func (w Workload) showAll() string { return showAll(w.L, w.RowsName, len(w.Rows)) }

func (t Timelog) showAll() string { return showAll(t.L, t.RowsName, len(t.Rows)) }

func showAll(l *lang.Language, rowsName string, rows int) string {
	if rowsName == "" {
		return l.Count(l.Workload.ShowAll, rows)
	}
	return l.Count(l.Axes.ShowAll, rows)
}
