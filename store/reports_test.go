package store

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/privacy"
)

// TestAccounts: the accounts of a tenant are those that erasing looks for, and no
// others.
func TestAccounts(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.peopled(t, "one")
		other := w.installed(t, "other", "site-other")
		in := func(roster []byte) ([]string, error) { return []string{"noted", string(roster[2:5])}, nil }
		got := must(w.Accounts(t.Context(), id, in))(t)
		slices.Sort(got)
		got = slices.Compact(got)
		for _, want := range []string{"ann", "bob", "noted"} {
			if !slices.Contains(got, want) {
				t.Errorf("%s is missing: %v", want, got)
			}
		}
		if slices.Contains(got, "") {
			t.Errorf("nobody is somebody: %q", got)
		}
		if got := must(w.Accounts(t.Context(), other.ID, in))(t); len(got) != 0 {
			t.Errorf("of another tenant: %v", got)
		}
		_, err := w.Accounts(t.Context(), id, func([]byte) ([]string, error) { return nil, errors.New("damaged") })
		if err == nil {
			t.Error("notes that cannot be read are left out")
		}
	})
}

// TestReports: a round is one replica's until its lease is over, is kept as it is, and
// comes again when it is due.
func TestReports(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant, reports := w.installed(t, "k", "site"), w.Store.Reports
		until := func() time.Time { return w.clock.Now().Add(time.Minute) }
		var mu sync.Mutex
		var taken []privacy.Round
		var work sync.WaitGroup
		for _, name := range []string{"a", "b", "c", "d"} {
			work.Go(func() {
				r, ok, err := reports.TakeReport(t.Context(), name, until())
				check(t, err)
				if ok {
					r.Mark = name
					mu.Lock()
					taken = append(taken, r)
					mu.Unlock()
				}
			})
		}
		work.Wait()
		if len(taken) != 1 || taken[0].Tenant != string(tenant.ID) || taken[0].Fresh.IsZero() {
			t.Fatalf("taken: %+v", taken)
		}
		holder := taken[0].Mark
		kept := privacy.Round{Tenant: string(tenant.ID), Began: w.clock.Now(), Fresh: taken[0].Fresh, Mark: "m", Cycle: 72 * time.Hour, Failures: 2}
		check(t, reports.KeepReport(t.Context(), holder, kept, until()))
		if err := reports.KeepReport(t.Context(), "another", privacy.Round{Tenant: string(tenant.ID)}, until()); !errors.Is(err, privacy.ErrLost) {
			t.Errorf("another's: got %v", err)
		}
		check(t, reports.EndReport(t.Context(), "another", privacy.Round{Tenant: string(tenant.ID)}, w.clock.Now()))
		check(t, reports.EndReport(t.Context(), holder, kept, w.clock.Now().Add(time.Hour)))
		if _, ok, err := reports.TakeReport(t.Context(), "e", until()); ok || err != nil {
			t.Errorf("before it is due: %v, %v", ok, err)
		}
		w.clock.forward(time.Hour)
		got, ok, err := reports.TakeReport(t.Context(), "e", until())
		kept.Began, got.Began = kept.Began.Truncate(time.Millisecond).UTC(), got.Began.UTC()
		if diff := cmp.Diff(kept, got); !ok || err != nil || diff != "" {
			t.Errorf("%v, %v (-want +got):\n%s", ok, err, diff)
		}
		// The clock is set back by a day: the lease does not last for that.
		w.clock.forward(-24 * time.Hour)
		if err := w.db.Exec("UPDATE account_reports SET due_at = 0").Error; err != nil {
			t.Fatal(err)
		}
		if _, ok, err := reports.TakeReport(t.Context(), "f", until()); !ok || err != nil {
			t.Errorf("after the clock was set back: %v, %v", ok, err)
		}
	})
}
