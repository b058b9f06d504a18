package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// With Connect off only Forge's routes answer, and strangers are refused.
func TestConnectOff(t *testing.T) {
	t.Parallel()
	flags := ServeFlags{
		Addr: "127.0.0.1:0", BaseURL: "https://app.example/base", Connect: "off",
		StoreFlags: StoreFlags{DatabaseURL: "sqlite://" + t.TempDir() + "/test.db", SecretKeys: "k:" + NewKey(), DatabaseStatementTimeout: "1m"},
		ForgeFlags: ForgeFlags{
			AppID: "1f7c6e0a-5f0e-4f6a-9c0e-3b7f5a2d9e10", JWKSURL: "http://127.0.0.1:1/jwks.json",
			Environments: "PRODUCTION", APIURL: "https://api.atlassian.com",
		},
		SlackFlags: SlackFlags{APIURL: "https://slack.com/api/", AuthorizeURL: "https://slack.com/oauth/v2/authorize"},
		ChatAPIURL: "https://api.atlassian.com", LogFlags: LogFlags{LogFormat: "text", LogLevel: "info"},
	}
	set, err := flags.Parse(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	for path, want := range map[string]int{
		"GET /base/healthz": 200, "GET /base/forge/manifest.yml": 200,
		"GET /base/atlassian-connect.json": 404, "POST /base/lifecycle/installed": 404, "GET /base/gadget/workload": 404,
		"POST /base/webhooks/issue": 404, "GET /base/configure": 404,
		"GET /base/forge/ui/workload-gadget": 401, "GET /base/forge/ui/timelog-gadget/view": 401, "POST /base/forge/tick": 401,
		"POST /base/forge/events": 401, "POST /base/forge/lifecycle": 401, "POST /base/forge/uninstall": 401,
		"GET /base/forge/tick": 405,
	} {
		method, target, _ := strings.Cut(path, " ")
		w := httptest.NewRecorder()
		p.Server().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, http.NoBody))
		if w.Code != want {
			t.Errorf("%s: got %d, want %d", path, w.Code, want)
		}
		if strings.HasSuffix(path, ".yml") && !strings.Contains(w.Body.String(), "baseUrl: https://app.example/base") {
			t.Errorf("the manifest does not name the app:\n%s", w.Body.String())
		}
	}
}
