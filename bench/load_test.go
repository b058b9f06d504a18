package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

func TestLoadIsForLoopbackOnly(t *testing.T) {
	t.Parallel()
	for address, allowed := range map[string]bool{
		"http://127.0.0.1:80/x":            true,
		"http://[::1]:80/x":                true,
		"http://localhost/":                false, // a name may mean anything
		"http://example.com/":              false,
		"http://10.0.0.1/":                 false,
		"http://127.0.0.1.example.com/":    false,
		"http://127.0.0.1@example.com/":    false,
		"http://0.0.0.0/":                  false,
		"":                                 false,
		"://":                              false,
		"http://2130706433/":               false,
		"http://[::ffff:127.0.0.1]:80/x":   true,
		"http://[::ffff:192.0.2.1]:80/x":   false,
		"https://127.0.0.1.nip.example:1/": false,
	} {
		if err := checkLoopback(address); (err == nil) != allowed {
			t.Errorf("%s: got %v, want allowed %v", address, err, allowed)
		}
	}
	_, _, err := load(t.Context(), "http://192.0.2.1/page?jwt=token", "", measure.Limits{Time: time.Second, Count: 1, Clients: 1})
	if err == nil || strings.Contains(err.Error(), "token") {
		t.Errorf("got %v, want a refusal without the query", err)
	}
}

func TestLoadIsBounded(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Accept-Encoding") != "gzip" {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	t.Cleanup(server.Close)
	s, count, err := load(t.Context(), server.URL, "gzip", measure.Limits{Time: time.Minute, Count: 50, Clients: 4})
	if err != nil || count != 50 || asked.Load() != 50 || s[measure.PerSecond] <= 0 || s[measure.P99] < s[measure.P50] {
		t.Errorf("by count: got %v, %d of %d, %v", s, count, asked.Load(), err)
	}
	_, count, err = load(t.Context(), server.URL, "gzip", measure.Limits{Time: 20 * time.Millisecond, Count: 1 << 40, Clients: 2})
	if err != nil || count == 0 {
		t.Errorf("by time: got %d, %v", count, err)
	}
	_, _, err = load(t.Context(), server.URL+"/page?jwt=token", "", measure.Limits{Time: time.Minute, Count: 1 << 40, Clients: 2})
	if err == nil || !strings.Contains(err.Error(), "/page: status 418") || strings.Contains(err.Error(), "token") {
		t.Errorf("got %v, want the status without the query", err)
	}
}
