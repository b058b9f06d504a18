package jiradc_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jiradc"
)

func newClient(t *testing.T, h http.HandlerFunc) *jiradc.Client {
	t.Helper()
	return clienttest.New(t, jiradc.New, h)
}

// call is one call of one method: what it must send, what it is answered, and
// what it must return.
type call struct {
	name      string
	operation string // as the specification names it
	call      func(ctx context.Context, c *jiradc.Client) (any, error)
	query     string
	header    string // the special one, as name: value
	body      string
	status    int // 0: 200
	answer    string
	want      any
}

// target is the method and the path with its example value.
func (c call) target() (method, uri string) {
	method, path, _ := strings.Cut(c.operation, " ")
	uri = strings.NewReplacer("{propertyKey}", "a.b", "{username}", "a%2Fb", "{id}", "1000").Replace("/rest" + path)
	if c.query != "" {
		uri += "?" + c.query
	}
	return method, uri
}

var boundary = regexp.MustCompile(`[0-9a-f]{60}`)

// special returns the special headers of a request.
func special(h http.Header) string {
	var found []string
	for _, name := range []string{"X-ExperimentalApi", "X-Atlassian-Token"} {
		for _, value := range h.Values(name) {
			found = append(found, name+": "+value)
		}
	}
	return strings.Join(found, ", ")
}

func TestCalls(t *testing.T) {
	t.Parallel()
	for _, tc := range allCalls() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var method, uri, header, body string
			c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				data, _ := io.ReadAll(r.Body)
				method, uri, header = r.Method, strings.TrimPrefix(r.RequestURI, "/base"), special(r.Header)
				body = boundary.ReplaceAllString(string(data), "BOUNDARY")
				clienttest.Answer(w, max(tc.status, 200), tc.answer)
			})
			got, err := tc.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if wantMethod, wantURI := tc.target(); method != wantMethod || uri != wantURI {
				t.Errorf("got %s %s\nwant %s %s", method, uri, wantMethod, wantURI)
			}
			if body != tc.body || header != tc.header {
				t.Errorf("body, header: got %s, %q\nwant %s, %q", body, header, tc.body, tc.header)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewRefusesABadURL(t *testing.T) {
	t.Parallel()
	if _, err := jiradc.New(&http.Client{}, "jira.example.com"); err == nil {
		t.Error("got no error")
	}
}
