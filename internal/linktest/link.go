// Package linktest stands between a program and a server in tests, and plays
// what networks do: a connection that is cut, a server that no longer answers.
package linktest

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

// Link forwards connections to a server. Make it with [New].
type Link struct {
	listener net.Listener
	target   string

	mu     sync.Mutex
	thawed *sync.Cond
	frozen bool
	closed bool
	conns  map[net.Conn]struct{}
	done   sync.WaitGroup
}

// New links to a server at host:port, until the test ends.
func New(tb testing.TB, target string) *Link {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	l := &Link{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
	l.thawed = sync.NewCond(&l.mu)
	ctx := tb.Context()
	l.done.Go(func() { l.accept(ctx) })
	tb.Cleanup(l.close)
	return l
}

// Addr is where the program connects, as host:port.
func (l *Link) Addr() string { return l.listener.Addr().String() }

// Freeze keeps every connection open and forwards nothing more.
func (l *Link) Freeze() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen = true
}

// Thaw forwards again, and what has arrived meanwhile.
func (l *Link) Thaw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen = false
	l.thawed.Broadcast()
}

// Cut ends every connection; new ones are accepted.
func (l *Link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.conns {
		_ = conn.Close()
	}
}

// Open is how many connections to the server there are.
func (l *Link) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.conns) / 2
}

func (l *Link) close() {
	_ = l.listener.Close()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.Thaw()
	l.Cut()
	l.done.Wait()
}

func (l *Link) accept(ctx context.Context) {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.done.Go(func() { l.forward(ctx, conn) })
	}
}

func (l *Link) forward(ctx context.Context, client net.Conn) {
	server, err := new(net.Dialer).DialContext(ctx, "tcp", l.target)
	if err != nil {
		_ = client.Close()
		return
	}
	if !l.keep(client, server) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { l.copy(server, client) })
	both.Go(func() { l.copy(client, server) })
	both.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, client)
	delete(l.conns, server)
}

func (l *Link) keep(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range conns {
		if l.closed {
			_ = conn.Close()
			continue
		}
		l.conns[conn] = struct{}{}
	}
	return !l.closed
}

// copy forwards one direction and ends both with it.
func (l *Link) copy(to io.WriteCloser, from io.ReadCloser) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		l.wait()
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (l *Link) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.frozen && !l.closed {
		l.thawed.Wait()
	}
}
