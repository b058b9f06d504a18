package timelog_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/timelog"
)

func TestStart(t *testing.T) {
	t.Parallel()
	berlin, santiago := zone(t, "Europe/Berlin"), zone(t, "America/Santiago")
	summer, winter := at(t, "2026-07-01T10:00:30Z"), at(t, "2026-01-05T10:00:00Z")
	for _, tt := range []struct {
		name, day, clock string
		zone             *time.Location
		was              time.Time
		want             string
	}{
		{"plain", "2026-03-10", "09:30", berlin, winter, "2026-03-10T09:30:00+01:00"},
		{"in summer", "2026-07-02", "09:30", berlin, winter, "2026-07-02T09:30:00+02:00"},
		{"untouched keeps its seconds", "2026-07-01", "12:00", berlin, summer, "2026-07-01T12:00:30+02:00"},
		{"twice, from a summer entry", "2026-10-25", "02:30", berlin, summer, "2026-10-25T02:30:00+02:00"},
		{"twice, from a winter entry", "2026-10-25", "02:30", berlin, winter, "2026-10-25T02:30:00+01:00"},
		{"after the clocks went forward", "2026-03-29", "03:00", berlin, winter, "2026-03-29T03:00:00+02:00"},
		{"a day without a midnight", "2026-09-06", "01:00", santiago, winter, "2026-09-06T01:00:00-03:00"},
		{"leap day", "2028-02-29", "23:59", berlin, winter, "2028-02-29T23:59:00+01:00"},
	} {
		got, err := timelog.Start(tt.day, tt.clock, tt.zone, tt.was)
		if err != nil || got.Format(time.RFC3339) != tt.want && !got.Equal(at(t, tt.want)) {
			t.Errorf("%s: %v %v, want %s", tt.name, got, err, tt.want)
		}
	}
	for _, tt := range []struct {
		day, clock string
		zone       *time.Location
		want       error
	}{
		{"2026-03-29", "02:30", berlin, timelog.ErrSkipped},
		{"2026-09-06", "00:30", santiago, timelog.ErrSkipped},
		{"", "09:30", berlin, timelog.ErrNotDay},
		{"2026-02-30", "09:30", berlin, timelog.ErrNotDay},
		{"10.3.2026", "09:30", berlin, timelog.ErrNotDay},
		{"1066-10-14", "09:30", berlin, timelog.ErrNotDay},
		{"2026-03-10", "", berlin, timelog.ErrNotClock},
		{"", "25:00", berlin, timelog.ErrNotClock},
		{"", "25:00", berlin, timelog.ErrNotDay},
		{"2026-03-10", "25:00", berlin, timelog.ErrNotClock},
		{"2026-03-10", "09:30:99", berlin, timelog.ErrNotClock},
	} {
		if got, err := timelog.Start(tt.day, tt.clock, tt.zone, winter); !errors.Is(err, tt.want) || !got.IsZero() {
			t.Errorf("%s %s: %v %v, want %v", tt.day, tt.clock, got, err, tt.want)
		}
	}
}

// Every instant that a form is filled with comes back as it was.
func TestFieldsComeBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Australia/Lord_Howe"} {
		z := zone(t, name)
		for moment := at(t, "2026-03-28T00:00:00Z"); moment.Year() == 2026; moment = moment.Add(89*time.Hour + 7*time.Minute) {
			day, clock := timelog.Fields(moment, z)
			far := moment.AddDate(1, 0, 0)
			got, err := timelog.Start(day, clock, z, far)
			if again, c := timelog.Fields(got, z); err != nil || again != day || c != clock {
				t.Fatalf("%s, %s: %v %v", name, moment, got, err)
			}
		}
	}
}
