// Package doctor puts each fault that the doctor looks for into an installation, and
// sees its line.
package doctor

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/doctor"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	os.Exit(m.Run())
}

// patient is an installation with everything on, behind a proxy that a test may meddle
// with.
type patient struct {
	*harness.Running
	front string
	// meddle changes what the proxy answers; nil: nothing.
	meddle func(*http.Response)
}

func newPatient(t *testing.T) *patient {
	t.Helper()
	site := connecttest.NewSite(t)
	p := &patient{Running: harness.Start(t, site, harness.OnForge(site), tracedTo(collector(t)), func(f *app.ServeFlags) {
		f.CalendarHosts = strings.TrimPrefix(site.URL(), "http://")
	})}
	if err := p.OnSite().Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	behind, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(behind)
	proxy.ModifyResponse = func(r *http.Response) error {
		if p.meddle != nil {
			p.meddle(r)
		}
		return nil
	}
	front := httptest.NewServer(proxy)
	t.Cleanup(front.Close)
	p.front = front.URL
	return p
}

// collector is one of traces: it takes what is sent there as OTLP over HTTP.
func collector(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// tracedTo has traces sent to an address.
func tracedTo(address string) func(*app.ServeFlags) {
	return traced("OTEL_EXPORTER_OTLP_ENDPOINT", address)
}

func traced(name, value string) func(*app.ServeFlags) {
	return func(f *app.ServeFlags) {
		before := f.Environ
		f.Environ = func(asked string) (string, bool) {
			if asked == name {
				return value, true
			}
			if before != nil {
				return before(asked)
			}
			return "", false
		}
	}
}

// examined is the report with the settings changed.
func (p *patient) examined(t *testing.T, change func(*doctor.Doctor)) doctor.Report {
	t.Helper()
	d := doctor.Doctor{Flags: p.Flags, URL: p.front, Wait: time.Minute}
	if change != nil {
		change(&d)
	}
	return d.Examine(t.Context())
}

// TestHealthy: nothing is wrong with an installation that is right, each setting and
// each check has its line, and no line holds a secret.
func TestHealthy(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	report := p.examined(t, nil)
	seen := map[string]doctor.State{}
	for _, l := range report.Lines {
		seen[l.Check] = l.State
		if l.State == doctor.Fault || l.State == doctor.Off || l.State == doctor.Warning && l.Check != "names" {
			t.Errorf("%s: %s: %s", l.State, l.Check, l.Says)
		}
	}
	if !report.OK {
		t.Error("something is wrong")
	}
	for _, c := range doctor.Checks() {
		if _, ok := seen[c.Name]; !ok && c.Name != "settings" {
			t.Errorf("%s has no line", c.Name)
		}
	}
	if seen["OTEL_EXPORTER_OTLP_ENDPOINT"] != doctor.OK {
		t.Errorf("the variable that is set: %q", seen["OTEL_EXPORTER_OTLP_ENDPOINT"])
	}
	for _, s := range p.Flags.List() {
		if _, ok := seen[app.Variable(s.Flag)]; !ok {
			t.Errorf("%s has no line", s.Flag)
		}
	}
	var out bytes.Buffer
	for _, asJSON := range []bool{false, true} {
		if err := report.Print(&out, asJSON); err != nil {
			t.Fatal(err)
		}
	}
	for _, secret := range []string{p.Flags.SecretKeys, p.Flags.ChatClientSecret, p.Flags.ClientSecret, p.Flags.SigningSecret} {
		if strings.Contains(out.String(), secret) {
			t.Error("it prints a secret")
		}
	}
}

// TestEachFault: what is put in is found, and each check finds something.
func TestEachFault(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	p := newPatient(t)
	const nobody = "http://127.0.0.1:1"
	tested := map[string]bool{"settings": true} // by TestEachSetting
	for name, f := range faults(t, p, nobody) {
		tested[f.check] = true
		t.Run(name, func(t *testing.T) {
			p.meddle = f.meddle
			if f.play != nil {
				f.play(t)
			}
			report := p.examined(t, f.change)
			for _, l := range report.Lines {
				if l.Check == f.check {
					if l.State != doctor.Fault && !f.warns || l.State == doctor.OK || !strings.Contains(l.Says, f.says) || l.Do == "" {
						t.Errorf("%s: %s: %s → %s, want %q", l.State, l.Check, l.Says, l.Do, f.says)
					}
					if report.OK == (l.State == doctor.Fault) {
						t.Errorf("the report says ok: %v", report.OK)
					}
				}
			}
		})
	}
	t.Run("no program", func(t *testing.T) {
		tested["programs"] = true
		p.meddle = nil
		p.Stop()
		for _, l := range p.examined(t, nil).Lines {
			if l.Check == "programs" && (l.State != doctor.Warning || !strings.Contains(l.Says, "no program")) {
				t.Errorf("%s: %s", l.State, l.Says)
			}
		}
	})
	for _, c := range doctor.Checks() {
		if !tested[c.Name] {
			t.Errorf("no fault is put in for %s", c.Name)
		}
	}
}

// fault is something wrong and the line that says so.
type fault struct {
	check, says string
	warns       bool
	change      func(*doctor.Doctor)
	meddle      func(*http.Response)
	play        func(t *testing.T)
}

// on meddles with the answer of one path.
func on(path string, change func(*http.Response)) func(*http.Response) {
	return func(r *http.Response) {
		if r.Request.URL.Path == path {
			change(r)
		}
	}
}

func status(code int) func(*http.Response) {
	return func(r *http.Response) { r.StatusCode, r.Status = code, strconv.Itoa(code) }
}

// says has an answer's body replaced.
func says(body string) func(*http.Response) {
	return func(r *http.Response) {
		_ = r.Body.Close()
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Del("Content-Length")
		r.Header.Del("Content-Encoding")
	}
}

func faults(t *testing.T, p *patient, nobody string) map[string]fault {
	flags := func(change func(*app.ServeFlags)) func(*doctor.Doctor) {
		return func(d *doctor.Doctor) { change(&d.Flags) }
	}
	const refused = "connection refused"
	elsewhere := collector(t) // it has nothing else
	return map[string]fault{
		"another address": {check: "names", says: "its own settings say", warns: true},
		"no database":     {check: "database", says: "there is no database", change: flags(func(f *app.ServeFlags) { f.DatabaseURL += ".missing" })},
		"another key":     {check: "secrets", says: "is not among the secret keys", change: flags(func(f *app.ServeFlags) { f.SecretKeys = "other:" + app.NewKey() })},
		"the clock":       {check: "clock", says: "fast", change: func(d *doctor.Doctor) { d.Now = func() time.Time { return time.Now().Add(5 * time.Minute) } }},
		"a small skew": {check: "clock", says: "slow", warns: true, change: func(d *doctor.Doctor) {
			d.Now = func() time.Time { return time.Now().Add(-10 * time.Second) }
		}},

		"install keys":    {check: "install keys", says: refused, change: flags(func(f *app.ServeFlags) { f.InstallKeysURL = nobody })},
		"impersonation":   {check: "impersonation", says: refused, change: flags(func(f *app.ServeFlags) { f.OAuthTokenURL = nobody })},
		"no script there": {check: "host script", says: "not a script", change: flags(func(f *app.ServeFlags) { f.ACJSURL = p.Site.URL() + "/no-such-script" })},
		"no keys there":   {check: "forge keys", says: "without keys", change: flags(func(f *app.ServeFlags) { f.JWKSURL = p.Site.URL() + "/-/people" })},
		"forge api":       {check: "forge api", says: refused, change: flags(func(f *app.ServeFlags) { f.ForgeFlags.APIURL = nobody })},
		"chat secret":     {check: "chat token", says: "to the chat app's credentials", change: flags(func(f *app.ServeFlags) { f.ChatClientSecret = "wrong" })},
		"chat api":        {check: "chat api", says: refused, change: flags(func(f *app.ServeFlags) { f.ChatAPIURL = nobody })},
		"not Slack":       {check: "slack api", says: "not as Slack's API does", change: flags(func(f *app.ServeFlags) { f.SlackFlags.APIURL = p.Site.URL() + "/-/" })},
		"slack page":      {check: "slack page", says: refused, change: flags(func(f *app.ServeFlags) { f.AuthorizeURL = nobody })},
		"no calendars":    {check: "calendars", says: refused, warns: true, change: flags(func(f *app.ServeFlags) { f.CalendarHosts += " 127.0.0.1:1" })},
		"no place":        {check: "reports", says: "404", warns: true, change: flags(func(f *app.ServeFlags) { f.ForgeFlags.APIURL = elsewhere })},
		"a site's place": {check: "reports", says: p.Site.URL() + connecttest.ConnectReportPath, warns: true, play: func(t *testing.T) {
			p.Fault(t, connecttest.Fault{Path: connecttest.ConnectReportPath, Status: 503, Times: 1})
		}},
		"no collector":    {check: "traces", says: refused, warns: true, change: flags(tracedTo(nobody))},
		"another service": {check: "traces", says: "404", warns: true, change: flags(tracedTo(collector(t) + "/elsewhere"))},
		"a site": {check: "sites", says: p.Site.URL(), play: func(t *testing.T) {
			p.Fault(t, connecttest.Fault{Path: "/_edge/tenant_info", Status: 503, Times: 1})
		}},

		"nobody there":       {check: "address", says: refused, change: func(d *doctor.Doctor) { d.URL = nobody }},
		"another program":    {check: "address", says: "not as Sightline does", meddle: on("/", says("<h1>It works!</h1>"))},
		"no frames":          {check: "headers", says: "X-Frame-Options: DENY was added", meddle: func(r *http.Response) { r.Header.Set("X-Frame-Options", "DENY") }},
		"no policy":          {check: "headers", says: "Content-Security-Policy is missing", meddle: func(r *http.Response) { r.Header.Del("Content-Security-Policy") }},
		"two policies":       {check: "headers", says: "a second Content-Security-Policy", meddle: func(r *http.Response) { r.Header.Add("Content-Security-Policy", "default-src *") }},
		"not up":             {check: "liveness", says: "502", meddle: on("/healthz", status(502))},
		"not ready":          {check: "readiness", says: "503", meddle: on("/readyz", status(503))},
		"old descriptor":     {check: "descriptor", says: "is not what this program makes", meddle: on("/atlassian-connect.json", says("{}"))},
		"it is switched off": {check: "descriptor", says: "though the settings switch it off", change: flags(func(f *app.ServeFlags) { f.Connect = "off" })},
		"no manifest":        {check: "manifest", says: "404", meddle: on("/forge/manifest.yml", status(404))},
		"chat descriptor":    {check: "chat descriptor", says: "is not what this program makes", meddle: on("/atlassian-chat.json", says("{}"))},
		"takes any install":  {check: "lifecycle", says: "instead of refusing it", meddle: on("/lifecycle/installed", status(200))},
		"no key host":        {check: "lifecycle", says: "503", meddle: on("/lifecycle/installed", status(503))},
		"takes any call":     {check: "invocations", says: "instead of refusing it", meddle: on("/forge/lifecycle", status(200))},
		"public metrics":     {check: "metrics", says: "can be read by everybody", meddle: on("/metrics", status(200))},
	}
}

// TestEachSetting: a wrong value of each setting is a fault in its line.
func TestEachSetting(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	wrong := map[string]func(f *app.ServeFlags){
		"addr":                       func(f *app.ServeFlags) { f.Addr = "8080" },
		"base-url":                   func(f *app.ServeFlags) { f.BaseURL = "http://app.example" },
		"database-url":               func(f *app.ServeFlags) { f.DatabaseURL = "mysql://x" },
		"secret-keys":                func(f *app.ServeFlags) { f.SecretKeys = "short:AAAA" },
		"database-max-conns":         func(f *app.ServeFlags) { f.DatabaseMaxConns = "0" },
		"database-conn-idle":         func(f *app.ServeFlags) { f.DatabaseConnIdle = "5" },
		"database-conn-lifetime":     func(f *app.ServeFlags) { f.DatabaseConnLifetime = "-1s" },
		"database-statement-timeout": func(f *app.ServeFlags) { f.DatabaseStatementTimeout = "0" },
		"install-keys-url":           func(f *app.ServeFlags) { f.InstallKeysURL = "http://keys.example" },
		"allowed-hosts":              func(f *app.ServeFlags) { f.AllowedHosts = "" },
		"acjs-url":                   func(f *app.ServeFlags) { f.ACJSURL = "all.js" },
		"oauth-token-url":            func(f *app.ServeFlags) { f.OAuthTokenURL = "" },
		"chat-api-url":               func(f *app.ServeFlags) { f.ChatAPIURL = "ftp://chat.example" },
		"chat-token-url":             func(f *app.ServeFlags) { f.ChatTokenURL = "http://chat.example" },
		"chat-client-id":             func(f *app.ServeFlags) { f.ChatClientID = "" },
		"chat-client-secret":         func(f *app.ServeFlags) { f.ChatClientSecret = "" },
		"chat-origins":               func(f *app.ServeFlags) { f.ChatOrigins = "https://chat.example/path" },
		"slack-client-id":            func(f *app.ServeFlags) { f.ClientID = "" },
		"slack-client-secret":        func(f *app.ServeFlags) { f.ClientSecret = "" },
		"slack-signing-secret":       func(f *app.ServeFlags) { f.SigningSecret = "" },
		"slack-api-url":              func(f *app.ServeFlags) { f.SlackFlags.APIURL = "slack" },
		"slack-authorize-url":        func(f *app.ServeFlags) { f.AuthorizeURL = "slack" },
		"forge-app-id":               func(f *app.ServeFlags) { f.AppID = "sightline" },
		"forge-jwks-url":             func(f *app.ServeFlags) { f.JWKSURL = "jwks" },
		"forge-environments":         func(f *app.ServeFlags) { f.Environments = " " },
		"forge-api-url":              func(f *app.ServeFlags) { f.ForgeFlags.APIURL = "https://api.atlassian.com/path" },
		"connect":                    func(f *app.ServeFlags) { f.Connect = "no" },
		"reader":                     func(f *app.ServeFlags) { f.Reader = "nobody" },
		"index":                      func(f *app.ServeFlags) { f.Index = "no" },
		"max-age":                    func(f *app.ServeFlags) { f.MaxAge = "1s" },
		"max-pages":                  func(f *app.ServeFlags) { f.MaxPages = "none" },
		"calendar-hosts":             func(f *app.ServeFlags) { f.CalendarHosts = "https://calendar.example/" },
		"metrics-addr":               func(f *app.ServeFlags) { f.MetricsAddr = "9090" },
		"drain":                      func(f *app.ServeFlags) { f.Drain = "5" },
		"retention":                  func(f *app.ServeFlags) { f.Retention = "30" },
		"report-accounts":            func(f *app.ServeFlags) { f.ReportAccounts = "no" },
		"log-format":                 func(f *app.ServeFlags) { f.LogFormat = "xml" },
		"log-level":                  func(f *app.ServeFlags) { f.LogLevel = "loud" },
	}
	// What is wrong with a pair stands in the line of its first.
	pairs := map[string]string{"chat-client-secret": "chat-client-id", "slack-client-secret": "slack-client-id", "slack-signing-secret": "slack-client-id"}
	for _, s := range p.Flags.List() {
		change := wrong[s.Flag]
		if change == nil {
			t.Errorf("no wrong value of %s is tried", s.Flag)
			continue
		}
		flags := p.Flags
		change(&flags)
		at := s.Flag
		if first := pairs[at]; first != "" {
			at = first
		}
		found := false
		for _, l := range flags.List() {
			found = found || l.Flag == at && l.Err != nil
		}
		if !found {
			t.Errorf("a wrong %s is not noticed", s.Flag)
		}
	}
	flags := p.Flags
	wrong["log-level"](&flags)
	for _, l := range (doctor.Doctor{Flags: flags, URL: p.front, Wait: time.Minute}).Examine(t.Context()).Lines {
		if l.Check == "SIGHTLINE_LOG_LEVEL" && (l.State != doctor.Fault || l.Says != "is not debug, info, warn or error" || l.Do == "") {
			t.Errorf("%+v", l)
		}
	}
}

// TestEachTraceVariable: a wrong value of each of OpenTelemetry's variables is a fault in
// its line, which repeats no password.
func TestEachTraceVariable(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"OTEL_TRACES_EXPORTER":               "zipkin",
		"OTEL_EXPORTER_OTLP_ENDPOINT":        "collector:4318",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://user:a-password@a host",
		"OTEL_EXPORTER_OTLP_PROTOCOL":        "grpc",
		"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json",
	} {
		flags := app.ServeFlags{}
		tracedTo("http://user:a-password@127.0.0.1:1")(&flags)
		traced("OTEL_SDK_DISABLED", "false")(&flags)
		traced(name, value)(&flags)
		found := map[string]doctor.Line{}
		for _, l := range (doctor.Doctor{Flags: flags, Wait: time.Minute}).Examine(t.Context()).Lines {
			found[l.Check] = l
			if strings.Contains(l.Says, "a-password") {
				t.Errorf("%s: it repeats a password: %s", l.Check, l.Says)
			}
		}
		if l := found[name]; l.State != doctor.Fault || l.Do == "" || found["OTEL_SDK_DISABLED"].State != doctor.OK || found["traces"].State != doctor.Warning {
			t.Errorf("%s: %+v; traces: %+v", name, l, found["traces"])
		}
	}
}
