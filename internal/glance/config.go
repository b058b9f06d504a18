package glance

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Config is what a conversation's glance shows.
type Config struct {
	// Projects are keys.
	Projects []string
	// Role is the id of a project role whose members count; empty is all
	// assignees. Query is a structured user query used instead; empty is none.
	// At most one of them is set.
	Role, Query string
	// Window is in days: 7, 14 or 30.
	Window int
	// Zone is the IANA time zone of due dates and quiet hours; empty is UTC.
	Zone string
	// Parts are what the label shows, in order; none are [DefaultParts].
	Parts []Part
	// QuietFrom and QuietTo bound the hours in which nothing is pushed, as
	// "22:00". They may span midnight. Both are empty when there are none.
	QuietFrom, QuietTo string
	// Language is the BCP 47 tag of the label's words; empty is English.
	Language string
	Choices
}

// Choices are what else a conversation may choose; its zero value is what all showed
// before there was a choice. It is stored as JSON.
type Choices struct {
	// Narrow leaves out issues of the projects.
	Narrow workload.Narrowing `json:"narrow,omitzero"`
	// Measure is what issues are counted in. Points are the ids of the custom fields
	// that story points are taken from.
	Measure workload.Measure `json:"measure,omitempty"`
	Points  []string         `json:"points,omitempty"`
	// Period is what logged time counts in, instead of the window; a range is none.
	Period workload.Period `json:"period,omitempty"`
	// FirstDay is the first day of the week of the person who chose the period.
	FirstDay time.Weekday `json:"firstDay,omitempty"`
	// Links says that key and status of issues of the projects are shown below messages
	// that link to them.
	Links bool `json:"links,omitempty"`
	// Weekly is when a summary of the week is written.
	Weekly Weekly `json:"weekly,omitzero"`
}

// counted are the choices that numbers depend on.
func (c Choices) counted() Choices {
	c.Links, c.Weekly = false, Weekly{}
	return c
}

// Part is one number of a label.
type Part string

// The parts that a label can show.
const (
	PartOpen       Part = "open"
	PartOverdue    Part = "overdue"
	PartDueSoon    Part = "dueSoon"
	PartUnassigned Part = "unassigned"
	PartHeavy      Part = "heavy"
	PartBlank      Part = "blank"  // issues that nobody has estimated
	PartLogged     Part = "logged" // time, in the window or period
)

// AllParts are the parts that a label can show, in a form's order.
func AllParts() []Part {
	return []Part{PartOpen, PartOverdue, PartDueSoon, PartUnassigned, PartHeavy, PartBlank, PartLogged}
}

// DefaultParts are what a label shows if none were chosen.
func DefaultParts() []Part { return []Part{PartOpen, PartOverdue} }

// Known reports whether p is a part.
func (p Part) Known() bool { return slices.Contains(AllParts(), p) }

// Shows reports whether the label shows a part.
func (c Config) Shows(p Part) bool {
	if len(c.Parts) == 0 {
		return slices.Contains(DefaultParts(), p)
	}
	return slices.Contains(c.Parts, p)
}

// Validate reports a configuration that would fail on every attempt, or would
// not do what it says. It does not check that the projects exist; only Jira
// knows.
func (c Config) Validate() error {
	var wrong []error
	if len(c.Projects) == 0 {
		wrong = append(wrong, errors.New("no projects"))
	}
	if c.Role != "" && c.Query != "" {
		wrong = append(wrong, errors.New("both a role and a query"))
	}
	if _, err := c.Location(); err != nil {
		wrong = append(wrong, err)
	}
	for _, p := range c.Parts {
		if !p.Known() {
			wrong = append(wrong, fmt.Errorf("no such part: %q", p))
		}
	}
	if (c.QuietFrom != "" || c.QuietTo != "") && c.QuietFrom == c.QuietTo {
		wrong = append(wrong, errors.New("quiet hours end when they begin"))
	}
	for _, at := range []string{c.QuietFrom, c.QuietTo} {
		if _, err := ParseClock(at); err != nil && c.QuietFrom+c.QuietTo != "" {
			wrong = append(wrong, fmt.Errorf("quiet hours: %w", err))
		}
	}
	if err := c.wrongChoices(); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// wrongChoices are the choices that a gadget could not have either.
func (c Config) wrongChoices() error {
	choices := Config{Projects: []string{"AB"}, Window: int(workload.Fortnight), Choices: c.Choices}
	if c.Period == workload.PeriodRange {
		return errors.New("days of a range")
	}
	if err := c.Weekly.problem(); err != nil {
		return err
	}
	return choices.Shared().Validate()
}

// Shared is the part of the configuration that a gadget has too.
func (c Config) Shared() workload.GadgetConfig {
	config := workload.NewGadgetConfig()
	config.Projects, config.Role, config.Query = c.Projects, c.Role, c.Query
	config.Window, config.Period = workload.Window(c.Window), c.Period
	config.Narrow, config.Measure, config.Points = c.Narrow, c.Measure, c.Points
	return config
}

// Span is the days in which logged time counts, on a day.
func (c Config) Span(today workload.Date) workload.Span { return c.Shared().Span(today, c.FirstDay) }

// Location is the time zone of the configuration. If its name is not that of a
// zone, as rows of earlier versions may have it, that is UTC with an error.
func (c Config) Location() (*time.Location, error) {
	if c.Zone == "" {
		return time.UTC, nil
	}
	zone, err := workload.ParseZone(c.Zone)
	if err != nil {
		return time.UTC, fmt.Errorf("time zone %q: %w", c.Zone, err)
	}
	return zone, nil
}

// question identifies the numbers that a glance needs. Glances with the same
// question show the same numbers, though their labels may differ. Only the number
// of heavy people needs to know who logged time.
func (c Config) question(tenant string) string {
	return tenant + "/" + c.Counted()
}

// Counted names all that the numbers depend on, however a label uses them.
func (c Config) Counted() string {
	projects := slices.Sorted(slices.Values(c.Projects))
	choices, _ := json.Marshal(c.Choices.counted()) // texts and numbers always encode
	return fmt.Sprintf("%q", []string{
		strings.Join(slices.Compact(projects), ","), c.Role, c.Query, fmt.Sprint(c.Window), c.Zone,
		fmt.Sprint(c.Shows(PartHeavy), c.Shows(PartLogged)), string(choices),
	})
}
