package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
)

// serve runs the server until the context ends, then lets the requests in
// flight finish.
func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	var quiet quietConns
	server.ConnState = quiet.note
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	quiet.close()
	if err := server.Shutdown(last); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// quietConns are the connections on which nothing was ever asked. Browsers and
// proxies open such ahead of need, and Shutdown would wait five seconds for
// each to say something.
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
