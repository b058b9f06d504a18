package faults

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// killed is a program that is killed at a step of its work and started again.
type killed struct {
	*harness.Process
	gate *gate
}

func newKilled(t *testing.T, database string) killed {
	t.Helper()
	g := newGate(t)
	k := killed{harness.NewProcess(t, g.Site, database), g}
	k.Run(t, binary(t))
	return k
}

// during begins something, kills the program at a step of it, and starts it
// again once whoever began it has heard of the end and the site has given up
// what it sends again, so that the next program hears nothing of it.
func (k killed) during(t *testing.T, begin func(), at step) {
	t.Helper()
	over := make(chan struct{})
	go func() { defer close(over); begin() }()
	at.wait()
	k.Kill(t)
	at.free()
	<-over
	if err := k.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.Run(t, binary(t))
}

// locked is the step at which the program wants to change tables. On SQLite,
// where nobody sees that, it has just made the last call before it.
func (k killed) locked(t *testing.T, tables, method, path string) step {
	t.Helper()
	l, seen := lock(t, k.Flags.DatabaseURL, tables), k.Seen()
	return step{free: l.open, wait: func() {
		t.Helper()
		harness.Eventually(t, method+" "+path+" is over", func() bool {
			return slices.ContainsFunc(k.Site.Requests(seen), func(q connecttest.Request) bool {
				return q.Method == method && strings.Contains(q.Path, path)
			})
		})
		l.wait(t)
	}}
}

// post sends a form as a page's script does; nobody hears the answer.
func (k killed) post(t *testing.T, path, token string, form url.Values) func() {
	t.Helper()
	req := harness.NewRequest(t, http.MethodPost, k.URL+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", token)
	return func() {
		if resp, err := harness.Client().Do(req); err == nil {
			_ = resp.Body.Close()
		}
	}
}

// states are the states of all tenants.
func (k killed) states(t *testing.T) (list []connect.State) {
	t.Helper()
	tenants, err := k.Store.Tenants.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tenant := range tenants {
		list = append(list, tenant.State)
	}
	return list
}

// TestKilledInstall: a program that is killed while it is being installed has
// stored nothing, or the tenant whole; what follows an install is made up for.
func TestKilledInstall(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		k := newKilled(t, database)
		begin := func() { _, _ = k.Site.Install(context.Background(), k.URL+"/atlassian-connect.json") }
		k.during(t, begin, k.gate.at(t, http.MethodGet, "/install-keys/"))
		if got := k.states(t); len(got) != 0 {
			t.Errorf("killed before the key was known: %v", got)
		}
		k.during(t, begin, k.locked(t, tenantTables, http.MethodGet, "/install-keys/"))
		if got := k.states(t); len(got) != 0 {
			t.Errorf("killed before it was stored: %v", got)
		}
		k.during(t, begin, k.gate.at(t, http.MethodGet, "/_edge/tenant_info"))
		if got := k.states(t); !slices.Equal(got, []connect.State{connect.StateActive}) {
			t.Errorf("killed after it was stored: %v", got)
		}
		harness.Eventually(t, "the next program looks the cloud id up", func() bool {
			_, err := k.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(k.Site.CloudID()))
			return err == nil
		})
		k.Install(t)
		b := harness.NewBoard(t, k.Running, "HARB")
		if got := b.Look(t, k.Person(2)); got.Status != http.StatusOK {
			t.Errorf("installed at last: %d\n%s", got.Status, got.Body)
		}
	})
}

// TestKilledForgeInstall: the same of an install through Forge, whose event comes
// again.
func TestKilledForgeInstall(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		k := newKilled(t, database)
		f := k.InstallForgeQuietly(t)
		begin := func() {
			_, _ = f.Site.InstallForge(context.Background(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: f.Folder}})
		}
		k.during(t, begin, k.gate.at(t, http.MethodGet, connecttest.ForgeKeysPath))
		if got := k.states(t); len(got) != 0 {
			t.Errorf("killed before the key was known: %v", got)
		}
		k.during(t, begin, k.locked(t, tenantTables, http.MethodGet, connecttest.ForgeKeysPath))
		if status := f.InstalledAgain(t); status/100 != 2 {
			t.Errorf("installed again: %d", status)
		}
		if got := k.states(t); !slices.Equal(got, []connect.State{connect.StateActive}) {
			t.Errorf("installed at last: %v", got)
		}
		if got := f.Call(t, k.Person(2), "workload", "?entry=view"); got.Code != http.StatusOK {
			t.Errorf("page: %+v", got)
		}
	})
}

// TestKilledSave: what a person saved in a gadget is in Jira or it is not. The
// next program shows what Jira has, whatever its database holds.
func TestKilledSave(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		k := newKilled(t, database)
		k.Install(t)
		b := harness.NewBoard(t, k.Running, "HARB")
		owner := b.Dashboard.Owner
		shows := func(when, project string) {
			t.Helper()
			want := k.Count(t, owner, workload.OpenIssues(project))
			if got := harness.Total(t, b.Look(t, owner).Body); got != want {
				t.Errorf("%s: %d open, want the %d of %s", when, got, want, project)
			}
		}
		shows("at first", "HARB")
		save := func(project string) func() {
			session := harness.Attribute(t, b.Look(t, owner).Body, "data-session")
			form := url.Values{"projects": {project}, "window": {"14"}, "unit": {"hours"}}
			return k.post(t, b.Address("/gadget/workload/form"), "JWT "+session, form)
		}
		const property = "/properties/" + workload.ConfigProperty
		k.during(t, save("LANT"), k.gate.at(t, http.MethodPut, property))
		shows("before Jira got it", "HARB")
		shows("seen a second time", "HARB")
		k.during(t, save("LANT"), k.gate.after(t, http.MethodPut, property))
		// Another replica, which knows the person, would show the copy.
		item := connect.DashboardItem{Dashboard: b.Dashboard.ID, Item: b.Item}
		if got, _, err := k.Store.Gadgets.GadgetConfig(t.Context(), k.OnlyTenant(t).ID, item); err != nil || strings.Contains(string(got), "HARB") {
			t.Errorf("the copy of what Jira had before is still there: %s, %v", got, err)
		}
		shows("before Jira had answered", "LANT")
		shows("seen a second time", "LANT")
	})
}

// TestKilledPreferences: how a person wants to see things is what Jira holds; a
// choice that is lost can be made again.
func TestKilledPreferences(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		k := newKilled(t, database)
		k.Install(t)
		b := harness.NewBoard(t, k.Running, "HARB")
		viewer := k.Person(2)
		compact := func() bool {
			return strings.Contains(b.Look(t, viewer).Body, `class="workload compact"`)
		}
		choose := func() func() {
			session := harness.Attribute(t, b.Look(t, viewer).Body, "data-session")
			return k.post(t, b.Address("/gadget/workload/preferences"), "JWT "+session, url.Values{"compact": {"on"}})
		}
		k.during(t, choose(), k.gate.at(t, http.MethodPut, harness.PropertyPath))
		if compact() {
			t.Error("before Jira got it: a choice is shown that Jira does not hold")
		}
		k.during(t, choose(), k.gate.after(t, http.MethodPut, harness.PropertyPath))
		if !compact() {
			t.Error("before Jira had answered: the choice is not shown")
		}
	})
}

// TestKilledRoom: what a room is to show is stored whole or not at all, and once
// it is stored the room shows it, whoever was killed on the way.
func TestKilledRoom(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		k := newKilled(t, database)
		k.Install(t)
		room, owner := k.Site.Objects().Conversations[0], k.Site.Objects().Dashboards[0].Owner
		label := func(project string) string {
			return fmt.Sprintf("%d open", k.Count(t, owner, workload.OpenIssues(project)))
		}
		k.SetUpRoom(t, harness.AppKey, room, "HARB")
		k.WaitForLabel(t, room.ID, label("HARB"))
		save := func(project string) func() {
			token, err := k.Site.ChatToken(harness.AppKey, room.ID, room.Members[0])
			if err != nil {
				t.Fatal(err)
			}
			return k.post(t, "/chat/setup", "Bearer "+token, url.Values{"projects": {project}, "window": {"14"}, "zone": {"UTC"}})
		}
		stored := func() string {
			list := k.Kept(t)
			slices.Sort(list)
			return strings.Join(list, "\n")
		}
		before := stored()
		k.during(t, save("LANT"), k.locked(t, roomTables, http.MethodGet, "/rest/api/3/"))
		if got := stored(); got != before {
			t.Errorf("killed before it was stored: got\n%s\nwant\n%s", got, before)
		}
		if got := k.Shown(t, room.ID).Label; !strings.HasPrefix(got, label("HARB")) {
			t.Errorf("killed before it was stored: %q", got)
		}
		k.during(t, save("LANT"), k.gate.at(t, http.MethodPut, "/site/"))
		k.WaitForLabel(t, room.ID, label("LANT"))
		k.during(t, save("HARB"), k.gate.after(t, http.MethodPut, "/site/"))
		k.WaitForLabel(t, room.ID, label("HARB"))
		k.PullsWhatIsShown(t, harness.AppKey, room)
	})
}

// TestStopKeepsNoLease: a program that is told to stop while it counts, or while
// a push of it is under way, leaves no row to a lease that has to end first.
func TestStopKeepsNoLease(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		k := newKilled(t, database)
		k.Install(t)
		room, owner := k.Site.Objects().Conversations[0], k.Site.Objects().Dashboards[0].Owner
		k.SetUpRoom(t, harness.AppKey, room, "HARB")
		k.Rested(t, room.ID)
		for name, at := range map[string]func() step{
			"counting": func() step { return k.gate.at(t, http.MethodGet, harness.SearchPath) },
			"pushing":  func() step { return k.gate.at(t, http.MethodPut, "/site/") },
		} {
			step := at()
			k.FinishOneIssue(t, owner, "HARB")
			step.wait()
			k.Signal(t, syscall.SIGTERM)
			if err := k.Wait(); err != nil {
				t.Errorf("%s: stopped: %v", name, err)
			}
			rows, err := k.Store.Glances.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				if row.Lease != "" {
					t.Errorf("%s: %s is leased until %s", name, row.Key.Kind, row.LeaseUntil)
				}
			}
			k.Run(t, binary(t))
			k.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", k.Count(t, owner, workload.OpenIssues("HARB"))))
			k.Rested(t, room.ID)
		}
	})
}
