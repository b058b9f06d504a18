package web

import (
	"fmt"
	"strconv"
)

// hidden is how many of the last rows open only on request.
func (w Workload) hidden() int {
	return min(max(w.Hidden, 0), len(w.Rows))
}

// tile is one of the totals: a number with its search, or a text.
type tile struct {
	key   string // names the number in the markup
	label string
	n     Number
	text  string
	late  bool
}

func (w Workload) tiles() []tile {
	t := w.Totals
	return []tile{
		{key: "open", label: "Open", n: t.Open},
		{key: "todo", label: "To do", n: t.ToDo},
		{key: "inprogress", label: "In progress", n: t.InProgress},
		{key: "overdue", label: "Overdue", n: t.Overdue, late: true},
		{key: "duesoon", label: "Due soon", n: t.DueSoon},
		{key: "remaining", label: w.timeLabel("Remaining"), text: orDash(t.Remaining)},
		{key: "logged", label: w.timeLabel("Logged"), text: orDash(t.Logged)},
	}
}

func (w Workload) timeLabel(label string) string {
	if w.Unit == "" {
		return label
	}
	return label + " " + w.Unit
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// loadClass is the lozenge's class, "" when there is no load to show.
func (r Row) loadClass() string {
	switch r.Load {
	case LoadHeavy, LoadBalanced, LoadLight:
		return "lozenge-" + string(r.Load)
	default:
		return ""
	}
}

// label is what a number's link is called outside its table.
func (n Number) label(what, whose string) string {
	return fmt.Sprintf("%d %s, %s", n.N, what, whose)
}

// share is a count as a part of the whole width, between 0% and 100%.
func (b Bar) share(n int) string {
	return percent(b.part(n))
}

// rest is the width of what is to do, beside what is in progress.
func (b Bar) rest() string {
	return percent(min(b.part(b.ToDo), 100-b.part(b.InProgress)))
}

func (b Bar) part(n int) float64 {
	return 100 * float64(min(max(n, 0), b.Max)) / float64(b.Max)
}

func percent(f float64) string {
	return strconv.FormatFloat(f, 'f', 2, 64) + "%"
}
