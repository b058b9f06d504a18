package index

import (
	"cmp"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// changeName tells changes apart.
type changeName struct {
	issue, history int64
	field          Field
}

func changes() family[changeName, Change] {
	return family[changeName, Change]{
		name: func(c Change) changeName { return changeName{c.Issue, c.History, c.Field} },
		compare: func(a, b changeName) int {
			return cmp.Or(cmp.Compare(a.issue, b.issue), cmp.Compare(a.history, b.history), cmp.Compare(a.field, b.field))
		},
		put: putChange, get: getChange,
	}
}

func changesKey(issue int64) Key { return Key{Shelf: shelfChanges, Bucket: issue >> issuesABucket} }

func putChange(w *writer, _ Key, before, c *Change) {
	w.int(c.Issue - before.Issue)
	w.int(c.History - before.History)
	w.byte(byte(c.Field))
	w.int(c.At.UnixMilli() - before.At.UnixMilli())
	putValue(w, c.Field, c.From)
	putValue(w, c.Field, c.To)
}

func getChange(r *reader, _ Key, before, c *Change) {
	c.Issue, c.History, c.Field = before.Issue+r.int(), before.History+r.int(), Field(r.byte())
	c.At = time.UnixMilli(before.At.UnixMilli() + r.int()).UTC()
	c.From = getValue(r, c.Field)
	c.To = getValue(r, c.Field)
}

// putValue packs a value of a field; 0 is none, but for accounts.
func putValue(w *writer, f Field, text string) {
	switch f {
	case FieldAssignee:
		w.text(text)
	case FieldCategory:
		code := uint64(codeOf(workload.Category(text))) + 1
		if text == "" {
			code = 0
		}
		w.uint(code)
	case FieldDue:
		if date, err := workload.ParseDate(text); err == nil {
			w.byte(1)
			w.int(dayNumber(date))
			return
		}
		w.byte(0)
	case FieldRemaining:
		if seconds, err := strconv.ParseUint(text, 10, 62); err == nil {
			w.uint(seconds + 1)
			return
		}
		w.uint(0)
	}
}

func getValue(r *reader, f Field) string {
	switch f {
	case FieldAssignee:
		return r.text()
	case FieldCategory:
		if code := r.uint(); code > 0 {
			return string(categoryOf(byte(code - 1)))
		}
	case FieldDue:
		if r.byte() != 0 {
			return dateOfDay(r.int()).String()
		}
	case FieldRemaining:
		if seconds := r.uint(); seconds > 0 {
			return strconv.FormatUint(seconds-1, 10)
		}
	default:
		r.fail()
	}
	return ""
}
