package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

func TestRoster(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one, two := w.installed(t, "one", ""), w.installed(t, "two", "")
		item, other := connect.DashboardItem{Dashboard: "10", Item: "20"}, connect.DashboardItem{Dashboard: "10", Item: "21"}
		want := func(tenant connect.TenantID, item connect.DashboardItem, want string) {
			t.Helper()
			if got, err := w.Roster(t.Context(), tenant, item); string(got) != want || err != nil {
				t.Errorf("%s: got %q, %v, want %q", tenant, got, err, want)
			}
		}
		want(one.ID, item, "")
		for _, value := range []string{"ada is away", "ada is back", ""} {
			check(t, w.SaveRoster(t.Context(), one.ID, item, []byte(value)))
			want(one.ID, item, value)
			want(two.ID, item, "")
			want(one.ID, other, "")
			if strings.Contains(w.dump(t), "ada is") {
				t.Error("a roster is stored as it is")
			}
		}
		if err := w.SaveRoster(t.Context(), "nobody", item, []byte("x")); err == nil {
			t.Error("saved for a tenant that does not exist")
		}

		// Another gadget's does not open here, and rekeying keeps it.
		check(t, w.SaveRoster(t.Context(), one.ID, item, []byte("ada")))
		check(t, w.SaveRoster(t.Context(), one.ID, other, []byte("ben")))
		both := w.again(t, keyTwo+","+keyOne)
		if n := must(both.Rekey(t.Context()))(t); n != 4 {
			t.Errorf("%d values are sealed anew, want 4", n)
		}
		w.use(w.again(t, keyTwo))
		want(one.ID, item, "ada")
		check(t, w.db.Exec("UPDATE rosters SET value = (SELECT value FROM rosters WHERE item_id = '20')").Error)
		if _, err := w.Roster(t.Context(), one.ID, other); !errors.Is(err, ErrSealed) {
			t.Errorf("another gadget's roster: %v", err)
		}
	})
}

// TestRosterEndsWithTheTenant: what is known about people goes with the tenant's
// data, and what a lost key sealed can be given up.
func TestRosterEndsWithTheTenant(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one := w.installed(t, "one", "")
		item := connect.DashboardItem{Dashboard: "10", Item: "20"}
		check(t, w.SaveRoster(t.Context(), one.ID, item, []byte("ada")))
		st, err := openWith(t.Context(), Options{URL: w.url, Keys: ring(t, keyTwo), Lost: []string{"one"}, Version: "0.1.0"}, migrationFiles)
		check(t, err)
		t.Cleanup(func() { _ = st.Close() })
		list := must(st.SealedUnder(t.Context(), "one"))(t)
		if len(list) != 2 || list[1].Kind != SealedRoster || list[1].Owner == "" {
			t.Errorf("sealed: %+v", list)
		}
		must(w.SetState(t.Context(), "one", connect.StateUninstalled, time.Time{}))(t)
		if n := must(w.Store.Erase(t.Context(), w.clock.forward(time.Hour)))(t); n != 1 {
			t.Fatalf("%d tenants are erased", n)
		}
		var left int
		check(t, w.db.Raw("SELECT count(*) FROM rosters").Scan(&left).Error)
		if left != 0 {
			t.Error("the roster is still there")
		}
	})
}

func TestForgetRoster(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one := w.installed(t, "one", "")
		item := connect.DashboardItem{Dashboard: "10", Item: "20"}
		check(t, w.SaveRoster(t.Context(), one.ID, item, []byte("ada")))
		st, err := openWith(t.Context(), Options{URL: w.url, Keys: ring(t, keyTwo), Lost: []string{"one"}, Version: "0.1.0"}, migrationFiles)
		check(t, err)
		t.Cleanup(func() { _ = st.Close() })
		must(st.Forget(t.Context(), "one"))(t)
		if value, err := st.Gadgets.Roster(t.Context(), one.ID, item); value != nil || err != nil {
			t.Errorf("forgotten: %q, %v", value, err)
		}
	})
}
