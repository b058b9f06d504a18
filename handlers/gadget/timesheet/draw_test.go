package timesheet

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// While Jira takes no calls, numbers say that they are older and until when, in the
// viewer's zone and language.
func TestOlderNote(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 20, 0, 0, time.UTC)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		tag, want string
		zone      *time.Location
		until     time.Time
	}{
		{"en_US", "", nil, time.Time{}},
		{"en_US", "13:00", nil, now.Add(40 * time.Minute)},
		{"de_DE", "nach 14:00 Uhr", berlin, now.Add(40 * time.Minute)},
	} {
		l := lang.New().Of(tc.tag)
		m := board.SampleMoment(now)
		m.Stale, m.Until = true, tc.until
		seen := viewer.View{Configured: true, Language: l, Zone: tc.zone, ReadAt: now, Config: workload.NewGadgetConfig()}
		notes := presentTimelog(viewer.Timelog{View: seen, Sheet: timelog.Make(timelog.Input{Now: now, Zone: time.UTC, Window: workload.Week})}, board.At{}, m).Notes
		older := slices.ContainsFunc(notes, func(note string) bool { return tc.want != "" && strings.Contains(note, tc.want) })
		if older != (tc.want != "") {
			t.Errorf("%s: got %q, want %q", tc.tag, notes, tc.want)
		}
	}
}
