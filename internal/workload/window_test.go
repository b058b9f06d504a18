package workload_test

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// windowTest is a window with moments at its edges: the first and last in it,
// the last before and the first after it.
type windowTest struct {
	name, zone, now string
	window          workload.Window
	from            string
	in, out         []string
}

func (tt windowTest) run(t *testing.T) {
	t.Helper()
	ann, _, _ := people()
	logged := func(started string) time.Duration {
		got := workload.Summarize(workload.Input{
			Now: instant(t, tt.now), Zone: zone(t, tt.zone), Window: tt.window, Issues: openIssues(ann, 1),
			Worklogs: []workload.Worklog{{ID: "1", Author: ann, Started: instant(t, started), Spent: time.Hour}},
		})
		if want := date(t, tt.from); got.From != want {
			t.Errorf("%s: got the window from %s, want %s", tt.name, got.From, want)
		}
		return got.Totals.Logged
	}
	for _, started := range tt.in {
		if got := logged(started); got != time.Hour {
			t.Errorf("%s: %s is not in the window", tt.name, started)
		}
	}
	for _, started := range tt.out {
		if got := logged(started); got != 0 {
			t.Errorf("%s: %s is in the window", tt.name, started)
		}
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	for _, tt := range []windowTest{
		{
			name: "week", zone: "UTC", now: "2026-11-24T12:00:00Z", window: workload.Week, from: "2026-11-18",
			in:  []string{"2026-11-18T00:00:00Z", "2026-11-24T23:59:59Z"},
			out: []string{"2026-11-17T23:59:59Z", "2026-11-25T00:00:00Z"},
		},
		{
			name: "month", zone: "UTC", now: "2026-11-24T12:00:00Z", window: workload.Month, from: "2026-10-26",
			in:  []string{"2026-10-26T00:00:00Z"},
			out: []string{"2026-10-25T23:59:59Z"},
		},
		{
			name: "no window", zone: "UTC", now: "2026-11-24T12:00:00Z", window: -1, from: "2026-11-11",
			in:  []string{"2026-11-11T00:00:00Z"},
			out: []string{"2026-11-10T23:59:59Z"},
		},
		{
			name: "worklogs of another zone", zone: "America/New_York", now: "2026-11-24T12:00:00Z", window: workload.Week, from: "2026-11-18",
			in:  []string{"2026-11-18T14:00:00+09:00", "2026-11-25T04:59:59Z"},
			out: []string{"2026-11-18T13:59:59+09:00", "2026-11-25T05:00:00Z"},
		},
		{
			name: "half hour zone", zone: "Asia/Kolkata", now: "2026-11-24T12:00:00Z", window: workload.Week, from: "2026-11-18",
			in:  []string{"2026-11-17T18:30:00Z", "2026-11-24T18:29:59Z"},
			out: []string{"2026-11-17T18:29:59Z", "2026-11-24T18:30:00Z"},
		},
	} {
		tt.run(t)
	}
}

func TestWindowWhenClocksChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []windowTest{
		{
			name: "first day has 23 hours", zone: "Europe/Berlin", now: "2026-04-04T12:00:00Z", window: workload.Week, from: "2026-03-29",
			in:  []string{"2026-03-28T23:00:00Z", "2026-04-04T21:59:59Z"},
			out: []string{"2026-03-28T22:59:59Z", "2026-04-04T22:00:00Z"},
		},
		{
			name: "first day has 25 hours", zone: "Europe/Berlin", now: "2026-10-31T12:00:00Z", window: workload.Week, from: "2026-10-25",
			in:  []string{"2026-10-24T22:00:00Z", "2026-10-31T22:59:59Z"},
			out: []string{"2026-10-24T21:59:59Z", "2026-10-31T23:00:00Z"},
		},
		{
			name: "today has 25 hours", zone: "Europe/Berlin", now: "2026-10-25T00:30:00Z", window: workload.Week, from: "2026-10-19",
			in:  []string{"2026-10-25T22:59:59Z"},
			out: []string{"2026-10-25T23:00:00Z"},
		},
		{
			name: "first day without midnight", zone: "America/Sao_Paulo", now: "2018-11-10T12:00:00Z", window: workload.Week, from: "2018-11-04",
			in:  []string{"2018-11-04T03:00:00Z"},
			out: []string{"2018-11-04T02:59:59Z"},
		},
		{
			name: "today without midnight", zone: "America/Sao_Paulo", now: "2018-11-04T03:00:00Z", window: workload.Week, from: "2018-10-29",
			in:  []string{"2018-10-29T03:00:00Z", "2018-11-05T01:59:59Z"},
			out: []string{"2018-10-29T02:59:59Z", "2018-11-05T02:00:00Z"},
		},
	} {
		tt.run(t)
	}
}
