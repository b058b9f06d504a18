package refusals

import (
	"net/http"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// TestChallenge asks without a token: the answer names the scheme to use.
func TestChallenge(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	for _, tc := range []struct{ method, path, want string }{
		{http.MethodGet, "/configure", "JWT"},
		{http.MethodPost, "/webhooks/issue", "JWT"},
		{http.MethodPost, "/lifecycle/installed", "JWT"},
		{http.MethodGet, "/chat/glance", "Bearer"},
		{http.MethodGet, "/chat/sidebar", "Bearer"},
		{http.MethodPost, "/chat/lifecycle/installed", "Bearer"},
	} {
		resp, err := harness.Client().Do(harness.NewRequest(t, tc.method, r.URL+tc.path, nil))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := resp.Header.Get("WWW-Authenticate"); resp.StatusCode != http.StatusUnauthorized || got != tc.want {
			t.Errorf("%s: %d %q, want 401 %q", tc.path, resp.StatusCode, got, tc.want)
		}
	}
}
