package world_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

const smallData = `{
 "projects": [{"key":"AB","name":"Alpha"},{"key":"SEC","private":true,"excludeApps":true}],
 "users": [
  {"name":"ann","displayName":"Ann","active":true,"timeZone":"Europe/Paris"},
  {"name":"Ann","displayName":"Other Ann","active":true,"timeZone":"Nowhere/Land"},
  {"name":"old","displayName":"Old","active":false,"timeZone":"Etc/UTC"},
  {"name":"robot","displayName":"Robot","active":true}],
 "issues": [
  {"key":"AB-2","id":"102","project":"AB","summary":"Two","issuetype":"Bug","status":"Open","statusCategory":"new",
   "priority":null,"assignee":"ann","reporter":"ghost","created":"2020-01-01T10:00:00.000+0000","updated":"2020-01-09T23:00:00.000+0000",
   "duedate":"2020-01-12","timeestimate":3600,"labels":["x"]},
  {"key":"AB-1","id":"101","project":"AB","summary":"One","issuetype":"Bug","status":"Closed","statusCategory":"done",
   "priority":"Major","assignee":null,"reporter":"ann","created":"2020-01-01T10:00:00.000+0000","updated":"2020-01-02T10:00:00.000+0000"},
  {"key":"SEC-1","id":"103","project":"SEC","summary":"S","issuetype":"Task","status":"Open","statusCategory":"new",
   "assignee":"Ann","reporter":"Ann","created":"2020-01-01T10:00:00.000+0000","updated":"2020-01-02T10:00:00.000+0000"}],
 "worklogs": [
  {"id":"1","issue":"AB-2","author":"robot","started":"2020-01-10T01:00:00.000+0000","timeSpentSeconds":600,"actor":"gh","actorUser":"ann"},
  {"id":"2","issue":"AB-2","author":"robot","started":"2020-01-08T01:00:00.000+0000","timeSpentSeconds":600,"actor":"gh2"},
  {"id":"3","issue":"AB-1","author":"old","started":"2020-01-08T01:00:00.000+0000","timeSpentSeconds":60,"comment":"hello"}]
}`

func load(t *testing.T, data string, keep bool) *world.World {
	t.Helper()
	w, err := world.Load(strings.NewReader(data), at(t), keep)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestLoad(t *testing.T) {
	t.Parallel()
	w := load(t, smallData, false)
	ann, robot := person(t, w, "ann"), person(t, w, "robot")
	issue, ok := w.Issue("ab-2")
	if !ok || issue.Assignee != ann.AccountID || issue.Reporter != person(t, w, "ghost").AccountID {
		t.Fatalf("got %+v", issue)
	}
	if got, want := issue.Updated, time.Date(2026, 3, 9, 23, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("updated: got %v, want %v", got, want)
	}
	if got, want := issue.Due, "2026-03-12"; got != want {
		t.Errorf("due: got %s, want %s", got, want)
	}
	logs := w.Worklogs(issue.ID)
	if len(logs) != 2 || logs[0].Author != robot.AccountID || logs[1].Author != ann.AccountID || !robot.App || ann.App {
		t.Errorf("worklogs: got %+v", logs)
	}
	if got := w.ProjectIssues("AB"); got[0].Number != 1 || got[1].Number != 2 {
		t.Errorf("order: got %v", got)
	}
	if other := person(t, w, "Ann"); other.Email == ann.Email || other.AccountID == ann.AccountID || other.TimeZone != "Etc/UTC" {
		t.Errorf("the other Ann: got %+v", other)
	}
}

func TestLoadMakesTheRest(t *testing.T) {
	t.Parallel()
	w := load(t, smallData, false)
	ann, other := person(t, w, "ann"), person(t, w, "Ann")
	app := w.AddApp("acme", "Acme").AccountID
	if !ann.Admin || !w.Can(ann.AccountID, world.AdministerProject, "SEC") || other.Admin {
		t.Error("the busiest lead must administer")
	}
	for _, tt := range []struct {
		account, project string
		want             bool
	}{{ann.AccountID, "AB", true}, {other.AccountID, "SEC", true}, {person(t, w, "ghost").AccountID, "SEC", false}, {app, "AB", true}, {app, "SEC", false}} {
		if got := w.CanBrowse(tt.account, tt.project); got != tt.want {
			t.Errorf("%s in %s: got %v", tt.account, tt.project, got)
		}
	}
	d := w.Dashboards()
	if d[0].OwnerID != ann.AccountID || !d[0].Shared || d[1].OwnerID != other.AccountID || d[1].Shared {
		t.Errorf("dashboards: got %+v", d)
	}
	p, _ := w.Project("AB")
	if len(p.Statuses) != 2 || p.Statuses[0].Name != "Open" || p.LeadID != ann.AccountID {
		t.Errorf("workflow and lead: got %+v", p)
	}
	created, _ := w.CreateIssue(world.Issue{Project: "AB"})
	if created.Key != "AB-3" {
		t.Errorf("next key: got %s", created.Key)
	}
}

func TestLoadKeepsDates(t *testing.T) {
	t.Parallel()
	issue, _ := load(t, smallData, true).Issue("AB-2")
	if issue.Due != "2020-01-12" || issue.Updated.Year() != 2020 {
		t.Errorf("got %s, %v", issue.Due, issue.Updated)
	}
}

// TestLoadWithoutCategory: Jira's fourth category comes from old data alone.
func TestLoadWithoutCategory(t *testing.T) {
	t.Parallel()
	const data = `{"projects":[{"key":"AB"}],"issues":[{"key":"AB-1","id":"1","project":"AB","status":"Old","statusCategory":"undefined"}]}`
	w, err := world.Load(strings.NewReader(data), at(t), false)
	if err != nil {
		t.Fatal(err)
	}
	if issue, ok := w.Issue("AB-1"); !ok || issue.Status.Category != world.CategoryNone {
		t.Errorf("got %+v", issue)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	issue := func(fields string) string {
		return `{"projects":[{"key":"AB"}],"issues":[` + fields + `]}`
	}
	const good = `{"key":"AB-1","id":"1","project":"AB","status":"Open","statusCategory":"new"}`
	tests := []struct{ name, data, want string }{
		{"nothing", "", "EOF"},
		{"no object", "[]", "read data"},
		{"cut short", `{"projects":[`, "unexpected EOF"},
		{"a time", issue(strings.Replace(good, `"id"`, `"created":"yesterday","id"`, 1)), `time "yesterday"`},
		{"an unknown project", issue(strings.ReplaceAll(good, `"AB"`, `"XY"`)), `project "XY"`},
		{"a key of another project", issue(strings.Replace(good, "AB-1", "XY-1", 1)), "key"},
		{"a key without number", issue(strings.Replace(good, "AB-1", "AB-x", 1)), "key"},
		{"an id", issue(strings.Replace(good, `"id":"1"`, `"id":"x"`, 1)), `id "x"`},
		{"a category", issue(strings.Replace(good, `"new"`, `"later"`, 1)), `"later"`},
		{"the same issue twice", issue(good + "," + good), "only one"},
		{"the same project twice", `{"projects":[{"key":"AB"},{"key":"AB"}]}`, "only one"},
		{"a project without key", `{"projects":[{"name":"x"}]}`, "empty"},
		{"a worklog of no issue", `{"worklogs":[{"id":"1","issue":"AB-1"}]}`, `issue "AB-1"`},
		{"a worklog's id", `{"projects":[{"key":"AB"}],"issues":[` + good + `],"worklogs":[{"id":"x","issue":"AB-1"}]}`, `worklog "x"`},
	}
	for _, tt := range tests {
		_, err := world.Load(strings.NewReader(tt.data), at(t), false)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want it to name %s", tt.name, err, tt.want)
		}
	}
}

func TestLoadNothing(t *testing.T) {
	t.Parallel()
	w := load(t, "{}", false)
	if len(w.People())+len(w.Projects()) != 0 || len(w.Dashboards()) != 3 {
		t.Errorf("got %v, %v, %v", w.People(), w.Projects(), w.Dashboards())
	}
}

// real opens the data of public trackers, kept next to the developers'
// checkout.
func real(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "..", "shared", "data", "real-jira.json"))
	if err != nil {
		t.Skipf("the data of public trackers is not here: %v", err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestLoadRealData(t *testing.T) {
	t.Parallel()
	w, err := world.Load(real(t), at(t), false)
	if err != nil {
		t.Fatal(err)
	}
	var issues, logs int
	var newest time.Time
	emails := map[string]bool{}
	for _, p := range w.Projects() {
		issues += len(w.ProjectIssues(p.Key))
		for _, i := range w.ProjectIssues(p.Key) {
			logs += len(w.Worklogs(i.ID))
			if i.Updated.After(newest) {
				newest = i.Updated
			}
		}
	}
	for _, p := range w.People() {
		if emails[p.Email] {
			t.Errorf("%s has someone else's address", p.Username)
		}
		emails[p.Email] = true
	}
	if issues != 4326 || logs != 13908 || len(w.People()) < 917 {
		t.Errorf("got %d issues, %d worklogs, %d people", issues, logs, len(w.People()))
	}
	if got, want := newest.Format(time.DateOnly), at(t).Format(time.DateOnly); got != want {
		t.Errorf("newest: got %s, want %s", got, want)
	}
}
