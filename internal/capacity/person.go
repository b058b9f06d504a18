package capacity

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Limits of what is kept of a gadget's people.
const (
	MaxPeople   = 100 // with hours or absences of their own
	MaxAbsences = 60  // of one person
	maxName     = 255 // characters
	maxAccount  = 128 // bytes, as Jira's
	// maxAway is how long one absence may last, in days.
	maxAway = 2 * 366
)

// Person is what is known of somebody's working time. The zero value works as the
// site does.
type Person struct {
	// Name is what Jira called the person when the row was made.
	Name string `json:"name,omitempty"`
	// Hours are those of a working day, more than 0 and at most 24; 0: the site's.
	Hours float64 `json:"hours,omitempty"`
	// Days are the working days of a week; nil: the site's.
	Days Days   `json:"days,omitempty"`
	Away []Span `json:"away,omitempty"`
}

// Days are days of the week, in any order.
type Days []time.Weekday

// Zero reports whether the person works as the site does and is never away.
func (p Person) Zero() bool { return p.Hours == 0 && p.Days == nil && len(p.Away) == 0 }

// hours are the person's working week. Whoever has days but no hours of their own
// works as long a day as the site's longest.
func (p Person) hours(site Hours) Hours {
	if p.Hours == 0 && p.Days == nil {
		return site
	}
	day := duration(p.Hours)
	if p.Hours == 0 {
		day = slices.Max(site[:])
	}
	var h Hours
	for i := range h {
		weekday := time.Weekday((i + int(time.Monday)) % week)
		switch {
		case p.Days == nil && site[i] > 0, p.Days != nil && slices.Contains(p.Days, weekday):
			h[i] = day
		}
	}
	return h
}

func (p Person) isAway(d workload.Date) bool {
	return slices.ContainsFunc(p.Away, func(s Span) bool { return s.Contains(d) })
}

// Span is days in a row, both ends included.
type Span struct{ From, To workload.Date }

// Contains reports whether a day is in the span.
func (s Span) Contains(d workload.Date) bool { return !d.Before(s.From) && !s.To.Before(d) }

// String is the span as [ParseSpan] reads it.
func (s Span) String() string {
	if s.From == s.To {
		return s.From.String()
	}
	return s.From.String() + "/" + s.To.String()
}

// MarshalText implements [encoding.TextMarshaler].
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *Span) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSpan(string(text))
	return err
}

// ErrSpan says that a text is not a day, or two in the right order and at most two
// years apart.
var ErrSpan = errors.New("not a day or two")

// ParseSpan reads a day, as 2006-01-02, or two with one of "/", "–", ".." or " - "
// between them. The error is an ErrSpan.
func ParseSpan(text string) (Span, error) {
	from, to := text, text
	for _, between := range []string{"/", "–", "..", " - "} {
		if a, b, ok := strings.Cut(text, between); ok {
			from, to = a, b
			break
		}
	}
	s := Span{}
	var wrong [2]error
	s.From, wrong[0] = workload.ParseDate(strings.TrimSpace(from))
	s.To, wrong[1] = workload.ParseDate(strings.TrimSpace(to))
	if errors.Join(wrong[:]...) != nil || s.To.Before(s.From) || s.From.AddDays(maxAway).Before(s.To) {
		return Span{}, ErrSpan
	}
	return s, nil
}

// ParseSpans reads spans between commas, semicolons or line breaks, at most
// [MaxAbsences], and puts them in order. The error is an ErrSpan with the first text
// that is none, or an ErrTooMany.
func ParseSpans(text string) ([]Span, error) {
	var spans []Span
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;\n\r", r) }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if len(spans) == MaxAbsences {
			return nil, ErrTooMany
		}
		span, err := ParseSpan(part)
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, part)
		}
		spans = append(spans, span)
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	return spans, nil
}
