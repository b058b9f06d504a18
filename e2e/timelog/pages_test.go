package timelog

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

var sheetOpens = regexp.MustCompile(`data-open="([^"]*)"`)

// timelogged starts the program with a configured timelog gadget.
func timelogged(t testing.TB, window workload.Window, changes ...func(*app.ServeFlags)) (*harness.Running, connecttest.Dashboard) {
	t.Helper()
	r := harness.Start(t, connecttest.NewSite(t), changes...)
	r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	config := workload.NewGadgetConfig()
	config.Window, config.Projects = window, runningProjects(r)
	r.ConfigureTimelog(t, dashboard, config)
	return r, dashboard
}

func runningProjects(r *harness.Running) []string {
	var keys []string
	for _, p := range r.Site.Objects().Projects {
		keys = append(keys, p.Key)
	}
	return keys
}

// view requests fresh numbers.
func view(t testing.TB, k *harness.Timekeeper) harness.Sheet {
	t.Helper()
	status, body := k.Call(t, "/gadget/timelog/view?fresh=1", nil)
	if status != http.StatusOK {
		t.Fatalf("view: %d\n%s", status, body)
	}
	return harness.ReadSheet(t, body)
}

// entryPath is the address of an entry's form.
func entryPath(k *harness.Timekeeper, l harness.Logged, issue, id string) string {
	return "/gadget/timelog/entry?" + url.Values{
		"person": {k.AccountID}, "day": {l.Started.In(k.Zone).Format(time.DateOnly)}, "issue": {issue}, "worklog": {id},
	}.Encode()
}

func entryOf(k *harness.Timekeeper, l harness.Logged) string { return entryPath(k, l, l.Issue, l.ID) }

var formField = regexp.MustCompile(`name="(\w+)" value="([^"]*)"`)

// fields are a form's fields as it is filled in.
func fields(t testing.TB, form string) url.Values {
	t.Helper()
	out := url.Values{}
	for _, m := range formField.FindAllStringSubmatch(form, -1) {
		out.Set(m[1], html.UnescapeString(m[2]))
	}
	comment := regexp.MustCompile(`(?s)<textarea[^>]*>(.*?)</textarea>`).FindStringSubmatch(form)
	if comment == nil || !out.Has("spent") || !out.Has("day") || !out.Has("clock") || !out.Has("base") && !out.Has("issue") {
		t.Fatalf("not the form of an entry:\n%s", form)
	}
	out.Set("comment", html.UnescapeString(comment[1]))
	return out
}

// stored is a worklog as Jira has it.
type stored struct {
	Started, Updated string
	TimeSpentSeconds int64
	Comment          json.RawMessage
}

func timekeeperStored(t testing.TB, k *harness.Timekeeper, l harness.Logged) stored {
	t.Helper()
	var out stored
	k.Rest(t, k.AccountID, http.MethodGet, "/rest/api/3/issue/"+l.Issue+"/worklog/"+l.ID, nil, &out)
	return out
}
