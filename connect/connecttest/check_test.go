package connecttest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// seen is what Options.Check was shown.
type seen struct {
	method, path, sent, reread, kind, answer string
	status                                   int
}

type witness struct {
	mu  sync.Mutex
	all []seen
}

func (v *witness) check(r *http.Request, sent []byte, status int, header http.Header, answer []byte) {
	reread, _ := io.ReadAll(r.Body)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.all = append(v.all, seen{r.Method, r.URL.Path, string(sent), string(reread), header.Get("Content-Type"), string(answer), status})
}

// last takes what was seen since the last time, which must be one answer.
func (v *witness) last(t *testing.T) seen {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.all) != 1 {
		t.Fatalf("got %d answers, want 1: %+v", len(v.all), v.all)
	}
	one := v.all[0]
	v.all = nil
	return one
}

func TestCheckSeesEveryAnswer(t *testing.T) {
	t.Parallel()
	var v witness
	site := NewSite(t, Options{Check: v.check})
	auth := basic(admin(site))
	const role = `{"name":"Reviewers"}`
	for _, tt := range []struct {
		method, path, auth, body string
		want                     int
	}{
		{"GET", "/rest/api/3/myself", auth, "", 200},
		{"GET", "/rest/api/3/myself", "", "", 401},
		{"GET", "/rest/api/3/myself", "Basic nonsense", "", 401},
		{"GET", "/rest/api/3/nothing", auth, "", 404},
		{"POST", "/rest/api/2/role", auth, role, 200},
		{"POST", "/rest/api/2/role", auth, role, 409},
		{"POST", "/rest/api/2/role", "", role, 401},
		{"GET", "/_edge/tenant_info", "", "", 200},
	} {
		got := do(t, tt.method, site.URL()+tt.path, "application/json", tt.body, tt.auth)
		one := v.last(t)
		if got.status != tt.want || one.status != tt.want || one.method != tt.method || one.path != tt.path {
			t.Errorf("%s %s: got %d, seen %+v, want %d", tt.method, tt.path, got.status, one, tt.want)
		}
		if one.sent != tt.body || one.reread != tt.body || strings.TrimSpace(one.answer) != string(got.body) || one.kind != got.header.Get("Content-Type") {
			t.Errorf("%s %s: sent %s, got %s, seen %+v", tt.method, tt.path, tt.body, got.body, one)
		}
	}
	get(t, site.URL()+"/-/people", "")
	get(t, site.URL()+"/jira/dashboards", "")
	if len(v.all) != 0 {
		t.Errorf("control calls and pages: seen %+v", v.all)
	}
}

func TestCheckSeesFaultsAndTheBrowser(t *testing.T) {
	t.Parallel()
	var v witness
	site := NewSite(t, Options{Check: v.check})
	addFault(t, site, Fault{Path: "/rest/*", Status: 408, Times: 1})
	if got := get(t, site.URL()+"/rest/api/3/user/search/query", ""); got.status != 408 || v.last(t).status != 408 {
		t.Errorf("fault: got %d", got.status)
	}
	addFault(t, site, Fault{Path: "/rest/*", Reset: true, Times: 1})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL()+"/rest/api/3/role", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := http.DefaultTransport.RoundTrip(r); err == nil {
		response.Body.Close()
		t.Errorf("broken connection: got %d", response.StatusCode)
	}
	do(t, "POST", site.URL()+"/-/ui/rest?as="+admin(site).AccountID, "application/json", `{"method":"GET","path":"/rest/api/3/myself"}`, "")
	if one := v.last(t); one.status != 200 || one.path != "/rest/api/3/myself" {
		t.Errorf("browser: got %+v", one)
	}
}

func TestStrict(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t, Options{Strict: true}), newTestApp(t)
	app.mustInstall(t, site)
	got := get(t, site.URL()+"/rest/api/3/myself?verbose=1", basic(admin(site)))
	if got.status != 400 || !strings.Contains(string(got.body), "verbose") {
		t.Errorf("got %d %s", got.status, got.body)
	}
	for query, want := range map[string]int{"": 200, "?verbose=1": 400} {
		self := app.selfURL(site) + query
		if got := get(t, self, "JWT "+app.token(t, "GET", self, nil)); got.status != want {
			t.Errorf("addon%s: got %d %s, want %d", query, got.status, got.body, want)
		}
	}
	state := roomURL(site, app.mustInstallChat(t, site, "").Conversation) + "/app/module/chat:configuration/setup/state"
	for query, want := range map[string]int{"": 204, "?verbose=1": 400} {
		if got := do(t, "PUT", state+query, "application/json", `{"configured":true}`, chatAuth(t, site)); got.status != want {
			t.Errorf("state%s: got %d %s, want %d", query, got.status, got.body, want)
		}
	}
	if got := get(t, site.URL()+"/rest/api/3/serverInfo", basic(admin(site))); got.status != 200 {
		t.Errorf("known: got %d %s", got.status, got.body)
	}
}

func TestSettingsCalls(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	provider := func() int {
		return get(t, site.URL()+"/rest/api/3/configuration/timetracking", basic(admin(site))).status
	}
	if got := provider(); got != 200 {
		t.Errorf("on: got %d", got)
	}
	if got := do(t, "PUT", site.URL()+"/-/settings", "application/json", `{"timeTrackingOff":true}`, ""); got.status != 200 || provider() != 204 {
		t.Errorf("off: got %d %s, then %d", got.status, got.body, provider())
	}
	var s Settings
	get(t, site.URL()+"/-/settings", "").into(t, &s)
	if s != (Settings{TimeTrackingOff: true}) || site.Settings() != s {
		t.Errorf("got %+v", s)
	}
	other := `{"timeTracking":{"key":"k","name":"N","url":"/u"},"workingHoursPerDay":7.5,"workingDaysPerWeek":4}`
	if got := do(t, "PUT", site.URL()+"/-/settings", "application/json", other, ""); got.status != 200 || provider() != 200 {
		t.Errorf("another provider: got %d %s", got.status, got.body)
	}
	if got := site.Settings(); got.TimeTracking == nil || *got.TimeTracking != (TimeTrackingProvider{"k", "N", "/u"}) || got.WorkingHoursPerDay != 7.5 || got.WorkingDaysPerWeek != 4 {
		t.Errorf("got %+v", got)
	}
	for _, bad := range []string{`{"workingHoursPerDay":25}`, `{"workingHoursPerDay":-1}`, `{"workingDaysPerWeek":8}`, `{"timeTracking":{"name":"N"}}`} {
		if got := do(t, "PUT", site.URL()+"/-/settings", "application/json", bad, ""); got.status != 422 {
			t.Errorf("%s: got %d %s", bad, got.status, got.body)
		}
	}
	for _, bad := range []string{`{"x":1}`, `{`, `{"timeTrackingOff":1}`} {
		if got := do(t, "PUT", site.URL()+"/-/settings", "application/json", bad, ""); got.status != 400 {
			t.Errorf("%s: got %d", bad, got.status)
		}
	}
	site.Reset()
	if got := provider(); got != 200 {
		t.Errorf("reset: got %d", got)
	}
}

func TestFaultBodies(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	tests := []struct {
		path, headers string
		status        int
		member        string
	}{
		{"/rest/api/3/user/search", "", 429, "errorMessages"},
		{"/rest/api/3/user/search/query", "", 408, "errorMessages"},
		{"/rest/api/3/users/search", "", 409, "errorMessages"},
		{"/rest/api/3/myself", "X-RateLimit-Remaining", 429, "errorMessages"},
		{"/dc/rest/api/2/user", "", 500, "errorMessages"},
		{"/wiki/rest/api/user", "", 503, "message"},
		{"/site/x/conversation", "", 429, "message"},
	}
	for _, tt := range tests {
		fault := Fault{Path: tt.path, Status: tt.status, RetryAfter: 3, Times: 1}
		if tt.headers != "" {
			fault.Headers = map[string]string{tt.headers: "0"}
		}
		addFault(t, site, fault)
		got := get(t, site.URL()+tt.path, "")
		var body map[string]json.RawMessage
		got.into(t, &body)
		if got.status != tt.status || body[tt.member] == nil || got.header.Get("Retry-After") != "3" ||
			got.header.Get("Content-Type") != "application/json;charset=UTF-8" {
			t.Errorf("%s: got %d %v %s", tt.path, got.status, got.header, got.body)
		}
	}
	for _, f := range []Fault{
		{Path: "/rest/*", Status: 204, Times: 1},
		{Path: "/rest/*", Status: 302, Times: 1},
		{Path: "/rest/*", Status: 502, Times: 1, Body: "<html>", Headers: map[string]string{"Content-Type": "text/html"}},
	} {
		addFault(t, site, f)
		if got := get(t, site.URL()+"/rest/api/3/myself", ""); got.status != f.Status || string(got.body) != f.Body {
			t.Errorf("%d: got %d %s", f.Status, got.status, got.body)
		}
	}
}
