// Package traces tests what the program tells OpenTelemetry.
package traces

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// spans keeps what a program sends.
type spans struct {
	mu   sync.Mutex
	list []sdktrace.ReadOnlySpan
}

func (s *spans) ExportSpans(_ context.Context, list []sdktrace.ReadOnlySpan) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, list...)
	return nil
}

func (s *spans) Shutdown(context.Context) error { return nil }

func (s *spans) of(kind trace.SpanKind) (list []sdktrace.ReadOnlySpan) {
	for _, span := range s.list {
		if span.SpanKind() == kind {
			list = append(list, span)
		}
	}
	return list
}

// texts is all that a span says, its ids aside.
func texts(s sdktrace.ReadOnlySpan) []string {
	list := []string{s.Name(), s.Status().Description, s.Resource().String(), s.SpanContext().TraceState().String()}
	for _, a := range s.Attributes() {
		list = append(list, string(a.Key)+"="+a.Value.String())
	}
	for _, e := range s.Events() {
		list = append(list, e.Name)
		for _, a := range e.Attributes {
			list = append(list, string(a.Key)+"="+a.Value.String())
		}
	}
	return list
}

func attribute(s sdktrace.ReadOnlySpan, name string) string {
	for _, a := range s.Attributes() {
		if string(a.Key) == name {
			return a.Value.String()
		}
	}
	return ""
}

// TestStory follows a site from its install through Connect, with a chat and Slack, to
// Forge: each request, each call of another service and each statement that is part of
// one has its span, and none says who somebody is, or what opens something.
func TestStory(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		site, got := connecttest.NewSite(t), &spans{}
		r := harness.Start(t, site, harness.On(database), harness.OnForge(site), func(f *app.ServeFlags) {
			f.Signed, f.Spans, f.Index = site.Signed, got, "on"
		})
		live(t, r)
		r.Stop()
		harmless(t, r, got)
		complete(t, r, got)
	})
}

// live has everything happen that people and strangers do.
func live(t *testing.T, r *harness.Running) {
	t.Helper()
	stage := r.OnSite()
	if err := stage.Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := stage.AddToSlack(t.Context()); err != nil {
		t.Fatal(err)
	}
	project := r.Site.Objects().Projects[0].Key
	board := harness.NewBoard(t, r, project)
	board.Look(t, r.Person(1))
	r.FinishOneIssue(t, r.Person(0), project)
	onForge := r.Upgrade(t, forge.StageHybrid, true)
	onForge.View(t, r.Person(2), "workload")
	stranger(t, r)
}

// stranger calls what nobody should, with names and tokens that are not to be repeated.
func stranger(t *testing.T, r *harness.Running) {
	t.Helper()
	for _, call := range []struct{ method, path string }{
		{http.MethodGet, "/secret-path/" + r.Person(1) + "?jwt=eyJsecret"},
		{http.MethodGet, "/gadget/workload?jwt=eyJsecret"},
		{http.MethodPut, "/healthz"},
		{"SECRETMETHOD", "/healthz"},
	} {
		req := harness.NewRequest(t, call.method, r.URL+call.path, nil)
		req.Header.Set("Traceparent", "00-11111111111111111111111111111111-2222222222222222-01")
		req.Header.Set("Tracestate", "secret=1")
		req.Header.Set("Baggage", "secret=1")
		harness.Ask(t, req)
	}
}

// harmless looks for what must not be told.
func harmless(t *testing.T, r *harness.Running, got *spans) {
	t.Helper()
	wrong := []string{"eyJ", "Bearer", "jwt=", harness.Keys(), onsite.ChatClientSecret, "secret-path", "SECRETMETHOD", "secret=1", "11111111", "xoxb", "?jql", "127.0.0.1:"}
	for _, p := range r.Site.People() {
		wrong = append(wrong, p.AccountID, p.DisplayName, p.Email, p.Token)
	}
	opaque := regexp.MustCompile(`[A-Za-z0-9_-]{40,}`) // as tokens and keys are
	for _, span := range got.list {
		if span.SpanContext().TraceID().String() == strings.Repeat("1", 32) {
			t.Error("a stranger's trace goes on")
		}
		for _, text := range texts(span) {
			if strings.HasPrefix(text, "db.query.text=") {
				if strings.Contains(text, "'eyJ") {
					t.Errorf("%s: %s", span.Name(), text)
				}
			} else if found := opaque.FindString(text); found != "" {
				t.Errorf("%s: %q looks like a secret: %s", span.Name(), found, text)
			}
			for _, part := range wrong {
				if strings.Contains(text, part) {
					t.Errorf("%s: %q is told: %s", span.Name(), part, text)
				}
			}
		}
	}
}

// complete compares with the log and with what the site has seen.
func complete(t *testing.T, r *harness.Running, got *spans) {
	t.Helper()
	requests, statements := map[string]int{}, map[string]int{}
	for line := range strings.Lines(r.Logs.String()) {
		var l struct {
			Msg, Method, Route, SQL string
			Status                  int
			TraceID                 string `json:"trace_id"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		switch {
		case l.Msg == "request" && l.TraceID == "":
			t.Errorf("no trace in the log: %s", line)
		case l.Msg == "request":
			method := strings.Replace(l.Method, "other", "_OTHER", 1)
			requests[fmt.Sprintln(l.TraceID, method, l.Route, l.Status)]++
		case l.Msg == "statement" && l.TraceID != "":
			statements[l.TraceID]++
		}
	}
	for _, s := range got.of(trace.SpanKindServer) {
		if s.Parent().IsValid() {
			t.Errorf("%s is part of another's trace", s.Name())
		}
		requests[fmt.Sprintln(s.SpanContext().TraceID(), attribute(s, "http.request.method"), attribute(s, "http.route"), attribute(s, "http.response.status_code"))]--
	}
	for _, s := range got.of(trace.SpanKindClient) {
		if attribute(s, "db.query.text") != "" {
			statements[s.SpanContext().TraceID().String()]--
		}
	}
	same(t, "requests", requests)
	same(t, "traces with statements", statements)
	called(t, r, got)
	names(t, got)
}

func same(t *testing.T, what string, of map[string]int) {
	t.Helper()
	if len(of) < 10 {
		t.Errorf("only %d %s", len(of), what)
	}
	for key, more := range of {
		if more != 0 {
			t.Errorf("%s: %d more in the log than spans: %s", what, more, key)
		}
	}
}

// called compares with the calls of Jira's and the chat's APIs that the site has seen. A
// call that the end of the program broke off may have got there, or not.
func called(t *testing.T, r *harness.Running, got *spans) {
	t.Helper()
	answered, all, seen := map[string]int{}, map[string]int{}, map[string]int{}
	templates := map[string]int{}
	for _, s := range got.of(trace.SpanKindClient) {
		if template := attribute(s, "url.template"); !strings.HasPrefix(template, "/rest/") && !strings.HasPrefix(template, "/site/") {
			continue // a token's
		}
		method := attribute(s, "http.request.method")
		all[method]++
		templates[s.Name()]++
		if attribute(s, "http.response.status_code") != "" {
			answered[method]++
		}
	}
	for _, q := range r.Site.Requests(0) {
		if q.From != "client" && (strings.Contains(q.Path, "/rest/") || strings.HasPrefix(q.Path, "/site/")) {
			seen[q.Method]++
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost} {
		// Whether something is posted depends on how far the background comes.
		if n := seen[method]; n == 0 && method != http.MethodPost || n < answered[method] || n > all[method] {
			t.Errorf("%s: the site has seen %d, there are spans of %d, of which %d were answered: %v", method, n, all[method], answered[method], templates)
		}
	}
}

// names looks at how strangers' calls and Jira's are named.
func names(t *testing.T, got *spans) {
	t.Helper()
	found := map[string]bool{}
	for _, s := range got.list {
		found[s.Name()+" "+attribute(s, "http.response.status_code")] = true
	}
	for _, want := range []string{
		"GET 404", "PUT 405", "HTTP 405", "GET /gadget/workload 401", "GET /gadget/workload 200",
		"GET /rest/api/3/search/jql 200", "SELECT ", "INSERT ",
	} {
		if !found[want] {
			t.Errorf("no span is named %q: %v", want, found)
		}
	}
}
