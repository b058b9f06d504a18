package judge

import (
	"crypto/hmac"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// weakApp is a right app, except for the weakness of one case.
type weakApp struct {
	weakness string // the id of a case
	site     *connecttest.Site
	base     string
	appID    string

	mu      sync.Mutex
	tenants map[string][]string // secrets by client key, the newest last; empty: gone
	first   string
	// gone are the secrets of tenants that are gone, disabled the tenants that are, seen
	// the ids of events.
	gone           map[string][]string
	disabled, seen map[string]bool
	rooms          map[string]bool   // of the chat
	sites          map[string]string // of Forge's installations
	stuck          bool
}

// weak reports whether the app has one of some weaknesses.
func (a *weakApp) weak(ids ...string) bool { return slices.Contains(ids, a.weakness) }

func (a *weakApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := func(ok bool) {
		if !ok {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
	if a.full(r) {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	switch r.URL.Path {
	case "/atlassian-connect.json":
		kind := "application/json"
		if a.weak("descriptor.type") {
			kind = "text/html"
		}
		w.Header().Set("Content-Type", kind)
		_ = json.NewEncoder(w).Encode(a.descriptor())
	case "/installed":
		answer((r.Method == http.MethodPost || a.weak("method.install-get")) && a.installed(r))
	case "/uninstalled":
		a.mu.Lock()
		defer a.mu.Unlock()
		if status := a.uninstalled(r); status != 0 {
			w.WriteHeader(status)
		}
	case "/page":
		a.servePage(w, r)
	case "/hook":
		a.serveHook(w, r)
	case "/atlassian-chat.json":
		_ = json.NewEncoder(w).Encode(object{
			"key": "weak-chat", "lifecycle": object{"installed": "/chat/installed"},
			"modules": object{"chat:glance": []object{{"key": "glance", "queryUrl": "/chat/glance"}}},
		})
	case "/chat/installed", "/chat/glance":
		a.serveChat(w, r)
	case "/enabled", "/disabled":
		a.serveState(w, r)
	case "/forge":
		if status := a.serveForge(r); status != 0 {
			w.WriteHeader(status)
		}
	default:
		if a.weak("markup.path") {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, r.URL.Path)
			return
		}
		http.NotFound(w, r)
	}
}

// full reports whether an app that takes headers of any size still suffers from some.
func (a *weakApp) full(r *http.Request) bool {
	size := len(r.RequestURI)
	for name, values := range r.Header {
		size += len(name) + len(strings.Join(values, ""))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stuck = a.stuck || size > 100_000
	return a.stuck && a.weak("flood.header-large", "flood.headers-many", "flood.address-long")
}

func (a *weakApp) descriptor() object {
	migrations := object{}
	for _, name := range []string{"signed-install", "context-qsh", "gdpr"} {
		migrations[name] = !a.weak("descriptor." + name)
	}
	d := object{
		"key": "weak", "baseUrl": a.base, "authentication": object{"type": "jwt"}, "apiMigrations": migrations,
		"lifecycle": object{"installed": "/installed", "uninstalled": "/uninstalled", "enabled": "/enabled", "disabled": "/disabled"},
		"modules": object{
			"generalPages": []object{{"key": "page", "url": "/page"}},
			"webhooks":     []object{{"event": "jira:issue_updated", "url": "/hook"}},
		},
	}
	if a.weak("descriptor.authentication") {
		d["authentication"] = object{"type": "none"}
	}
	if a.weak("descriptor.scopes") {
		d["scopes"] = []string{"READ", "EVERYTHING"}
	}
	if a.weak("descriptor.tls") {
		d["baseUrl"] = "http://judge.example.com"
	}
	if a.weak("descriptor.base-url") {
		d["baseUrl"] = "https://elsewhere.example.com"
	}
	if a.weak("bare") {
		d["lifecycle"] = object{"installed": "/installed"}
		d["modules"] = object{"generalPages": []object{{"key": "page", "url": "/page"}}}
	}
	if a.weak("descriptor.uninstalled") {
		d["lifecycle"] = object{"installed": "/installed"}
	}
	return d
}

// authorization is what follows a scheme in the header.
func authorization(r *http.Request, scheme string) (string, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		return "", false
	}
	return strings.CutPrefix(headers[0], scheme+" ")
}

// pageToken finds the one token of a page's call.
func (a *weakApp) pageToken(r *http.Request) (string, bool) {
	headers, inQuery := r.Header.Values("Authorization"), r.URL.Query()["jwt"]
	if len(inQuery) == 1 && len(headers) == 0 {
		return inQuery[0], true
	}
	for scheme, name := range map[string]string{"Bearer": "page.token-bearer", "Basic": "page.token-basic"} {
		if raw, ok := authorization(r, scheme); ok && a.weak(name) {
			return raw, true
		}
	}
	if cookie, err := r.Cookie("jwt"); err == nil && a.weak("page.token-cookie") {
		return cookie.Value, true
	}
	switch raw, ok := authorization(r, "JWT"); {
	case len(headers) == 2 && a.weak("page.token-twice-headers"), len(headers) == 1 && len(inQuery) == 0 && !a.weak("accept.header"):
		return raw, ok
	case len(inQuery) == 2 && a.weak("page.token-twice-parameters"):
		return inQuery[1], true
	case len(inQuery) == 1 && a.weak("page.token-two-places"):
		return inQuery[0], true
	}
	return "", false
}

// odd are addresses that an app may stumble over, by the case that tries them.
func (a *weakApp) odd(r *http.Request) bool {
	query, _, _ := strings.Cut("?"+r.URL.RawQuery, "jwt=")
	query = strings.TrimRight(query, "&?")
	names := map[string]string{
		"": "plain", "?a=x%20y": "space", "?a=x+y": "plus", "?a=*": "star", "?a=~x": "tilde", "?a=x,y": "comma", "?a=2&a=1": "repeated",
		"?a=&b": "empty", "?a=%E2%82%AC": "unicode", "?a=%26%3D%2F%3F": "encoded", "?b=1&a=2&B=3": "order",
	}
	if strings.HasPrefix(query, "?xdm_e") {
		return a.weak("accept.usual")
	}
	return a.weak("accept." + names[query])
}

func (a *weakApp) page(family string, r *http.Request) bool {
	raw, there := a.pageToken(r)
	if !there {
		return a.weak(family+"token-missing") || r.Header.Get("X-Forwarded-User") != "" && a.weak("forwarded.user") ||
			r.Header.Get("X-Forwarded-For") != "" && a.weak("forwarded.for")
	}
	t, ok, done := a.parse(family, raw)
	if done {
		return ok
	}
	right, pass := a.algorithm(family, t, "HS256")
	if pass || !right {
		return pass
	}
	issuer, isText := t.claims["iss"].(string)
	switch {
	case t.claims["iss"] == nil:
		return a.weak(family + "iss-missing")
	case !isText:
		return a.weak(family + "iss-number")
	case issuer == "weak" && t.claims["aud"] != nil:
		return a.weak(family + "session")
	case issuer == "weak":
		return a.weak(family + "iss-app")
	}
	a.mu.Lock()
	secrets, known := a.tenants[issuer]
	first, disabled := a.first, a.disabled[issuer]
	if a.weak("life.neighbours-at-once") {
		for _, more := range a.tenants {
			secrets = append(slices.Clone(secrets), more...)
		}
	}
	a.mu.Unlock()
	if !known {
		return a.weak(family + "iss-unknown")
	}
	if len(secrets) == 0 && family == "hook." && a.weak("hook.gone") {
		return true
	}
	if len(secrets) > 1 && !a.weak("life.reinstall", "life.at-once", "life.return-old-secret", "life.neighbours-at-once") {
		secrets = secrets[len(secrets)-1:]
	}
	if disabled || a.odd(r) || a.weak("life.install") && issuer != first {
		return false
	}
	return a.sharedSigned(family, t, secrets) && a.times(family, t.claims) && (t.claims["aud"] == nil || a.weak(family+"aud-other")) && a.hash(family, r, t.claims)
}

func (a *weakApp) sharedSigned(family string, t jws, secrets []string) bool {
	if a.weak("page.key-empty") {
		secrets = append(slices.Clone(secrets), "")
	}
	if a.weak("page.key-public") {
		private, _ := a.site.InstallKey()
		der, _ := x509.MarshalPKIXPublicKey(&private.PublicKey)
		secrets = append(slices.Clone(secrets), string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	}
	right := func(secret string) bool { return hmac.Equal(hmacOf(secret, t.signed), t.signature) }
	return slices.ContainsFunc(secrets, right) || a.unsigned(family)
}
