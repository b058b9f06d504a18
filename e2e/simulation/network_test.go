package simulation

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// network carries connections within the process, so that the clock of a
// simulation knows when nobody has anything to do. All that goes over them is HTTP.
type network struct {
	mu    sync.Mutex
	hosts map[string]*listener
}

// listener accepts the connections to one address.
type listener struct {
	address net.Addr
	conns   chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

// listen opens an address that nobody has yet.
func (n *network) listen() *listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hosts == nil {
		n.hosts = map[string]*listener{}
	}
	at := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(10_000+len(n.hosts)))
	l := &listener{address: net.TCPAddrFromAddrPort(at), conns: make(chan net.Conn), closed: make(chan struct{})}
	n.hosts[at.String()] = l
	return l
}

// dial connects to an address.
func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	l := n.hosts[address]
	n.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("dial %s: nobody listens", address)
	}
	near, far := net.Pipe()
	select {
	case l.conns <- conn{far, l.address}:
		return conn{near, l.address}, nil
	case <-l.closed:
		return nil, fmt.Errorf("dial %s: %w", address, net.ErrClosed)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// conn is one end of a connection, with an address as others have it.
type conn struct {
	net.Conn

	address net.Addr
}

// RemoteAddr implements net.Conn.
func (c conn) RemoteAddr() net.Addr { return c.address }

// LocalAddr implements net.Conn.
func (c conn) LocalAddr() net.Addr { return c.address }

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return l.address }

// url is the address of what listens.
func (l *listener) url() string { return "http://" + l.address.String() }

// serve answers at a listener until the test ends.
func serve(t *testing.T, l *listener, h http.Handler) {
	t.Helper()
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // it ends with the test
	t.Cleanup(func() { _ = server.Close() })
}

// client makes calls over the network and follows no redirects.
func (n *network) client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{DialContext: n.dial, MaxIdleConnsPerHost: 8}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
