package faults

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
)

// isOurs reports whether a status tells a caller that another service fails,
// so that it may call again.
func isOurs(status int) bool {
	return slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, status)
}

// tenants is how many tenants the database has.
func (m moved) tenants(t *testing.T) int {
	t.Helper()
	list, err := m.Store.Tenants.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestInstallKeyUpstream: while the key of an install cannot be had, nothing is
// installed and the host may call again; then it is installed whole.
func TestInstallKeyUpstream(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		m := startMoved(t, harness.On(database))
		before := m.Work(t)
		for _, f := range upstreamFaults(t) {
			m.Forward(2 * time.Minute) // key ids that are not known have a rate
			m.Fault(t, f.at("/install-keys/*"))
			_, err := m.Site.Install(t.Context(), m.URL+"/atlassian-connect.json")
			m.Site.ClearFaults()
			var refused *connecttest.InstallError
			if !errors.As(err, &refused) || !isOurs(refused.Status) {
				t.Errorf("%s: got %v, want a failure of another service", f.name, err)
			}
			if got := m.tenants(t); got != 0 {
				t.Errorf("%s: %d tenants are stored", f.name, got)
			}
		}
		m.Forward(2 * time.Minute)
		m.Install(t)
		b := harness.NewBoard(t, m.Running, "HARB")
		if got := b.Look(t, m.Person(2)); got.Status != http.StatusOK {
			t.Errorf("installed at last: status %d\n%s", got.Status, got.Body)
		}
		m.Rests(t, before)
		m.LeaksNothing(t)
		m.Unseen(t, harness.Page{})
	})
}

// TestTenantInfoUpstream: an install does not wait for the cloud id. While that
// cannot be had nothing is stored in its place.
func TestTenantInfoUpstream(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		m := startMoved(t, harness.On(database))
		before := m.Work(t)
		for i, f := range upstreamFaults(t) {
			m.Site.ClearFaults() // and on with the next: an install asks twice
			m.Fault(t, f.at("/_edge/tenant_info"))
			asked := m.asked("/_edge/tenant_info")
			var err error
			if i == 0 {
				_, err = m.Site.Install(t.Context(), m.URL+"/atlassian-connect.json")
			} else {
				_, err = m.Site.Rotate(t.Context(), harness.AppKey)
			}
			if err != nil {
				t.Fatalf("%s: install: %v", f.name, err)
			}
			harness.Eventually(t, f.name+": the cloud id is asked for", func() bool { return m.asked("/_edge/tenant_info") > asked })
			m.Rests(t, before)
			if got := m.OnlyTenant(t).CloudID; got != "" {
				t.Errorf("%s: the cloud id is %q", f.name, got)
			}
		}
		m.Site.ClearFaults()
		if _, err := m.Site.Rotate(t.Context(), harness.AppKey); err != nil {
			t.Fatal(err)
		}
		harness.Eventually(t, "the cloud id is known", func() bool { return string(m.OnlyTenant(t).CloudID) == m.Site.CloudID() })
		m.Rests(t, before)
		m.Unseen(t, harness.Page{})
	})
}

// asked counts the calls to a path of the site.
func (m moved) asked(path string) int {
	return len(slices.DeleteFunc(m.Site.Requests(0), func(q connecttest.Request) bool { return q.Path != path }))
}

// TestForgeKeyUpstream: while Forge's keys cannot be had, its calls are told to
// come again and store nothing.
func TestForgeKeyUpstream(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		m := startMoved(t, harness.On(database), func(f *app.ServeFlags) { f.ForgeFlags.AppID = "" })
		m.Restart(t, harness.OnForge(m.Site), harness.WithoutConnect)
		before, f := m.Work(t), m.InstallForgeQuietly(t)
		for _, fault := range upstreamFaults(t) {
			m.Forward(time.Minute) // the pause after a failure is over
			m.Fault(t, fault.at(connecttest.ForgeKeysPath))
			status := f.InstalledAgain(t)
			m.Site.ClearFaults()
			if status != http.StatusServiceUnavailable {
				t.Errorf("%s: status %d, want 503", fault.name, status)
			}
			if got := m.tenants(t); got != 0 {
				t.Errorf("%s: %d tenants are stored", fault.name, got)
			}
			if err := m.Site.WaitIdle(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		m.Forward(time.Minute)
		if status := f.InstalledAgain(t); status/100 != 2 {
			t.Errorf("at last: status %d", status)
		}
		if got := m.OnlyTenant(t); got.State != connect.StateActive {
			t.Errorf("got %+v", got)
		}
		m.Rests(t, before)
		m.LeaksNothing(t)
		m.Unseen(t, harness.Page{})
	})
}

// TestOfflineTokenUpstream: somebody who has not been to Jira sets up a room.
// While Forge gives no plain answer they are told of an outage, not that their
// consent is missing, and nothing is stored.
func TestOfflineTokenUpstream(t *testing.T) {
	t.Parallel()
	m := startMoved(t)
	m.Restart(t, harness.OnForge(m.Site), harness.WithoutConnect)
	m.Site.SetForgeSettings(connecttest.ForgeSettings{Impersonation: true})
	m.InstallForge(t, forge.StageForge, "")
	room := m.Site.Objects().Conversations[0]
	chat, err := m.Site.InstallChat(t.Context(), m.URL+"/atlassian-chat.json", room.ID, m.Flags.ChatClientID, m.Flags.ChatClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	harness.Eventually(t, "the room is known", func() bool { return len(m.Kept(t)) == 2 })
	kept, before := m.Kept(t), m.Work(t)
	for _, f := range upstreamFaults(t) {
		m.nextHour(t)
		m.Fault(t, f.at(connecttest.ForgeGraphQLPath))
		got := m.dialog(t, chat.Key, room)
		m.Site.ClearFaults()
		if !isOurs(got.Status) {
			t.Errorf("%s: status %d\n%s", f.name, got.Status, got.Body)
		}
		if strings.Contains(got.Body, "HARB") {
			t.Errorf("%s: the page names projects:\n%s", f.name, got.Body)
		}
		m.nextHour(t)
		if got := m.dialog(t, chat.Key, room); got.Status != http.StatusOK || !strings.Contains(got.Body, "HARB") {
			t.Errorf("after %s: status %d\n%s", f.name, got.Status, got.Body)
		}
	}
	if now := m.Kept(t); !slices.Equal(now, kept) {
		t.Errorf("stored: got %v, want %v", now, kept)
	}
	m.Rests(t, before)
	m.LeaksNothing(t)
	m.Unseen(t, harness.Page{})
}

// nextHour moves the clock on until every token has ended and every pause too,
// and has Forge call with a new one.
func (m moved) nextHour(t *testing.T) {
	t.Helper()
	m.Forward(5 * time.Hour)
	m.ForgetViews(t)
	if _, err := m.Site.ForgeTick(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
}

// dialog opens a room's dialog as its first member.
func (m moved) dialog(t *testing.T, key string, room connecttest.Conversation) harness.Page {
	t.Helper()
	address, err := m.Site.ChatPageURL(key, "setup-dialog", room.ID, room.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	return harness.Ask(t, harness.NewRequest(t, http.MethodGet, address, nil))
}
