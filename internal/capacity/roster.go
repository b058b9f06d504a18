package capacity

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"
)

// ErrTooMany says that there are more people, or more absences of one person, than
// may be kept.
var ErrTooMany = errors.New("too many")

// ErrHours says that hours are not more than 0 and at most 24.
var ErrHours = errors.New("not hours of a day")

// Roster is what a gadget's editors have noted about its people, none of which other
// viewers may read. The zero value is nothing.
type Roster struct {
	// People are those with hours or absences of their own, by account id.
	People map[string]Person `json:"people,omitempty"`
	// Calendar is the address of an iCalendar file of absences, "" for none. Whoever
	// knows it can read the calendar.
	Calendar string `json:"calendar,omitempty"`
}

// MaxCalendar is how long the address of a calendar may be, in bytes.
const MaxCalendar = 2000

// Zero reports whether nothing is noted.
func (r Roster) Zero() bool { return len(r.People) == 0 && r.Calendar == "" }

// ParseRoster reads what [Roster.Encode] wrote. An empty text is the zero Roster.
func ParseRoster(data []byte) (Roster, error) {
	var r Roster
	if len(data) == 0 {
		return r, nil
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return Roster{}, fmt.Errorf("parse roster: %w", err)
	}
	if err := r.Validate(); err != nil {
		return Roster{}, fmt.Errorf("parse roster: %w", err)
	}
	return r, nil
}

// Encode writes a roster, the zero one as nothing.
func (r Roster) Encode() ([]byte, error) {
	if r.Zero() {
		return nil, nil
	}
	return json.Marshal(r)
}

// Validate returns the first mistake: an ErrTooMany, ErrHours or ErrSpan, or what is
// wrong with an account, a name or a day of the week.
func (r Roster) Validate() error {
	if len(r.People) > MaxPeople {
		return ErrTooMany
	}
	if len(r.Calendar) > MaxCalendar {
		return errors.New("the calendar's address is too long")
	}
	for account, p := range r.People {
		if account == "" || len(account) > maxAccount || hasControl(account) {
			return errors.New("not an account")
		}
		if err := p.validate(); err != nil {
			return err
		}
	}
	return nil
}

func (p Person) validate() error {
	if utf8.RuneCountInString(p.Name) > maxName || hasControl(p.Name) {
		return errors.New("not a name")
	}
	if p.Hours != 0 && !ValidHours(p.Hours) {
		return ErrHours
	}
	if slices.ContainsFunc(p.Days, func(d time.Weekday) bool { return d < time.Sunday || d > time.Saturday }) {
		return errors.New("not a day of the week")
	}
	if len(p.Away) > MaxAbsences {
		return ErrTooMany
	}
	return nil
}

// ValidHours reports whether somebody can work as many hours a day: NaN cannot.
func ValidHours(hours float64) bool { return hours > 0 && hours <= 24 }

func hasControl(text string) bool {
	for _, r := range text {
		if unicode.IsControl(r) {
			return true
		}
	}
	return !utf8.ValidString(text)
}

// WithoutPerson removes a person from an encoded roster and says whether they were in
// there.
func WithoutPerson(account string) func(roster []byte) (rest []byte, found bool, err error) {
	return func(roster []byte) ([]byte, bool, error) {
		r, err := ParseRoster(roster)
		if _, found := r.People[account]; err != nil || !found {
			return nil, false, err
		}
		delete(r.People, account)
		rest, err := r.Encode()
		return rest, true, err
	}
}

// Renamed gives people in an encoded roster the names that they have now, by account id;
// one without a name now has none. It says whether that changed anything.
func Renamed(names map[string]string) func(roster []byte) (rest []byte, found bool, err error) {
	return func(roster []byte) ([]byte, bool, error) {
		r, err := ParseRoster(roster)
		if err != nil {
			return nil, false, err
		}
		changed := false
		for account, name := range names {
			if p, ok := r.People[account]; ok && p.Name != name {
				p.Name, changed = name, true
				r.People[account] = p
			}
		}
		if !changed {
			return nil, false, nil
		}
		rest, err := r.Encode()
		return rest, true, err
	}
}

// AccountsIn are the accounts of people in an encoded roster, in no order.
func AccountsIn(roster []byte) ([]string, error) {
	r, err := ParseRoster(roster)
	if err != nil {
		return nil, err
	}
	return slices.Collect(maps.Keys(r.People)), nil
}
