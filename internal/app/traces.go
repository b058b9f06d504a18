package app

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/tracing"
	"github.com/sightline-go/sightline/store"
)

// traces reads where traces are wanted, "" if nowhere, and has what is wrong with that
// reported.
func (f ServeFlags) traces(c *checks) string {
	wanted, wrong := tracing.Wanted(f.Environ)
	for _, w := range wrong {
		c.wrong = append(c.wrong, w)
	}
	if !wanted {
		return ""
	}
	return tracing.Endpoint(f.Environ)
}

// TraceVariable is one of OpenTelemetry's variables that is set.
type TraceVariable struct {
	// Name is the variable's, Value what may be shown of it.
	Name, Value string
	// Err is what is wrong with it.
	Err error
}

// TraceVariables are those of OpenTelemetry's variables that are set and decide whether
// and where traces are sent.
func (f ServeFlags) TraceVariables() (list []TraceVariable) {
	for _, v := range tracing.Set(f.Environ) {
		list = append(list, TraceVariable{v.Name, shown(v.Name, v.Value), v.Err})
	}
	return list
}

// TryTraces sends one span to where traces are wanted. wanted says whether they are.
func (f ServeFlags) TryTraces(ctx context.Context) (wanted bool, err error) {
	var c checks
	endpoint := f.traces(&c)
	if endpoint == "" || c.err() != nil {
		return endpoint != "", c.err()
	}
	return true, tracing.Try(ctx, tracing.Config{Version: sightline.Version, Endpoint: endpoint})
}

// trace begins to trace, if that is wanted. Without it nothing is wrapped.
func (p *Program) trace(ctx context.Context) (err error) {
	if p.settings.traces == "" && p.settings.spans == nil {
		return nil
	}
	plain := outage.New(p.log, p.settings.now)
	p.tracer, err = tracing.New(ctx, tracing.Config{Version: sightline.Version, Endpoint: p.settings.traces, Exporter: p.settings.spans, Sent: func(ctx context.Context, err error) {
		plain.Note(ctx, outage.Subject{What: "send traces"}, err)
	}})
	if err == nil {
		p.log = slog.New(tracing.Logs(p.log.Handler()))
	}
	return err
}

// tracedStatements tells the tracer what the database runs; nil if nothing is traced.
func (p *Program) tracedStatements() func(context.Context, store.Statement) {
	if p.tracer == nil {
		return nil
	}
	return func(ctx context.Context, s store.Statement) {
		system := "sqlite"
		if s.Postgres {
			system = "postgresql"
		}
		p.tracer.Statement(ctx, tracing.Statement{Text: s.Text, System: system, Began: s.Began, Failed: s.Failed})
	}
}

// tracedCalls makes spans of the calls of other services.
func (p *Program) tracedCalls(network http.RoundTripper) http.RoundTripper {
	if p.tracer == nil {
		return network
	}
	return p.tracer.Calls(network, rest.Operation)
}

// tracedRequests makes spans of requests; nil if nothing is traced.
func (p *Program) tracedRequests() func(context.Context, string) (context.Context, func(handlers.Answered)) {
	if p.tracer == nil {
		return nil
	}
	return func(ctx context.Context, method string) (context.Context, func(handlers.Answered)) {
		ctx, end := p.tracer.Request(ctx, method)
		return ctx, func(a handlers.Answered) {
			r := tracing.Request{Method: a.Method, Route: a.Route, Status: a.Status, Tenant: string(a.Tenant), Code: a.Code}
			if a.Panic != nil {
				r.Panic, r.Stack = a.Panic.Value, a.Panic.Stack
			}
			end(r)
		}
	}
}
