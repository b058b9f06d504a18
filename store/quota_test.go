package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/quota"
)

// budgets reads entries by tenant.
func budgets(list []quota.Entry) map[string]quota.Entry {
	out := map[string]quota.Entry{}
	for _, e := range list {
		out[e.Tenant] = e
	}
	return out
}

func TestQuotaShares(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hour := w.clock.Now()
		share := func(hour time.Time, mine ...quota.Entry) map[string]quota.Entry {
			t.Helper()
			return budgets(must(w.Store.Quota.SharePoints(t.Context(), hour, mine))(t))
		}
		spent := func(tenant string, points map[quota.Purpose]int) quota.Entry {
			return quota.Entry{Tenant: tenant, Points: points}
		}
		share(hour, spent("", map[quota.Purpose]int{quota.Person: 5, quota.Fill: 7}), spent("a", map[quota.Purpose]int{quota.Person: 5, quota.Fill: 7}))
		share(hour, spent("b", map[quota.Purpose]int{quota.Person: 100}))
		got := share(hour, spent("a", map[quota.Purpose]int{quota.Person: 1, quota.Glance: 3}), quota.Entry{})
		want := map[string]quota.Entry{
			"":  spent("", map[quota.Purpose]int{quota.Person: 5, quota.Fill: 7}),
			"a": spent("a", map[quota.Purpose]int{quota.Person: 6, quota.Fill: 7, quota.Glance: 3}),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if got := share(hour.Add(time.Hour), quota.Entry{Tenant: "a"}); len(got) != 0 {
			t.Errorf("another hour: got %+v", got)
		}
		check(t, w.Store.Quota.ForgetPoints(t.Context(), hour.Add(time.Second)))
		if got := must(w.Store.Quota.Points(t.Context(), hour))(t); len(got) != 0 {
			t.Errorf("forgotten: got %+v", got)
		}
		if got := share(hour); len(got) != 0 {
			t.Errorf("of nothing: got %+v", got)
		}
	})
}

// The newest of what Jira said wins, whichever replica brings it last; a limit once
// said stays, and a time that lies far ahead gives way.
func TestQuotaSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		now := w.clock.Now()
		first := quota.Said{At: now, Limit: 1000, Hour: now, Used: 900, Points: 7, Until: now.Add(time.Minute)}
		older := quota.Said{At: now.Add(-time.Second), Limit: 5}
		newer := quota.Said{At: now.Add(time.Second), Until: now.Add(time.Hour)}
		kept := newer
		kept.Limit = 1000
		ahead := quota.Said{At: now.Add(time.Hour), Limit: quota.None}
		back := quota.Said{At: now.Add(2 * time.Second), Limit: 7}
		for i, step := range []struct{ said, want quota.Said }{{first, first}, {older, first}, {newer, kept}, {ahead, ahead}, {back, back}} {
			got := must(w.Store.Quota.SharePoints(t.Context(), now, []quota.Entry{{Tenant: "a", Said: step.said}}))(t)
			if diff := cmp.Diff(step.want, got[0].Said); diff != "" || len(got) != 1 {
				t.Errorf("step %d: (-want +got)\n%s", i, diff)
			}
		}
	})
}

// Two programs on one database add up what they spend at the same time, and a third
// knows it when it starts.
func TestQuotaOfReplicas(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		const rounds, tenants = 20, 30
		ledgers := []*quota.Ledger{}
		for range 2 {
			ledgers = append(ledgers, &quota.Ledger{Storage: w.again(t, keyOne).Quota, Now: w.clock.Now, Shared: told(t)})
		}
		var work sync.WaitGroup
		for i, l := range ledgers {
			work.Go(func() {
				for round := range rounds {
					for n := range tenants { // in opposite orders
						l.Count(fmt.Sprintf("tenant-%d", (n*(1-2*i)+tenants)%tenants), quota.Glance, 1+round%2)
					}
					l.Share(t.Context())
				}
			})
		}
		work.Wait()
		third := &quota.Ledger{Storage: w.again(t, keyOne).Quota, Now: w.clock.Now, Shared: told(t)}
		third.Tenant("tenant-3") // asks
		const each = rounds * 3 / 2
		for _, l := range append(ledgers, third) {
			l.Tenant("tenant-3")
			l.Share(t.Context())
			if app, one := l.App().Used, l.Tenant("tenant-3").Used; app != 2*tenants*each || one != 2*each {
				t.Errorf("got %d and %d, want %d and %d", app, one, 2*tenants*each, 2*each)
			}
		}
	})
}

// A database that is lost costs nothing: it is counted on, and shared again.
func TestQuotaWithoutDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		lost := w.again(t, keyOne)
		var failures int
		l := &quota.Ledger{Storage: lost.Quota, Now: w.clock.Now, Shared: func(_ context.Context, err error) {
			if err != nil {
				failures++
			}
		}}
		check(t, lost.Close())
		l.Count("a", quota.Person, 7)
		l.Share(t.Context())
		if l.App().Used != 7 || failures != 1 {
			t.Errorf("got %d points and %d failures", l.App().Used, failures)
		}
		l.Storage = w.Store.Quota
		l.Share(t.Context())
		if got := must(w.Store.Quota.Points(t.Context(), w.clock.Now().Truncate(time.Hour)))(t); got["a"].Sum() != 7 || got[""].Sum() != 7 {
			t.Errorf("got %+v", got)
		}
	})
}

func told(t *testing.T) func(context.Context, error) {
	return func(_ context.Context, err error) {
		if err != nil {
			t.Error(err)
		}
	}
}
