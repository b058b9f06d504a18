package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHealthy: a command on the same machine learns whether the app is ready, under
// its base path, and says what was answered if not.
func TestHealthy(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /base/readyz", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	})
	mux.HandleFunc("GET /base/healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	addr := strings.TrimPrefix(server.URL, "http://")
	port := addr[strings.LastIndex(addr, ":"):]
	for _, c := range []struct {
		name, addr, base string
		live             bool
		want             string // part of the error, "" for none
	}{
		{"ready", addr, "", false, ""},
		{"any address", port, "https://app.example", false, ""},
		{"not ready", addr, "https://app.example/base/", false, "503 Service Unavailable: the database does not answer"},
		{"live", "0.0.0.0" + port, "https://app.example/base", true, ""},
		{"another path", addr, "https://app.example/other", true, "404"},
		{"no app", "127.0.0.1:1", "", false, "refused"},
		{"no address", "8080", "", false, "SIGHTLINE_ADDR: "},
		{"no URL", addr, "https://app example", false, "SIGHTLINE_BASE_URL: "},
	} {
		err := Healthy(t.Context(), c.addr, c.base, c.live)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
