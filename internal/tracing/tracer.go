package tracing

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Exporter takes finished spans away.
type Exporter = sdktrace.SpanExporter

// Config says who is traced and where to.
type Config struct {
	// Version is the program's.
	Version string
	// Endpoint is where spans are sent as OTLP over HTTP, see [Endpoint]. How that is
	// done, the library reads from the environment of the process.
	Endpoint string
	// Exporter takes the spans instead, unless it is nil.
	Exporter Exporter
	// Sent is told how each batch went; may be nil.
	Sent func(ctx context.Context, err error)
}

// Tracer makes spans. It is safe for concurrent use.
type Tracer struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	end      func()
}

// maxText bounds an attribute, in characters.
const maxText = 4096

// New makes a tracer. Spans are sent in batches in the background; if that fails or
// takes long they are thrown away, and nothing waits for it. Close it.
func New(ctx context.Context, c Config) (*Tracer, error) {
	exporter, err := c.exporter(ctx)
	if err != nil {
		return nil, err
	}
	what := resource.NewSchemaless(attribute.String("service.name", "sightline"), attribute.String("service.version", c.Version))
	what, err = resource.Merge(what, resource.Environment())
	if err != nil {
		return nil, fmt.Errorf("send traces: %w", err)
	}
	limits := sdktrace.NewSpanLimits()
	if limits.AttributeValueLengthLimit < 0 {
		limits.AttributeValueLengthLimit = maxText
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(noted{exporter, c.Sent}), sdktrace.WithResource(what), sdktrace.WithRawSpanLimits(limits))
	t := &Tracer{provider: provider, tracer: provider.Tracer("github.com/sightline-go/sightline")}
	last := context.WithoutCancel(ctx)
	t.end = func() {
		within, cancel := context.WithTimeout(last, closeTime)
		defer cancel()
		_ = provider.Shutdown(within) // what could not be sent was noted
	}
	return t, nil
}

func (c Config) exporter(ctx context.Context) (Exporter, error) {
	if c.Exporter != nil {
		return c.Exporter, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(c.Endpoint))
	if err != nil {
		return nil, fmt.Errorf("send traces: %w", err)
	}
	return exporter, nil
}

// Try sends one span and says how that went.
func Try(ctx context.Context, c Config) (err error) {
	c.Sent = func(_ context.Context, sent error) { err = sent }
	t, opened := New(ctx, c)
	if opened != nil {
		return opened
	}
	_, span := t.tracer.Start(ctx, "sightline doctor", trace.WithNewRoot())
	span.End()
	if flushed := t.Flush(ctx); flushed != nil && err == nil {
		err = flushed
	}
	t.Close()
	return err
}

// closeTime bounds how long the last spans may take to be sent.
const closeTime = 2 * time.Second

// Close sends what is left, for two seconds at most, and ends the tracer.
func (t *Tracer) Close() { t.end() }

// Flush sends what has ended, within the context.
func (t *Tracer) Flush(ctx context.Context) error { return t.provider.ForceFlush(ctx) }

// noted tells of each batch how it went, and the library nothing: it would write to the
// standard error, each time.
type noted struct {
	Exporter
	sent func(ctx context.Context, err error)
}

// ExportSpans implements Exporter.
func (n noted) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := n.Exporter.ExportSpans(ctx, spans)
	if n.sent != nil {
		n.sent(context.WithoutCancel(ctx), err)
	}
	return nil
}

// failed marks a span as an error of a kind, which is a word or a number.
func failed(span trace.Span, kind string) {
	span.SetAttributes(attribute.String("error.type", kind))
	span.SetStatus(codes.Error, "")
}
