package gadget

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// choose sends a button's choice.
func choose(t testing.TB, d harness.Desk, name, value string) (int, string) {
	t.Helper()
	address := fmt.Sprintf("%s/gadget/workload/preferences?dashboardId=%s&dashboardItemId=%s", d.URL, d.Dashboard, d.Item)
	req := harness.NewRequest(t, http.MethodPost, address, strings.NewReader(url.Values{name: {value}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+d.Session)
	return harness.Fetch(t, req)
}

// deskChosen is choose for a choice that must succeed.
func deskChosen(t testing.TB, d harness.Desk, name, value string) string {
	t.Helper()
	status, body := choose(t, d, name, value)
	if status != http.StatusOK || !strings.Contains(body, `data-fragment="workload"`) {
		t.Fatalf("%s=%s: %d\n%s", name, value, status, body)
	}
	return body
}

// held is the person's preferences in Jira.
func held(t testing.TB, d harness.Desk) workload.Preferences {
	t.Helper()
	var property struct{ Value workload.Preferences }
	path := harness.PropertyPath + "?accountId=" + url.QueryEscape(d.Account)
	var keys struct{ Keys []struct{ Key string } }
	d.Rest(t, d.Account, http.MethodGet, "/rest/api/3/user/properties?accountId="+url.QueryEscape(d.Account), nil, &keys)
	if len(keys.Keys) == 0 {
		return workload.NewPreferences()
	}
	d.Rest(t, d.Account, http.MethodGet, path, nil, &property)
	return property.Value
}

func deskFault(t testing.TB, d harness.Desk, f connecttest.Fault) {
	t.Helper()
	f.Path = harness.PropertyPath
	if err := d.Site.AddFault(f); err != nil {
		t.Fatal(err)
	}
}

func unsaved(fragment string) bool { return strings.Contains(fragment, " data-unsaved") }

// TestPreferencesAreSaved: a person's choice is in Jira by the time of the
// answer, is there after a restart, and applies to nobody else.
func TestPreferencesAreSaved(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	team := harness.ReadTeam(t, r.Gadget(t, dashboard.Owner, dashboard.ID, item))
	last := team.Rows[len(team.Rows)-1].Account
	if body := deskChosen(t, d, "pin", last); unsaved(body) {
		t.Error("a saved pin is shown as unsaved")
	}
	deskChosen(t, d, "sort", "overdue")
	deskChosen(t, d, "compact", "on")
	want := workload.Preferences{Pins: []string{last}, Compact: true, Sort: workload.ByOverdue.First()}
	if got := held(t, d); !got.Equal(want) {
		t.Errorf("Jira holds %+v, want %+v", got, want)
	}
	rows := harness.ReadTeam(t, r.Gadget(t, d.Account, d.Dashboard, d.Item)).Rows
	if rows[0].Account != last {
		t.Errorf("%s is on top, want the pinned one", rows[0].Name)
	}
	if !slices.IsSortedFunc(rows[1:], func(a, b harness.ShownRow) int { return b.Figures.Overdue - a.Figures.Overdue }) {
		t.Errorf("not sorted by overdue: %+v", rows)
	}
	other := r.Desk(t, r.Viewer(t, dashboard), dashboard, item)
	if got := held(t, other); !got.Equal(workload.NewPreferences()) {
		t.Errorf("another person has %+v", got)
	}
}

// TestPreferencesRefuseWrongChoices: a choice that no button offers is refused
// and changes nothing.
func TestPreferencesRefuseWrongChoices(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	for _, tt := range [][2]string{{"sort", "luck"}, {"pin", ""}, {"pin", "a b"}, {"theme", "dark"}, {"compact", "1"}} {
		if status, body := choose(t, d, tt[0], tt[1]); status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d, want 422\n%s", tt, status, body)
		}
	}
	if got := held(t, d); !got.Equal(workload.NewPreferences()) {
		t.Errorf("Jira holds %+v", got)
	}
	d.Session = "none"
	if status, _ := choose(t, d, "compact", "on"); status != http.StatusUnauthorized {
		t.Errorf("without a session: %d, want 401", status)
	}
}

// TestPreferencesWhenJiraIsAway: the choice is shown at once, stays in later
// views, and reaches Jira by itself; what somebody else wrote there meanwhile
// is not lost.
func TestPreferencesWhenJiraIsAway(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]connecttest.Fault{
		"refusing": {Method: http.MethodPut, Status: http.StatusServiceUnavailable, Times: 3},
		"slow":     {Method: http.MethodPut, DelayMs: 1500, Times: 1},
		"broken":   {Method: http.MethodPut, Status: http.StatusInternalServerError, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, dashboard, item := harness.Configured(t, harness.AsPeople)
			d := r.Desk(t, dashboard.Owner, dashboard, item)
			elsewhere := workload.NewPreferences()
			elsewhere.Pins = []string{"pinned-elsewhere"}
			d.Rest(t, d.Account, http.MethodPut, harness.PropertyPath+"?accountId="+url.QueryEscape(d.Account), elsewhere, nil)
			deskFault(t, d, fault)
			if body := deskChosen(t, d, "compact", "on"); !unsaved(body) || !strings.Contains(body, "Not saved in Jira yet") {
				t.Errorf("it does not say that it is not saved")
			}
			if page := r.Gadget(t, d.Account, d.Dashboard, d.Item); !unsaved(page) || !strings.Contains(page, `class="workload compact"`) {
				t.Error("a later page does not say so, or does not show the choice")
			}
			want := elsewhere
			want.Compact = true
			harness.Eventually(t, "saved", func() bool { return held(t, d).Equal(want) })
			harness.Eventually(t, "said to be saved", func() bool { return !unsaved(r.Gadget(t, d.Account, d.Dashboard, d.Item)) })
		})
	}
}

// TestPreferencesRefusedForGood: the page says that Jira refused, the choice
// stays on the screen, and the next choice is tried again.
func TestPreferencesRefusedForGood(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	deskFault(t, d, connecttest.Fault{Method: http.MethodPut, Status: http.StatusForbidden, Times: 1})
	body := deskChosen(t, d, "compact", "on")
	if unsaved(body) || !strings.Contains(body, "Jira does not let you save") {
		t.Errorf("the page does not tell of the refusal:\n%s", body)
	}
	if page := r.Gadget(t, d.Account, d.Dashboard, d.Item); !strings.Contains(page, "Jira does not let you save") {
		t.Error("a later page does not say so")
	}
	if body := deskChosen(t, d, "bots", "on"); strings.Contains(body, "Jira does not let you save") {
		t.Error("a page still says so after a choice was saved")
	}
	if got := held(t, d); !got.Compact || !got.Bots {
		t.Errorf("Jira holds %+v", got)
	}
}

// TestPinsOfTwoGadgetsAtOnce: no pin is lost, however slow Jira is.
func TestPinsOfTwoGadgetsAtOnce(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	deskFault(t, d, connecttest.Fault{DelayMs: 50})
	want := []string{}
	var wg sync.WaitGroup
	for i := range 20 {
		id := fmt.Sprintf("person-%02d", i)
		want = append(want, id)
		wg.Go(func() { deskChosen(t, d, "pin", id) })
	}
	wg.Wait()
	harness.Eventually(t, "all pins held", func() bool {
		got := slices.Sorted(slices.Values(held(t, d).Pins))
		return slices.Equal(got, want)
	})
}

// TestChoicesInGerman: a person whose Jira is German chooses in German.
func TestChoicesInGerman(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	for _, p := range r.Site.People() {
		if p.App || !p.Active || p.Email == "" || !strings.Contains(r.Gadget(t, p.AccountID, dashboard.ID, item), `<html lang="de">`) {
			continue
		}
		d := r.Desk(t, p.AccountID, dashboard, item)
		body := deskChosen(t, d, "sort", "overdue")
		for _, want := range []string{"Überfällig", "Nach Überfällig aufsteigend sortiert.", "Kompakt", "anheften"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %q in\n%.2000s", want, body)
			}
		}
		if status, body := choose(t, d, "sort", "luck"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Diese Auswahl gibt es nicht.") {
			t.Errorf("a wrong choice: %d %s", status, body)
		}
		return
	}
	t.Fatal("no person's Jira is German")
}
