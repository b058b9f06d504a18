package tracing

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// Request is how a request has ended. Route is as mounted, "" if there is none.
type Request struct {
	Method, Route, Tenant, Code string
	Status                      int
	// Panic is what the handler panicked with, nil if it did not; Stack is where.
	Panic any
	Stack string
}

// other is what the library's conventions call a method that is none.
const other = "_OTHER"

// Request begins the span of a request that we answer: the first of a trace. A method
// is a known one or "other".
func (t *Tracer) Request(ctx context.Context, method string) (context.Context, func(Request)) {
	ctx, span := t.tracer.Start(ctx, method, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(r Request) {
		defer span.End()
		name, verb := r.Method, r.Method
		if r.Method == "other" {
			name, verb = "HTTP", other
		}
		if r.Route != "" {
			name += " " + r.Route
			span.SetAttributes(attribute.String("http.route", r.Route))
		}
		span.SetName(name)
		span.SetAttributes(attribute.String("http.request.method", verb), attribute.Int("http.response.status_code", r.Status))
		if r.Tenant != "" {
			span.SetAttributes(attribute.String("sightline.tenant", r.Tenant))
		}
		if r.Code != "" {
			span.SetAttributes(attribute.String("sightline.problem", r.Code))
		}
		switch {
		case r.Panic != nil:
			panicked(span, r)
		case r.Status >= http.StatusInternalServerError:
			failed(span, strconv.Itoa(r.Status))
		}
	}
}

// panicked notes a panic as the conventions ask. What a program panics with may hold
// anything; the runtime's own words hold no values of ours.
func panicked(span trace.Span, r Request) {
	about := []attribute.KeyValue{
		attribute.String("exception.type", fmt.Sprintf("%T", r.Panic)),
		attribute.String("exception.stacktrace", r.Stack),
	}
	if err, ok := r.Panic.(runtime.Error); ok {
		about = append(about, attribute.String("exception.message", err.Error()))
	}
	span.AddEvent("exception", trace.WithAttributes(about...))
	failed(span, "panic")
}

// Statement is one that a database has run.
type Statement struct {
	// Text has placeholders, never values; System is the database's name.
	Text, System string
	Began        time.Time
	// Failed is why it failed, in a word.
	Failed string
}

// Statement makes the span of a statement that has run as part of something that is
// traced. What the program asks its database by itself, many times a minute, is not.
func (t *Tracer) Statement(ctx context.Context, s Statement) {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return
	}
	verb, _, _ := strings.Cut(s.Text, " ")
	verb = strings.ToUpper(verb)
	_, span := t.tracer.Start(ctx, verb, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(s.Began), trace.WithAttributes(
		attribute.String("db.system.name", s.System), attribute.String("db.operation.name", verb), attribute.String("db.query.text", s.Text)))
	if s.Failed != "" {
		failed(span, s.Failed)
	}
	span.End()
}

// Calls makes a span of each call of another service, each attempt for itself.
// operation is the template of a request's path, "" where it is not known.
func (t *Tracer) Calls(base http.RoundTripper, operation func(*http.Request) string) http.RoundTripper {
	return calls{t.tracer, base, operation}
}

type calls struct {
	tracer    trace.Tracer
	base      http.RoundTripper
	operation func(*http.Request) string
}

// RoundTrip implements http.RoundTripper. The span ends with the head of the answer.
func (c calls) RoundTrip(req *http.Request) (*http.Response, error) {
	name, template := req.Method, c.operation(req)
	about := []attribute.KeyValue{
		attribute.String("http.request.method", req.Method), attribute.String("server.address", req.URL.Hostname()),
	}
	if template != "" {
		name += " " + template
		about = append(about, attribute.String("url.template", template))
	}
	ctx, span := c.tracer.Start(req.Context(), name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(about...))
	defer span.End()
	resp, err := c.base.RoundTrip(req.WithContext(ctx))
	if err != nil {
		failed(span, why(err))
		return nil, err
	}
	span.SetAttributes(attribute.Int("http.response.status_code", resp.StatusCode))
	if resp.StatusCode >= http.StatusBadRequest {
		failed(span, strconv.Itoa(resp.StatusCode))
	}
	return resp, nil
}

// why says in a word why a call got no answer.
func why(err error) string {
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return "timeout"
	}
	return "no answer"
}
