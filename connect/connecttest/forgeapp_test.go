package connecttest

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

const (
	forgeAppID = "ari:cloud:ecosystem::app/3f0b5a7e-8c1d-4e2f-9a3b-0c4d5e6f7a8b"

	forgeManifest = `
app:
  id: ` + forgeAppID + `
  name: Little app
modules:
  jira:dashboardGadget:
    - {key: load-gadget, title: Load, resource: main, resolver: {endpoint: pages}, edit: {resource: main}CONNECTKEYS}
  jira:globalPage:
    - {key: start-page, title: {i18n: start.title}, resource: main, resolver: {endpoint: pages}}
  jira:adminPage:
    - {key: set-up-page, title: Set up, resource: main, resolver: {endpoint: pages}}
  trigger:
    - {key: life-events, endpoint: life, events: ["avi:forge:installed:app", "avi:forge:upgraded:app"]}
    - {key: work-events, endpoint: work, events: ["avi:jira:created:issue", "avi:jira:updated:issue", "avi:jira:deleted:issue",
        "avi:jira:created:worklog", "avi:jira:updated:worklog", "avi:jira:deleted:worklog"]}
  scheduledTrigger:
    - {key: hourly, endpoint: tick, interval: hour}
  preUninstall:
    - {key: farewell, endpoint: gone}
  endpoint:
    - {key: pages, remote: backend, auth: {appSystemToken: {enabled: true}, appUserToken: {enabled: true}}}
    - {key: life, remote: backend, route: {path: /life}, auth: {appSystemToken: {enabled: true}}}
    - {key: work, remote: backend, route: {path: /work}, auth: {appSystemToken: {enabled: true}}}
    - {key: tick, remote: backend, route: {path: /tick}, auth: {appSystemToken: {enabled: true}}}
    - {key: gone, remote: backend, route: {path: /gone}}
resources:
  - {key: main, path: static}
remotes:
  - {key: backend, baseUrl: "BASE"}
permissions:
  scopes: ["read:jira-work", "read:jira-user", "read:app-system-token", "read:app-user-token"]
`
)

// forgeToken is what an invocation token says.
type forgeToken struct {
	jwt.RegisteredClaims
	Principal string
	App       struct {
		ID, InstallationID, APIBaseURL, AppVersion string
		Environment                                struct{ Type, ID string }
		Module                                     struct{ Type, Key string }
		License                                    json.RawMessage
		Installation                               struct {
			ID       string
			Contexts []struct{ CloudID string }
		}
	}
	Context *struct {
		CloudID, SiteURL, ModuleKey, AccountID string
		Extension                              struct {
			Type, EntryPoint    string
			Dashboard, Gadget   struct{ ID string }
			GadgetConfiguration json.RawMessage
		}
	}
}

// forgeCall is one call that the backend has taken.
type forgeCall struct {
	method, path, system, user, trace string
	body                              []byte
	token                             forgeToken
}

// forgeBackend is a backend in a few lines: it checks invocation tokens against
// the site's key set and keeps what it was called with.
type forgeBackend struct {
	t    *testing.T
	site *Site
	url  string

	mu     sync.Mutex
	calls  []forgeCall
	refuse int // of the next calls, how many are answered 503
	answer func(c forgeCall) (int, string)
}

func newForgeBackend(t *testing.T, site *Site) *forgeBackend {
	t.Helper()
	b := &forgeBackend{t: t, site: site}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *forgeBackend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c := forgeCall{
		method: r.Method, path: r.URL.RequestURI(), body: body, system: r.Header.Get("X-Forge-Oauth-System"),
		user: r.Header.Get("X-Forge-Oauth-User"), trace: r.Header.Get("X-B3-Traceid"),
	}
	raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer("forge/invocation-token"),
		jwt.WithAudience(forgeAppID), jwt.WithExpirationRequired(), jwt.WithTimeFunc(b.site.journal.Now))
	if _, err := parser.ParseWithClaims(raw, &c.token, b.key); err != nil || !ok {
		b.t.Logf("refused: %v", err)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, c)
	if b.refuse > 0 {
		b.refuse--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if b.answer == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	status, text := b.answer(c)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// key reads the site's key set each time.
func (b *forgeBackend) key(token *jwt.Token) (any, error) {
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.site.URL()+ForgeKeysPath, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := b.site.Client().Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var set struct{ Keys []struct{ Kid, N, E string } }
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return nil, err
	}
	for _, k := range set.Keys {
		if k.Kid == token.Header["kid"] {
			n, _ := base64.RawURLEncoding.DecodeString(k.N)
			e, _ := base64.RawURLEncoding.DecodeString(k.E)
			return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, nil
		}
	}
	return nil, fmt.Errorf("no key %v", token.Header["kid"])
}

// manifest is the app's, with changes.
func (b *forgeBackend) manifest(oldNew ...string) string {
	text := strings.NewReplacer(oldNew...).Replace(forgeManifest)
	return strings.NewReplacer("BASE", b.url, "CONNECTKEYS", "").Replace(text)
}

func (b *forgeBackend) mustInstall(oldNew ...string) ForgeApp {
	b.t.Helper()
	app, err := b.site.InstallForge(b.t.Context(), ForgeInstall{Source: ForgeSource{Manifest: b.manifest(oldNew...)}})
	if err != nil {
		b.t.Fatal(err)
	}
	return app
}

// taken empties the list of calls at a path.
func (b *forgeBackend) taken(path string) []forgeCall {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list, rest []forgeCall
	for _, c := range b.calls {
		if c.path == path {
			list = append(list, c)
		} else {
			rest = append(rest, c)
		}
	}
	b.calls = rest
	return list
}

// one is the only call at a path.
func (b *forgeBackend) one(path string) forgeCall {
	b.t.Helper()
	list := b.taken(path)
	if len(list) != 1 {
		b.t.Fatalf("calls of %s: got %d, want 1", path, len(list))
	}
	return list[0]
}

func (b *forgeBackend) idle() {
	b.t.Helper()
	if err := b.site.WaitIdle(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// gadget is the place of the app's gadget on the first dashboard, and the
// dashboard's owner.
func (b *forgeBackend) gadget(app ForgeApp) (place ForgeCall, owner string) {
	b.t.Helper()
	d := b.site.Objects().Dashboards[0]
	for _, item := range d.Items {
		if item.App == app.Key && item.Module == "load-gadget" {
			return ForgeCall{Dashboard: d.ID, Item: item.ID, Path: "/ui"}, d.Owner
		}
	}
	b.t.Fatal("the gadget is not on the dashboard")
	return ForgeCall{}, ""
}
