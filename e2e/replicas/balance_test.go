package replicas

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// probeEvery is how often the balancer asks each process whether it is ready.
const probeEvery = 200 * time.Millisecond

// balancer is a plain proxy: requests go in turn to the processes that said last that
// they are ready. It sends none a second time, and leaves a process alone that does not
// take a connection, until it says that it is ready.
type balancer struct {
	*httptest.Server
	backends []*backend
	turn     atomic.Int64
}

type backend struct {
	base    string
	proxy   *httputil.ReverseProxy
	ready   atomic.Bool
	served  atomic.Int64
	failed  atomic.Int64
	refused atomic.Int64
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	b := &balancer{}
	b.Server = httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(b.Close)
	return b
}

// add adds a process at an address, and probes it from now on.
func (b *balancer) add(t *testing.T, base string) {
	t.Helper()
	target, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	one := &backend{base: base, proxy: httputil.NewSingleHostReverseProxy(target)}
	one.proxy.Transport = once{&http.Transport{MaxIdleConnsPerHost: 64, DialContext: (&net.Dialer{Timeout: time.Second}).DialContext}}
	one.proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, err error) {
		one.failed.Add(1)
		if dial := new(net.OpError); errors.As(err, &dial) && dial.Op == "dial" {
			one.refused.Add(1)
			one.ready.Store(false)
		}
		w.WriteHeader(http.StatusBadGateway)
	}
	b.backends = append(b.backends, one)
	ctx, cancel := context.WithCancel(context.Background())
	var probing sync.WaitGroup
	probing.Go(func() { one.probe(ctx) })
	t.Cleanup(func() { cancel(); probing.Wait() })
}

// once sends each request once: Go's transport would send one without a body again when
// its connection has just been closed.
type once struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (o once) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil || req.Body == http.NoBody {
		req.Body = io.NopCloser(eof{})
	}
	req.GetBody = nil
	return o.RoundTripper.RoundTrip(req)
}

type eof struct{}

// Read implements io.Reader.
func (eof) Read([]byte) (int, error) { return 0, io.EOF }

func (b *backend) probe(ctx context.Context) {
	client := &http.Client{Timeout: time.Second}
	defer client.CloseIdleConnections()
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		b.ready.Store(b.isReady(ctx, client))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (b *backend) isReady(ctx context.Context, client *http.Client) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+"/readyz", nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func (b *balancer) serve(w http.ResponseWriter, r *http.Request) {
	for range b.backends {
		one := b.backends[int(b.turn.Add(1))%len(b.backends)]
		if one.ready.Load() {
			one.served.Add(1)
			one.proxy.ServeHTTP(w, r)
			return
		}
	}
	w.WriteHeader(http.StatusServiceUnavailable)
}
