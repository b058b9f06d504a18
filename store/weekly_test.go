package store

import (
	"errors"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/weekly"
)

// wantsWeekly has a summary of the room written on a day of the week at nine.
func (w *world) wantsWeekly(t *testing.T, day time.Weekday) {
	t.Helper()
	c := glance.Config{Projects: []string{"ABC"}, Window: 14, Zone: "UTC", Choices: glance.Choices{Weekly: glance.Weekly{On: true, Day: day, At: "09:00"}}}
	check(t, w.Configure(t.Context(), glanceKey("site", "room"), setupKey("site", "room"), c, w.clock.Now()))
}

// TestWeekly: a summary is one program's at a time, is told once, and what was begun and
// not ended is known.
func TestWeekly(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		take := func() (weekly.Row, bool) {
			t.Helper()
			r, ok, err := w.TakeWeekly(t.Context(), w.clock.Now().Add(time.Minute))
			check(t, err)
			return r, ok
		}
		now := w.clock.Now().UTC()
		day := now.AddDate(0, 0, 1).Weekday()
		w.wantsWeekly(t, day)
		if r, ok := take(); ok {
			t.Fatalf("before its time: %+v", r)
		}
		w.clock.forward(49 * time.Hour)
		first, ok := take()
		if !ok || first.Config.Weekly.Day != day || first.Due.UTC().Format("15:04") != "09:00" || first.Sending || first.Surface == "" {
			t.Fatalf("took %+v, %v", first, ok)
		}
		if r, ok := take(); ok {
			t.Fatalf("another took it, too: %+v", r)
		}
		check(t, w.BeginWeekly(t.Context(), first))
		w.clock.forward(2 * time.Minute) // killed
		again, ok := take()
		if !ok || !again.Sending || again.Lease == first.Lease {
			t.Fatalf("after a kill: %+v, %v", again, ok)
		}
		for name, err := range map[string]error{
			"begin": w.BeginWeekly(t.Context(), first), "hold": w.HoldWeekly(t.Context(), first, w.clock.Now(), true),
			"end": w.EndWeekly(t.Context(), first, w.clock.Now(), weekly.Told{}),
		} {
			if !errors.Is(err, weekly.ErrLost) {
				t.Errorf("%s of one that lost it: %v", name, err)
			}
		}
		told := weekly.Told{At: w.clock.Now().UTC().Truncate(time.Millisecond), Counted: "x", Numbers: glance.Numbers{Open: 3}}
		next := again.Config.NextWeekly(w.clock.Now())
		check(t, w.EndWeekly(t.Context(), again, next, told))
		if r, ok := take(); ok {
			t.Fatalf("ended, and taken: %+v", r)
		}
		w.clock.forward(next.Sub(w.clock.Now()) + time.Second)
		second, ok := take()
		if !ok || second.Sending || !second.Last.At.Equal(told.At) || second.Last.Counted != "x" || second.Last.Numbers.Open != 3 || !second.Due.Equal(next) {
			t.Fatalf("the next week: %+v, %v", second, ok)
		}
		check(t, w.HoldWeekly(t.Context(), second, w.clock.Now().Add(20*time.Hour), true))
		for range 2 {
			if r, ok := take(); ok {
				t.Fatalf("held, and taken: %+v", r)
			}
			w.clock.forward(9 * time.Hour)
		}
		w.clock.forward(3 * time.Hour)
		third, ok := take()
		if !ok || third.Attempts != 1 || third.Sending {
			t.Fatalf("after a failure: %+v, %v", third, ok)
		}
		// Set up anew meanwhile, the old week is nobody's any more.
		w.wantsWeekly(t, w.clock.Now().UTC().AddDate(0, 0, 3).Weekday())
		if err := w.EndWeekly(t.Context(), third, next, told); !errors.Is(err, weekly.ErrLost) {
			t.Errorf("end of a week that was set up anew: %v", err)
		}
		// A stopped conversation gets none.
		w.clock.forward(5 * 24 * time.Hour)
		check(t, w.StopConversation(t.Context(), glance.SurfaceChat, "site", "room", glance.ReasonArchived, time.Time{}))
		if r, ok := take(); ok {
			t.Errorf("stopped, and taken: %+v", r)
		}
		check(t, w.RemoveConversation(t.Context(), glance.SurfaceChat, "site", "room", time.Time{}))
		var rows int
		check(t, w.db.Raw("SELECT count(*) FROM weekly").Scan(&rows).Error)
		if rows != 0 {
			t.Errorf("%d rows of a conversation that is gone", rows)
		}
	})
}

// TestSlackUnasked: who does not want to be asked is not, for that long.
func TestSlackUnasked(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		in := workspace(tenant.ID)
		in.NamesPeople = true
		check(t, w.SaveSlackInstall(t.Context(), in))
		check(t, w.LeaveSlackUnasked(t.Context(), in.Team, "U1", w.clock.Now().Add(time.Hour)))
		check(t, w.LeaveSlackUnasked(t.Context(), "T0ELSE", "U1", w.clock.Now().Add(time.Hour)))
		for _, tc := range []struct {
			team, user string
			want       bool
		}{{in.Team, "U1", true}, {in.Team, "U2", false}, {"T0ELSE", "U1", false}} {
			if got, err := w.SlackUnasked(t.Context(), tc.team, tc.user); err != nil || got != tc.want {
				t.Errorf("%s of %s: got %v, %v", tc.user, tc.team, got, err)
			}
		}
		w.clock.forward(2 * time.Hour)
		if got, err := w.SlackUnasked(t.Context(), in.Team, "U1"); err != nil || got {
			t.Errorf("after that: got %v, %v", got, err)
		}
		got, err := w.SlackInstall(t.Context(), in.Team)
		if err != nil || !got.NamesPeople || !got.PlainUntil.IsZero() {
			t.Errorf("installed %+v, %v", got, err)
		}
		check(t, w.ForgoSlackTables(t.Context(), in.Team))
		if got, err := w.SlackInstall(t.Context(), in.Team); err != nil || !got.PlainUntil.After(w.clock.Now()) {
			t.Errorf("without tables until %v, %v", got.PlainUntil, err)
		}
		check(t, w.RemoveSlackInstall(t.Context(), in.Team, w.clock.Now()))
		var rows int
		check(t, w.db.Raw("SELECT count(*) FROM slack_unasked").Scan(&rows).Error)
		if rows != 0 {
			t.Errorf("%d rows of a workspace that is gone", rows)
		}
	})
}
