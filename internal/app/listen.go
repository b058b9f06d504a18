package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// The limits of every listener: slow and half-open clients are cut off.
const (
	// HeaderTimeout is how long a request's header may take.
	HeaderTimeout = 5 * time.Second
	readTimeout   = 20 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	// MaxHeader bounds a request's header, in bytes.
	MaxHeader = 64 << 10
	// StopTimeout is how long requests in flight may take at the end.
	StopTimeout = 10 * time.Second
)

// maxDrain is the longest time to drain.
const maxDrain = 10 * time.Minute

// Listen opens the listeners of the settings and serves until the context ends
// or one fails. Metrics can be read until the end.
func (p *Program) Listen(ctx context.Context) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", p.settings.addr)
	if err != nil {
		return fmt.Errorf("%s: %w", Variable("addr"), err)
	}
	g, ctx := errgroup.WithContext(ctx)
	last, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	if p.settings.metricsAddr != "" {
		metrics, err := config.Listen(ctx, "tcp", p.settings.metricsAddr)
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", Variable("metrics-addr"), err), listener.Close())
		}
		g.Go(func() error { return p.ServeMetrics(last, metrics) })
	}
	g.Go(func() error {
		defer end()
		return p.Run(ctx, listener)
	})
	return g.Wait()
}

// drained is a context that ends when the time to drain is over, which begins
// with the end of ctx.
func (p *Program) drained(ctx context.Context) (context.Context, context.CancelFunc) {
	drained, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		p.readiness.drain()
		p.log.InfoContext(ctx, "stopping", "drain", p.settings.drain)
		time.AfterFunc(p.settings.drain, cancel)
	})
	return drained, func() { stop(); cancel() }
}

// closing tells clients of a draining program to use another connection from now
// on. Their idle connections stay until the end: a request may be on its way.
func (p *Program) closing(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.readiness.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
}

// CutOffError says that requests were still unanswered when the time to stop was
// over.
type CutOffError struct {
	// Requests is how many there were.
	Requests int
}

// Error implements error.
func (e *CutOffError) Error() string {
	return fmt.Sprintf("%d requests did not finish within %s and were cut off", e.Requests, StopTimeout)
}

// Serve runs the server until the context ends, then lets the requests in
// flight finish. Those that last longer than [StopTimeout] are a [*CutOffError].
func Serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	var conns conns
	server.ConnState = conns.note
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), StopTimeout)
	defer cancel()
	conns.closeQuiet()
	err := server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = &CutOffError{conns.busy()}
	}
	if err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// conns are a server's connections by what they do. Quiet ones have not sent a
// request yet: browsers and proxies open them ahead of need, and Shutdown would
// wait five seconds for each.
type conns struct {
	mu     sync.Mutex
	state  map[net.Conn]http.ConnState
	closed bool
}

// note implements http.Server.ConnState.
func (c *conns) note(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case state == http.StateClosed, state == http.StateHijacked, state == http.StateIdle:
		delete(c.state, conn)
	case state == http.StateNew && c.closed:
		_ = conn.Close()
	default:
		if c.state == nil {
			c.state = map[net.Conn]http.ConnState{}
		}
		c.state[conn] = state
	}
}

func (c *conns) closeQuiet() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for conn, state := range c.state {
		if state == http.StateNew {
			_ = conn.Close()
		}
	}
}

// busy is how many connections have a request that is not answered.
func (c *conns) busy() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, state := range c.state {
		if state == http.StateActive {
			n++
		}
	}
	return n
}
