package connect_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

func TestLookupCloudID(t *testing.T) {
	t.Parallel()
	text := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	cases := []struct {
		name    string
		handler http.HandlerFunc
		want    connect.CloudID
	}{
		{"found", text(200, `{"cloudId":"5b0e6a0e-0000-4000-8000-00000000c10d","more":1}`), "5b0e6a0e-0000-4000-8000-00000000c10d"},
		{"not found", text(404, `{"cloudId":"5b0e6a0e"}`), ""},
		{"html", text(200, `<html>`), ""},
		{"empty", text(200, ``), ""},
		{"no id", text(200, `{}`), ""},
		{"number", text(200, `{"cloudId":7}`), ""},
		{"path in the id", text(200, `{"cloudId":"../x"}`), ""},
		{"long id", text(200, `{"cloudId":"`+strings.Repeat("a", 65)+`"}`), ""},
		{"long body", text(200, `{"pad":"`+strings.Repeat("a", 1<<20)+`","cloudId":"abc"}`), ""},
		{"redirect", http.RedirectHandler("/found", http.StatusFound).ServeHTTP, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			mux.HandleFunc("GET /site/_edge/tenant_info", tc.handler)
			mux.HandleFunc("/found", text(200, `{"cloudId":"abc"}`))
			server := httptest.NewServer(mux)
			defer server.Close()
			got, err := connect.LookupCloudID(t.Context(), server.Client(), server.URL+"/site/")
			if got != tc.want || (err == nil) != (tc.want != "") {
				t.Errorf("got %q, %v, want %q", got, err, tc.want)
			}
		})
	}
	if _, err := connect.LookupCloudID(t.Context(), nil, "http://%zz"); err == nil {
		t.Error("bad base url: got no error")
	}
}
