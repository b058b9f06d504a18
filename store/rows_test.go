package store

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/glance"
)

func TestDesireAndDeliver(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		key := glanceKey("site", "room")
		one, two := glance.State{Label: "one"}, glance.State{Label: "two"}
		w.settle(t, one)
		for _, test := range []struct {
			state glance.State
			rev   int64
		}{{one, 1}, {two, 2}, {two, 2}, {one, 3}} {
			at := w.clock.forward(time.Minute)
			w.configured(t, "site", "room", "ABC")
			row := w.claim(t)[1]
			got := w.desire(t, row, test.state)
			if got.DesiredRev != test.rev || got.Desired != test.state || got.NeedsCompute() || got.NeedsPush() == (got.Lease == "") || !got.DesiredAt.Equal(at) {
				t.Errorf("desire %s: got %+v, want revision %d", test.state.Label, got, test.rev)
			}
			if got.NeedsPush() {
				check(t, w.Deliver(t.Context(), got))
			}
			if got := w.row(t, key); got.NeedsPush() || got.Lease != "" {
				t.Errorf("delivered %s: got %+v", test.state.Label, got)
			}
		}

		// What changes while a worker is busy is not lost.
		w.clock.forward(time.Minute)
		w.configured(t, "site", "room", "ABC")
		row := w.claim(t)[1]
		w.configured(t, "site", "room", "XYZ")
		row = w.desire(t, row, two)
		check(t, w.Deliver(t.Context(), row))
		if got := w.row(t, key); !got.NeedsCompute() || got.Config.Projects[0] != "XYZ" {
			t.Errorf("got %+v, want it dirty", got)
		}
	})
}

func TestStaleLease(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		stale := w.claim(t)[1]
		w.clock.forward(59 * time.Second)
		if got := w.claim(t); len(got) != 0 {
			t.Fatalf("leased: got %+v", got)
		}
		w.clock.forward(time.Second)
		fresh := w.claim(t)[1]
		fresh = w.desire(t, fresh, glance.State{Label: "fresh"})
		want := w.row(t, fresh.Key)

		lost := func(name string, r glance.Row) {
			t.Helper()
			got, err := w.Desire(t.Context(), r, w.desired(r, glance.State{Label: "stale"}))
			if !errors.Is(err, glance.ErrLeaseLost) || got.Key != r.Key {
				t.Errorf("%s: desire: got %v", name, err)
			}
			r.DesiredRev = 100
			if err := w.Deliver(t.Context(), r); !errors.Is(err, glance.ErrLeaseLost) {
				t.Errorf("%s: deliver: got %v", name, err)
			}
			if err := w.Fail(t.Context(), r, glance.Failed{Reason: glance.ReasonRefused, Detail: "stale"}); !errors.Is(err, glance.ErrLeaseLost) {
				t.Errorf("%s: fail: got %v", name, err)
			}
			check(t, w.Release(t.Context(), r))
		}
		lost("stale", stale)
		none := stale
		none.Lease = ""
		lost("no lease", none)
		if diff := cmp.Diff(want, w.row(t, fresh.Key)); diff != "" {
			t.Errorf("a stale holder changed the row (-want +got):\n%s", diff)
		}
		check(t, w.Deliver(t.Context(), fresh))
		lost("delivered", fresh)
		none.Key = fresh.Key
		lost("free row, no lease", none)
		check(t, w.RemoveConversation(t.Context(), glance.SurfaceChat, "site", "room", time.Time{}))
		lost("removed", fresh)
	})
}

func TestDeliveredNeverGoesDown(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		w.settle(t, glance.State{Label: "x"})
		w.clock.forward(time.Minute)
		w.configured(t, "site", "room", "ABC")
		row := w.claim(t)[0]
		row.DesiredRev = 1
		check(t, w.Deliver(t.Context(), row))
		if got := w.row(t, row.Key); got.DeliveredRev != 2 || got.DesiredRev != 3 {
			t.Errorf("got delivered %d of %d, want 2 of 3", got.DeliveredRev, got.DesiredRev)
		}
	})
}

func TestFail(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		key := glanceKey("site", "room")
		now := w.clock.Now()
		row := w.claim(t)[1]
		check(t, w.Fail(t.Context(), row, glance.Failed{Reason: glance.ReasonRefused, Detail: "bad \xff\x00 gateway", Next: now.Add(5 * time.Minute)}))
		if got := w.row(t, key); got.Attempts != 1 || got.FailedFor != glance.ReasonRefused || got.LastError != "bad  gateway" || !got.NextAttempt.Equal(now.Add(5*time.Minute)) || got.Lease != "" {
			t.Errorf("failed: got %+v", got)
		}
		// An event does not shorten the wait.
		must(w.MarkDirty(t.Context(), tenant.ID, "ABC", "", now.Add(time.Second)))(t)
		if got := w.row(t, key); !got.NextAttempt.Equal(now.Add(5 * time.Minute)) {
			t.Errorf("marked while it waits: due %v", got.NextAttempt)
		}
		w.clock.forward(5 * time.Minute)
		rows := w.claim(t)
		row = rows[slices.IndexFunc(rows, func(r glance.Row) bool { return r.Key == key })]
		if row.Attempts != 1 {
			t.Errorf("got %d attempts, want 1", row.Attempts)
		}
		row = w.desire(t, row, glance.State{Label: "x"})
		if row.Attempts != 1 {
			t.Errorf("computed, not delivered: got %d attempts, want 1", row.Attempts)
		}
		check(t, w.Deliver(t.Context(), row))
		if got := w.row(t, key); got.Attempts != 0 || got.FailedFor != glance.ReasonNone || got.LastError != "" {
			t.Errorf("delivered: got %+v", got)
		}
	})
}

func TestDesireOfShownStateClearsFailures(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		w.settle(t, glance.State{Label: "x"})
		must(w.MarkDirty(t.Context(), tenant.ID, "", "", w.clock.Now()))(t)
		check(t, w.Fail(t.Context(), w.claim(t)[0], glance.Failed{Reason: glance.ReasonUnreachable, Detail: "down", Next: w.clock.Now()}))
		row := w.desire(t, w.claim(t)[0], glance.State{Label: "x"})
		if row.NeedsPush() || row.Attempts != 0 || row.LastError != "" {
			t.Errorf("got %+v, want nothing to push and no failure", row)
		}
		check(t, w.Release(t.Context(), row))
	})
}

func TestClaimOrderAndLimit(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		for i := range 5 {
			room := fmt.Sprintf("r%d", i)
			w.begun(t, "site", room)
			w.configured(t, "site", room, fmt.Sprintf("P%d", i))
		}
		w.settle(t, glance.State{})
		start := w.clock.Now()
		for i := range 5 {
			must(w.MarkDirty(t.Context(), tenant.ID, fmt.Sprintf("P%d", i), "", start.Add(time.Duration(5-i)*time.Second)))(t)
		}
		if got := must(w.NextDue(t.Context(), paces()))(t); !got.Equal(start.Add(time.Second)) {
			t.Errorf("next due %v", got)
		}
		now := w.clock.forward(4 * time.Second)
		for _, test := range []struct {
			limit int
			want  []string
		}{{0, nil}, {-1, nil}, {3, []string{"r4", "r3", "r2"}}, {3, []string{"r1"}}, {3, nil}} {
			var got []string
			for _, row := range must(w.Claim(t.Context(), wanted(now, test.limit)))(t) {
				got = append(got, row.Key.Conversation)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("limit %d (-want +got):\n%s", test.limit, diff)
			}
		}
		if got := must(w.NextDue(t.Context(), paces()))(t); !got.Equal(start.Add(5 * time.Second)) {
			t.Errorf("leased rows count: next due %v", got)
		}
	})
}

func TestClaimsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		const n = 60
		for i := range n {
			w.begun(t, "site", fmt.Sprintf("r%d", i))
		}
		other := w.again(t, keyOne)
		var wait sync.WaitGroup
		var mu sync.Mutex
		seen := map[glance.Key]int{}
		for i := range 8 {
			s := []*Store{w.Store, other}[i%2]
			wait.Go(func() {
				for {
					rows, err := s.Glances.Claim(t.Context(), wanted(w.clock.Now(), 3))
					if err != nil {
						t.Error(err)
					}
					if len(rows) > 3 {
						t.Errorf("got %d rows, want at most 3", len(rows))
					}
					mu.Lock()
					for _, row := range rows {
						seen[row.Key]++
					}
					done := len(seen) == n
					mu.Unlock()
					// A claim may come back empty while others hold the locks.
					if done || err != nil {
						return
					}
				}
			})
		}
		wait.Wait()
		for key, times := range seen {
			if times != 1 {
				t.Errorf("%s claimed %d times", key.Conversation, times)
			}
		}
		if len(seen) != n {
			t.Errorf("got %d rows, want %d", len(seen), n)
		}
	})
}
