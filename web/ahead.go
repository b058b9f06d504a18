package web

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

// The names of the fields of looking ahead: a number of days or [AheadOwn], and then the
// number itself.
const (
	FieldAhead     = "ahead"
	FieldAheadDays = "aheadDays"
	AheadOwn       = "own"
)

// AheadField chooses for how many days is looked ahead.
type AheadField struct {
	// URL is the GET address that answers PreviewView for the form in its query.
	URL     string
	Options []Option // days, and AheadOwn
	Days    string   // as typed, for AheadOwn
}

// AheadPart is a time ahead in which issues are due, a column of the table.
type AheadPart struct {
	Label string
	// Hint says which days these are.
	Hint string
}

func aheadKey(part int) string { return "ahead" + strconv.Itoa(part) }

// withAhead adds what is due in the time ahead, after what is overdue.
func (w Workload) withAhead(list, known []column) []column {
	if len(w.Ahead) == 0 {
		return list
	}
	at := slices.IndexFunc(list, func(c column) bool { return c.key == overdueColumn })
	if at < 0 { // the parts add up only with it
		at = max(0, slices.IndexFunc(list, func(c column) bool { return c.key == "open" })) + 1
		i := slices.IndexFunc(known, func(c column) bool { return c.key == overdueColumn })
		list = slices.Insert(slices.Clone(list), at, known[i])
	}
	parts := make([]column, len(w.Ahead))
	for i, part := range w.Ahead {
		parts[i] = column{
			key: aheadKey(i), label: part.Label, hint: part.Hint, unit: w.SizeUnit, class: "num col-ahead", fixed: true,
			count: func(r Row) Number { return r.ahead(i) },
		}
	}
	return slices.Insert(slices.Clone(list), at+1, parts...)
}

// ahead is a row's number in a part of the time ahead.
func (r Row) ahead(part int) Number {
	if part >= len(r.Ahead) {
		return Number{}
	}
	return r.Ahead[part]
}

// aheadTiles are the totals of the time ahead.
func (w Workload) aheadTiles() []tile {
	list := make([]tile, len(w.Ahead))
	for i, part := range w.Ahead {
		list[i] = tile{key: aheadKey(i), label: part.Label, hint: part.Hint, n: w.Totals.ahead(i)}
	}
	return list
}

// previews asks for the preview again when something else is chosen.
func (a AheadField) previews() templ.Attributes {
	return templ.Attributes{"data-live": a.URL, "data-into": "sl-preview"}
}

// hinted shows a column's hint on hover.
func (c column) hinted() templ.Attributes {
	if c.hint == "" {
		return nil
	}
	return templ.Attributes{"title": c.hint}
}
