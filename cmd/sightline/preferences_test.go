package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/workload"
)

const propertyPath = "/rest/api/3/user/properties/" + workload.PreferencesProperty

// desk is one person's open gadget.
type desk struct {
	*running
	account, dashboard, item, session string
}

func (r *running) desk(t testing.TB, account string, dashboard connecttest.Dashboard, item string) desk {
	t.Helper()
	page := r.gadget(t, account, dashboard.ID, item)
	return desk{r, account, dashboard.ID, item, attribute(t, page, "data-session")}
}

// choose sends what a button says.
func (d desk) choose(t testing.TB, name, value string) (int, string) {
	t.Helper()
	address := fmt.Sprintf("%s/gadget/workload/preferences?dashboardId=%s&dashboardItemId=%s", d.url, d.dashboard, d.item)
	req := newRequest(t, http.MethodPost, address, strings.NewReader(url.Values{name: {value}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+d.session)
	return fetch(t, req)
}

// chosen is choose for what has to work.
func (d desk) chosen(t testing.TB, name, value string) string {
	t.Helper()
	status, body := d.choose(t, name, value)
	if status != http.StatusOK || !strings.Contains(body, `data-fragment="workload"`) {
		t.Fatalf("%s=%s: %d\n%s", name, value, status, body)
	}
	return body
}

// held is what Jira holds of the person's preferences.
func (d desk) held(t testing.TB) workload.Preferences {
	t.Helper()
	var property struct{ Value workload.Preferences }
	path := propertyPath + "?accountId=" + url.QueryEscape(d.account)
	var keys struct{ Keys []struct{ Key string } }
	d.rest(t, d.account, http.MethodGet, "/rest/api/3/user/properties?accountId="+url.QueryEscape(d.account), nil, &keys)
	if len(keys.Keys) == 0 {
		return workload.NewPreferences()
	}
	d.rest(t, d.account, http.MethodGet, path, nil, &property)
	return property.Value
}

func (d desk) fault(t testing.TB, f connecttest.Fault) {
	t.Helper()
	f.Path = propertyPath
	if err := d.site.AddFault(f); err != nil {
		t.Fatal(err)
	}
}

func unsaved(fragment string) bool { return strings.Contains(fragment, " data-unsaved") }

// TestPreferencesAreSaved: what a person chooses is in Jira by the time of the
// answer, is there after a restart, and is nobody else's.
func TestPreferencesAreSaved(t *testing.T) {
	t.Parallel()
	r, dashboard, item := configured(t)
	d := r.desk(t, dashboard.Owner, dashboard, item)
	team := readTeam(t, r.gadget(t, dashboard.Owner, dashboard.ID, item))
	last := team.Rows[len(team.Rows)-1].Account
	if body := d.chosen(t, "pin", last); unsaved(body) {
		t.Error("a saved pin is said not to be")
	}
	d.chosen(t, "sort", "overdue")
	d.chosen(t, "compact", "on")
	want := workload.Preferences{Pins: []string{last}, Compact: true, Sort: workload.ByOverdue.First()}
	if got := d.held(t); !got.Equal(want) {
		t.Errorf("Jira holds %+v, want %+v", got, want)
	}
	rows := readTeam(t, r.gadget(t, d.account, d.dashboard, d.item)).Rows
	if rows[0].Account != last {
		t.Errorf("%s is on top, want the pinned one", rows[0].Name)
	}
	if !slices.IsSortedFunc(rows[1:], func(a, b shownRow) int { return b.Figures.Overdue - a.Figures.Overdue }) {
		t.Errorf("not sorted by overdue: %+v", rows)
	}
	other := r.desk(t, r.viewer(t, dashboard), dashboard, item)
	if got := other.held(t); !got.Equal(workload.NewPreferences()) {
		t.Errorf("another person has %+v", got)
	}
}

// TestPreferencesRefuseWrongChoices: what no button says is refused and
// changes nothing.
func TestPreferencesRefuseWrongChoices(t *testing.T) {
	t.Parallel()
	r, dashboard, item := configured(t)
	d := r.desk(t, dashboard.Owner, dashboard, item)
	for _, tt := range [][2]string{{"sort", "luck"}, {"pin", ""}, {"pin", "a b"}, {"theme", "dark"}, {"compact", "1"}} {
		if status, body := d.choose(t, tt[0], tt[1]); status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d, want 422\n%s", tt, status, body)
		}
	}
	if got := d.held(t); !got.Equal(workload.NewPreferences()) {
		t.Errorf("Jira holds %+v", got)
	}
	d.session = "none"
	if status, _ := d.choose(t, "compact", "on"); status != http.StatusUnauthorized {
		t.Errorf("without a session: %d, want 401", status)
	}
}

// TestPreferencesWhenJiraIsAway: the choice is shown at once, stays over later
// views, and gets to Jira by itself; what somebody else wrote there meanwhile
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
			r, dashboard, item := configured(t, asPeople)
			d := r.desk(t, dashboard.Owner, dashboard, item)
			elsewhere := workload.NewPreferences()
			elsewhere.Pins = []string{"pinned-elsewhere"}
			d.rest(t, d.account, http.MethodPut, propertyPath+"?accountId="+url.QueryEscape(d.account), elsewhere, nil)
			d.fault(t, fault)
			if body := d.chosen(t, "compact", "on"); !unsaved(body) || !strings.Contains(body, "Not saved in Jira yet") {
				t.Errorf("it does not say that it is not saved")
			}
			if page := r.gadget(t, d.account, d.dashboard, d.item); !unsaved(page) || !strings.Contains(page, `class="workload compact"`) {
				t.Error("a later page does not say so, or does not hold to the choice")
			}
			want := elsewhere
			want.Compact = true
			eventually(t, "saved", func() bool { return d.held(t).Equal(want) })
			eventually(t, "said to be saved", func() bool { return !unsaved(r.gadget(t, d.account, d.dashboard, d.item)) })
		})
	}
}

// TestPreferencesRefusedForGood: Jira's no is said in words, what was chosen
// stays on the screen, and the next choice is tried anew.
func TestPreferencesRefusedForGood(t *testing.T) {
	t.Parallel()
	r, dashboard, item := configured(t)
	d := r.desk(t, dashboard.Owner, dashboard, item)
	d.fault(t, connecttest.Fault{Method: http.MethodPut, Status: http.StatusForbidden, Times: 1})
	body := d.chosen(t, "compact", "on")
	if unsaved(body) || !strings.Contains(body, "Jira does not let you save") {
		t.Errorf("the refusal is not said:\n%s", body)
	}
	if page := r.gadget(t, d.account, d.dashboard, d.item); !strings.Contains(page, "Jira does not let you save") {
		t.Error("a later page does not say so")
	}
	if body := d.chosen(t, "bots", "on"); strings.Contains(body, "Jira does not let you save") {
		t.Error("it is still said after a choice was saved")
	}
	if got := d.held(t); !got.Compact || !got.Bots {
		t.Errorf("Jira holds %+v", got)
	}
}

// TestPinsOfTwoGadgetsAtOnce: no pin is lost, however slow Jira is.
func TestPinsOfTwoGadgetsAtOnce(t *testing.T) {
	t.Parallel()
	r, dashboard, item := configured(t)
	d := r.desk(t, dashboard.Owner, dashboard, item)
	d.fault(t, connecttest.Fault{DelayMs: 50})
	want := []string{}
	var wg sync.WaitGroup
	for i := range 20 {
		id := fmt.Sprintf("person-%02d", i)
		want = append(want, id)
		wg.Go(func() { d.chosen(t, "pin", id) })
	}
	wg.Wait()
	eventually(t, "all pins held", func() bool {
		got := slices.Sorted(slices.Values(d.held(t).Pins))
		return slices.Equal(got, want)
	})
}

// TestChoicesInGerman: a person whose Jira is German chooses in German.
func TestChoicesInGerman(t *testing.T) {
	t.Parallel()
	r, dashboard, item := configured(t)
	for _, p := range r.site.People() {
		if p.App || !p.Active || p.Email == "" || !strings.Contains(r.gadget(t, p.AccountID, dashboard.ID, item), `<html lang="de">`) {
			continue
		}
		d := r.desk(t, p.AccountID, dashboard, item)
		body := d.chosen(t, "sort", "overdue")
		for _, want := range []string{"Überfällig", "Nach Überfällig aufsteigend sortiert.", "Kompakt", "anheften"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %q in\n%.2000s", want, body)
			}
		}
		if status, body := d.choose(t, "sort", "luck"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Diese Auswahl gibt es nicht.") {
			t.Errorf("a wrong choice: %d %s", status, body)
		}
		return
	}
	t.Fatal("nobody's Jira is German")
}
