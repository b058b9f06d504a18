package confluence_test

import (
	"context"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/confluence"
)

// newClient returns a client of a server whose Confluence lies under /base, so
// that a call which forgets the base gets a 404 that it does not expect.
func newClient(t *testing.T, h http.HandlerFunc) *confluence.Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/base/", http.StripPrefix("/base", h))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c, err := confluence.New(server.Client(), server.URL+"/base")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// writeJSON answers; 204 has no body.
func writeJSON(w http.ResponseWriter, status int, body string) {
	if body != "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// call is one call of one method: what it must send, what it is answered, and
// what it must return.
type call struct {
	name      string
	operation string // as the specification names it
	call      func(ctx context.Context, c *confluence.Client) (any, error)
	uri       string
	token     string // X-Atlassian-Token
	body      string
	status    int // 0: 200
	answer    string
	want      any
}

func (c call) method() string {
	method, _, _ := strings.Cut(c.operation, " ")
	return method
}

func run(t *testing.T, calls []call) {
	t.Helper()
	for _, tc := range calls {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var method, uri, token, body string
			c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				data, _ := io.ReadAll(r.Body)
				method, uri, body = r.Method, strings.TrimPrefix(r.RequestURI, "/base"), string(data)
				token = r.Header.Get("X-Atlassian-Token")
				writeJSON(w, max(tc.status, 200), tc.answer)
			})
			got, err := tc.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if method != tc.method() || uri != tc.uri {
				t.Errorf("got %s %s\nwant %s %s", method, uri, tc.method(), tc.uri)
			}
			if body != tc.body || token != tc.token {
				t.Errorf("body, token: got %s, %q\nwant %s, %q", body, token, tc.body, tc.token)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// none is for methods that return an error only.
func none(err error) (any, error) { return nil, err }

func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var list []T
	for item, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, item)
	}
	return list, nil
}

func TestNew(t *testing.T) {
	t.Parallel()
	var path string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		writeJSON(w, http.StatusOK, `{}`)
	}))
	defer server.Close()
	for _, suffix := range []string{"", "/", "/wiki", "/wiki/"} {
		c, err := confluence.New(server.Client(), server.URL+suffix)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Users.Current(t.Context(), confluence.UserOptions{}); err != nil || path != "/wiki/rest/api/user/current" {
			t.Errorf("base URL with %q: got %s, %v", suffix, path, err)
		}
	}
	if _, err := confluence.New(server.Client(), "acme.atlassian.net/wiki"); err == nil {
		t.Error("no scheme: got no error")
	}
}
