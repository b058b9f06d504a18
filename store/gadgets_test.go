package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

func TestGadgetConfig(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one, two := w.installed(t, "one", ""), w.installed(t, "two", "")
		item, at := connect.DashboardItem{Dashboard: "10", Item: "20"}, w.clock.Now()
		for _, step := range []struct {
			value  []byte
			readAt time.Time
			want   string
		}{
			{[]byte(`{"projects":["ABC"],"title":"Größe"}`), at, `{"projects":["ABC"],"title":"Größe"}`},
			{nil, at.Add(time.Second), ""},
			{[]byte(`{"late":true}`), at, ""},
			{[]byte(`{"same":true}`), at.Add(time.Second), `{"same":true}`},
			{[]byte{}, at.Add(2 * time.Second), ""},
		} {
			check(t, w.SaveGadgetConfig(t.Context(), one.ID, item, step.value, step.readAt))
			got, _, err := w.GadgetConfig(t.Context(), one.ID, item)
			if err != nil || string(got) != step.want || (got == nil) != (step.want == "") {
				t.Errorf("save %s: got %q, %v, want %q", step.value, got, err, step.want)
			}
		}
		if _, got, _ := w.GadgetConfig(t.Context(), one.ID, item); !got.Equal(at.Add(2 * time.Second)) {
			t.Errorf("read at: got %v", got)
		}
		for name, call := range map[string]func() error{
			"other tenant": func() error { _, _, err := w.GadgetConfig(t.Context(), two.ID, item); return err },
			"other item": func() error {
				_, _, err := w.GadgetConfig(t.Context(), one.ID, connect.DashboardItem{Dashboard: "20", Item: "10"})
				return err
			},
		} {
			if err := call(); !errors.Is(err, connect.ErrNotFound) {
				t.Errorf("%s: got %v, want %v", name, err, connect.ErrNotFound)
			}
		}
		if err := w.SaveGadgetConfig(t.Context(), "nobody", item, nil, at); err == nil {
			t.Error("saved for a tenant that does not exist")
		}
	})
}

// A tenant's fields of story points are one choice, the last, and go with the tenant.
func TestPointFields(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one, two := w.installed(t, "one", ""), w.installed(t, "two", "")
		for _, ids := range [][]string{nil, {"customfield_10016", "customfield_10026"}, {"customfield_10100"}} {
			if ids != nil {
				check(t, w.SavePointFields(t.Context(), one.ID, ids))
			}
			got, err := w.PointFields(t.Context(), one.ID)
			other, errOther := w.PointFields(t.Context(), two.ID)
			if err != nil || errOther != nil || !slices.Equal(got, ids) || other != nil {
				t.Errorf("got %v, %v and %v, %v, want %v", got, err, other, errOther, ids)
			}
		}
		check(t, w.db.Exec("UPDATE site_choices SET value = 'no list'").Error)
		if got, err := w.PointFields(t.Context(), one.ID); err == nil {
			t.Errorf("what is no list is read as %v", got)
		}
		if err := w.SavePointFields(t.Context(), "nobody", []string{"customfield_1"}); err == nil {
			t.Error("saved for a tenant that does not exist")
		}
		check(t, w.db.Exec("DELETE FROM tenants WHERE id = ?", string(one.ID)).Error)
		var left int
		if check(t, w.db.Raw("SELECT count(*) FROM site_choices").Scan(&left).Error); left != 0 {
			t.Errorf("%d choices are left", left)
		}
	})
}

// Of which projects a query's issues are is shown while it has a history, and only then.
func TestFound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one, now := w.installed(t, "one", ""), w.clock.Now()
		item := connect.DashboardItem{Dashboard: "10", Item: "20"}
		shown := func() (projects, past []string) {
			for _, s := range must(w.Tenants.Shown(t.Context(), now.Add(-time.Hour)))(t) {
				projects, past = s.Projects, s.Past
			}
			return projects, past
		}
		check(t, w.SaveFound(t.Context(), one.ID, item, []string{"ABC"})) // there is no copy
		for _, step := range []struct {
			value          string
			found          []string
			projects, past string
		}{
			{`{"jql":"labels = a","trend":7}`, nil, "[]", "[]"},
			{`{"jql":"labels = a","trend":7}`, []string{"ABC", "DEF"}, "[ABC DEF]", "[ABC DEF]"},
			{`{"filter":"1","projects":["OLD"],"trend":364}`, nil, "[ABC DEF]", "[ABC DEF]"},
			{`{"filter":"1","projects":["OLD"],"trend":364}`, []string{}, "[]", "[]"},
			{`{"filter":"1"}`, []string{"ABC"}, "[]", "[]"},
			{`{"projects":["GHI"],"trend":7}`, nil, "[GHI]", "[GHI]"},
		} {
			check(t, w.SaveGadgetConfig(t.Context(), one.ID, item, []byte(step.value), now))
			if step.found != nil {
				check(t, w.SaveFound(t.Context(), one.ID, item, step.found))
			}
			if projects, past := shown(); fmt.Sprint(projects) != step.projects || fmt.Sprint(past) != step.past {
				t.Errorf("%s, found %v: got %v and %v", step.value, step.found, projects, past)
			}
		}
	})
}
