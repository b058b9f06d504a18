package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// owners are the sites of claimed rows, in the order of their names.
func owners(rows []glance.Row) map[string]int {
	count := map[string]int{}
	for _, r := range rows {
		count[r.Key.Site]++
	}
	return count
}

// TestTenantsTakeTurns: of a big tenant whose rows are due the longest, and
// small ones, each has its first row before anybody has a second; what failed
// stands back, and who has enough is left out.
func TestTenantsTakeTurns(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		begun := func(site string, rooms int) {
			w.installed(t, "k-"+site, site)
			for i := range rooms {
				w.begun(t, site, fmt.Sprintf("r%d", i))
				w.clock.forward(time.Second)
			}
		}
		begun("big", 30)
		begun("one", 1)
		begun("two", 2)
		w.begun(t, "nobody's", "r0") // a site without a tenant has its turn too
		c := wanted(w.clock.forward(time.Second), 6)
		c.PerTenant = 4
		for _, want := range []map[string]int{
			{"big": 2, "one": 1, "two": 2, "nobody's": 1},
			{"big": 4},
			{"big": 4},
		} {
			if diff := cmp.Diff(want, owners(must(w.Claim(t.Context(), c))(t))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		big := must(w.TenantByClientKey(t.Context(), "k-big"))(t)
		c.Skip = []string{string(big.ID)}
		if got := must(w.Claim(t.Context(), c))(t); len(got) != 0 {
			t.Errorf("skipped: got %v", owners(got))
		}

		// Those that failed are as many as asked for, and not instead of others.
		c.Skip = nil
		c.PerTenant, c.Limit = 50, 50
		for _, row := range must(w.Claim(t.Context(), c))(t) {
			check(t, w.Fail(t.Context(), row, glance.Failed{Reason: glance.ReasonUnreachable, Detail: "down", Next: c.Now}))
		}
		begun("fresh", 2)
		c.Now = w.clock.forward(time.Second)
		c.Late = 3
		if diff := cmp.Diff(map[string]int{"big": 3, "fresh": 2}, owners(must(w.Claim(t.Context(), c))(t))); diff != "" {
			t.Errorf("late (-want +got):\n%s", diff)
		}
		c.Late = 0
		if got := must(w.Claim(t.Context(), c))(t); len(got) != 0 {
			t.Errorf("no room for late ones: got %v", owners(got))
		}
	})
}

// TestTurnsFollowTheTenant: a conversation that a tenant takes over is counted
// on it.
func TestTurnsFollowTheTenant(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.begun(t, "site", "early")
		w.installed(t, "k", "site")
		w.begun(t, "site", "late")
		tenant := must(w.TenantByClientKey(t.Context(), "k"))(t)
		c := wanted(w.clock.forward(time.Second), 10)
		c.Skip = []string{string(tenant.ID)}
		if got := must(w.Claim(t.Context(), c))(t); len(got) != 0 {
			t.Errorf("got %+v, want both to be the tenant's", got)
		}
		must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		next := w.installed(t, "next", "site")
		if got := must(w.Claim(t.Context(), c))(t); len(got) != 2 || got[0].Tenant != string(next.ID) {
			t.Errorf("got %+v, want both to be the next tenant's", got)
		}
	})
}

// TestRowsArePaced: a row has its burst, then one claim each time a call is
// paid off; another process counts on, and a person may go further.
func TestRowsArePaced(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		key := setupKey("site", "room")
		tight := []glance.Pace{{Surface: glance.SurfaceChat, Kind: glance.KindConfiguration, Every: 10 * time.Second, Burst: 2}}
		claim := func(s *Store) bool {
			c := wanted(w.clock.Now(), 1)
			c.Paces = tight
			rows := must(s.Glances.Claim(t.Context(), c))(t)
			for _, row := range rows {
				check(t, s.Glances.Release(t.Context(), row))
			}
			return len(rows) == 1
		}
		for i, want := range []bool{true, true, false} {
			if got := claim(w.Store); got != want {
				t.Errorf("claim %d of a burst of two: got %v", i+1, got)
			}
		}
		if got, want := must(w.NextDue(t.Context(), tight))(t), w.clock.Now().Add(10*time.Second); !got.Equal(want) {
			t.Errorf("next due %v, want %v", got, want)
		}
		w.clock.forward(9 * time.Second)
		if other := w.again(t, keyOne); claim(other) {
			t.Error("another process forgot the calls")
		}
		w.clock.forward(time.Second)
		if !claim(w.Store) || claim(w.Store) {
			t.Error("one call is paid off after ten seconds")
		}

		more := wanted(w.clock.Now(), 1)
		more.Paces = tight
		if _, ok, err := w.ClaimKey(t.Context(), key, more); ok || err != nil {
			t.Errorf("claimed by key beyond the pace: %v, %v", ok, err)
		}
		more.Paces[0].Burst = 3
		row, ok, err := w.ClaimKey(t.Context(), key, more)
		if !ok || err != nil || row.Key != key {
			t.Errorf("a person may go further: got %v, %v, %+v", ok, err, row)
		}
		held, ok, err := w.ClaimKey(t.Context(), key, wanted(w.clock.Now(), 1))
		if ok || err != nil || held.LeaseUntil.IsZero() {
			t.Errorf("held: got %v, %v, %+v", ok, err, held)
		}
		// A surface that is off has no pace, and no claims.
		off := wanted(w.clock.forward(time.Hour), 1)
		off.Paces = []glance.Pace{{Surface: glance.SurfaceSlack, Kind: glance.KindConfiguration, Every: time.Second, Burst: 9}}
		if rows := must(w.Claim(t.Context(), off))(t); len(rows) != 0 {
			t.Errorf("claimed for a surface that is off: %+v", rows)
		}
		if next := must(w.NextDue(t.Context(), off.Paces))(t); !next.IsZero() {
			t.Errorf("due for a surface that is off: %v", next)
		}
	})
}

// TestHeldRowIsNobodys: until the hold ends, whatever happens.
func TestHeldRowIsNobodys(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		now := w.clock.Now()
		check(t, w.Fail(t.Context(), w.claim(t)[0], glance.Failed{Reason: glance.ReasonUnreachable, Detail: "reset", Next: now, Hold: now.Add(3 * time.Second)}))
		w.begun(t, "site", "room")
		if got := w.claim(t); len(got) != 0 {
			t.Errorf("claimed a held row: %+v", got)
		}
		if next := must(w.NextDue(t.Context(), paces()))(t); !next.Equal(now.Add(3 * time.Second)) {
			t.Errorf("next due %v", next)
		}
		w.clock.forward(3 * time.Second)
		if got := w.claim(t); len(got) != 1 {
			t.Errorf("got %d rows after the hold, want 1", len(got))
		}
	})
}

// TestRecover: a start on SQLite gives back what a dead process held, but for
// what may be on its way; on PostgreSQL leases run out.
func TestRecover(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		if got := len(w.claim(t)); got != 2 { // a push and a computation
			t.Fatalf("claimed %d rows", got)
		}
		check(t, w.Recover(t.Context()))
		want := 1
		if w.core.db.OnPostgres() {
			want = 0
		}
		got := w.claim(t)
		if len(got) != want {
			t.Errorf("got %d rows at once, want %d", len(got), want)
		}
		for _, row := range got {
			if row.NeedsPush() {
				t.Errorf("got %+v, which may be on its way", row)
			}
		}
		w.clock.forward(time.Minute)
		if got := w.claim(t); len(got) != 2 {
			t.Errorf("got %d rows when the leases have run out, want 2", len(got))
		}
	})
}
