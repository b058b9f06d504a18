package rest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sightline-go/sightline/connect/rest"
)

// TestOperation: a transport learns which call it carries, and takes no other request
// made on its behalf for it.
func TestOperation(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(server.Close)
	var call, token string
	client, err := rest.New(&http.Client{Transport: through(func(r *http.Request) (*http.Response, error) {
		other := r.Clone(r.Context())
		other.URL = r.URL.JoinPath("/token")
		call, token = rest.Operation(r.Clone(r.Context())), rest.Operation(other)
		return http.DefaultTransport.RoundTrip(r)
	})}, server.URL+"/base")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = rest.Do[rest.None](t.Context(), client, rest.Request{
		Method: http.MethodGet, Path: "/user/{accountId}/properties/{key}", Params: []string{"5b10:a/b", "c d"}, Query: struct {
			JQL string `url:"jql"`
		}{"assignee = currentUser()"},
	})
	if err != nil || call != "/user/{accountId}/properties/{key}" || token != "" {
		t.Errorf("got %q, of another request %q: %v", call, token, err)
	}
	if got := rest.Operation(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)); got != "" {
		t.Errorf("of a request of nobody's: %q", got)
	}
}

type through func(*http.Request) (*http.Response, error)

func (f through) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
