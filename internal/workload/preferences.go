package workload

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// PreferencesProperty is the key of the user property that holds a viewer's own
// preferences.
const PreferencesProperty = "sightline.preferences"

// Limits of preferences.
const (
	MaxPins = 50
	// maxAccountID is Jira's own limit, in characters.
	maxAccountID = 128
)

// Preferences are how one viewer wants to see every workload, the value of
// [PreferencesProperty].
type Preferences struct {
	Pins    []string `json:"pins"` // account ids, in the order of pinning
	Compact bool     `json:"compact"`
	Sort    Sort     `json:"sort"`
	Bots    bool     `json:"bots"` // shows the rows of apps
}

// Sort is an order of rows.
type Sort struct {
	By   Column `json:"by"`
	Desc bool   `json:"desc"`
}

// Column is what rows can be sorted by.
type Column string

// The columns.
const (
	ByName       Column = "name"
	ByOpen       Column = "open"
	ByToDo       Column = "todo"
	ByInProgress Column = "inprogress"
	ByOverdue    Column = "overdue"
	ByDueSoon    Column = "duesoon"
	ByBlank      Column = "blank" // not estimated; only where issues have sizes
	ByRemaining  Column = "remaining"
	ByLogged     Column = "logged"
	ByLoad       Column = "load"
)

// Columns returns all columns, in the order of the table.
func Columns() []Column {
	return []Column{ByName, ByOpen, ByToDo, ByInProgress, ByOverdue, ByDueSoon, ByBlank, ByRemaining, ByLogged, ByLoad}
}

// TableColumns returns the columns that a table may have after the name, in their
// usual order.
func TableColumns() []Column { return Columns()[1:] }

// First is the order after the first click on a column: names from A to Z,
// numbers from the largest down.
func (c Column) First() Sort { return Sort{By: c, Desc: c != ByName} }

// NewPreferences returns the preferences of a viewer who never chose any.
func NewPreferences() Preferences { return Preferences{Pins: []string{}, Sort: ByOpen.First()} }

// ParsePreferences reads the value of the property. Other programs can write it,
// so a wrong part falls back to its default and leaves the rest valid; pins
// beyond [MaxPins] are dropped.
func ParsePreferences(data []byte) Preferences {
	p := NewPreferences()
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return p
	}
	p.Compact = lenient(fields["compact"], p.Compact)
	p.Bots = lenient(fields["bots"], p.Bots)
	if sort := lenient(fields["sort"], p.Sort); slices.Contains(Columns(), sort.By) {
		p.Sort = sort
	}
	for _, raw := range lenient(fields["pins"], []json.RawMessage{}) {
		p.pin(lenient(raw, ""))
	}
	return p
}

func lenient[T any](raw json.RawMessage, standard T) T {
	var value T
	if len(raw) == 0 || json.Unmarshal(raw, &value) != nil {
		return standard
	}
	return value
}

// Pinned reports whether the viewer pinned the account.
func (p Preferences) Pinned(account string) bool { return slices.Contains(p.Pins, account) }

// Equal reports whether p and o are the same choices, pins in the same order.
func (p Preferences) Equal(o Preferences) bool {
	return p.Compact == o.Compact && p.Bots == o.Bots && p.Sort == o.Sort && slices.Equal(p.Pins, o.Pins)
}

// With returns the preferences after some changes, applied in turn. p stays as
// it is.
func (p Preferences) With(changes ...Change) Preferences {
	p.Pins = slices.Clone(p.Pins)
	for _, c := range changes {
		c.apply(&p)
	}
	return p
}

// pin adds an account. It does nothing beyond the limit or for a wrong id.
func (p *Preferences) pin(account string) {
	if isAccount(account) && !p.Pinned(account) && len(p.Pins) < MaxPins {
		p.Pins = append(p.Pins, account)
	}
}

// isAccount checks little, because Atlassian calls account ids opaque.
func isAccount(id string) bool {
	return id != "" && utf8.ValidString(id) && utf8.RuneCountInString(id) <= maxAccountID &&
		!strings.ContainsFunc(id, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) })
}

// ErrPins reports that [MaxPins] people are pinned already.
var ErrPins = errors.New("too many pins")

// Change is one choice of a viewer. To apply it twice is to apply it once, so it
// can be applied to whatever Jira holds.
type Change struct {
	name  string
	value string
	sort  Sort
}

// ParseChange reads what a button sends: "sort" with a [Column], "pin" and
// "unpin" with an account id, "compact" and "bots" with "on" or "off". To sort
// by the current column again reverses the order. The error is [ErrPins] when
// no more people can be pinned.
func (p Preferences) ParseChange(name, value string) (Change, error) {
	c := Change{name: name, value: value}
	ok := false
	switch name {
	case "sort":
		ok = slices.Contains(Columns(), Column(value))
		c.sort = p.Sort.next(Column(value))
	case "pin", "unpin":
		ok = isAccount(value)
		if name == "pin" && !p.Pinned(value) && len(p.Pins) >= MaxPins {
			return Change{}, ErrPins
		}
	case "compact", "bots":
		ok = value == "on" || value == "off"
	}
	if !ok {
		return Change{}, fmt.Errorf("not a preference: %q", name)
	}
	return c, nil
}

// next is the order after a click on a column's heading.
func (s Sort) next(by Column) Sort {
	if s.By == by {
		return Sort{By: by, Desc: !s.Desc}
	}
	return by.First()
}

// Replaces reports whether c overrides an earlier change.
func (c Change) Replaces(earlier Change) bool {
	pins := func(name string) bool { return name == "pin" || name == "unpin" }
	if pins(c.name) {
		return pins(earlier.name) && c.value == earlier.value
	}
	return c.name == earlier.name
}

func (c Change) apply(p *Preferences) {
	switch c.name {
	case "sort":
		p.Sort = c.sort
	case "pin":
		p.pin(c.value)
	case "unpin":
		p.Pins = slices.DeleteFunc(p.Pins, func(id string) bool { return id == c.value })
	case "compact":
		p.Compact = c.value == "on"
	case "bots":
		p.Bots = c.value == "on"
	}
}
