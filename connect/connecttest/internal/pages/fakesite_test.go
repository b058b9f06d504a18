package pages

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// fakeSite is the pages with just enough JSON behind them, and an app on
// another port whose pages run the test's script and report to it.
type fakeSite struct {
	site, app *httptest.Server
	reports   chan report

	mu         sync.Mutex
	calls      []restCall
	configured bool
	label      string
	events     chan string
}

// report is what the app's page tells the test.
type report struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

type restCall struct {
	As     string            `json:"-"`
	Method string            `json:"method"`
	Path   string            `json:"path"`
	App    string            `json:"app"`
	Body   json.RawMessage   `json:"body"`
	Header map[string]string `json:"headers"`
}

func newFakeSite(t *testing.T, script string) *fakeSite {
	t.Helper()
	f := &fakeSite{reports: make(chan report, 100), events: make(chan string, 10), label: "3 open"}
	f.app = httptest.NewServer(f.appPages(script))
	t.Cleanup(f.app.Close)
	f.site = httptest.NewServer(f.sitePages())
	t.Cleanup(func() {
		close(f.events)
		f.site.Close()
	})
	return f
}

// appPages serve any path as a page that runs script.
func (f *fakeSite) appPages(script string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /report", func(_ http.ResponseWriter, r *http.Request) {
		var got report
		if json.NewDecoder(r.Body).Decode(&got) == nil {
			f.reports <- got
		}
	})
	mux.HandleFunc("OPTIONS /service/{target}", func(w http.ResponseWriter, _ *http.Request) { f.allow(w) })
	mux.HandleFunc("POST /service/{target}", f.service)
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html><head>
<script src="%s/atlassian-connect/all.js" data-options="margin:false"></script></head>
<body><div class="ac-content"><p id="text">the app</p></div><script>
let told = Promise.resolve(); // one report after another, in the order of the calls
const tell = (name, value) => {
  const body = JSON.stringify({name, value: value ?? null});
  told = told.then(() => fetch('/report', {method: 'POST', body}));
};
%s</script></body></html>`, f.site.URL, script)
	})
	return mux
}

// allow lets the site's pages call the app.
func (f *fakeSite) allow(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Origin", f.site.URL)
	w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type")
}

// service refuses one target, and tells others what comes next.
func (f *fakeSite) service(w http.ResponseWriter, r *http.Request) {
	f.allow(w)
	w.Header().Set("Content-Type", "application/json")
	data, _ := io.ReadAll(r.Body)
	name, _ := json.Marshal(r.Header.Get("Authorization"))
	f.reports <- report{"service", data}
	f.reports <- report{"authorization", name}
	if r.PathValue("target") == "refuse" {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"error":"Not <b>yours</b>"}`)
		return
	}
	_, _ = io.WriteString(w, `{"message":"Acknowledged","nextAction":{"target":{"openDialog":{"key":"setup-dialog"}}}}`)
}

func (f *fakeSite) sitePages() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", Handler())
	answer := func(pattern string, value func(r *http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(value(r))
		})
	}
	answer("GET /-/people", func(*http.Request) any { return []any{ann(), ben()} })
	answer("GET /-/apps", func(*http.Request) any { return object{"apps": f.apps()} })
	f.faults(mux)
	answer("POST /-/forge/ticks", func(*http.Request) any { return object{"sent": 1} })
	answer("GET /-/ui/dashboards", func(*http.Request) any {
		return object{"dashboards": []any{object{"id": "10000", "name": "Team", "owner": ann(), "shared": true, "canView": true}}}
	})
	answer("GET /-/ui/dashboards/{id}", f.dashboard)
	answer("GET /-/ui/dashboards/{id}/items/{item}", f.item)
	answer("POST /-/ui/context-token", func(r *http.Request) any {
		return object{"token": fakeToken(object{"sub": r.FormValue("as"), "iss": r.FormValue("app"), "qsh": "context-qsh", "context": object{"jira": object{"dashboard": object{"id": "10000"}}}})}
	})
	answer("POST /-/ui/rest", f.rest)
	answer("GET /-/requests", func(*http.Request) any { return object{"next": 1, "requests": []any{f.request()}} })
	answer("GET /-/chat", func(*http.Request) any { return object{"conversations": []any{f.conversation()}, "pushed": []any{}} })
	answer("GET /-/ui/chat/{conversation}", f.room)
	answer("GET /-/ui/chat/{conversation}/modules/{module}", func(r *http.Request) any {
		return object{"url": f.app.URL + "/" + r.PathValue("module") + "?jwt=" + fakeToken(object{"sub": r.FormValue("as")})}
	})
	answer("GET /-/ui/chat/{conversation}/services/{target}", func(r *http.Request) any {
		return object{"url": f.app.URL + "/service/" + r.PathValue("target"), "token": fakeToken(object{"sub": r.FormValue("as"), "app": r.FormValue("app")})}
	})
	answer("POST /-/ui/chat/{conversation}/token", func(r *http.Request) any {
		return object{"token": fakeToken(object{"sub": r.FormValue("as"), "app": r.FormValue("app")})}
	})
	mux.HandleFunc("GET /-/events", f.stream)
	return mux
}

// faults are kept as they come.
func (f *fakeSite) faults(mux *http.ServeMux) {
	list := []json.RawMessage{}
	mux.HandleFunc("/-/faults", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		switch r.Method {
		case http.MethodPost:
			data, _ := io.ReadAll(r.Body)
			list = append(list, data)
		case http.MethodDelete:
			list = list[:0]
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(object{"faults": list})
	})
}

type object = map[string]any

func ann() object {
	return object{"accountId": "ann", "displayName": "Ann Able", "label": "owner", "timeZone": "Asia/Tokyo", "admin": true}
}

func ben() object { return object{"accountId": "ben", "displayName": "Ben Best", "label": "sees less"} }

func fakeToken(claims object) string {
	encode := func(value any) string {
		data, _ := json.Marshal(value)
		return base64.RawURLEncoding.EncodeToString(data)
	}
	return encode(object{"alg": "HS256", "typ": "JWT"}) + "." + encode(claims) + ".c2ln"
}

// apps are one on Connect, one in the hybrid stage, whose pages have the same
// title, one on Forge and one of the chat.
func (f *fakeSite) apps() []object {
	app := func(key, kind string, more object) object {
		one := object{
			"key": key, "name": "Workload", "product": "jira", "kind": kind, "baseUrl": "https://workload.example/app", "cloudId": "11111111-2222-3333-4444-555555555555",
			"scopes": []string{"read:jira-work", "write:jira-work", "read:jira-user"}, "pages": []object{}, "upgrades": []string{},
		}
		maps.Copy(one, more)
		return one
	}
	page := func(kind string) object {
		return object{"key": "configure-" + kind, "title": "Configure", "kind": kind, "path": "/configure/" + kind, "admin": true}
	}
	forge := object{
		"appId": "ari:cloud:ecosystem::app/00000000-1111-2222-3333-444444444444", "installationId": "ari:cloud:ecosystem::installation/55555555-6666-7777-8888-999999999999",
		"environment": "PRODUCTION", "version": "3.0.0", "pages": []object{page("forge")},
	}
	hybrid := object{"connectKey": "com.example.hybrid", "clientKey": "client-key", "pages": []object{page("forge"), page("connect")}, "upgrades": []string{"forge"}}
	for key, value := range forge {
		if _, ok := hybrid[key]; !ok {
			hybrid[key] = value
		}
	}
	return []object{
		app("com.example.app", "connect", object{"connectKey": "com.example.app", "clientKey": "client-key", "pages": []object{page("connect")}, "upgrades": []string{"hybrid", "forge"}}),
		app("hybrid", "hybrid", hybrid), app("forge", "forge", forge),
		app("chat-app", "connect", object{"product": "chat", "conversations": []string{"room-1"}}),
	}
}

func (f *fakeSite) dashboard(r *http.Request) any {
	as := r.FormValue("as")
	viewer := map[string]any{"": ann(), "ann": ann(), "ben": ben()}[as]
	out := object{
		"dashboard": object{"id": "10000", "name": "Team", "owner": ann(), "shared": true}, "viewer": viewer,
		"viewers": []any{ann(), ben(), object{"accountId": "", "displayName": "Anonymous", "label": "anonymous"}},
		"canView": as != "anonymous", "canEdit": as != "ben", "items": []any{},
	}
	if as != "anonymous" {
		out["items"] = []any{f.item(r)}
	}
	return out
}

func (f *fakeSite) item(r *http.Request) any {
	return object{
		"id": "20000", "title": "Workload", "app": "com.example.app", "module": "prefix:com.example.app__load", "moduleKey": "load",
		"url":    f.app.URL + "/gadget?dashboard=10000&jwt=" + fakeToken(object{"sub": r.FormValue("as"), "qsh": "abc"}),
		"origin": f.app.URL, "configurable": true, "refreshable": true, "editable": r.FormValue("as") != "ben", "column": 0, "row": 0,
	}
}

func (f *fakeSite) request() object {
	return object{
		"seq": 1, "from": "com.example.app", "to": "site", "method": "GET", "path": "/rest/api/3/myself", "query": "expand=groups",
		"caller": "ann", "operation": "myself.get", "status": 403, "reason": "scope READ is missing",
		"start": "2026-11-24T10:00:00.000Z", "end": "2026-11-24T10:00:00.012Z",
		"token": object{"where": "header", "header": object{"alg": "HS256"}, "claims": object{"iss": "com.example.app", "iat": 1795514400, "exp": 1795514580}},
	}
}

// rest records the call; one path fails, searches find one issue.
func (f *fakeSite) rest(r *http.Request) any {
	call := restCall{As: r.FormValue("as")}
	data, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(data, &call)
	f.mu.Lock()
	f.calls = append(f.calls, call)
	f.mu.Unlock()
	issue := object{"key": "ABC-1", "fields": object{
		"summary": "Fix <b>it</b>", "status": object{"name": "To Do", "statusCategory": object{"key": "new"}},
		"assignee": ann(), "duedate": "2020-01-02", "project": object{"key": "ABC", "name": "Alphabet"},
	}}
	ok := func(body any) any {
		return object{"status": 200, "headers": object{"Content-Type": "application/json"}, "body": body}
	}
	switch path, _, _ := strings.Cut(call.Path, "?"); {
	case path == "/rest/api/3/search/jql" && strings.Contains(string(call.Body), "nonsense"):
		return object{"status": 400, "headers": object{}, "body": object{"errorMessages": []string{"Field 'nonsense' does not exist."}}}
	case path == "/rest/api/3/search/jql":
		return ok(object{"issues": []any{issue}})
	case path == "/rest/api/3/forbidden":
		return object{"status": 403, "headers": object{}, "body": object{"errorMessages": []string{"no"}}}
	case path == "/rest/api/3/issue/ABC-1/transitions" && call.Method == "GET":
		return ok(object{"transitions": []any{object{"id": "21", "name": "Start", "to": object{"name": "In Progress"}}}})
	case path == "/rest/api/3/issue/ABC-1/worklog" && call.Method == "GET":
		return ok(object{"total": 1, "worklogs": []any{object{"author": ben(), "started": "2026-11-20T10:00:00.000+0000", "timeSpentSeconds": 5400}}})
	case path == "/rest/api/3/issue/ABC-1" && call.Method == "GET":
		return ok(issue)
	case call.Method != "GET":
		return object{"status": 204, "headers": object{}, "body": nil}
	}
	return ok(object{"accountId": call.As})
}

func (f *fakeSite) conversation() object {
	f.mu.Lock()
	defer f.mu.Unlock()
	return object{"id": "room-1", "name": "Release room", "topic": "v2", "apps": []any{object{
		"key": "chat-app", "name": "Workload",
		"glances": []any{
			object{"key": "open", "name": "Open work", "icon": object{"url": f.app.URL + "/icon.svg"}, "label": f.label, "target": object{"kind": "sidebar", "key": "board"}},
			object{"key": "set", "name": "Set up", "label": "", "target": "set-up"},
			object{"key": "ack", "name": "Ack", "label": "", "target": "ack"},
			object{"key": "no", "name": "No", "label": "", "target": "no"},
		},
		"configurations": []any{object{"key": "setup", "configured": f.configured, "dialog": "setup-dialog"}},
		"dialogs": []any{object{
			"key": "setup-dialog", "title": "Set up", "width": "480px", "height": "320px",
			"primaryAction": object{"key": "save", "name": "Save"}, "secondaryActions": []any{object{"key": "cancel", "name": "Cancel"}},
		}},
		"sidebars": []any{object{"key": "board", "name": "Board"}},
		"targets": []any{
			object{"key": "set-up", "destination": object{"kind": "dialog", "key": "setup-dialog"}},
			object{"key": "ack", "destination": object{"kind": "service", "key": "ack", "parameters": object{"a": 1}}},
			object{"key": "no", "destination": object{"kind": "service", "key": "refuse"}},
		},
	}}}
}

func (f *fakeSite) room(r *http.Request) any {
	conversation := f.conversation()
	viewer := map[string]any{"ann": ann(), "ben": ben()}[r.FormValue("as")]
	return object{
		"conversation": conversation, "members": []any{ann(), ben()}, "viewer": viewer, "apps": conversation["apps"],
		"messages": []any{object{"id": "m1", "time": "2026-11-24T09:00:00Z", "sender": "ann", "text": "Hello", "body": object{
			"type": "doc", "version": 1, "content": []any{object{"type": "paragraph", "content": []any{object{"type": "text", "text": "Hello <i>all</i>"}}}},
		}}},
	}
}

// stream sends what the test puts into events.
func (f *fakeSite) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	_, _ = io.WriteString(w, ": listening\n\n")
	for out.Flush() == nil {
		select {
		case text, open := <-f.events:
			if !open {
				return
			}
			_, _ = io.WriteString(w, text)
		case <-r.Context().Done():
			return
		}
	}
}

func (f *fakeSite) push(label string, configured bool) {
	f.mu.Lock()
	f.label, f.configured = label, configured
	f.mu.Unlock()
	f.events <- "event: chat\ndata: {\"conversation\":\"room-1\"}\n\n"
}

// called finds a REST call that the pages have made.
func (f *fakeSite) called(method, path string) (restCall, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, call := range f.calls {
		if call.Method == method && call.Path == path {
			return call, true
		}
	}
	return restCall{}, false
}
