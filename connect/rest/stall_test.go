package rest_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// ending is a context whose deadline comes when the test says so.
type ending struct {
	context.Context
	over chan struct{}
}

func (e ending) Deadline() (time.Time, bool) { return time.Now().Add(time.Hour), true }

func (e ending) Done() <-chan struct{} { return e.over }

func (e ending) Err() error {
	select {
	case <-e.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// cutter closes the connection when a call's context ends, as the transport does,
// and is the first to say so: a read fails as that of a closed connection.
type cutter struct{ *http.Transport }

func (c cutter) RoundTrip(req *http.Request) (*http.Response, error) {
	var conn net.Conn
	own := c.Clone()
	own.DialContext = func(ctx context.Context, network, address string) (_ net.Conn, err error) {
		conn, err = new(net.Dialer).DialContext(ctx, network, address)
		return conn, err
	}
	resp, err := own.RoundTrip(req.WithContext(context.WithoutCancel(req.Context())))
	context.AfterFunc(req.Context(), func() { _ = conn.Close() })
	return resp, err
}

// stalls is a server that begins an answer, says so, and says nothing more.
func stalls(t *testing.T, text string, compressed bool, begun func()) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if compressed {
			w.Header().Set("Content-Encoding", "gzip")
			out := gzip.NewWriter(w)
			_, _ = io.WriteString(out, text)
			_ = out.Flush()
		} else {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, text)
		}
		_ = http.NewResponseController(w).Flush()
		begun()
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server
}

// TestStallIsADeadline: a server stops in the middle of its answer. The caller reads
// that the time is over, whoever reads the body, wherever it stops and whatever the
// connection says then.
func TestStallIsADeadline(t *testing.T) {
	t.Parallel()
	type record struct{ ID string }
	readers := map[string]func(context.Context, *rest.Client, rest.Request) error{
		"value": func(ctx context.Context, c *rest.Client, r rest.Request) error {
			_, _, err := rest.Do[map[string]any](ctx, c, r)
			return err
		},
		"raw": func(ctx context.Context, c *rest.Client, r rest.Request) error {
			_, _, err := rest.Do[rest.Raw](ctx, c, r)
			return err
		},
		"list": func(ctx context.Context, c *rest.Client, r rest.Request) error {
			_, _, err := rest.DoList[record, rest.None](ctx, c, r, "values")
			return err
		},
	}
	for reader, read := range readers {
		for _, text := range []string{`{"values":[{"id":"1"},{"id":"`, `{"values":[{"id":"1"},`, `{"values":[{"id":"1"}]`, `{"values":[]}`, `{"val`, ""} {
			for _, compressed := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/compressed %t", reader, text, compressed), func(t *testing.T) {
					t.Parallel()
					ctx := ending{t.Context(), make(chan struct{})}
					server := stalls(t, text, compressed, func() { close(ctx.over) })
					base, ok := server.Client().Transport.(*http.Transport)
					if !ok {
						t.Fatal("no transport")
					}
					c, err := rest.New(&http.Client{Transport: cutter{base}}, server.URL)
					if err != nil {
						t.Fatal(err)
					}
					if err := read(ctx, c, rest.Request{Method: http.MethodGet, Path: "/x"}); !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("got %v", err)
					}
				})
			}
		}
	}
}
