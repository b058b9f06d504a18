package web

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// hidden is how many of the last rows appear only on request.
func (w Workload) hidden() int {
	return min(max(w.Hidden, 0), len(w.Rows))
}

// timers tell the script when to ask again: soon while a choice is unsaved,
// else after the gadget's own interval.
func (w Workload) timers() templ.Attributes {
	attrs := templ.Attributes{}
	if w.Refresh > 0 {
		attrs["data-refresh"] = strconv.Itoa(w.Refresh)
	}
	if w.Unsaved != "" {
		attrs["data-retry"] = "10"
	}
	return attrs
}

// region makes the part that scrolls a stop of the keyboard if nothing in it is
// one: samples and wallboards have no links or buttons.
func (w Workload) region() templ.Attributes {
	if !w.Sample && !w.Wallboard {
		return nil
	}
	return templ.Attributes{"role": "region", "aria-label": w.L.Workload.Region, "tabindex": "0"}
}

// tile is one of the totals: a number with its search, or a text.
type tile struct {
	key   string // the number's name in the markup
	label string
	hint  string // says more about the label; "" for none
	n     Number
	text  string
	late  bool
}

func (w Workload) tiles() []tile {
	t, texts := w.Totals, w.L.Workload
	list := []tile{
		{key: "open", label: w.in(texts.Open, w.SizeUnit), n: t.Open},
		{key: "todo", label: texts.ToDo, n: t.ToDo},
		{key: "inprogress", label: texts.InProgress, n: t.InProgress},
		{key: "overdue", label: texts.Overdue, n: t.Overdue, late: true},
		{key: "duesoon", label: texts.DueSoon, n: t.DueSoon},
		{key: blankColumn, label: texts.Blank, n: t.Blank},
		{key: "remaining", label: w.in(texts.Remaining, w.Unit), text: orDash(t.Remaining.Text)},
		{key: "logged", label: w.in(texts.Logged, w.Unit), text: orDash(t.Logged.Text)},
	}
	if w.RowsName != "" {
		list = slices.DeleteFunc(list, func(t tile) bool { return t.key == "logged" })
	}
	if w.SizeUnit == "" {
		list = slices.DeleteFunc(list, func(t tile) bool { return t.key == blankColumn })
	}
	return list
}

// maxTile is how many characters of a number fit a tile when four share the
// width of a narrow gadget.
const maxTile = 6

// long reports whether a tile's number is too long for four tiles in a row.
func (w Workload) long(tiles []tile) bool {
	return slices.ContainsFunc(tiles, func(t tile) bool {
		return max(utf8.RuneCountInString(t.text), utf8.RuneCountInString(t.n.shown(w.L))) > maxTile
	})
}

// in is a heading with a unit, if there is one.
func (w Workload) in(label, unit string) string {
	if unit == "" {
		return label
	}
	return w.L.Say(w.L.Workload.TimeIn, label, unit)
}

// shown is the number as people read it.
func (n Number) shown(l *lang.Language) string {
	if n.Size != nil {
		return n.Size.Text
	}
	return l.Number(n.N)
}

// value is the number that is shown.
func (n Number) value() float64 {
	if n.Size != nil {
		return n.Size.N
	}
	return float64(n.N)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// arrow is the direction in which a column is sorted, "none" if it is not.
func (w Workload) arrow(c column) string {
	switch {
	case w.Sort.By != c.key:
		return "none"
	case w.Sort.Desc:
		return "down"
	}
	return "up"
}

func (w Workload) ariaSort(c column) string {
	return map[string]string{"none": "none", "down": "descending", "up": "ascending"}[w.arrow(c)]
}

// sorted is the announcement after a click on the heading: numbers start with
// the largest, names with A, and a second click reverses the order.
func (w Workload) sorted(c column) string {
	desc := c.key != "name"
	if w.Sort.By == c.key {
		desc = !w.Sort.Desc
	}
	return w.L.Say(pick(desc, w.L.Workload.SortedDown, w.L.Workload.SortedUp), c.label)
}

func (w Workload) pinSaid(r Row) string {
	return w.L.Say(pick(r.Pinned, w.L.Workload.Unpinned, w.L.Workload.Pinned), r.Name)
}

// left reports whether somebody who left still has open issues.
func (r Row) left() bool { return r.Inactive && r.Open.N > 0 }

func (r Row) pinName() string { return pick(r.Pinned, "unpin", "pin") }

func pick(yes bool, ifYes, ifNo string) string {
	if yes {
		return ifYes
	}
	return ifNo
}

func pressed(on bool) string { return strconv.FormatBool(on) }
func turned(on bool) string  { return pick(on, "on", "off") }

func isoTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// loadClass is the lozenge's class, "" without a load to show.
func (r Row) loadClass() string {
	switch r.Load {
	case LoadHeavy, LoadBalanced, LoadLight:
		return "lozenge-" + string(r.Load)
	default:
		return ""
	}
}

// width is the filled part of a meter of some width; at least 2 above zero.
func (m Meter) width(whole float64) string {
	if m.Share <= 0 {
		return "0"
	}
	return strconv.FormatFloat(max(2, whole*min(m.Share, 1)), 'f', 1, 64)
}

// limit is the place of the capacity in a meter that exceeds it.
func (m Meter) limit(whole float64) string {
	return strconv.FormatFloat(whole/m.Share-1, 'f', 1, 64)
}

// share is a count as a share of the whole width, from 0% to 100%.
func (b Bar) share(n int) string {
	return percent(b.part(n))
}

// rest is the width of the issues to do, next to those in progress.
func (b Bar) rest() string {
	return percent(min(b.part(b.ToDo), 100-b.part(b.InProgress)))
}

func (b Bar) part(n int) float64 {
	return 100 * float64(min(max(n, 0), b.Max)) / float64(b.Max)
}

func percent(f float64) string {
	return strconv.FormatFloat(f, 'f', 2, 64) + "%"
}

// span is the number of columns, for cells as wide as the table.
func span(columns []column) string { return strconv.Itoa(len(columns)) }
