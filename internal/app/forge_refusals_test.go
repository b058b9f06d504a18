package app

import (
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/forge"
)

// forgeHTTPRefusals are cases over the mounted routes by their ids. Their rows
// are in connect/testdata/forge-refusals.tsv.
func forgeHTTPRefusals() map[string]func(*testing.T) {
	return map[string]func(*testing.T){
		"unauthorized":              forgeUnauthorized,
		"forbidden":                 forgeForbidden,
		"keys-down":                 forgeKeysDown,
		"database-closed":           func(t *testing.T) { forgeDatabaseClosed(t, false, forge.PathTick, forge.PathLifecycle) },
		"database-closed-later":     func(t *testing.T) { forgeDatabaseClosed(t, true, forge.PathEvents) },
		"database-closed-page":      func(t *testing.T) { forgeDatabaseClosed(t, false, gadgetPath()) },
		"database-closed-uninstall": func(t *testing.T) { forgeDatabaseClosed(t, true, forge.PathUninstall) },
		"body-limit":                forgeBodyLimit,
		"body-page":                 forgePageBodyLimit,
		"body-none":                 func(t *testing.T) { forgeTakes(t, forge.PathTick, "") },
		"body-unknown-fields": func(t *testing.T) {
			forgeTakes(t, forge.PathEvents, `{"eventType":"avi:jira:updated:issue","unheard":{"of":[1]},"issue":{"key":"A-1","new":true}}`)
		},
		"body-odd":  forgeOddBodies,
		"no-traces": forgeLeavesNoTrace,
	}
}

func TestForgeRefusedOverHTTP(t *testing.T) {
	t.Parallel()
	for id, check := range forgeHTTPRefusals() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			check(t)
		})
	}
}

// Every case has its row, and every row its case.
func TestForgeRefusalsTable(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../connect/testdata/forge-refusals.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, "\t")
		name, _, _ := strings.Cut(cells[min(3, len(cells)-1)], " + ")
		if id, ok := strings.CutPrefix(name, "TestForgeRefusedOverHTTP/"); ok {
			rows = append(rows, id)
		}
	}
	slices.Sort(rows)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(forgeHTTPRefusals())), rows); diff != "" {
		t.Errorf("cases and rows (-cases +rows)\n%s", diff)
	}
}

// doors are all that Forge calls, with what their tokens are made for.
func doors() map[string]connect.ForgeModule {
	return map[string]connect.ForgeModule{
		forge.PathLifecycle: connect.ForgeEndpoint(forge.EndpointLifecycle), forge.PathEvents: connect.ForgeEndpoint(forge.EndpointEvents),
		forge.PathTick: connect.ForgeEndpoint(forge.EndpointTick), forge.PathUninstall: connect.ForgeEndpoint(forge.EndpointUninstall),
		gadgetPath(): {Type: "jira:dashboardGadget", Key: forge.GadgetKey("workload")},
	}
}

// wantRefused wants one of the app's problems, and nothing stored.
func wantRefused(t *testing.T, f *forgeProgram, name string, w answer, status int) {
	t.Helper()
	if w.Code != status || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json") {
		t.Errorf("%s: got %d %s %s, want %d", name, w.Code, w.Header().Get("Content-Type"), w.Body, status)
	}
	if tenants, err := f.Store().Tenants.List(t.Context()); err == nil && len(tenants) > 0 {
		t.Errorf("%s: made a tenant", name)
	}
}

func forgeUnauthorized(t *testing.T) {
	f := newForgeProgram(t)
	texts := map[string]bool{}
	for path, door := range doors() {
		good := f.token(f.claims(door))
		for name, header := range map[string]string{
			"none": "", "another scheme": "JWT " + good, "no token": "Bearer x", "cut": "Bearer " + good[:len(good)-2],
			"foreign API":    "Bearer " + f.token(f.claims(door).app("apiBaseUrl", "https://evil.example/ex/jira/"+testCloud)),
			"isolated cloud": "Bearer " + f.token(f.claims(door).app("icLabel", "gov-1")),
			"another app":    "Bearer " + f.token(f.claims(door).app("id", testForgeApp[:len(testForgeApp)-1]+"9")),
			"ended":          "Bearer " + f.token(f.claims(door).with("exp", f.now-11)),
			"unknown key":    "Bearer " + f.sign(object{"alg": "RS256", "kid": "forge/invocation-token/x"}, f.claims(door)),
		} {
			w := f.send(t, path, header, "{}")
			wantRefused(t, f, path+": "+name, w, http.StatusUnauthorized)
			texts[w.Body.String()] = true
			if got := w.Header().Get("WWW-Authenticate"); got != "Bearer" {
				t.Errorf("%s: %s: got WWW-Authenticate %q", path, name, got)
			}
		}
		w := f.send(t, path+"?jwt="+good, "", "{}")
		wantRefused(t, f, path+": in the address", w, http.StatusUnauthorized)
	}
	if len(texts) != 1 {
		t.Errorf("got %d texts, want one for all: %v", len(texts), slices.Collect(maps.Keys(texts)))
	}
}

func forgeForbidden(t *testing.T) {
	f := newForgeProgram(t)
	for path, door := range doors() {
		for name, c := range map[string]claims{
			"another endpoint":    f.claims(connect.ForgeEndpoint("other")),
			"another kind":        f.claims(connect.ForgeModule{Type: "jira:issuePanel", Key: door.Key}),
			"no module":           f.claims(connect.ForgeModule{}),
			"another environment": f.claims(door).app("environment", object{"type": "DEVELOPMENT", "id": "x"}),
		} {
			wantRefused(t, f, path+": "+name, f.send(t, path, "Bearer "+f.token(c), "{}"), http.StatusForbidden)
		}
	}
}

// wantUnknown wants an answer that makes Forge call again.
func wantUnknown(t *testing.T, name string, w answer) {
	t.Helper()
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%s: got %d, Retry-After %q: %s", name, w.Code, w.Header().Get("Retry-After"), w.Body)
	}
}

func forgeKeysDown(t *testing.T) {
	f := newForgeProgram(t)
	f.keys.Store(http.StatusInternalServerError)
	for path, door := range doors() {
		wantUnknown(t, path, f.send(t, path, "Bearer "+f.token(f.claims(door)), "{}"))
	}
}

// forgeDatabaseClosed closes the database, before or after the tenant's first
// call.
func forgeDatabaseClosed(t *testing.T, later bool, paths ...string) {
	t.Helper()
	f := newForgeProgram(t)
	if w := f.send(t, forge.PathEvents, f.bearer(forge.PathEvents), "{}"); later && w.Code != http.StatusNoContent {
		t.Fatalf("got %d: %s", w.Code, w.Body)
	}
	if !later {
		f = newForgeProgram(t)
	}
	if err := f.Store().Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		wantUnknown(t, path, f.send(t, path, f.bearer(path), "{}"))
	}
}

// Only events have a body that is read; of what the other calls bring nothing counts.
func forgeBodyLimit(t *testing.T) {
	f := newForgeProgram(t)
	most := "{" + strings.Repeat(" ", 25<<20-2) + "}"
	for _, path := range []string{forge.PathLifecycle, forge.PathTick, forge.PathEvents} {
		if w := f.send(t, path, f.bearer(path), most); w.Code != http.StatusNoContent {
			t.Errorf("%s: 25 MiB: got %d: %s", path, w.Code, w.Body)
		}
	}
	if w := f.send(t, forge.PathEvents, f.bearer(forge.PathEvents), " "+most); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("above 25 MiB: got %d: %s", w.Code, w.Body)
	}
}

func forgePageBodyLimit(t *testing.T) {
	f := newForgeProgram(t)
	w := f.sendAs(t, http.MethodPost, gadgetPath()+"/form", f.bearer(gadgetPath()), `{"form":"`+strings.Repeat("x", 1<<20)+`"}`)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d: %s", w.Code, w.Body)
	}
}

// forgeTakes wants a body taken.
func forgeTakes(t *testing.T, path string, bodies ...string) {
	t.Helper()
	f := newForgeProgram(t)
	for _, body := range bodies {
		if w := f.send(t, path, f.bearer(path), body); w.Code != http.StatusNoContent || w.Body.Len() > 0 {
			t.Errorf("%.40q: got %d: %s", body, w.Code, w.Body)
		}
	}
}

// What an event says that nobody understands marks more than it must, and fails
// nothing.
func forgeOddBodies(t *testing.T) {
	forgeTakes(t, forge.PathEvents, "[]", "null", "7", "<html>", "{", "\xff\xfe{}", `{"eventType":7}`, `{"issue":[]}`,
		`{"eventType":"avi:jira:updated:issue","eventType":[],"issue":"x"}`, `{"payload":{"payload":{"payload":null}}}`,
		"7"+strings.Repeat(" ", 26<<20), // what is no event at its first byte is not read to its end
		strings.Repeat(`{"payload":`, 20000), strings.Repeat("[", 100000), `{"eventType":"avi:jira:viewed:board"}`)
}

// forgeLeavesNoTrace looks for tokens in all that a call leaves.
func forgeLeavesNoTrace(t *testing.T) {
	f := newForgeProgram(t)
	check := func(name string, w answer, secrets ...string) {
		var all strings.Builder
		_ = w.Header().Write(&all)
		all.WriteString(w.Body.String())
		all.WriteString(f.logs.String())
		for _, secret := range secrets {
			if strings.Contains(all.String(), secret) {
				t.Errorf("%s: the answer or the log holds %.20s…", name, secret)
			}
		}
	}
	send := func(name, path string, c claims) {
		token := f.token(c)
		parts := strings.Split(token, ".")
		w := f.send(t, path, "Bearer "+token, `{"secret":"`+f.system+`"}`)
		check(name, w, f.system, f.user, parts[1], parts[2])
	}
	for path, door := range doors() {
		send("good", path, f.claims(door))
		send("refused", path, f.claims(door).with("iss", "x"))
		send("foreign", path, f.claims(door).app("apiBaseUrl", "https://"+f.system+"/ex/jira/x"))
		send("denied", path, f.claims(connect.ForgeEndpoint("other")))
	}
	if err := f.Store().Close(); err != nil {
		t.Fatal(err)
	}
	for path, door := range doors() {
		send("closed", path, f.claims(door))
	}
	if f.logs.String() == "" {
		t.Error("nothing was logged")
	}
}
