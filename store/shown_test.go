package store

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
)

// What is shown is what the rooms of active tenants show, and their gadgets at which
// somebody has looked.
func TestShown(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		now := w.clock.Now()
		looked := func(id connect.TenantID, item, value string, ago time.Duration) {
			t.Helper()
			check(t, w.SaveGadgetConfig(t.Context(), id, connect.DashboardItem{Dashboard: "1", Item: item}, []byte(value), now.Add(-ago)))
		}
		shown := func() []Shown {
			t.Helper()
			return must(w.Tenants.Shown(t.Context(), now.Add(-24*time.Hour)))(t)
		}
		one, two := w.installed(t, "one", "cloud-one"), w.installed(t, "two", "cloud-two")
		if got := shown(); len(got) > 0 {
			t.Errorf("nothing is shown: got %+v", got)
		}
		looked(one.ID, "1", `{"projects":["B","A"]}`, time.Hour)
		looked(one.ID, "2", `{"projects":["C","A"],"trend":7}`, 2*time.Hour)
		looked(one.ID, "3", `{"projects":["OLD"]}`, 48*time.Hour)
		looked(one.ID, "6", `{"projects":["D"],"period":"lastQuarter"}`, 2*time.Hour)
		looked(one.ID, "7", `{"projects":["B"],"period":"lastWeek"}`, 2*time.Hour)
		looked(one.ID, "4", `["odd"]`, time.Minute)
		looked(one.ID, "5", ``, time.Minute)
		w.begun(t, "cloud-two", "room")
		if got := shown(); len(got) != 1 {
			t.Errorf("a room that is not set up shows something: got %+v", got)
		}
		w.configured(t, "cloud-two", "room", "R")
		want := []Shown{{one.ID, []string{"A", "B", "C", "D"}, []string{"A", "C"}, []string{"D"}, now.Add(-time.Hour)}, {Tenant: two.ID, Projects: []string{"R"}}}
		if two.ID < one.ID {
			want[0], want[1] = want[1], want[0]
		}
		if diff := cmp.Diff(want, shown()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		check(t, w.db.Exec(`UPDATE glances SET choices = '{"period":"thisQuarter"}'`).Error)
		want[slices.IndexFunc(want, func(s Shown) bool { return s.Tenant == two.ID })].Logged = []string{"R"}
		if diff := cmp.Diff(want, shown()); diff != "" {
			t.Errorf("a room with a quarter: (-want +got)\n%s", diff)
		}
		check(t, w.db.Exec("UPDATE tenants SET state = 'disabled' WHERE id = ?", string(two.ID)).Error)
		check(t, w.db.Exec("UPDATE tenants SET state = 'uninstalled' WHERE id = ?", string(one.ID)).Error)
		if got := shown(); len(got) > 0 {
			t.Errorf("of tenants that are not active: got %+v", got)
		}
	})
}

func TestBeat(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		first := w.clock.Now()
		if before := must(w.Beat(t.Context(), first))(t); !before.IsZero() {
			t.Errorf("never alive: got %s", before)
		}
		again := w.again(t, keyOne)
		if before := must(again.Beat(t.Context(), w.clock.forward(time.Hour)))(t); !before.Equal(first) {
			t.Errorf("another program: got %s, want %s", before, first)
		}
	})
}
