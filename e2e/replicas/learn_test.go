package replicas

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/workload"
)

// heard is how soon the others hear of a change.
const heard = time.Second

// read is how soon they read of it where no notice comes.
const read = 10 * time.Second

// unheard is a database URL of a program that gets no notices: it says that a pooler
// stands between.
func unheard(database string) string { return database + "&default_query_exec_mode=exec" }

// TestDisabledElsewhere: a program hears at once that an operator has disabled a tenant,
// and does not believe what it remembers until that is over.
func TestDisabledElsewhere(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t), harness.On(harness.PostgresURL(t)))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	if got := b.Look(t, b.Dashboard.Owner).Status; got != http.StatusOK {
		t.Fatalf("before: %d", got)
	}
	if err := r.Operator(t).Tenants.Disable(t.Context(), r.OnlyTenant(t).ID); err != nil {
		t.Fatal(err)
	}
	const remembered = 30 * time.Second
	for begun := time.Now(); b.Look(t, b.Dashboard.Owner).Status != http.StatusUnauthorized; <-time.After(5 * time.Millisecond) {
		if time.Since(begun) > remembered*2/3 {
			t.Fatal("it is served on")
		}
	}
}

// TestHeard: what one of three processes learns the others know within a second.
func TestHeard(t *testing.T) {
	harness.Minutes(t)
	t.Parallel()
	database := harness.PostgresURL(t)
	newLife(t, heard, database, database, database).run(t)
}

// TestRead: the same within ten seconds where the others get no notice.
func TestRead(t *testing.T) {
	harness.Minutes(t)
	t.Parallel()
	database := harness.PostgresURL(t)
	newLife(t, read, database, unheard(database), unheard(database)).run(t)
}

// TestReadOnSQLite: two processes on one file.
func TestReadOnSQLite(t *testing.T) {
	harness.Minutes(t)
	t.Parallel()
	database := "sqlite://" + filepath.Join(t.TempDir(), "sightline.db")
	newLife(t, read, database, database).run(t)
}

// life is the life of a tenant; all of it comes to the first process.
type life struct {
	*fleet
	harness.Board
	limit time.Duration
}

func newLife(t *testing.T, limit time.Duration, databases ...string) *life {
	t.Helper()
	f := newFleet(t, databases...)
	f.whole.Install(t)
	return &life{fleet: f, Board: harness.NewBoard(t, f.whole, "HARB"), limit: limit}
}

func (l *life) run(t *testing.T) {
	t.Helper()
	l.everybodyShows(t, "HARB")
	l.reconfigured(t)
	l.changed(t)
	l.preferred(t)
	l.rotated(t)
	l.disabled(t)
	l.uninstalled(t)
	l.onForge(t)
}

// sees reports whether the gadget's page shows what Jira has of a project.
func (l *life) sees(t *testing.T, project string) bool {
	t.Helper()
	owner := l.Dashboard.Owner
	page := l.Look(t, owner)
	return page.Status == http.StatusOK && harness.Total(t, page.Body) == l.Count(t, owner, workload.OpenIssues(project))
}

// everybodyShows has every process keep a view of the gadget.
func (l *life) everybodyShows(t *testing.T, project string) {
	t.Helper()
	for i := range l.processes {
		l.at(i)
		harness.Eventually(t, "the gadget shows "+project, func() bool { return l.sees(t, project) })
	}
	l.at(0)
}

// reconfigured: a gadget that a person sets up otherwise.
func (l *life) reconfigured(t *testing.T) {
	t.Helper()
	session := harness.Attribute(t, l.Look(t, l.Dashboard.Owner).Body, "data-session")
	form := url.Values{"projects": {"LANT"}, "window": {"14"}, "unit": {"hours"}}
	if status, body := l.Save(t, session, l.Dashboard.ID, l.Item, form); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, body)
	}
	l.within(t, l.limit, "a configuration", func() bool { return l.sees(t, "LANT") })
	l.everybodyShows(t, "LANT")
}

// changed: an issue of which a webhook tells.
func (l *life) changed(t *testing.T) {
	t.Helper()
	seen := l.Seen()
	l.FinishOneIssue(t, l.Dashboard.Owner, "LANT")
	l.Told(t, seen)
	l.within(t, l.limit, "a webhook", func() bool { return l.sees(t, "LANT") })
}

// preferred: how a person wants to see things.
func (l *life) preferred(t *testing.T) {
	t.Helper()
	compact := func() bool { return strings.Contains(l.Look(t, l.Dashboard.Owner).Body, `class="workload compact"`) }
	if compact() {
		t.Fatal("it is compact before")
	}
	token := harness.Attribute(t, l.Look(t, l.Dashboard.Owner).Body, "data-session")
	req := harness.NewRequest(t, http.MethodPost, l.URL+l.Address("/gadget/workload/preferences"), strings.NewReader("compact=on"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+token)
	if status, body := harness.Fetch(t, req); status != http.StatusOK {
		t.Fatalf("preferences: %d\n%s", status, body)
	}
	l.within(t, l.limit, "a preference", compact)
}

// event is a webhook that is signed with a secret; its body says nothing.
func (l *life) event(t *testing.T, secret connect.Secret) *http.Request {
	t.Helper()
	const path = "/webhooks/issue"
	now := time.Now()
	token := harness.HMACToken(t, jwt.SigningMethodHS256, map[string]any{
		"iss": string(l.OnlyTenant(t).ClientKey), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "qsh": connecttest.QSH(http.MethodPost, path, "", ""),
	}, secret.Reveal())
	req := harness.NewRequest(t, http.MethodPost, l.URL+path, http.NoBody)
	req.Header.Set("Authorization", "JWT "+token)
	return req
}

func (l *life) secret(t *testing.T) connect.Secret {
	t.Helper()
	tenant, err := l.Store.Tenants.TenantByClientKey(t.Context(), l.OnlyTenant(t).ClientKey)
	if err != nil {
		t.Fatal(err)
	}
	return tenant.SharedSecret
}

// page is the gadget's page, and session a call with the session that it brings.
func (l *life) page(t *testing.T) (page, session *http.Request) {
	t.Helper()
	address, err := l.Site.ModuleURL(harness.AppKey, "workload", l.Dashboard.Owner, l.Dashboard.ID, l.Item)
	if err != nil {
		t.Fatal(err)
	}
	token := harness.Attribute(t, l.Look(t, l.Dashboard.Owner).Body, "data-session")
	session = harness.NewRequest(t, http.MethodGet, l.URL+l.Address("/gadget/workload/view"), nil)
	session.Header.Set("Authorization", "JWT "+token)
	return harness.NewRequest(t, http.MethodGet, address, nil), session
}

// ended: what was served before something is done is refused after it.
func (l *life) ended(t *testing.T, what string, do func()) {
	t.Helper()
	page, session := l.page(t)
	event := l.event(t, l.secret(t))
	for _, p := range l.processes {
		for _, q := range []*http.Request{page, session, event} {
			if got := l.ask(t, p, q); got != http.StatusOK {
				t.Fatalf("%s: %s is answered %d before", what, q.URL.Path, got)
			}
		}
	}
	do()
	l.refuses(t, l.limit, what, page, session, event)
}

// rotated: an old secret is worth nothing any more, nor is a session from before.
func (l *life) rotated(t *testing.T) {
	t.Helper()
	l.ended(t, "a rotated secret", func() {
		if _, err := l.Site.Rotate(t.Context(), harness.AppKey); err != nil {
			t.Fatal(err)
		}
	})
	l.serves(t, "the new secret")
}

// serves: the gadget is served again.
func (l *life) serves(t *testing.T, what string) {
	t.Helper()
	l.within(t, l.limit, what, func() bool { return l.sees(t, "LANT") })
	l.everybodyShows(t, "LANT")
}

// command runs the operator's command, which is a process of its own.
func (l *life) command(t *testing.T, args ...string) {
	t.Helper()
	if said, err := l.processes[0].Command(t.Context(), command.Path(t), args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, said)
	}
}

func (l *life) disabled(t *testing.T) {
	t.Helper()
	id := string(l.OnlyTenant(t).ID)
	l.ended(t, "a tenant that is disabled", func() { l.command(t, "tenants", "disable", id) })
	l.command(t, "tenants", "enable", id)
	l.serves(t, "a tenant that is enabled")
}

func (l *life) uninstalled(t *testing.T) {
	t.Helper()
	uninstall := func() {
		if _, err := l.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
			t.Fatal(err)
		}
	}
	l.ended(t, "an uninstall", uninstall)
	l.Install(t)
	l.Board = harness.NewBoard(t, l.whole, "LANT")
	l.serves(t, "a new install")
	uninstall()
}

// onForge: the same of an installation on Forge.
func (l *life) onForge(t *testing.T) {
	t.Helper()
	f := l.InstallForge(t, forge.StageForge, "")
	viewer := l.Dashboard.Owner
	code := func() int { return f.Call(t, viewer, "workload", "?entry=view").Status }
	for i := range l.processes {
		l.at(i)
		if got := code(); got != http.StatusOK {
			t.Fatalf("on Forge: %d", got)
		}
	}
	l.at(0)
	id := string(l.OnlyTenant(t).ID)
	l.command(t, "tenants", "disable", id)
	l.within(t, l.limit, "a tenant on Forge that is disabled", func() bool { return code() == http.StatusUnauthorized })
}
