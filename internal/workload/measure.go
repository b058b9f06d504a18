package workload

import (
	"math"
	"regexp"
	"slices"
	"time"
)

// Measure is what open issues are counted in.
type Measure string

// The measures.
const (
	MeasureIssues    Measure = ""          // each counts one
	MeasureRemaining Measure = "remaining" // their remaining estimates
	MeasurePoints    Measure = "points"    // their story points
)

// Measures are all measures, the usual one first.
func Measures() []Measure { return []Measure{MeasureIssues, MeasureRemaining, MeasurePoints} }

// Sized reports whether issues have sizes in the measure, or have none because nobody
// has estimated them.
func (m Measure) Sized() bool { return m != MeasureIssues }

// MaxPointFields is how many fields a gadget takes story points from.
const MaxPointFields = 5

// CustomField begins the ids of custom fields.
const CustomField = "customfield_"

var customField = regexp.MustCompile(`^` + CustomField + `([0-9]{1,18})$`)

// IsCustomField reports whether a text can be the id of a custom field.
func IsCustomField(id string) bool { return customField.MatchString(id) }

// arePointFields reports whether story points can be taken from the fields.
func arePointFields(ids []string) bool {
	for i, id := range ids {
		if !IsCustomField(id) || slices.Contains(ids[:i], id) {
			return false
		}
	}
	return len(ids) <= MaxPointFields
}

// Points is an estimate in story points. It may be 0; the zero Points is none.
type Points struct {
	Thousandths int64
	Set         bool
}

// maxPoints bounds what is believed of one issue, in points.
const maxPoints = 1e9

// PointsOf is an estimate, to a thousandth of a point and at most 10⁹ of them.
func PointsOf(value float64) Points {
	if math.IsNaN(value) {
		return Points{}
	}
	value = max(-maxPoints, min(maxPoints, value))
	return Points{Thousandths: int64(math.Round(value * 1000)), Set: true}
}

// Size is how much something is in a [Measure]: seconds of remaining work, or
// thousandths of story points.
type Size int64

// Duration is a size of remaining work.
func (s Size) Duration() time.Duration {
	return Sum(time.Duration(min(int64(s), math.MaxInt64/int64(time.Second))) * time.Second)
}

// Points is a size in story points.
func (s Size) Points() float64 { return float64(s) / 1000 }

// size is how much an issue is; ok is false if nobody has estimated it. An estimate of
// no remaining work is none: the issue is open.
func (i *Issue) size(m Measure) (size Size, ok bool) {
	if m == MeasurePoints {
		return Size(i.Points.Thousandths), i.Points.Set
	}
	return Size(i.Remaining / time.Second), i.Remaining > 0
}

// Sizes are the sizes of what [Counts] counts under the same names.
type Sizes struct {
	Open, ToDo, InProgress, Overdue, DueSoon Size
}

func (s *Sizes) add(size Size, in slots) {
	n := int64(size)
	s.Open += size
	s.ToDo += Size(n * in.bit(slotToDo))
	s.InProgress += Size(n * in.bit(slotInProgress))
	s.Overdue += Size(n * in.bit(slotOverdue))
	s.DueSoon += Size(n * in.bit(slotDueSoon))
}

func (s *Sizes) addAll(o Sizes) {
	s.Open += o.Open
	s.ToDo += o.ToDo
	s.InProgress += o.InProgress
	s.Overdue += o.Overdue
	s.DueSoon += o.DueSoon
}

// slots are where an open issue counts, besides in all that are open.
type slots uint8

const (
	slotToDo slots = iota
	slotInProgress
	slotOverdue
	slotDueSoon
)

func (s slots) bit(slot slots) int64 { return int64(s >> slot & 1) }

// slotsOf is where an issue counts. Soon is the last day that is due soon.
func slotsOf(category Category, due, today, soon Date) slots {
	var in slots
	switch category {
	case CategoryNew:
		in |= 1 << slotToDo
	case CategoryInProgress:
		in |= 1 << slotInProgress
	}
	switch {
	case due.IsZero():
	case due.Before(today):
		in |= 1 << slotOverdue
	case !soon.Before(due):
		in |= 1 << slotDueSoon
	}
	return in
}

// value is how much is open, in issues, hours or points: what a load compares.
func (c Counts) value(m Measure) float64 {
	switch m {
	case MeasureRemaining:
		return float64(c.Sizes.Open) / time.Hour.Seconds()
	case MeasurePoints:
		return c.Sizes.Open.Points()
	}
	return float64(c.Open)
}

// distance is how far a load is from the median at least to be heavy or light: three
// issues or points, or a day of eight hours.
func (m Measure) distance() float64 {
	if m == MeasureRemaining {
		return 8
	}
	return 3
}
