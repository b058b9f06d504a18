package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/glance"
)

// TestGauges: glances that wait are counted from when they changed, and no longer once
// they show it.
func TestGauges(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		none := Gauges{Tenants: map[string]int{"active": 0, "disabled": 0, "uninstalled": 0}}
		if diff := cmp.Diff(none, must(w.Gauges(t.Context()))(t)); diff != "" {
			t.Errorf("empty (-want +got):\n%s", diff)
		}
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		since := w.clock.Now()
		w.clock.forward(time.Minute)
		got := must(w.Gauges(t.Context()))(t)
		if got.Tenants["active"] != 1 || got.Waiting == 0 || got.Failing != 0 || !got.Oldest.Equal(since.Truncate(time.Millisecond)) {
			t.Errorf("got %+v, want some that wait since %s", got, since)
		}
		w.settle(t, glance.State{Label: "x"})
		if got := must(w.Gauges(t.Context()))(t); got.Waiting != 0 || !got.Oldest.IsZero() {
			t.Errorf("shown: got %+v", got)
		}
		pools := must(w.Pools())(t)
		if want := map[bool]int{true: 1, false: 2}[w.core.db.OnPostgres()]; len(pools) != want {
			t.Errorf("%d pools", len(pools))
		}
	})
}
