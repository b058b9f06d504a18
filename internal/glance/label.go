package glance

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
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
	return n.text(shown[0])
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
	word := w.Parts[p]
	if word == nil {
		return n.text(p)
	}
	text, brief := word(n.of(p))
	if short {
		text = brief
	}
	if text == "" {
		return n.text(p)
	}
	return n.text(p) + " " + text
}

// text is a part's number, marked if it is incomplete.
func (n Numbers) text(p Part) string {
	count := Count(n.of(p))
	switch {
	case p == PartHeavy && n.Rough:
		return "~" + count
	case p != PartHeavy && n.More:
		return count + "+"
	}
	return count
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
