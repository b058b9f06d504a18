package isolation

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

// secured are the headers that an answer must have.
type secured struct {
	name, method, address string
	token, kind, body     string
	status                int
	frames                string // who may frame it, "" for nobody
	cached                bool
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	b := harness.NewBoard(t, r.Running, "HARB")
	f := harness.Forger{Running: r.Running}
	f.App.ClientKey = tenantKey(t, r.Running)
	looked := b.Look(t, b.Dashboard.Owner)
	session := "JWT " + harness.Attribute(t, looked.Body, "data-session")
	static := harness.Attribute(t, looked.Body, `rel="stylesheet" href`)
	chat := "Bearer " + r.Sign(t, r.Claims())
	signed := func(method, address string) string {
		return "JWT " + f.Sign(t, f.Claims(method, address))
	}
	const form, body = "application/x-www-form-urlencoded", "application/json"
	gadget, site := b.Address("/gadget/workload"), r.Site.URL()
	for _, tc := range []secured{
		{name: "gadget", address: gadget, token: signed("GET", gadget), status: 200, frames: site},
		{name: "directory", address: "/gadget/workload?view=directory", token: signed("GET", "/gadget/workload?view=directory"), status: 200, frames: site},
		{name: "directory of the time logged", address: "/gadget/timelog?view=directory", token: signed("GET", "/gadget/timelog?view=directory"), status: 200, frames: site},
		{name: "day of another", address: "/gadget/timelog/day?dashboardId=1&dashboardItemId=1&person=x&day=2026-01-01", token: session, status: 403},
		{name: "day refused", address: b.Address("/gadget/timelog/day"), status: 401},
		{name: "entry refused", method: "POST", address: b.Address("/gadget/timelog/entry"), kind: form, body: "spent=1h", status: 401},
		{name: "configure", address: "/configure", token: signed("GET", "/configure"), status: 200, frames: site},
		{name: "page without item", address: "/gadget/workload", token: signed("GET", "/gadget/workload"), status: 422, frames: site},
		{name: "page refused", address: gadget, status: 401, frames: site},
		{name: "view", address: b.Address("/gadget/workload/view"), token: session, status: 200},
		{name: "view refused", address: b.Address("/gadget/workload/view"), status: 401},
		{name: "view of another", address: "/gadget/workload/view?dashboardId=1&dashboardItemId=1", token: session, status: 403},
		{name: "form", address: b.Address("/gadget/workload/form"), token: session, status: 200},
		{name: "save wrong", method: "POST", address: b.Address("/gadget/workload/form"), token: session, kind: form, body: "window=1", status: 422},
		{name: "save too much", method: "POST", address: b.Address("/gadget/workload/form"), token: session, kind: form, body: strings.Repeat("x", 70<<10), status: 413},
		{name: "lifecycle", method: "POST", address: "/lifecycle/enabled", token: signed("POST", "/lifecycle/enabled"), kind: body, body: fmt.Sprintf(`{"key":%q,"clientKey":%q,"baseUrl":%q}`, harness.AppKey, f.App.ClientKey, site), status: 204},
		{name: "lifecycle refused", method: "POST", address: "/lifecycle/installed", kind: body, body: "{}", status: 401},
		{name: "webhook", method: "POST", address: "/webhooks/issue", token: signed("POST", "/webhooks/issue"), kind: body, body: "{}", status: 200},
		{name: "webhook refused", method: "POST", address: "/webhooks/issue", kind: body, body: "{}", status: 401},
		{name: "chat dialog", address: "/chat/setup", token: chat, status: 200, frames: site},
		{name: "chat sidebar", address: "/chat/sidebar", token: chat, status: 200, frames: site},
		{name: "chat page refused", address: "/chat/sidebar", status: 401, frames: site},
		{name: "chat view", address: "/chat/sidebar/view", token: chat, status: 200},
		{name: "chat state", address: "/chat/glance", token: chat, status: 200},
		{name: "chat state refused", address: "/chat/configuration", status: 401},
		{name: "preflight", method: "OPTIONS", address: "/chat/glance", status: 204},
		{name: "descriptor", address: "/atlassian-connect.json", status: 200},
		{name: "chat descriptor", address: "/atlassian-chat.json", status: 200},
		{name: "health", address: "/healthz", status: 200},
		{name: "ready", address: "/readyz", status: 200},
		{name: "not found", address: "/nowhere", status: 404},
		{name: "wrong method", method: "DELETE", address: "/configure", status: 405},
		{name: "style", address: static, status: 200, cached: true},
		{name: "icon", address: "/static/icon.svg", status: 200, cached: true},
		{name: "no such file", address: "/static/nothing", status: 404},
	} {
		t.Run(tc.name, func(t *testing.T) { isSecured(t, r.Running, tc) })
	}
}

func tenantKey(t testing.TB, r *harness.Running) string {
	t.Helper()
	tenants, err := r.Store.Tenants.List(t.Context())
	if err != nil || len(tenants) != 1 {
		t.Fatalf("%d tenants (%v)", len(tenants), err)
	}
	return string(tenants[0].ClientKey)
}

func isSecured(t *testing.T, r *harness.Running, tc secured) {
	t.Helper()
	if tc.method == "" {
		tc.method = http.MethodGet
	}
	req := harness.NewRequest(t, tc.method, r.URL+tc.address, strings.NewReader(tc.body))
	if tc.token != "" {
		req.Header.Set("Authorization", tc.token)
	}
	req.Header.Set("Content-Type", tc.kind)
	p := harness.Ask(t, req)
	if p.Status != tc.status {
		t.Errorf("status %d, want %d\n%s", p.Status, tc.status, p.Body)
	}
	frames := tc.frames
	if frames == "" {
		frames = "'none'"
	}
	policy := map[string]string{}
	for part := range strings.SplitSeq(p.Header.Get("Content-Security-Policy"), "; ") {
		name, value, _ := strings.Cut(part, " ")
		policy[name] = value
	}
	got := map[string]string{
		"nosniff": p.Header.Get("X-Content-Type-Options"), "referrer": p.Header.Get("Referrer-Policy"),
		"default": policy["default-src"], "frames": policy["frame-ancestors"],
	}
	want := map[string]string{"nosniff": "nosniff", "referrer": "no-referrer", "default": "'none'", "frames": frames}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if unsafe := strings.Contains(fmt.Sprint(policy), "unsafe") || strings.Contains(fmt.Sprint(policy), " * "); unsafe {
		t.Errorf("policy %v", policy)
	}
	if stored := p.Header.Get("Cache-Control") != "no-cache, no-store"; stored != tc.cached {
		t.Errorf("Cache-Control %q", p.Header.Get("Cache-Control"))
	}
	for _, name := range []string{"Server", "X-Powered-By", "X-Frame-Options", "Set-Cookie", "ETag", "Strict-Transport-Security"} {
		if value := p.Header.Get(name); value != "" && (name != "ETag" || !tc.cached) {
			t.Errorf("%s: %s", name, value)
		}
	}
	if p.Header.Get("X-Request-Id") == "" {
		t.Error("no request id")
	}
}

func TestTransportSecurityUnderHTTPS(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t), func(f *app.ServeFlags) { f.BaseURL = "https://app.example" })
	for _, address := range []string{"/healthz", "/configure", "/nowhere", "/chat/glance", "/static/icon.svg"} {
		w := httptest.NewRecorder()
		r.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		if got := w.Header().Get("Strict-Transport-Security"); got != "max-age=31536000" {
			t.Errorf("%s: Strict-Transport-Security %q", address, got)
		}
	}
}
