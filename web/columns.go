package web

import (
	"cmp"
	"slices"

	"github.com/a-h/templ"
)

// column is one column of the workload's table: its heading, and what it takes of
// a row, for the page and for a file. Its key is its name in the configuration and
// in the preferences.
type column struct {
	key, label, unit, class string
	// hint says more about the label; "" for none.
	hint string
	// One of these is set, except for the name's column.
	count  func(Row) Number
	amount func(Row) Amount
	word   func(Row) string
	// draw replaces the plain text of an amount or a word.
	draw   func(Row) templ.Component
	strong bool // in bold, as the row's main number
	fixed  bool // rows are not sorted by it
	// late marks a row's cell as bad news.
	late func(Row) bool
}

// nameColumn is always there, and first.
const nameColumn = "name"

// blankColumn counts issues without a size: only where issues have sizes.
const blankColumn = "blank"

// overdueColumn counts what is overdue.
const overdueColumn = "overdue"

// known are all columns, in the order of a table for which nobody has chosen any.
func (w Workload) known() []column {
	t, unit := w.L.Workload, w.SizeUnit
	return []column{
		{key: nameColumn, label: cmp.Or(w.RowsName, t.Person), class: "col-name"},
		{key: "open", label: t.Open, unit: unit, class: "num", strong: true, count: func(r Row) Number { return r.Open }},
		{key: "todo", label: t.ToDo, unit: unit, class: "num col-split", count: func(r Row) Number { return r.ToDo }},
		{key: "inprogress", label: t.InProgress, unit: unit, class: "num col-split", count: func(r Row) Number { return r.InProgress }},
		{
			key: overdueColumn, label: t.Overdue, unit: unit, class: "num", count: func(r Row) Number { return r.Overdue },
			late: func(r Row) bool { return r.Overdue.N > 0 },
		},
		{key: "duesoon", label: t.DueSoon, unit: unit, class: "num col-due", count: func(r Row) Number { return r.DueSoon }},
		{key: blankColumn, label: t.Blank, class: "num col-blank", count: func(r Row) Number { return r.Blank }},
		{key: "remaining", label: t.Remaining, unit: w.Unit, class: "num col-time", amount: func(r Row) Amount { return r.Remaining }},
		{key: "logged", label: t.Logged, unit: w.Unit, class: "num col-time", amount: func(r Row) Amount { return r.Logged }, draw: logged},
		{key: "load", label: t.Load, class: "col-load", word: func(r Row) string { return r.LoadText }, draw: loadLozenge},
	}
}

// columns are those of the table: the name, then the chosen ones.
func (w Workload) columns() []column {
	known := w.known()
	if w.SizeUnit == "" {
		known = slices.DeleteFunc(known, func(c column) bool { return c.key == blankColumn })
	}
	if w.Columns == nil {
		return w.withTrend(w.withAhead(known, known))
	}
	chosen := known[:1:1]
	for _, key := range w.Columns {
		if i := slices.IndexFunc(known, func(c column) bool { return c.key == key }); i > 0 {
			chosen = append(chosen, known[i])
		}
	}
	return w.withTrend(w.withAhead(chosen, known))
}

// withTrend adds the column of trends, if there are any.
func (w Workload) withTrend(list []column) []column {
	if w.RowsName != "" {
		return w.withoutPeople(list, w.known())
	}
	if w.Totals.Trend == nil {
		return list
	}
	return append(list, column{
		key: "trend", label: w.L.Trend.Trend, class: "col-trend", fixed: true, word: trendText, draw: trendCell,
	})
}

func trendText(r Row) string {
	if r.Trend == nil {
		return ""
	}
	return r.Trend.Text
}

// ColumnNames are the headings of the columns that can be chosen, by their keys.
func (w Workload) ColumnNames() map[string]string {
	names := map[string]string{}
	for _, c := range w.known()[1:] {
		names[c.key] = c.label
	}
	return names
}

// text is what a cell of plain text says.
func (c column) text(r Row) string {
	if c.amount != nil {
		return c.amount(r).Text
	}
	return c.word(r)
}

// counts names the cells whose numbers are announced when they change, "" for none.
func (c column) counts() templ.Attributes {
	if c.word != nil {
		return nil
	}
	return templ.Attributes{"data-count": c.key}
}

func (c column) classes(r Row) templ.CSSClasses {
	return templ.Classes(c.class, templ.KV("strong", c.strong), templ.KV("late", c.late != nil && c.late(r)))
}

// row is the part of r that all rows have.
func (r HourRow) row() Row { return Row{Name: r.Name, Logged: r.Logged} }
