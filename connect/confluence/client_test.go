package confluence_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/confluence"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
)

func newClient(t *testing.T, h http.HandlerFunc) *confluence.Client {
	t.Helper()
	return clienttest.New(t, confluence.New, h)
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
				clienttest.Answer(w, max(tc.status, 200), tc.answer)
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

func TestNew(t *testing.T) {
	t.Parallel()
	var path string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		clienttest.Answer(w, http.StatusOK, `{}`)
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
