package gadget

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// FirstLook is the body of a page or, if body takes longer than wait, a
// placeholder until the script has fetched it.
func FirstLook(r *edge.Request, wait time.Duration, title func(*lang.Language) string, body func(context.Context) (templ.Component, error)) (templ.Component, error) {
	whole := r.Request.Context()
	ctx := &patient{Context: whole, wait: wait}
	defer ctx.cancel()
	found, err := body(ctx)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && whole.Err() == nil {
		l := r.Language()
		return web.LoadingView(l, title(l)), nil
	}
	return found, err
}

// patient is a context whose time begins when somebody first asks it how long they
// may wait: a page whose view is in the cache needs no timer.
type patient struct {
	context.Context //nolint:containedctx // it is a context itself
	wait            time.Duration

	mu    sync.Mutex
	over  bool
	begun context.Context //nolint:containedctx // the same with its time; nil until then
	end   context.CancelFunc
}

func (p *patient) begin() context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begun == nil {
		p.begun, p.end = context.WithTimeout(p.Context, p.wait)
	}
	if p.over {
		p.end()
	}
	return p.begun
}

// now is the context as far as it has begun.
func (p *patient) now() context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begun == nil {
		return p.Context
	}
	return p.begun
}

// Deadline implements context.Context.
func (p *patient) Deadline() (time.Time, bool) { return p.begin().Deadline() }

// Done implements context.Context.
func (p *patient) Done() <-chan struct{} { return p.begin().Done() }

// Err implements context.Context.
func (p *patient) Err() error { return p.now().Err() }

// Value implements context.Context.
func (p *patient) Value(key any) any { return p.now().Value(key) }

// cancel ends the wait, begun or not.
func (p *patient) cancel() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	if p.begun != nil {
		p.end()
	}
}
