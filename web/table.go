package web

import "slices"

// Table is what a view shows, as rows of values.
type Table struct {
	Head []string
	Rows [][]Value
}

// Value is a number, or else a text.
type Value struct {
	Text   string
	N      float64
	Counts bool // N is the value
}

// Table is the view's rows as they are shown, without the totals: whoever adds up a
// column would count them twice. Rows that appear only on request are among them.
func (w Workload) Table() Table {
	columns := w.columns()
	if w.PartsName != "" {
		return w.parts(columns)
	}
	t := Table{Head: w.heads(columns)}
	add := func(r Row, name string) { t.Rows = append(t.Rows, values(columns, r, name)) }
	for _, r := range w.Rows {
		add(r, w.exported(r))
	}
	if w.Unassigned != nil {
		add(*w.Unassigned, w.Unassigned.Name)
	}
	for _, r := range w.Others {
		t.Rows = append(t.Rows, hourValues(columns, r))
	}
	for _, r := range w.Apps {
		add(r, w.L.Say(w.L.Export.App, r.Name))
	}
	return t
}

func (w Workload) heads(columns []column) []string {
	var heads []string
	for _, c := range columns {
		head := c.label
		if c.unit != "" {
			head = w.L.Say(w.L.Workload.TimeIn, c.label, c.unit)
		}
		heads = append(heads, head)
	}
	return heads
}

// exported is a row's name.
func (w Workload) exported(r Row) string {
	if r.Inactive {
		return w.L.Say(w.L.Export.Inactive, r.Name)
	}
	return r.Name
}

// parts is the table of rows that are divided: what is counted stands in the parts,
// what only people have in their rows, so that each column adds up.
func (w Workload) parts(columns []column) Table {
	heads := w.heads(columns)
	t := Table{Head: slices.Insert(heads, 1, w.PartsName)}
	add := func(r Row, name string) {
		whole := []Value{{Text: name}, {}}
		for _, c := range columns[1:] {
			if ofPeople(c) || len(r.Parts) == 0 {
				whole = append(whole, c.value(r))
			} else {
				whole = append(whole, Value{})
			}
		}
		t.Rows = append(t.Rows, whole)
		for _, part := range r.Parts {
			t.Rows = append(t.Rows, slices.Insert(values(columns, part, name), 1, Value{Text: part.Name}))
		}
	}
	for _, r := range w.Rows {
		add(r, w.exported(r))
	}
	if w.Unassigned != nil {
		add(*w.Unassigned, w.Unassigned.Name)
	}
	for _, r := range w.Others {
		t.Rows = append(t.Rows, slices.Insert(hourValues(columns, r), 1, Value{}))
	}
	for _, r := range w.Apps {
		add(r, w.L.Say(w.L.Export.App, r.Name))
	}
	return t
}

func values(columns []column, r Row, name string) []Value {
	row := []Value{{Text: name}}
	for _, c := range columns[1:] {
		row = append(row, c.value(r))
	}
	return row
}

// hourValues has no counts: only the row's hours are known.
func hourValues(columns []column, r HourRow) []Value {
	row := []Value{{Text: r.Name}}
	for _, c := range columns[1:] {
		v := Value{}
		if c.amount != nil {
			v = c.value(r.row())
		}
		row = append(row, v)
	}
	return row
}

// value is a cell as a value. An amount that is not shown is none.
func (c column) value(r Row) Value {
	switch {
	case c.count != nil:
		return Value{N: c.count(r).value(), Counts: true}
	case c.amount != nil:
		a := c.amount(r)
		return Value{N: a.N, Counts: a.Text != ""}
	}
	return Value{Text: c.word(r)}
}
