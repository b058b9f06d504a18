package app

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
)

// sentSpans are those that a program has sent.
type sentSpans struct {
	mu   sync.Mutex
	list []sdktrace.ReadOnlySpan
}

func (s *sentSpans) ExportSpans(_ context.Context, list []sdktrace.ReadOnlySpan) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, list...)
	return nil
}

func (*sentSpans) Shutdown(context.Context) error { return nil }

// nowhere is a map that takes nothing.
func nowhere() map[string]int { return nil }

// TestPanicIsTraced: a panic's span is an error with its event, which holds nothing of
// what the program panicked with, but the runtime's own words.
func TestPanicIsTraced(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		panics        func()
		kind, message string
	}{
		"of a text":      {func() { panic("secret-value of somebody") }, "string", ""},
		"of the runtime": {func() { nowhere()["secret-value"] = 1 }, "runtime.plainError", "assignment to entry in nil map"},
	} {
		sent, logs := &sentSpans{}, &bytes.Buffer{}
		p := &Program{settings: Settings{spans: sent, now: time.Now}, log: slog.New(slog.NewTextHandler(logs, nil))}
		if err := p.trace(t.Context()); err != nil {
			t.Fatal(err)
		}
		answer := panicking(t, p, tt.panics)
		p.tracer.Close()
		if len(sent.list) != 1 || answer.Code != http.StatusInternalServerError {
			t.Fatalf("%s: %d spans, status %d", name, len(sent.list), answer.Code)
		}
		span := sent.list[0]
		if span.Name() != "GET /panics" || span.Status().Code != codes.Error || len(span.Events()) != 1 || span.Events()[0].Name != "exception" {
			t.Fatalf("%s: got %s, %v, %v", name, span.Name(), span.Status(), span.Events())
		}
		about := map[string]string{}
		for _, a := range span.Events()[0].Attributes {
			about[string(a.Key)] = a.Value.String()
		}
		if about["exception.type"] != tt.kind || about["exception.message"] != tt.message || !strings.Contains(about["exception.stacktrace"], "TestPanicIsTraced") {
			t.Errorf("%s: got %v", name, about)
		}
		for _, text := range about {
			if strings.Contains(text, "secret-value") {
				t.Errorf("%s: the value is told: %s", name, text)
			}
		}
		if id := span.SpanContext().TraceID().String(); strings.Count(logs.String(), "trace_id="+id) != 2 {
			t.Errorf("%s: the panic and the request are not logged with trace %s:\n%s", name, id, logs)
		}
	}
}

// panicking serves a handler that panics, as the program serves its own.
func panicking(t *testing.T, p *Program, panics func()) *httptest.ResponseRecorder {
	t.Helper()
	base, err := url.Parse("http://127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	languages := lang.New()
	e := edge.New(edge.Config{BaseURL: base, Languages: languages, People: viewer.New(viewer.Config{Languages: languages, Log: p.log, Now: time.Now}).People, Traced: p.tracedRequests(), Log: p.log, Now: time.Now})
	engine := gin.New()
	e.Mount(engine, []edge.Route{edge.Get("/panics", e.Public(func(*edge.Request) error {
		panics()
		return nil
	}))})
	answer := httptest.NewRecorder()
	engine.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/panics", nil))
	return answer
}

// TestUntraced: without the standard variables nothing is wrapped.
func TestUntraced(t *testing.T) {
	t.Parallel()
	p := &Program{}
	network := http.DefaultTransport
	if err := p.trace(t.Context()); err != nil || p.tracer != nil || p.tracedRequests() != nil || p.tracedStatements() != nil || p.tracedCalls(network) != network {
		t.Errorf("traces are on: %v", err)
	}
}
