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

// Listen opens the listeners of the settings and serves until the context ends
// or one fails.
func (p *Program) Listen(ctx context.Context) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", p.settings.addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	if p.settings.metricsAddr != "" {
		metrics, err := config.Listen(ctx, "tcp", p.settings.metricsAddr)
		if err != nil {
			return errors.Join(fmt.Errorf("listen for metrics: %w", err), listener.Close())
		}
		g.Go(func() error { return p.ServeMetrics(ctx, metrics) })
	}
	g.Go(func() error { return p.Run(ctx, listener) })
	return g.Wait()
}

// Serve runs the server until the context ends, then lets the requests in
// flight finish.
func Serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	var quiet quietConns
	server.ConnState = quiet.note
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), StopTimeout)
	defer cancel()
	quiet.close()
	if err := server.Shutdown(last); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// quietConns are the connections that have not sent a request yet. Browsers and
// proxies open them ahead of need, and Shutdown would wait five seconds for
// each.
type quietConns struct {
	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
}

// note implements http.Server.ConnState.
func (q *quietConns) note(conn net.Conn, state http.ConnState) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(q.conns, conn)
	case q.closed:
		_ = conn.Close()
	default:
		if q.conns == nil {
			q.conns = map[net.Conn]struct{}{}
		}
		q.conns[conn] = struct{}{}
	}
}

func (q *quietConns) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for conn := range q.conns {
		_ = conn.Close()
	}
}
