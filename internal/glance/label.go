package glance

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sightline-go/sightline/internal/workload"
)

// MaxLabel is the greatest length of a label, in characters.
const MaxLabel = 80

// Label is the text that a room reads at a glance, for example
// "12 open · 3 overdue · 2 heavy". Without parts it shows open and
// overdue. Unknown and repeated parts are left out.
//
// A count that is incomplete is marked: "12+ open" is at least 12, "~2 heavy"
// about 2.
//
// A label never has more than [MaxLabel] characters. It is shortened by these
// rules, and never within a number:
//
//  1. leave out parts that are zero, except the first;
//  2. if it is still too long, use the short words for all parts;
//  3. if it is still too long, leave out parts from the end;
//  4. if the first part by itself is too long, show its number without a word.
//
// Where amounts of work are counted, a number has its unit: "120 h open", "34 points
// open".
func Label(w Words, parts []Part, n Numbers) string {
	shown := shownParts(parts, n)
	for _, short := range []bool{false, true} {
		if label := join(w, shown, n, short); fits(label) {
			return label
		}
	}
	for len(shown) > 1 {
		shown = shown[:len(shown)-1]
		if label := join(w, shown, n, true); fits(label) {
			return label
		}
	}
	return w.number(shown[0], n, true)
}

func fits(label string) bool { return utf8.RuneCountInString(label) <= MaxLabel }

// shownParts is never empty.
func shownParts(parts []Part, n Numbers) []Part {
	var shown []Part
	for _, p := range parts {
		if p.Known() && !slices.Contains(shown, p) {
			shown = append(shown, p)
		}
	}
	if len(shown) == 0 {
		shown = DefaultParts()
	}
	rest := slices.DeleteFunc(slices.Clone(shown[1:]), func(p Part) bool { return n.of(p) <= 0 })
	return append(shown[:1], rest...)
}

func join(w Words, parts []Part, n Numbers, short bool) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = w.part(p, n, short)
	}
	return strings.Join(texts, w.Separator)
}

func (w Words) part(p Part, n Numbers, short bool) string {
	number := w.number(p, n, short)
	word := w.Parts[p]
	if word == nil {
		return number
	}
	text, brief := word(n.of(p))
	if short {
		text = brief
	}
	if text == "" {
		return number
	}
	return number + " " + text
}

// number is a part's number with its unit, if it has one, marked if it is incomplete.
func (w Words) number(p Part, n Numbers, short bool) string {
	amount, unit := n.amount(p, w)
	switch {
	case p == PartHeavy && n.Rough:
		amount = "~" + amount
	case p != PartHeavy && n.More:
		amount += "+"
	}
	if unit == nil {
		return amount
	}
	text, brief := unit(amount)
	if short {
		return brief
	}
	return text
}

// amount is a part's number and its unit: a count, an amount of work, or the time
// logged.
func (n Numbers) amount(p Part, w Words) (text string, unit Unit) {
	size, sized := n.size(p)
	switch {
	case p == PartLogged:
		return Amount(time.Duration(n.Logged) * time.Second), w.Hours
	case !sized || !n.Measure.Sized():
		return Count(n.of(p)), nil
	case n.Measure == workload.MeasurePoints:
		return Count(int(size / 1000)), w.Points
	}
	return Amount(size.Duration()), w.Hours
}

// Amount writes a time for a label in whole hours, rounded down as [Count] does; less
// than one hour that is not nothing is "<1".
func Amount(d time.Duration) string {
	if 0 < d && d < time.Hour {
		return "<1"
	}
	return Count(int(d / time.Hour))
}

// size is how much a part is; ok is false for parts without a size.
func (n Numbers) size(p Part) (size workload.Size, ok bool) {
	switch p {
	case PartOpen:
		return n.Sizes.Open, true
	case PartOverdue:
		return n.Sizes.Overdue, true
	case PartDueSoon:
		return n.Sizes.DueSoon, true
	case PartUnassigned:
		return n.Sizes.Unassigned, true
	}
	return 0, false
}

// Partial reports whether the numbers of some parts are incomplete.
func (n Numbers) Partial() bool { return n.More || n.Rough }

// Count writes a number for a label: below 10,000 exactly, then in whole
// thousands as "12k", from a million on in whole millions as "3M", both
// rounded down. A negative number is written as 0.
func Count(n int) string {
	switch {
	case n < 0:
		return "0"
	case n < 10_000:
		return strconv.Itoa(n)
	case n < 1_000_000:
		return strconv.Itoa(n/1000) + "k"
	default:
		return strconv.Itoa(n/1_000_000) + "M"
	}
}

// of is the number of a part.
func (n Numbers) of(p Part) int {
	switch p {
	case PartOpen:
		return n.Open
	case PartOverdue:
		return n.Overdue
	case PartDueSoon:
		return n.DueSoon
	case PartUnassigned:
		return n.Unassigned
	case PartHeavy:
		return n.Heavy
	case PartBlank:
		return n.Blank
	case PartLogged:
		return int(n.Logged)
	}
	return 0
}

// PullLabel is the label that the app answers when the platform asks: the
// same stored state that is pushed.
func (r Row) PullLabel() string { return r.PullLabelIn(English()) }

// PullLabelIn is PullLabel for a person who reads another language. Only the
// text shown in place of a missing label is in that language.
func (r Row) PullLabelIn(w Words) string {
	if r.DesiredRev == 0 {
		return w.Unset
	}
	return r.Desired.Label
}
