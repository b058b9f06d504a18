package timelog

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// changed opens an entry's form and fills in another time.
func changed(t testing.TB, k *harness.Timekeeper, l harness.Logged, spent string) url.Values {
	t.Helper()
	status, form := k.Call(t, entryOf(k, l), nil)
	if status != http.StatusOK {
		t.Fatalf("form: %d\n%s", status, form)
	}
	typed := fields(t, form)
	typed.Set("spent", spent)
	return typed
}

// TestTimelogJiraRefuses: Jira's refusals are told in words, next to the field
// that they are about, and what was typed stays.
func TestTimelogJiraRefuses(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	entry := k.Own(t, "HARB", 1, nil)
	jsonType := map[string]string{"Content-Type": "application/json"}
	for _, tt := range []struct {
		name   string
		fault  connecttest.Fault
		status int
		want   string
	}{
		{"no permission", connecttest.Fault{Status: 400, Headers: jsonType, Body: `{"errorMessages":["SECRET WORDS"],"errors":{}}`}, 422, "You may not have permission"},
		{"the time", connecttest.Fault{Status: 400, Headers: jsonType, Body: `{"errorMessages":[],"errors":{"timeLogged":"SECRET WORDS"}}`}, 422, "Jira rejects this time."},
		{"the start", connecttest.Fault{Status: 400, Headers: jsonType, Body: `{"errors":{"started":"SECRET WORDS"}}`}, 422, "Jira rejects this start."},
		{"the comment", connecttest.Fault{Status: 413}, 422, "Jira rejects this description."},
		{"forbidden", connecttest.Fault{Status: 403}, 403, "Jira does not let you change this work log."},
		{"gone", connecttest.Fault{Status: 404}, 404, "no longer exists in Jira"},
		{"out of order", connecttest.Fault{Status: 500}, 502, "Jira could not answer"},
	} {
		tt.fault.Method, tt.fault.Path = http.MethodPut, "/rest/api/3/issue/*/worklog/*"
		if err := r.Site.AddFault(tt.fault); err != nil {
			t.Fatal(err)
		}
		status, body := k.Call(t, entryOf(k, entry), changed(t, k, entry, "3h"))
		if status != tt.status || !strings.Contains(body, tt.want) || strings.Contains(body, "SECRET") {
			t.Errorf("%s: %d\n%s", tt.name, status, body)
		}
		if status == http.StatusUnprocessableEntity && fields(t, body).Get("spent") != "3h" {
			t.Errorf("%s: what was typed is lost:\n%s", tt.name, body)
		}
		r.Site.ClearFaults()
	}
	if got := timekeeperStored(t, k, entry); got.TimeSpentSeconds != 3600 {
		t.Errorf("Jira has %+v", got)
	}

	// A person who may log work but not change it: Jira itself refuses.
	other := r.Timekeeper(t, dashboard, "sbeltran")
	mine := other.Own(t, "HARB", 1, nil)
	status, body := other.Call(t, entryOf(other, mine), changed(t, other, mine, "3h"))
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "You may not have permission") {
		t.Errorf("without the permission: %d\n%s", status, body)
	}
	r.LeaksNothing(t)
}

// TestTimelogChangedMeanwhile: the form warns before it overwrites a change
// that it does not know of, and says if the worklog is gone.
func TestTimelogChangedMeanwhile(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	entry := k.Own(t, "HARB", 1, nil)
	typed := changed(t, k, entry, "3h")
	path := "/rest/api/3/issue/" + entry.Issue + "/worklog/" + entry.ID
	k.Rest(t, k.AccountID, http.MethodPut, path, map[string]any{"timeSpentSeconds": 7200}, nil)

	status, body := k.Call(t, entryOf(k, entry), typed)
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "changed in Jira: it is now 2 h") {
		t.Fatalf("changed: %d\n%s", status, body)
	}
	again := fields(t, body)
	if again.Get("spent") != "3h" || timekeeperStored(t, k, entry).TimeSpentSeconds != 7200 {
		t.Errorf("typed %v, Jira has %+v", again, timekeeperStored(t, k, entry))
	}
	if status, body := k.Call(t, entryOf(k, entry), again); status != http.StatusOK || timekeeperStored(t, k, entry).TimeSpentSeconds != 10800 {
		t.Errorf("again: %d\n%s", status, body)
	}
	typed = changed(t, k, entry, "4h")
	k.Rest(t, k.AccountID, http.MethodDelete, path, nil, nil)
	if status, body := k.Call(t, entryOf(k, entry), typed); status != http.StatusNotFound || !strings.Contains(body, "no longer exists in Jira") {
		t.Errorf("deleted: %d\n%s", status, body)
	}
}

// TestTimelogKeepsFormatting: a comment keeps its formatting if its text is not
// changed.
func TestTimelogKeepsFormatting(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	var doc any
	const rich = `{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"Read "},{"type":"text","text":"this","marks":[{"type":"strong"}]}]}]}`
	if err := json.Unmarshal([]byte(rich), &doc); err != nil {
		t.Fatal(err)
	}
	entry := k.Own(t, "HARB", 1, doc)
	status, form := k.Call(t, entryOf(k, entry), nil)
	if status != http.StatusOK || !strings.Contains(form, "turns it into plain text") || fields(t, form).Get("comment") != "Read this" {
		t.Fatalf("form: %d\n%s", status, form)
	}
	typed := fields(t, form)
	typed.Set("spent", "90m")
	if status, body := k.Call(t, entryOf(k, entry), typed); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, body)
	}
	if got := timekeeperStored(t, k, entry); got.TimeSpentSeconds != 5400 || !strings.Contains(string(got.Comment), "strong") {
		t.Errorf("Jira has %d s, %s", got.TimeSpentSeconds, got.Comment)
	}
	typed = changed(t, k, entry, "90m")
	typed.Set("comment", "Read that")
	if status, body := k.Call(t, entryOf(k, entry), typed); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, body)
	}
	if got := string(timekeeperStored(t, k, entry).Comment); strings.Contains(got, "strong") || !strings.Contains(got, "Read that") {
		t.Errorf("Jira has %s", got)
	}
}

// TestTimelogNothingChanged: saving a form as it came sends nothing to Jira.
func TestTimelogNothingChanged(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	entry := k.Own(t, "HARB", 1, nil)
	before := timekeeperStored(t, k, entry)
	_, form := k.Call(t, entryOf(k, entry), nil)
	if status, body := k.Call(t, entryOf(k, entry), fields(t, form)); status != http.StatusOK || !strings.Contains(body, "Saved.") {
		t.Errorf("save: %d\n%s", status, body)
	}
	if after := timekeeperStored(t, k, entry); after.Updated != before.Updated {
		t.Errorf("the worklog was written: %+v, before %+v", after, before)
	}
}

// TestTimelogWithoutTimeTracking: if it is switched off, before the first view
// or after, the gadget says so and comes back by itself.
func TestTimelogWithoutTimeTracking(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	const off, on = "Time tracking is switched off in this Jira", `data-fragment="timelog"`
	r.Site.SetSettings(connecttest.Settings{TimeTrackingOff: true})
	if page := k.Page(t); !strings.Contains(page, off) || !strings.Contains(page, "Team workload") || strings.Contains(page, on) {
		t.Errorf("off from the start:\n%s", page)
	}
	r.Site.SetSettings(connecttest.Settings{})
	r.ForgetViews(t)
	if page := k.Page(t); !strings.Contains(page, on) {
		t.Errorf("switched on:\n%s", page)
	}
	entry := k.Own(t, "HARB", 1, nil)
	r.Site.SetSettings(connecttest.Settings{TimeTrackingOff: true})
	other := r.Timekeeper(t, dashboard, "rpetrie") // the site's settings are known, and out of date
	if page := other.Page(t); !strings.Contains(page, off) {
		t.Errorf("switched off meanwhile:\n%s", page)
	}
	if status, body := k.Call(t, entryOf(k, entry), nil); status != http.StatusNotFound {
		t.Errorf("an entry without time tracking: %d\n%s", status, body)
	}
}

// TestTimelogWithAnotherProvider: people who may know it are told; everybody
// sees the hours in Jira, whatever Jira says about the provider.
func TestTimelogWithAnotherProvider(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week, harness.AsPeople)
	r.Site.SetSettings(connecttest.Settings{TimeTracking: &connecttest.TimeTrackingProvider{Key: "other", Name: "Stopwatch <Pro>"}})
	const said = "This Jira tracks time with Stopwatch &lt;Pro&gt;."
	admin, member := r.Timekeeper(t, dashboard, "iokonjo"), r.Timekeeper(t, dashboard, "mlindqvist")
	page := admin.Page(t)
	if !admin.Admin || !strings.Contains(page, said) || len(harness.ReadSheet(t, page).Hours) == 0 {
		t.Errorf("an admin:\n%s", page)
	}
	if page := member.Page(t); strings.Contains(page, said) || len(harness.ReadSheet(t, page).Hours) == 0 {
		t.Errorf("a member:\n%s", page)
	}
	for _, fault := range []connecttest.Fault{{Status: 500}, {Reset: true}, {DelayMs: 20_000}} {
		fault.Path = "/rest/api/3/configuration/timetracking"
		if err := r.Site.AddFault(fault); err != nil {
			t.Fatal(err)
		}
		r.ForgetViews(t)
		start := time.Now()
		if page := admin.Page(t); len(harness.ReadSheet(t, page).Hours) == 0 || time.Since(start) > 15*time.Second {
			t.Errorf("%+v: after %s\n%s", fault, time.Since(start), page)
		}
		r.Site.ClearFaults()
	}
}

// TestTimelogHasTheSitesWorkingTime: the length of a day and the days off are
// the site's.
func TestTimelogHasTheSitesWorkingTime(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	r.Site.SetSettings(connecttest.Settings{WorkingHoursPerDay: 5, WorkingDaysPerWeek: 6})
	config := workload.NewGadgetConfig()
	config.Window, config.Projects, config.Unit = workload.Week, []string{"HARB"}, workload.UnitDays
	r.ConfigureTimelog(t, dashboard, config)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	before := harness.SheetOf(r.AllLogs(t, k.AccountID, "HARB"), k.Zone, time.Now(), 7)
	page := k.Page(t)
	if got, want := harness.ReadSheet(t, page).Total, days(t, before.Total, 5); got != want {
		t.Errorf("%s days, want %s of %s hours", got, want, before.Total)
	}
	if n := strings.Count(page, ", Day off"); n != 1 {
		t.Errorf("%d days off in a week of six, want 1", n)
	}
	if !strings.Contains(page, "over 5 h") || !strings.Contains(page, "up to 1 h 15 min") {
		t.Errorf("the legend is not that of a five-hour day:\n%s", page)
	}
}

// TestTimelogFollowsJira: a webhook makes the numbers out of date.
func TestTimelogFollowsJira(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	was := harness.ReadSheet(t, k.Page(t)).Total
	k.Own(t, "HARB", 1, nil)
	if err := r.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := add(t, was, 1)
	harness.Eventually(t, "the new total", func() bool { return harness.ReadSheet(t, k.Page(t)).Total == want })
}

// TestTimelogPreferences: apps' time is separate and in no sum; the viewer's
// choices apply here as in the other gadget.
func TestTimelogPreferences(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Month)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	var bot connecttest.Person
	for _, p := range r.Site.People() {
		if p.App && p.DisplayName == "Shipbot" {
			bot = p
		}
	}
	page := k.Page(t)
	without := harness.ReadSheet(t, page)
	if without.Hours[bot.AccountID] != nil || !strings.Contains(page, `name="bots" value="on"`) {
		t.Fatalf("at first:\n%s", page)
	}
	choose := func(name, value string) string {
		status, body := k.Call(t, "/gadget/timelog/preferences", url.Values{name: {value}})
		if status != http.StatusOK || !strings.Contains(body, `data-fragment="timelog"`) {
			t.Fatalf("%s=%s: %d\n%s", name, value, status, body)
		}
		return body
	}
	with := harness.ReadSheet(t, choose("bots", "on"))
	if len(with.Hours[bot.AccountID]) == 0 || with.Total != without.Total || len(with.Hours) != len(without.Hours)+1 {
		t.Errorf("with apps: %+v, total %s, without %s", with.Hours[bot.AccountID], with.Total, without.Total)
	}
	if harness.ReadSheet(t, choose("bots", "off")).Hours[bot.AccountID] != nil {
		t.Error("the apps did not go")
	}
	first := func(body string) string { return harness.TableRow.FindStringSubmatch(body)[1] }
	if body := choose("sort", "logged"); !strings.Contains(body, `aria-sort="descending"`) || first(body) != first(page) {
		t.Errorf("the order by most was the order already, and it changed:\n%s", body)
	}
	named := first(choose("sort", "name"))
	for account := range without.Hours {
		if r.PersonName(account) < r.PersonName(named) {
			t.Errorf("%s stands before %s", r.PersonName(named), r.PersonName(account))
		}
	}
	last := harness.TableRow.FindAllStringSubmatch(choose("compact", "on"), -1)
	pinned := last[len(last)-1][1]
	if body := choose("pin", pinned); first(body) != pinned || !strings.Contains(body, `class="timelog compact"`) || !strings.Contains(body, `class="pinned" data-person="`+pinned) {
		t.Errorf("not pinned, or not compact:\n%s", body)
	}
}

// TestTimelogInGerman: words, numbers and typed times are in the viewer's
// language.
func TestTimelogInGerman(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.Timekeeper(t, dashboard, "jahlgrim")
	entry := k.Own(t, "HARB", 1, nil)
	page := k.Page(t)
	for _, want := range []string{"Wer woran gearbeitet hat", "letzte 7 Tage", "Freier Tag", "bis 2 Std.", `lang="de"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	_, form := k.Call(t, entryOf(k, entry), nil)
	typed := fields(t, form)
	if typed.Get("spent") != "1 Std." {
		t.Errorf("the form is filled with %v", typed)
	}
	typed.Set("spent", "2 Std. 45 Min.")
	if status, body := k.Call(t, entryOf(k, entry), typed); status != http.StatusOK || !strings.Contains(body, "Gespeichert.") || timekeeperStored(t, k, entry).TimeSpentSeconds != 9900 {
		t.Errorf("save: %d\n%s", status, body)
	}
	if status, body := k.Call(t, entryOf(k, entry), changed(t, k, entry, "bald")); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Geben Sie eine Zeit ein") {
		t.Errorf("wrong: %d\n%s", status, body)
	}
}

// TestTimelogWithoutAViewerOrConfiguration: the directory's preview, no viewer,
// and a gadget that is not set up.
func TestTimelogWithoutAViewerOrConfiguration(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	owner, other := r.Timekeeper(t, dashboard, dashboard.Owner), r.Timekeeper(t, dashboard, "rpetrie")
	if page := owner.Page(t); !strings.Contains(page, `data-fragment="config"`) || !strings.Contains(page, "/gadget/timelog/form?") {
		t.Errorf("the owner does not get the form:\n%s", page)
	}
	if page := other.Page(t); !strings.Contains(page, "not set up yet") {
		t.Errorf("another viewer does not get a sentence:\n%s", page)
	}
	status, body := owner.Call(t, "/gadget/timelog/form", url.Values{"projects": {"HARB"}, "window": {"7"}, "unit": {"hours"}, "title": {"Our week"}})
	if status != http.StatusOK || !strings.Contains(body, `data-fragment="timelog"`) || !strings.Contains(body, `data-title="Our week"`) {
		t.Errorf("save: %d\n%s", status, body)
	}
	if page := r.Gadget(t, dashboard.Owner, dashboard.ID, dashboard.Items[0].ID); !strings.Contains(page, `data-fragment="config"`) {
		t.Errorf("the other gadget is set up as well:\n%s", page)
	}
}

// TestTimelogInTheDirectory: the preview shows invented people and says so,
// without buttons that would make calls.
func TestTimelogInTheDirectory(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	const address = "/gadget/timelog?view=directory"
	req := harness.NewRequest(t, http.MethodGet, f.URL+address, nil)
	req.Header.Set("Authorization", "JWT "+f.Sign(t, f.Claims(http.MethodGet, address)))
	status, page := harness.Fetch(t, req)
	if status != http.StatusOK || !strings.Contains(page, "Sample data") || !strings.Contains(page, "Ada Moreno") || !strings.Contains(page, "Who worked on what") {
		t.Fatalf("preview: %d\n%s", status, page)
	}
	if got := harness.ReadSheet(t, page); got.Total == "0" || len(got.Hours) != 4 {
		t.Errorf("the preview shows %+v", got)
	}
	if strings.Contains(page, "data-open=") || strings.Contains(page, "data-post=") {
		t.Errorf("the preview has buttons:\n%s", page)
	}
}
