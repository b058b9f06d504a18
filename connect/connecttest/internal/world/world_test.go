package world_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func at(t *testing.T) time.Time {
	t.Helper()
	return time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC)
}

func sample(t *testing.T) *world.World {
	t.Helper()
	return world.Sample(at(t))
}

// person finds a person by user name.
func person(t *testing.T, w *world.World, username string) world.Person {
	t.Helper()
	for _, p := range w.People() {
		if p.Username == username {
			return p
		}
	}
	t.Fatalf("no person %s", username)
	return world.Person{}
}

func TestSampleIsTheSameOnEveryStart(t *testing.T) {
	t.Parallel()
	first := dump(t, sample(t), 3, 13)
	if first != dump(t, world.Sample(at(t).Add(3*time.Hour)), 3, 13) {
		t.Error("two samples of one day differ")
	}
	large := world.LargeSample(at(t))
	if first != dump(t, large, 3, 13) {
		t.Error("with a large team the rest is not as it is without")
	}
	if dump(t, large, 4, 93) != dump(t, world.LargeSample(at(t).Add(3*time.Hour)), 4, 93) {
		t.Error("two large samples of one day differ")
	}
}

// dump is the first projects and people, with all that belongs to them.
func dump(t *testing.T, w *world.World, projects, people int) string {
	t.Helper()
	var all []any
	for _, p := range w.Projects()[:projects] {
		all = append(all, p, w.ProjectIssues(p.Key))
		for _, i := range w.ProjectIssues(p.Key) {
			all = append(all, w.Worklogs(i.ID))
		}
	}
	raw, err := json.Marshal(append(all, w.People()[:people], w.Dashboards()))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestLargeTeam checks the project that only the large sample has.
func TestLargeTeam(t *testing.T) {
	t.Parallel()
	w := world.LargeSample(at(t))
	names, assigned, logged := map[string]bool{}, map[string]bool{}, map[string]bool{}
	logs := 0
	for _, p := range w.People() {
		names[p.DisplayName], names[p.Username], names[p.AccountID] = true, true, true
	}
	if len(w.People()) != 93 || len(names) != 3*93 {
		t.Errorf("got %d people with %d different names and ids", len(w.People()), len(names))
	}
	fleet := w.Projects()[3]
	for _, i := range w.ProjectIssues(fleet.Key) {
		logs += len(w.Worklogs(i.ID))
		for _, l := range w.Worklogs(i.ID) {
			logged[l.Author] = true
		}
		if i.Assignee != "" && i.Status.Category != world.CategoryDone {
			assigned[i.Assignee] = true
		}
	}
	if n := len(w.ProjectIssues(fleet.Key)); n != 480 || logs != 640 || len(assigned) < 70 || len(logged) < 60 {
		t.Errorf("got %d issues, %d worklogs, open ones of %d people, worklogs of %d", n, logs, len(assigned), len(logged))
	}
}

// TestLogsOnly checks the person who may log work but not change it.
func TestLogsOnly(t *testing.T) {
	t.Parallel()
	w := sample(t)
	sofia := person(t, w, "sbeltran").AccountID
	for permission, want := range map[string]bool{
		world.WorkOnIssues: true, world.EditIssues: true, world.EditOwnWorklogs: false, world.DeleteOwnWorklogs: false, world.EditAllWorklogs: false,
	} {
		if got := w.Can(sofia, permission, "HARB"); got != want {
			t.Errorf("%s: got %v", permission, got)
		}
	}
}

func TestSampleHasWhatItPromises(t *testing.T) {
	t.Parallel()
	w := sample(t)
	var issues, logs, overdue, soon, unassigned, open, estimates, long int
	today := at(t).Format(time.DateOnly)
	for _, p := range w.Projects() {
		for _, i := range w.ProjectIssues(p.Key) {
			issues++
			logs += len(w.Worklogs(i.ID))
			if len(w.Worklogs(i.ID)) > 20 {
				long++
			}
			if i.Updated.After(at(t)) || i.Updated.Before(i.Created) {
				t.Errorf("%s: updated %v, created %v", i.Key, i.Updated, i.Created)
			}
			if i.Status.Category == world.CategoryDone {
				continue
			}
			open++
			switch {
			case i.Due != "" && i.Due < today:
				overdue++
			case i.Due != "" && i.Due <= "2026-03-17":
				soon++
			}
			if i.Assignee == "" {
				unassigned++
			}
			if i.Remaining != nil {
				estimates++
			}
		}
	}
	if issues != 300 || logs != 600 || len(w.Projects()) != 3 || len(w.Dashboards()) != 3 {
		t.Errorf("got %d issues, %d worklogs, %d projects, %d dashboards", issues, logs, len(w.Projects()), len(w.Dashboards()))
	}
	for name, n := range map[string]int{"open": open, "overdue": overdue, "due soon": soon, "unassigned": unassigned, "estimates": estimates, "with many worklogs": long} {
		if n < 3 || n == issues {
			t.Errorf("%s: got %d", name, n)
		}
	}
}

func TestSamplePeople(t *testing.T) {
	t.Parallel()
	w := sample(t)
	var admins, bots, inactive int
	zones, ids := map[string]bool{}, map[string]bool{}
	for _, p := range w.People() {
		if _, err := time.LoadLocation(p.TimeZone); err != nil {
			t.Errorf("%s: %v", p.DisplayName, err)
		}
		zones[p.TimeZone] = true
		for _, key := range []string{p.AccountID, p.Email, p.Token, p.Username, p.UserKey} {
			if key == "" || ids[key] {
				t.Errorf("%s: %q is empty or someone else's", p.DisplayName, key)
			}
			ids[key] = true
		}
		admins += count(p.Admin)
		bots += count(p.App)
		inactive += count(!p.Active)
	}
	if admins != 1 || bots != 1 || inactive != 1 || len(zones) < 8 {
		t.Errorf("got %d admins, %d bots, %d inactive, %d zones", admins, bots, inactive, len(zones))
	}
	p, ok := w.PersonByEmail("MLindqvist@example.com")
	if !ok || p.Username != "mlindqvist" {
		t.Errorf("by e-mail: got %v %v", p.Username, ok)
	}
	for _, email := range []string{"", "nobody@example.com"} {
		if _, ok := w.PersonByEmail(email); ok {
			t.Errorf("by e-mail %q: found someone", email)
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestCan(t *testing.T) {
	t.Parallel()
	w := sample(t)
	lead, admin := person(t, w, "mlindqvist").AccountID, person(t, w, "iokonjo").AccountID
	outsider, viewer := person(t, w, "rpetrie").AccountID, person(t, w, "praghunathan").AccountID
	inactive := person(t, w, "wcastellane").AccountID
	app := w.AddApp("acme.app", "Acme").AccountID
	tests := []struct {
		account, permission, project string
		want                         bool
	}{
		{lead, world.BrowseProjects, "VALT", true},
		{lead, world.AdministerProject, "HARB", true},
		{lead, world.Administer, "", false},
		{admin, world.Administer, "", true},
		{admin, world.Administer, "VALT", true},
		{outsider, world.BrowseProjects, "VALT", false},
		{outsider, world.BrowseProjects, "HARB", true},
		{outsider, world.BrowseProjects, "10000", true},
		{outsider, world.EditIssues, "LANT", false},
		{viewer, world.BrowseProjects, "VALT", true},
		{viewer, world.EditIssues, "VALT", false},
		{viewer, world.WorkOnIssues, "HARB", true},
		{viewer, world.DeleteIssues, "HARB", false},
		{inactive, world.BrowseProjects, "HARB", false},
		{"", world.BrowseProjects, "HARB", false},
		{"", world.UserPicker, "", false},
		{outsider, world.UserPicker, "", true},
		{app, world.BrowseProjects, "VALT", true},
		{app, world.AdministerProject, "VALT", true},
		{app, world.Administer, "", false},
		{"nobody", world.BrowseProjects, "HARB", false},
		{lead, "NO_SUCH", "HARB", false},
		{lead, world.BrowseProjects, "NOPE", false},
	}
	for _, tt := range tests {
		if got := w.Can(tt.account, tt.permission, tt.project); got != tt.want {
			t.Errorf("Can(%q, %s, %s): got %v, want %v", tt.account, tt.permission, tt.project, got, tt.want)
		}
	}
}

func TestDashboards(t *testing.T) {
	t.Parallel()
	w := sample(t)
	lead, admin, other := person(t, w, "mlindqvist"), person(t, w, "iokonjo"), person(t, w, "praghunathan")
	tests := []struct {
		dashboard, account string
		view, edit         bool
	}{
		{"10000", lead.AccountID, true, true},
		{"10000", admin.AccountID, true, false},
		{"10000", "", false, false},
		{"10001", other.AccountID, true, true},
		{"10001", lead.AccountID, false, false},
		{"10002", "", true, false},
		{"10002", lead.AccountID, true, false},
		{"10002", admin.AccountID, true, true},
	}
	for _, tt := range tests {
		d, ok := w.Dashboard(tt.dashboard)
		if !ok {
			t.Fatalf("no dashboard %s", tt.dashboard)
		}
		if view, edit := w.CanView(tt.account, d), w.CanEdit(tt.account, d); view != tt.view || edit != tt.edit {
			t.Errorf("%s for %q: got %v %v, want %v %v", tt.dashboard, tt.account, view, edit, tt.view, tt.edit)
		}
	}
}

func TestItemsOfApps(t *testing.T) {
	t.Parallel()
	w := sample(t)
	w.AddApp("acme.app", "Acme")
	one, err := w.PlaceItem("10000", "acme.app", "load", "Load")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := w.PlaceItem("10000", "acme.app", "load", "Load")
	two, _ := w.PlaceItem("10000", "acme.app", "chart", "Chart")
	if one != again || two.ID == one.ID || two.Column != 1 || two.Row != 0 {
		t.Errorf("got %+v, %+v, %+v", one, again, two)
	}
	if want := "com.atlassian.plugins.atlassian-connect-plugin:acme.app__load"; one.FullKey != want {
		t.Errorf("full key: got %s, want %s", one.FullKey, want)
	}
	if _, err := w.PlaceItem("77", "acme.app", "load", ""); !errors.Is(err, world.ErrNotFound) {
		t.Errorf("no dashboard: got %v", err)
	}
	owner := world.ItemProperties("10000", one.ID)
	w.SetProperty(owner, "k", json.RawMessage(`1`))
	w.RemoveApp("acme.app")
	d, _ := w.Dashboard("10000")
	_, person := w.Person(world.AppAccount("acme.app"))
	if len(d.Items) != 0 || person || len(w.Properties(owner)) != 0 {
		t.Errorf("after removal: %v, person %v, %v", d.Items, person, w.Properties(owner))
	}
}

func TestResetKeepsApps(t *testing.T) {
	t.Parallel()
	w := sample(t)
	w.AddApp("acme.app", "Acme")
	item, _ := w.PlaceItem("10000", "acme.app", "load", "Load")
	owner := world.ItemProperties("10000", item.ID)
	w.SetProperty(owner, "k", json.RawMessage(`1`))
	issue, _ := w.Issue("harb-1")
	created, _ := w.CreateIssue(world.Issue{Project: "HARB"})
	if _, err := w.DeleteIssue(issue.ID, at(t)); err != nil {
		t.Fatal(err)
	}
	w.Reset()
	back, ok := w.Issue("HARB-1")
	if !ok || back != issue {
		t.Error("a deleted issue is not back")
	}
	if _, ok := w.Issue(created.Key); ok {
		t.Error("a created issue is still there")
	}
	d, _ := w.Dashboard("10000")
	if _, ok := d.Item(item.ID); !ok || len(w.Properties(owner)) != 0 {
		t.Errorf("item %v, properties %v", d.Items, w.Properties(owner))
	}
	if _, ok := w.Person(world.AppAccount("acme.app")); !ok {
		t.Error("the app's user is gone")
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	w := sample(t)
	owner := world.UserProperties("x")
	if !w.SetProperty(owner, "b", json.RawMessage(`1`)) || w.SetProperty(owner, "b", json.RawMessage(`2`)) {
		t.Error("created is wrong")
	}
	w.SetProperty(owner, "a", json.RawMessage(`3`))
	if got := w.Properties(owner); len(got) != 2 || got[0].Key != "a" || string(got[1].Value) != "2" {
		t.Errorf("got %v", got)
	}
	if !w.DeleteProperty(owner, "a") || w.DeleteProperty(owner, "a") || w.DeleteProperty("nobody", "a") {
		t.Error("deleted is wrong")
	}
}

func TestWorklogsMoveTimeSpent(t *testing.T) {
	t.Parallel()
	w := sample(t)
	issue, err := w.CreateIssue(world.Issue{Project: "HARB"})
	if err != nil {
		t.Fatal(err)
	}
	l, err := w.AddWorklog(world.Worklog{IssueID: issue.ID, Spent: 600}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var added int64
	_, err = w.UpdateWorklog(l.ID, func(l *world.Worklog) { l.Spent = 900 }, func(_ *world.Issue, n int64) { added = n })
	if err != nil || added != 300 {
		t.Errorf("update: added %d, %v", added, err)
	}
	if now, _ := w.Issue(issue.ID); *now.Spent != 900 || issue.Spent != nil {
		t.Errorf("spent: got %d, and %v in the issue read before", *now.Spent, issue.Spent)
	}
	if _, err := w.DeleteWorklog(l.ID, at(t), nil); err != nil {
		t.Fatal(err)
	}
	now, _ := w.Issue(issue.ID)
	deleted := w.DeletedWorklogs(time.Time{})
	if *now.Spent != 0 || len(deleted) != 1 || deleted[0].Project != "HARB" || len(w.Worklogs(issue.ID)) != 0 {
		t.Errorf("after deletion: %d, %v", *now.Spent, deleted)
	}
	for name, err := range map[string]error{
		"add":    second(w.AddWorklog(world.Worklog{IssueID: "0"}, nil)),
		"update": second(w.UpdateWorklog("0", nil, nil)),
		"delete": second(w.DeleteWorklog("0", at(t), nil)),
		"create": second(w.CreateIssue(world.Issue{Project: "NOPE"})),
		"remove": second(w.DeleteIssue("0", at(t))),
	} {
		if !errors.Is(err, world.ErrNotFound) {
			t.Errorf("%s: got %v, want ErrNotFound", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestSwapIssueSeesOthers(t *testing.T) {
	t.Parallel()
	w := sample(t)
	before, _ := w.Issue("HARB-2")
	mine, theirs := *before, *before
	mine.Summary, theirs.Summary = "mine", "theirs"
	if !w.SwapIssue(before, &theirs) || w.SwapIssue(before, &mine) {
		t.Error("the second swap must fail")
	}
	issues := w.ProjectIssues("HARB")
	if !slices.ContainsFunc(issues, func(i *world.Issue) bool { return i.Summary == "theirs" }) {
		t.Error("the list of the project does not have it")
	}
}

func TestWorldIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	w := sample(t)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for k := range 50 {
				issue, _ := w.CreateIssue(world.Issue{Project: "HARB"})
				if l, err := w.AddWorklog(world.Worklog{IssueID: issue.ID, Spent: 60}, nil); err == nil {
					_, _ = w.UpdateWorklog(l.ID, func(l *world.Worklog) { l.Spent++ }, func(*world.Issue, int64) {})
				}
				w.SetProperty("x", fmt.Sprint(n, k), json.RawMessage(`{}`))
				_ = len(w.ProjectIssues("HARB")) + len(w.Properties("x")) + len(w.UpdatedWorklogs(time.Time{}))
				_ = w.Can(w.AddApp(fmt.Sprint(n), "").AccountID, world.BrowseProjects, "HARB")
				if k%2 == 0 {
					_, _ = w.DeleteIssue(issue.ID, at(t))
				}
				if n == 0 && k == 25 {
					w.Reset()
				}
			}
		})
	}
	wg.Wait()
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "one", "one\ntwo", "one\n\nthree", `<b>"quoted"</b>`} {
		doc := world.Document(text)
		if got := world.PlainText(doc); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
		if text != "" && !world.ValidDocument(doc) {
			t.Errorf("%q is not valid", doc)
		}
	}
	for _, raw := range []string{"", "null", `"text"`, `{"type":"doc"}`, `{"type":"p","version":1}`, `[`} {
		if world.ValidDocument(json.RawMessage(raw)) {
			t.Errorf("%q is valid", raw)
		}
	}
}
