package main

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

// sheet is a page of the gadget of logged time, as it reads: hours by person
// and day.
type sheet struct {
	Hours map[string]map[string]string // account, day
	Sums  map[string]string            // account
	Days  map[string]string
	Total string
}

var (
	sheetHead  = regexp.MustCompile(`<th scope="col" class="day[^"]*" data-day="([^"]*)"`)
	sheetCell  = regexp.MustCompile(`(?s)<td class="day[^"]*">(.*?)</td>`)
	sheetFoot  = regexp.MustCompile(`(?s)<tfoot>(.*?)</tfoot>`)
	sheetSum   = regexp.MustCompile(`<td class="num sum" data-count="(?:logged|total)">([^<]*)</td>`)
	sheetOpens = regexp.MustCompile(`data-open="([^"]*)"`)
)

func readSheet(t testing.TB, page string) sheet {
	t.Helper()
	out := sheet{Hours: map[string]map[string]string{}, Sums: map[string]string{}, Days: map[string]string{}}
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
			if text := strings.ReplaceAll(plainText(m[1]), ",", ""); text != "" {
				found[days[i]] = text
			}
		}
		return found
	}
	for _, m := range tableRow.FindAllStringSubmatch(page, -1) {
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

// logged is one worklog as the site tells it.
type logged struct {
	ID, Issue, Author string
	App               bool
	Started           time.Time
	Seconds           int64
}

// allLogs are all worklogs of projects that a person sees, asked for issue by
// issue.
func (r *running) allLogs(t testing.TB, account string, projects ...string) []logged {
	t.Helper()
	var out []logged
	for _, project := range projects {
		var found struct{ Issues []struct{ Key string } }
		r.rest(t, account, http.MethodGet, "/rest/api/3/search/jql?maxResults=5000&fields=key&jql="+url.QueryEscape("project = "+project), nil, &found)
		for _, issue := range found.Issues {
			var page struct {
				Worklogs []struct {
					ID, Started      string
					Author           struct{ AccountID, AccountType string }
					TimeSpentSeconds int64
				}
			}
			r.rest(t, account, http.MethodGet, "/rest/api/3/issue/"+issue.Key+"/worklog", nil, &page)
			for _, w := range page.Worklogs {
				at, err := time.Parse(trackerTime, w.Started)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, logged{w.ID, issue.Key, w.Author.AccountID, w.Author.AccountType == "app", at, w.TimeSpentSeconds})
			}
		}
	}
	return out
}

func hours(seconds int64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(seconds)/3600), ".0")
}

// sheetOf counts what a page has to show, by other code than the product's.
func sheetOf(logs []logged, zone *time.Location, now time.Time, window int) sheet {
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
	out := sheet{Hours: map[string]map[string]string{}, Sums: texts(sums), Days: texts(days), Total: hours(total)}
	for account, row := range cells {
		out.Hours[account] = texts(row)
	}
	return out
}

// timekeeper is one person's open gadget of logged time.
type timekeeper struct {
	*running
	connecttest.Person
	dashboard, item string
	zone            *time.Location
	session         string
}

// timelogged starts the program with a gadget of logged time set up.
func timelogged(t testing.TB, window workload.Window, changes ...func(*app.ServeFlags)) (*running, connecttest.Dashboard) {
	t.Helper()
	r := startProgram(t, connecttest.NewSite(t), changes...)
	r.install(t)
	dashboard := r.site.Objects().Dashboards[0]
	config := workload.NewGadgetConfig()
	config.Window, config.Projects = window, r.projects()
	r.configureTimelog(t, dashboard, config)
	return r, dashboard
}

func (r *running) projects() []string {
	var keys []string
	for _, p := range r.site.Objects().Projects {
		keys = append(keys, p.Key)
	}
	return keys
}

func timelogItem(t testing.TB, dashboard connecttest.Dashboard) string {
	t.Helper()
	i := slices.IndexFunc(dashboard.Items, func(item connecttest.DashboardItem) bool { return item.Module == "timelog" })
	if i < 0 {
		t.Fatal("the dashboard has no gadget of logged time")
	}
	return dashboard.Items[i].ID
}

func (r *running) configureTimelog(t testing.TB, dashboard connecttest.Dashboard, config workload.GadgetConfig) {
	t.Helper()
	r.rest(t, dashboard.Owner, http.MethodPut,
		"/rest/api/3/dashboard/"+dashboard.ID+"/items/"+timelogItem(t, dashboard)+"/properties/"+workload.ConfigProperty, config, nil)
}

func (r *running) timekeeper(t testing.TB, dashboard connecttest.Dashboard, username string) *timekeeper {
	t.Helper()
	people := r.site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == username || p.AccountID == username })
	if i < 0 {
		t.Fatalf("nobody is called %s", username)
	}
	zone, err := time.LoadLocation(people[i].TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	return &timekeeper{running: r, Person: people[i], dashboard: dashboard.ID, item: timelogItem(t, dashboard), zone: zone}
}

// page opens the gadget as the person's browser would.
func (k *timekeeper) page(t testing.TB) string {
	t.Helper()
	address, err := k.site.ModuleURL("app.sightline", "timelog", k.AccountID, k.dashboard, k.item)
	if err != nil {
		t.Fatal(err)
	}
	status, body := fetch(t, newRequest(t, http.MethodGet, address, nil))
	if status != http.StatusOK {
		t.Fatalf("gadget: %d\n%s", status, body)
	}
	k.session = attribute(t, body, "data-session")
	if !isLoading(body) {
		return body
	}
	// What the page came without is fetched, as its script does.
	status, fragment := k.call(t, "/gadget/timelog/view?fresh=1", nil)
	if status != http.StatusOK {
		t.Fatalf("view: %d\n%s", status, fragment)
	}
	return inPlace(body, fragment)
}

// call makes a later call; a form makes it a POST. The path's query may lack
// the item.
func (k *timekeeper) call(t testing.TB, path string, form url.Values) (int, string) {
	t.Helper()
	if k.session == "" {
		k.page(t)
	}
	if !strings.Contains(path, "dashboardId=") {
		path += fmt.Sprintf("%sdashboardId=%s&dashboardItemId=%s", map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")], k.dashboard, k.item)
	}
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	req := newRequest(t, method, k.url+path, strings.NewReader(body))
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Authorization", "JWT "+k.session)
	return fetch(t, req)
}

// view asks for fresh numbers.
func (k *timekeeper) view(t testing.TB) sheet {
	t.Helper()
	status, body := k.call(t, "/gadget/timelog/view?fresh=1", nil)
	if status != http.StatusOK {
		t.Fatalf("view: %d\n%s", status, body)
	}
	return readSheet(t, body)
}

// entryPath is the address of an entry's form.
func (k *timekeeper) entryPath(l logged, issue, id string) string {
	return "/gadget/timelog/entry?" + url.Values{
		"person": {k.AccountID}, "day": {l.Started.In(k.zone).Format(time.DateOnly)}, "issue": {issue}, "worklog": {id},
	}.Encode()
}

func (k *timekeeper) entryOf(l logged) string { return k.entryPath(l, l.Issue, l.ID) }

var formField = regexp.MustCompile(`name="(\w+)" value="([^"]*)"`)

// fields are a form's fields as it is filled in.
func fields(t testing.TB, form string) url.Values {
	t.Helper()
	out := url.Values{}
	for _, m := range formField.FindAllStringSubmatch(form, -1) {
		out.Set(m[1], html.UnescapeString(m[2]))
	}
	comment := regexp.MustCompile(`(?s)<textarea[^>]*>(.*?)</textarea>`).FindStringSubmatch(form)
	if comment == nil || !out.Has("spent") || !out.Has("day") || !out.Has("clock") || !out.Has("base") {
		t.Fatalf("not the form of an entry:\n%s", form)
	}
	out.Set("comment", html.UnescapeString(comment[1]))
	return out
}

// own logs an hour as the person, some days ago at noon in their zone, and
// returns it.
func (k *timekeeper) own(t testing.TB, project string, daysAgo int, comment any) logged {
	t.Helper()
	started := time.Now().In(k.zone).AddDate(0, 0, -daysAgo)
	started = time.Date(started.Year(), started.Month(), started.Day(), 12, 0, 30, 0, k.zone)
	in := map[string]any{"started": started.Format(trackerTime), "timeSpentSeconds": 3600}
	if comment != nil {
		in["comment"] = comment
	}
	issue := project + "-1"
	var out struct{ ID string }
	k.rest(t, k.AccountID, http.MethodPost, "/rest/api/3/issue/"+issue+"/worklog", in, &out)
	return logged{ID: out.ID, Issue: issue, Author: k.AccountID, Started: started, Seconds: 3600}
}

// stored is a worklog as Jira has it.
type stored struct {
	Started, Updated string
	TimeSpentSeconds int64
	Comment          json.RawMessage
}

func (k *timekeeper) stored(t testing.TB, l logged) stored {
	t.Helper()
	var out stored
	k.rest(t, k.AccountID, http.MethodGet, "/rest/api/3/issue/"+l.Issue+"/worklog/"+l.ID, nil, &out)
	return out
}
