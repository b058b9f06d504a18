package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/quota"
)

// peopled is a tenant with something in every table that tenants have, and with ann
// wherever an account can be.
func (w *world) peopled(t *testing.T, key string) connect.TenantID {
	t.Helper()
	_, name := w.indexed(t, key)
	id := connect.TenantID(name)
	check(t, w.Begin(t.Context(), glance.Conversation{Site: "site-" + key, ID: "room", InstalledBy: "ann"},
		glanceKey("site-"+key, "room"), setupKey("site-"+key, "room"), w.clock.Now()))
	w.configured(t, "site-"+key, "room", "ABC")
	item := connect.DashboardItem{Dashboard: "1", Item: "2"}
	check(t, w.SaveGadgetConfig(t.Context(), id, item, []byte(`{"projects":["ABC"]}`), w.clock.Now()))
	check(t, w.SaveRoster(t.Context(), id, item, []byte(`{"ann":8,"bob":6}`)))
	check(t, w.SavePointFields(t.Context(), id, []string{"customfield_10016"}))
	must(w.MarkDirty(t.Context(), id, "", "delivery-"+key, w.clock.Now()))(t)
	team := workspace(id)
	team.Team = "T-" + key
	check(t, w.SaveSlackInstall(t.Context(), team))
	check(t, w.SaveSlackPerson(t.Context(), id, team.Team, "U1", "ann"))
	check(t, w.SaveSlackPerson(t.Context(), id, team.Team, "U2", "bob"))
	must(w.FirstSlackRequest(t.Context(), "signature-"+key))(t)
	must(w.SaveForgeInstall(t.Context(), connect.ForgeInstall{
		ID: connect.ForgeInstallationID("i-" + key), Cloud: connect.CloudID("site-" + key), Environment: connect.EnvironmentProduction,
		APIBaseURL: "https://api.atlassian.com/ex/jira/" + key, Revives: true,
		SystemToken: connect.NewSecret("the-system-token"), SystemExpires: w.clock.Now().Add(time.Hour),
	}))(t)
	points := quota.Entry{Tenant: name, Points: map[quota.Purpose]int{quota.Person: 1}, Said: quota.Said{At: w.clock.Now()}}
	must(w.Store.Quota.SharePoints(t.Context(), w.clock.Now(), []quota.Entry{points}))(t)
	must(w.Beat(t.Context(), w.clock.Now()))(t)
	c := glance.Config{Projects: []string{"ABC"}, Window: 14, Choices: glance.Choices{Weekly: glance.Weekly{On: true, At: "09:00"}}}
	check(t, w.Configure(t.Context(), glanceKey("site-"+key, "room"), setupKey("site-"+key, "room"), c, w.clock.Now()))
	check(t, w.LeaveSlackUnasked(t.Context(), "T-"+key, "U1", w.clock.Now()))
	_, _, err := w.Store.Reports.TakeReport(t.Context(), "somebody", w.clock.Now())
	check(t, err)
	return id
}

// Every table of the schema is copied, exported and erased, or is about the database
// itself.
func TestTablesAreAll(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		query := "SELECT name FROM sqlite_master WHERE type = 'table'"
		if w.core.db.OnPostgres() {
			query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
		}
		var got []string
		check(t, w.read.Raw(query).Scan(&got).Error)
		want := []string{"schema_migrations", "readiness", "programs", "changes"}
		for _, table := range tables() {
			want = append(want, table.name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tables (-known +there):\n%s", diff)
		}
	})
}

func TestExport(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.peopled(t, "one")
		w.peopled(t, "two")
		counts := must(w.Counts(t.Context(), id))(t)
		text := string(must(json.Marshal(must(w.Export(t.Context(), id))(t)))(t))
		for name, n := range counts {
			if n == 0 {
				t.Errorf("there is nothing in %s", name)
			}
			if rows := strings.Count(text, fmt.Sprintf(`{"name":%q,"rows":[{`, name)); rows != 1 {
				t.Errorf("%s is exported %d times", name, rows)
			}
		}
		for _, want := range []string{`"base_url":"https://acme.atlassian.net"`, `"ann":8`, `"Assignee":"ann"`, `"Author":"bob"`, `"To":"ann"`, `"account_id":"ann"`, `"held":`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is missing in\n%s", want, text)
			}
		}
		for _, never := range []string{"secret of", "the-bot-token", "the-system-token", "shared_secret", `"token"`, "bot_token", "T-two", "site-two"} {
			if strings.Contains(text, never) {
				t.Errorf("exported: %s", never)
			}
		}
		if _, err := w.Export(t.Context(), "nobody"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("unknown tenant: %v", err)
		}
	})
}

func TestRemove(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id, other := w.peopled(t, "one"), w.peopled(t, "two")
		before := must(w.Counts(t.Context(), other))(t)
		check(t, w.Store.Remove(t.Context(), id))
		for name, n := range must(w.Counts(t.Context(), id))(t) {
			if n != 0 {
				t.Errorf("%d rows are left in %s", n, name)
			}
		}
		if diff := cmp.Diff(before, must(w.Counts(t.Context(), other))(t)); diff != "" {
			t.Errorf("another tenant's rows (-before +after):\n%s", diff)
		}
		if room := must(w.Conversation(t.Context(), glance.SurfaceChat, "site-one", "room"))(t); room.Tenant != "" {
			t.Errorf("the room has the tenant %q", room.Tenant)
		}
		if err := w.Store.Remove(t.Context(), id); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("again: %v", err)
		}
	})
}

func TestEraseAccount(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		one := w.peopled(t, "one")
		w.peopled(t, "two")
		without := func(roster []byte) ([]byte, bool, error) {
			rest := strings.Replace(string(roster), `"ann":8,`, "", 1)
			return []byte(rest), rest != string(roster), nil
		}
		got := must(w.Store.EraseAccount(t.Context(), "ann", without))(t)
		if diff := cmp.Diff(ErasedAccount{Facts: 8, Rosters: 2, Slack: 2, Rooms: 4}, got); diff != "" {
			t.Errorf("erased (-want +got):\n%s", diff)
		}
		text := string(must(json.Marshal(must(w.Export(t.Context(), one))(t)))(t))
		if strings.Contains(text, `ann"`) || strings.Contains(text, `"U1"`) {
			t.Errorf("the account is still in\n%s", text)
		}
		for _, want := range []string{`{"bob":6}`, `"Assignee":"bob"`, `"account_id":"bob"`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is gone from\n%s", want, text)
			}
		}
		if got := must(w.Store.EraseAccount(t.Context(), "ann", without))(t); got != (ErasedAccount{}) {
			t.Errorf("again: %+v", got)
		}
		if _, err := w.Store.EraseAccount(t.Context(), "", without); err == nil {
			t.Error("erased no account")
		}
	})
}

// What an operator disabled stays so, whatever Jira says; what Jira disabled does
// not.
func TestDisable(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.peopled(t, "one")
		state := func(want connect.State) *connect.Tenant {
			t.Helper()
			tenant := must(w.Store.Tenants.Tenant(t.Context(), id))(t)
			if tenant.State != want {
				t.Errorf("the tenant is %s, want %s", tenant.State, want)
			}
			return tenant
		}
		before := state(connect.StateActive)
		check(t, w.Store.Tenants.Disable(t.Context(), id))
		if after := state(connect.StateDisabled); after.Generation != before.Generation+1 {
			t.Errorf("the sessions go on: generation %d after %d", after.Generation, before.Generation)
		}
		if rows := w.claim(t); len(rows) != 0 {
			t.Errorf("its rooms are worked for: %v", rows)
		}
		must(w.SetState(t.Context(), "one", connect.StateActive, time.Time{}))(t)
		state(connect.StateDisabled)
		w.installed(t, "one", "")
		state(connect.StateDisabled)
		must(w.SaveForgeInstall(t.Context(), connect.ForgeInstall{
			ID: "i-one", Cloud: "site-one", Environment: connect.EnvironmentProduction, APIBaseURL: "https://api.atlassian.com/ex/jira/one", Revives: true,
		}))(t)
		state(connect.StateDisabled)

		check(t, w.Store.Tenants.Enable(t.Context(), id))
		state(connect.StateActive)
		if rows := w.claim(t); len(rows) != 2 {
			t.Errorf("got %d rows, want the room's two", len(rows))
		}
		must(w.SetState(t.Context(), "one", connect.StateDisabled, time.Time{}))(t)
		check(t, w.Store.Tenants.Enable(t.Context(), id))
		state(connect.StateActive)

		must(w.UninstallForge(t.Context(), "i-one", time.Time{}))(t)
		state(connect.StateUninstalled)
		for _, f := range []func() error{
			func() error { return w.Store.Tenants.Disable(t.Context(), id) },
			func() error { return w.Store.Tenants.Enable(t.Context(), id) },
		} {
			if err := f(); !errors.Is(err, ErrUninstalled) {
				t.Errorf("uninstalled: %v", err)
			}
		}
		if err := w.Store.Tenants.Disable(t.Context(), "nobody"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

// What is not there is not made.
func TestExisting(t *testing.T) {
	onBothURLs(t, func(t *testing.T, url string) {
		o := Options{URL: url, Keys: ring(t, keyOne), Version: "0.1.0", Existing: true}
		for range 2 {
			if _, err := Open(t.Context(), o); !errors.Is(err, ErrNoDatabase) {
				t.Fatalf("got %v, want ErrNoDatabase", err)
			}
		}
		newWorld(t, url)
		st := must(Open(t.Context(), o))(t)
		check(t, st.Close())
	})
}

// Who only looks does not bring the schema up to date.
func TestUnchanged(t *testing.T) {
	onBothURLs(t, func(t *testing.T, url string) {
		early := must(program(t.Context(), t, url, "0.1.0", upTo(t, 14)))(t)
		o := Options{URL: url, Keys: ring(t, keyOne), Version: "0.1.0", Existing: true, Unchanged: true}
		for range 2 {
			if _, err := Open(t.Context(), o); !errors.Is(err, ErrOldSchema) {
				t.Fatalf("got %v, want ErrOldSchema", err)
			}
		}
		check(t, early.Ready(t.Context()))
		newWorld(t, url)
		st := must(Open(t.Context(), o))(t)
		check(t, st.Close())
	})
}

// Each sealed value is opened, and those that do not open are named.
func TestTryAll(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.peopled(t, "one")
		w.peopled(t, "two")
		count, closed, err := w.TryAll(t.Context())
		check(t, err)
		if count != 8 || len(closed) != 0 { // of each a secret, a token, a roster and a workspace's token
			t.Errorf("got %d secrets, %v do not open", count, closed)
		}
		check(t, w.db.Exec("UPDATE rosters SET value = (SELECT shared_secret FROM connect_installs WHERE client_key = 'one') WHERE id LIKE '%1/2'").Error)
		_, closed, err = w.TryAll(t.Context())
		check(t, err)
		if len(closed) != 2 || closed[0].Kind != SealedRoster {
			t.Errorf("got %v", closed)
		}
	})
}
