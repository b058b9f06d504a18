package tracing_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sightline-go/sightline/internal/tracing"
)

// kept are the spans that a tracer has sent.
type kept struct{ list []sdktrace.ReadOnlySpan }

func (k *kept) ExportSpans(_ context.Context, list []sdktrace.ReadOnlySpan) error {
	k.list = append(k.list, list...)
	return nil
}

func (*kept) Shutdown(context.Context) error { return nil }

// spans runs f with a tracer and describes the spans that it makes.
func spans(t *testing.T, f func(*tracing.Tracer)) (said []string, list []sdktrace.ReadOnlySpan) {
	t.Helper()
	k := &kept{}
	tracer, err := tracing.New(t.Context(), tracing.Config{Version: "1.2.3", Exporter: k})
	if err != nil {
		t.Fatal(err)
	}
	f(tracer)
	tracer.Close()
	for _, s := range k.list {
		line := []string{s.Name()}
		for _, a := range s.Attributes() {
			line = append(line, string(a.Key)+"="+a.Value.String())
		}
		if s.Status().Code == codes.Error {
			line = append(line, "failed")
		}
		said = append(said, strings.Join(line, " "))
	}
	return said, k.list
}

// TestRequests: names are bounded, whatever is called.
func TestRequests(t *testing.T) {
	t.Parallel()
	said, _ := spans(t, func(tracer *tracing.Tracer) {
		for _, r := range []tracing.Request{
			{Method: "GET", Route: "/gadget/:item", Status: 200, Tenant: "T"},
			{Method: "GET", Status: 404, Code: "not_found"},
			{Method: "other", Status: 405, Code: "wrong_method"},
			{Method: "POST", Route: "/x", Status: 503},
		} {
			_, end := tracer.Request(t.Context(), r.Method)
			end(r)
		}
	})
	if diff := cmp.Diff([]string{
		"GET /gadget/:item http.route=/gadget/:item http.request.method=GET http.response.status_code=200 sightline.tenant=T",
		"GET http.request.method=GET http.response.status_code=404 sightline.problem=not_found",
		"HTTP http.request.method=_OTHER http.response.status_code=405 sightline.problem=wrong_method",
		"POST /x http.route=/x http.request.method=POST http.response.status_code=503 error.type=503 failed",
	}, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCalls: a call shows its template, not its address, and nobody is sent a trace.
func TestCalls(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Traceparent", "Tracestate", "Baggage"} {
			if r.Header.Get(name) != "" {
				t.Errorf("%s is sent", name)
			}
		}
		if r.URL.Path == "/refused/7" {
			w.WriteHeader(http.StatusTooManyRequests)
		}
	}))
	t.Cleanup(server.Close)
	type templateKey struct{}
	said, _ := spans(t, func(tracer *tracing.Tracer) {
		client := &http.Client{Transport: tracer.Calls(http.DefaultTransport, func(r *http.Request) string {
			template, _ := r.Context().Value(templateKey{}).(string)
			return template
		})}
		call := func(ctx context.Context, template, path string) error {
			req, err := http.NewRequestWithContext(context.WithValue(ctx, templateKey{}, template), http.MethodGet, server.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.Do(req)
			if err == nil {
				_ = resp.Body.Close()
			}
			return err
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		late, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Hour))
		defer stop()
		err := errors.Join(call(t.Context(), "/answered/{id}", "/answered/7"), call(t.Context(), "/refused/{id}", "/refused/7"), call(t.Context(), "", "/who?accountId=7"))
		if err != nil {
			t.Error(err)
		}
		if call(ended, "/ended/{id}", "/ended/7") == nil || call(late, "/late/{id}", "/late/7") == nil {
			t.Error("a call that was over is made")
		}
	})
	const what = " http.request.method=GET server.address=127.0.0.1"
	if diff := cmp.Diff([]string{
		"GET /answered/{id}" + what + " url.template=/answered/{id} http.response.status_code=200",
		"GET /refused/{id}" + what + " url.template=/refused/{id} http.response.status_code=429 error.type=429 failed",
		"GET" + what + " http.response.status_code=200",
		"GET /ended/{id}" + what + " url.template=/ended/{id} error.type=canceled failed",
		"GET /late/{id}" + what + " url.template=/late/{id} error.type=timeout failed",
	}, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestStatements: a statement is a span of what it is part of; what the program asks by
// itself is none.
func TestStatements(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	said, list := spans(t, func(tracer *tracing.Tracer) {
		statement := tracing.Statement{Text: "select a from b where c = ?", System: "sqlite", Began: began, Failed: "timeout"}
		tracer.Statement(t.Context(), statement)
		ctx, end := tracer.Request(t.Context(), "GET")
		tracer.Statement(ctx, statement)
		end(tracing.Request{Method: "GET", Status: 200})
	})
	if diff := cmp.Diff([]string{
		"SELECT db.system.name=sqlite db.operation.name=SELECT db.query.text=select a from b where c = ? error.type=timeout failed",
		"GET http.request.method=GET http.response.status_code=200",
	}, said); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if !list[0].StartTime().Equal(began) || list[0].Parent().SpanID() != list[1].SpanContext().SpanID() {
		t.Errorf("began %s, part of %s", list[0].StartTime(), list[0].Parent().SpanID())
	}
}
