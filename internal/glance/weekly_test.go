package glance_test

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestNextWeekly: a summary is due on its day at its time in the room's zone, whatever
// clocks do.
func TestNextWeekly(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		zone, at    string
		day         time.Weekday
		after, want string
	}{
		"this week":            {"UTC", "09:00", time.Friday, "2026-11-30T10:00:00Z", "2026-12-04T09:00:00Z"},
		"today":                {"UTC", "10:01", time.Monday, "2026-11-30T10:00:00Z", "2026-11-30T10:01:00Z"},
		"not twice":            {"UTC", "10:00", time.Monday, "2026-11-30T10:00:00Z", "2026-12-07T10:00:00Z"},
		"another day there":    {"Pacific/Auckland", "08:00", time.Tuesday, "2026-11-30T18:00:00Z", "2026-11-30T19:00:00Z"},
		"clocks go forward":    {"Europe/Berlin", "09:00", time.Sunday, "2026-03-25T12:00:00Z", "2026-03-29T07:00:00Z"},
		"a time that is none":  {"Europe/Berlin", "02:30", time.Sunday, "2026-03-25T12:00:00Z", "2026-03-29T01:30:00Z"},
		"an hour comes twice":  {"Europe/Berlin", "02:30", time.Sunday, "2026-10-20T12:00:00Z", "2026-10-25T01:30:00Z"},
		"it is over":           {"Europe/Berlin", "02:30", time.Sunday, "2026-10-25T01:30:00Z", "2026-11-01T01:30:00Z"},
		"over the year's end":  {"UTC", "00:00", time.Friday, "2026-12-30T00:00:00Z", "2027-01-01T00:00:00Z"},
		"a zone that is none":  {"Mars/Crater", "09:00", time.Friday, "2026-11-30T10:00:00Z", "2026-12-04T09:00:00Z"},
		"a time that is wrong": {"UTC", "9", time.Friday, "2026-11-30T10:00:00Z", ""},
	} {
		after, err := time.Parse(time.RFC3339, tc.after)
		if err != nil {
			t.Fatal(err)
		}
		c := glance.Config{Zone: tc.zone, Choices: glance.Choices{Weekly: glance.Weekly{On: true, Day: tc.day, At: tc.at}}}
		got := ""
		if next := c.NextWeekly(after); !next.IsZero() {
			got = next.UTC().Format(time.RFC3339)
		}
		if got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
	if next := (glance.Config{}).NextWeekly(time.Now()); !next.IsZero() {
		t.Errorf("nobody wants one, and it is due at %v", next)
	}
}

func TestWeeklyIsValidated(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]glance.Weekly{
		"no time": {On: true}, "odd time": {On: true, At: "25:00"}, "odd day": {On: true, At: "09:00", Day: 7}, "day before the first": {On: true, At: "09:00", Day: -1},
	} {
		c := glance.Config{Projects: []string{"AB"}, Choices: glance.Choices{Weekly: w}}
		if c.Validate() == nil {
			t.Errorf("%s: valid", name)
		}
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	hours := func(open workload.Size) glance.Numbers {
		return glance.Numbers{Open: 3, Measure: workload.MeasureRemaining, Sizes: glance.Sizes{Open: open}}
	}
	for name, tc := range map[string]struct {
		now, before glance.Numbers
		want        string
		more, ok    bool
	}{
		"more":         {glance.Numbers{Open: 12}, glance.Numbers{Open: 9}, "3", true, true},
		"less":         {glance.Numbers{Open: 9}, glance.Numbers{Open: 12}, "3", false, true},
		"same":         {glance.Numbers{Open: 9}, glance.Numbers{Open: 9}, "", false, false},
		"incomplete":   {glance.Numbers{Open: 12, More: true}, glance.Numbers{Open: 9}, "", false, false},
		"hours":        {hours(36_000), hours(7_200), "8 h", true, true},
		"another unit": {hours(36_000), glance.Numbers{Open: 9}, "", false, false},
	} {
		got, more, ok := glance.English().Change(glance.PartOpen, tc.now, tc.before)
		if got != tc.want || more != tc.more || ok != tc.ok {
			t.Errorf("%s: got %q, %v, %v", name, got, more, ok)
		}
	}
}
