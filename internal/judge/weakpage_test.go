package judge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"strings"
)

// servePage serves the page, and whatever else is asked of its address.
func (a *weakApp) servePage(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodTrace:
		if w.WriteHeader(http.StatusMethodNotAllowed); a.weak("method.trace") {
			_ = r.Header.Write(w)
		}
		return
	case http.MethodOptions:
		if a.weak("method.options") {
			w.Header().Set("Access-Control-Allow-Origin", "*")
		}
		w.WriteHeader(http.StatusNoContent)
		return
	case http.MethodHead:
		if a.weak("method.head") {
			return
		}
	}
	w.Header().Set("Content-Type", "text/html")
	query := r.URL.Query()
	query.Del("jwt")
	if !a.page("page.", r) {
		w.WriteHeader(http.StatusUnauthorized)
		if a.weak("markup.refused") {
			_, _ = fmt.Fprint(w, "refused: ", query)
		}
		return
	}
	a.pageHeaders(w.Header(), r)
	if r.Header.Get("If-None-Match") == w.Header().Get("Etag") && a.weak("page.etag-of-another") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if a.weak("page.secret-shown") {
		a.mu.Lock()
		defer a.mu.Unlock()
		_, _ = fmt.Fprint(w, a.tenants)
	}
	for name, values := range query {
		value := strings.Join(values, ",")
		if !a.weak("markup.value", "markup.attribute") {
			value = html.EscapeString(value)
		}
		if !a.weak("markup.name") {
			name = html.EscapeString(name)
		}
		_, _ = fmt.Fprintf(w, `<p title="%s">%s</p>`, value, name)
	}
}

func (a *weakApp) pageHeaders(h http.Header, r *http.Request) {
	right := map[string][2]string{
		"headers.cache": {"Cache-Control", "no-cache, no-store"}, "headers.referrer": {"Referrer-Policy", "no-referrer"},
	}
	for id, header := range right {
		if !a.weak(id) {
			h.Set(header[0], header[1])
		}
	}
	wrong := map[string][2]string{
		"headers.cookie": {"Set-Cookie", "session=1; HttpOnly"},
		"headers.frame":  {"X-Frame-Options", "DENY"}, "headers.origin": {"Access-Control-Allow-Origin", r.Header.Get("Origin")},
		"forwarded.page-host": {"Link", r.Host}, "forwarded.page-x-host": {"Link", r.Header.Get("X-Forwarded-Host")},
		"forwarded.page-x-proto": {"Link", r.Header.Get("X-Forwarded-Proto")}, "forwarded.page-x-prefix": {"Link", r.Header.Get("X-Forwarded-Prefix")},
		"forwarded.page-rfc": {"Link", r.Header.Get("Forwarded")},
	}
	if header, ok := wrong[a.weakness]; ok {
		h.Set(header[0], header[1])
	}
	if _, more, ok := strings.Cut(r.URL.Query().Get("judge"), "\r\nX-Judge: "); ok && a.weak("markup.header") {
		h.Set("X-Judge", more)
	}
	h.Set("Etag", `"1"`)
}

// aside is the address and method that a request has for an app that believes its
// headers.
func (a *weakApp) aside(r *http.Request, path string) (string, string) {
	switch a.weakness {
	case "forwarded.hash-original-url":
		return r.Method, cmp.Or(r.Header.Get("X-Original-Url"), path)
	case "forwarded.hash-rewrite-url":
		return r.Method, cmp.Or(r.Header.Get("X-Rewrite-Url"), path)
	case "forwarded.hash-prefix":
		return r.Method, r.Header.Get("X-Forwarded-Prefix") + path
	case "forwarded.hash-method":
		return cmp.Or(r.Header.Get("X-Http-Method-Override"), r.Method), path
	}
	return r.Method, path
}

// misled reports whether an install is addressed to whom its own headers name, for an
// app that believes these.
func (a *weakApp) misled(r *http.Request) bool {
	names := map[string]string{
		"forwarded.install-host": r.Host, "forwarded.install-x-host": r.Header.Get("X-Forwarded-Host"),
		"forwarded.install-rfc": r.Header.Get("Forwarded"), "forwarded.install-x-prefix": r.Header.Get("X-Forwarded-Prefix"),
	}
	return strings.Contains(names[a.weakness], elsewhere) || names[a.weakness] == "/judge"
}

// serveHook serves a webhook.
func (a *weakApp) serveHook(w http.ResponseWriter, r *http.Request) {
	if !a.page("hook.", r) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	data, _ := io.ReadAll(r.Body)
	body, id := string(data), r.Header.Get("X-Atlassian-Webhook-Identifier")
	a.mu.Lock()
	defer a.mu.Unlock()
	again := a.seen[id]
	a.seen = maps.Clone(a.seen)
	if a.seen == nil {
		a.seen = map[string]bool{}
	}
	a.seen[id] = true
	var in struct {
		WebhookEvent any
		Issue        any
	}
	err := json.Unmarshal(data, &in)
	_, known := in.WebhookEvent.(string)
	found := map[string]bool{
		"hook.accept": true, "hook.replay": again, "hook.at-once": again, "hook.retry": r.Header.Get("X-Atlassian-Webhook-Retry") != "",
		"hook.late": r.Header.Get("X-Atlassian-Webhook-Flow") != "", "hook.unknown": in.WebhookEvent == "judge:nothing",
		"hook.more": strings.HasPrefix(body, `{"judge"`), "hook.body-missing": body == "", "hook.body-array": body == "[]", "hook.body-null": body == "null",
		"hook.body-text": err != nil, "hook.body-numbers": in.WebhookEvent != nil && !known, "hook.body-deep": strings.HasPrefix(body, `{"issue":{"issue":`),
		"hook.long-id": len(id) > 1000, "hook.body-large": len(body) > 1<<20,
	}
	if found[a.weakness] {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// serveState serves the calls that enable and disable a tenant.
func (a *weakApp) serveState(w http.ResponseWriter, r *http.Request) {
	state := strings.TrimPrefix(r.URL.Path, "/")
	var in payload
	_ = json.NewDecoder(r.Body).Decode(&in)
	raw, _ := authorization(r, "JWT")
	a.mu.Lock()
	gone := a.gone[in.ClientKey] != nil && len(a.tenants[in.ClientKey]) == 0
	switch {
	case state == "disabled" && (gone && a.weak("life.late-disabled") || a.weak("life.ends-at-once")):
		w.WriteHeader(http.StatusInternalServerError)
		a.mu.Unlock()
		return
	case state == "enabled" && gone && a.weak("life.late-enabled"):
		a.tenants[in.ClientKey] = a.gone[in.ClientKey]
	}
	delete(a.disabled, in.ClientKey) // who is disabled may say so again, and may be enabled
	a.mu.Unlock()
	signed := a.page(state+".", r)
	a.mu.Lock()
	defer a.mu.Unlock()
	if t, _, done := a.parse(state+".", raw); !signed || !done && raw != "" && !a.issued(state+".", t.claims, in.ClientKey) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if a.disabled == nil {
		a.disabled = map[string]bool{}
	}
	a.disabled[in.ClientKey] = state == "disabled" && !a.weak("life.disabled-enabled") || a.weak("life.enabled") || state == "enabled" && a.weak("life.disabled-enabled")
}
