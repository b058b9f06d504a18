package faults

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// gate stands before a site and can stop one call at it, so that a test knows
// that the program is at that step and will not leave it.
type gate struct {
	*connecttest.Site

	mu   sync.Mutex
	stop *stop
}

// stop is a call to be stopped: before the site gets it, or after the site did
// what it asks for and before the caller hears of it.
type stop struct {
	method, path string // the path's end or middle
	after        bool
	// reached is closed when the call is there, over when it may go.
	reached, over chan struct{}
}

// newGate makes a site behind a gate, on a loopback port.
func newGate(t *testing.T) *gate {
	t.Helper()
	site, err := connecttest.New(connecttest.Options{RetryDelay: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{Site: site}
	server := httptest.NewServer(http.HandlerFunc(g.serve))
	t.Cleanup(func() {
		site.Close()
		server.CloseClientConnections()
		server.Close()
	})
	if err := site.SetBaseURL(server.URL); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *gate) serve(w http.ResponseWriter, r *http.Request) {
	stop := g.take(r)
	if stop == nil {
		g.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body) // otherwise the end of the connection goes unnoticed
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if stop.after {
		g.ServeHTTP(httptest.NewRecorder(), r)
	}
	close(stop.reached)
	select {
	case <-stop.over:
	case <-r.Context().Done():
	}
	panic(http.ErrAbortHandler)
}

// take is the stop that a call of the program comes to, which stops nobody else.
// People call with a password.
func (g *gate) take(r *http.Request) *stop {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.stop
	if _, _, person := r.BasicAuth(); person {
		return nil
	}
	if s == nil || r.Method != s.method || !strings.Contains(r.URL.Path, s.path) {
		return nil
	}
	g.stop = nil
	return s
}

// step is where a program is when it is killed: wait returns once it is there,
// and free lets it go on, which nobody is left to do.
type step struct{ wait, free func() }

// at stops the next call of a method whose path has a part, before the site gets
// it.
func (g *gate) at(t *testing.T, method, path string) step {
	t.Helper()
	return g.close(t, &stop{method: method, path: path})
}

// after is at once the site has done what the call asks for.
func (g *gate) after(t *testing.T, method, path string) step {
	t.Helper()
	return g.close(t, &stop{method: method, path: path, after: true})
}

func (g *gate) close(t *testing.T, s *stop) step {
	t.Helper()
	s.reached, s.over = make(chan struct{}), make(chan struct{})
	free := sync.OnceFunc(func() { close(s.over) })
	t.Cleanup(free)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stop = s
	return step{free: free, wait: func() {
		t.Helper()
		harness.Eventually(t, s.method+" "+s.path+" is under way", func() bool {
			select {
			case <-s.reached:
				return true
			default:
				return false
			}
		})
	}}
}
