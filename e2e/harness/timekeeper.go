package harness

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// TabTo presses a key until the focused element's name contains the text.
func TabTo(t *testing.T, tab *browsertest.Tab, key browsertest.Key, text string) {
	t.Helper()
	var met []string
	for range 150 {
		if focus := tab.Focused(); strings.Contains(focus.Name, text) {
			return
		}
		met = append(met, tab.Focused().Name)
		tab.Press(key)
	}
	t.Fatalf("the keyboard never reaches %q, only %q", text, met)
}

// Pinned pins the person's own row, so that it comes first for them.
func (k *Timekeeper) Pinned(t *testing.T) {
	t.Helper()
	k.Rest(t, k.AccountID, http.MethodPut, PropertyPath+"?accountId="+k.AccountID, workload.Preferences{Pins: []string{k.AccountID}}, nil)
}

// Sheet is what a page of the timelog gadget shows: hours by person and day.
type Sheet struct {
	Hours map[string]map[string]string // account, day
	Sums  map[string]string            // account
	Days  map[string]string
	Total string
}

var sheetHead = regexp.MustCompile(`<th scope="col" class="day[^"]*" data-day="([^"]*)"`)

var sheetCell = regexp.MustCompile(`(?s)<td class="day[^"]*">(.*?)</td>`)

var sheetFoot = regexp.MustCompile(`(?s)<tfoot>(.*?)</tfoot>`)

var sheetSum = regexp.MustCompile(`<td class="num sum" data-count="(?:logged|total)">([^<]*)</td>`)

// ReadSheet reads all numbers from a time sheet.
func ReadSheet(t testing.TB, page string) Sheet {
	t.Helper()
	out := Sheet{Hours: map[string]map[string]string{}, Sums: map[string]string{}, Days: map[string]string{}}
	var days []string
	for _, m := range sheetHead.FindAllStringSubmatch(page, -1) {
		days = append(days, m[1])
	}
	cells := func(markup string) map[string]string {
		found := map[string]string{}
		all := sheetCell.FindAllStringSubmatch(markup, -1)
		if len(all) != len(days) {
			t.Fatalf("%d cells for %d days:\n%s", len(all), len(days), markup)
		}
		for i, m := range all {
			if text := strings.ReplaceAll(PlainText(m[1]), ",", ""); text != "" {
				found[days[i]] = text
			}
		}
		return found
	}
	for _, m := range TableRow.FindAllStringSubmatch(page, -1) {
		account := html.UnescapeString(m[1])
		out.Hours[account] = cells(m[2])
		out.Sums[account] = strings.ReplaceAll(firstText(sheetSum, m[2]), ",", "")
	}
	foot := sheetFoot.FindStringSubmatch(page)
	if foot == nil || len(days) == 0 {
		t.Fatalf("no sheet:\n%s", page)
	}
	out.Days, out.Total = cells(foot[1]), strings.ReplaceAll(firstText(sheetSum, foot[1]), ",", "")
	return out
}

// Logged is one worklog as the site returns it.
type Logged struct {
	ID, Issue, Author string
	App               bool
	Started           time.Time
	Seconds           int64
}

// AllLogs are all worklogs of projects that a person sees, asked for issue by
// issue.
func (r *Running) AllLogs(t testing.TB, account string, projects ...string) []Logged {
	t.Helper()
	var out []Logged
	for _, project := range projects {
		var found struct{ Issues []struct{ Key string } }
		r.Rest(t, account, http.MethodGet, "/rest/api/3/search/jql?maxResults=5000&fields=key&jql="+url.QueryEscape("project = "+project), nil, &found)
		for _, issue := range found.Issues {
			var page struct {
				Worklogs []struct {
					ID, Started      string
					Author           struct{ AccountID, AccountType string }
					TimeSpentSeconds int64
				}
			}
			r.Rest(t, account, http.MethodGet, "/rest/api/3/issue/"+issue.Key+"/worklog", nil, &page)
			for _, w := range page.Worklogs {
				at, err := time.Parse(TrackerTime, w.Started)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, Logged{ID: w.ID, Issue: issue.Key, Author: w.Author.AccountID, App: w.Author.AccountType == "app", Started: at, Seconds: w.TimeSpentSeconds})
			}
		}
	}
	return out
}

func hours(seconds int64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(seconds)/3600), ".0")
}

// SheetOf counts what a page must show, independently of the product's code.
func SheetOf(logs []Logged, zone *time.Location, now time.Time, window int) Sheet {
	first, last := now.In(zone).AddDate(0, 0, 1-window).Format(time.DateOnly), now.In(zone).Format(time.DateOnly)
	cells, sums, days, total := map[string]map[string]int64{}, map[string]int64{}, map[string]int64{}, int64(0)
	for _, l := range logs {
		day := l.Started.In(zone).Format(time.DateOnly)
		if l.App || day < first || day > last {
			continue
		}
		if cells[l.Author] == nil {
			cells[l.Author] = map[string]int64{}
		}
		cells[l.Author][day] += l.Seconds
		sums[l.Author] += l.Seconds
		days[day] += l.Seconds
		total += l.Seconds
	}
	texts := func(from map[string]int64) map[string]string {
		out := map[string]string{}
		for k, v := range from {
			out[k] = hours(v)
		}
		return out
	}
	out := Sheet{Hours: map[string]map[string]string{}, Sums: texts(sums), Days: texts(days), Total: hours(total)}
	for account, row := range cells {
		out.Hours[account] = texts(row)
	}
	return out
}

// Timekeeper is one person's open timelog gadget.
type Timekeeper struct {
	*Running
	connecttest.Person
	Dashboard, Item string
	Zone            *time.Location
	session         string
}

func timelogItem(t testing.TB, dashboard connecttest.Dashboard) string {
	t.Helper()
	i := slices.IndexFunc(dashboard.Items, func(item connecttest.DashboardItem) bool { return isOf(item, "timelog") })
	if i < 0 {
		t.Fatal("the dashboard has no timelog gadget")
	}
	return dashboard.Items[i].ID
}

// ConfigureTimelog writes the time sheet's property as the dashboard's owner.
func (r *Running) ConfigureTimelog(t testing.TB, dashboard connecttest.Dashboard, config workload.GadgetConfig) {
	t.Helper()
	r.Rest(t, dashboard.Owner, http.MethodPut,
		"/rest/api/3/dashboard/"+dashboard.ID+"/items/"+timelogItem(t, dashboard)+"/properties/"+workload.ConfigProperty, config, nil)
}

// Timekeeper opens the time sheet of a dashboard as the person with a user name.
func (r *Running) Timekeeper(t testing.TB, dashboard connecttest.Dashboard, username string) *Timekeeper {
	t.Helper()
	people := r.Site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == username || p.AccountID == username })
	if i < 0 {
		t.Fatalf("no person is called %s", username)
	}
	zone, err := time.LoadLocation(people[i].TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	return &Timekeeper{Running: r, Person: people[i], Dashboard: dashboard.ID, Item: timelogItem(t, dashboard), Zone: zone}
}

// Page opens the gadget as the person's browser would.
func (k *Timekeeper) Page(t testing.TB) string {
	t.Helper()
	address, err := k.Site.ModuleURL("app.sightline", "timelog", k.AccountID, k.Dashboard, k.Item)
	if err != nil {
		t.Fatal(err)
	}
	status, body := Fetch(t, NewRequest(t, http.MethodGet, address, nil))
	if status != http.StatusOK {
		t.Fatalf("gadget: %d\n%s", status, body)
	}
	k.session = Attribute(t, body, "data-session")
	if !isLoading(body) {
		return body
	}
	// Fetch what the page came without, as its script does.
	status, fragment := k.Call(t, "/gadget/timelog/view?fresh=1", nil)
	if status != http.StatusOK {
		t.Fatalf("view: %d\n%s", status, fragment)
	}
	return inPlace(body, fragment)
}

// Call makes a later call; with a form it is a POST. The path's query may lack
// the item.
func (k *Timekeeper) Call(t testing.TB, path string, form url.Values) (int, string) {
	t.Helper()
	if k.session == "" {
		k.Page(t)
	}
	if !strings.Contains(path, "dashboardId=") {
		path += fmt.Sprintf("%sdashboardId=%s&dashboardItemId=%s", map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")], k.Dashboard, k.Item)
	}
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	req := NewRequest(t, method, k.URL+path, strings.NewReader(body))
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Authorization", "JWT "+k.session)
	return Fetch(t, req)
}

// Own logs an hour as the person, some days ago at noon in their zone, and
// returns it.
func (k *Timekeeper) Own(t testing.TB, project string, daysAgo int, comment any) Logged {
	t.Helper()
	started := time.Now().In(k.Zone).AddDate(0, 0, -daysAgo)
	started = time.Date(started.Year(), started.Month(), started.Day(), 12, 0, 30, 0, k.Zone)
	in := map[string]any{"started": started.Format(TrackerTime), "timeSpentSeconds": 3600}
	if comment != nil {
		in["comment"] = comment
	}
	issue := project + "-1"
	var out struct{ ID string }
	k.Rest(t, k.AccountID, http.MethodPost, "/rest/api/3/issue/"+issue+"/worklog", in, &out)
	return Logged{ID: out.ID, Issue: issue, Author: k.AccountID, Started: started, Seconds: 3600}
}

// ForgetViews drops all views, as an install does.
func (r *Running) ForgetViews(t testing.TB) {
	t.Helper()
	tenant, err := r.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(r.Site.CloudID()))
	if err != nil {
		t.Fatal(err)
	}
	r.App.Server().Forget(tenant)
}

// PersonName is the display name of the person with an account id.
func (r *Running) PersonName(account string) string {
	for _, p := range r.Site.People() {
		if p.AccountID == account {
			return strings.ToLower(p.DisplayName)
		}
	}
	return ""
}
