package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

func TestLoops(t *testing.T) {
	t.Parallel()
	for name := range loops() {
		var out bytes.Buffer
		if err := run(t.Context(), []string{"loop", "-name", name, "-time", "5ms", "-count", "100"}, &out); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var s measure.Sample
		if err := json.Unmarshal(out.Bytes(), &s); err != nil || s[measure.P50] <= 0 || s[measure.Allocs] <= 0 {
			t.Errorf("%s: got %v, %v", name, s, err)
		}
	}
}

// The floors do what they say: an altered token does not pass the check by
// hand.
func TestByHandChecks(t *testing.T) {
	t.Parallel()
	full := token(time.Now())
	if err := verifyByHand([]byte(secret), full, pageQuery+"&jwt="+full); err != nil {
		t.Errorf("the token: %v", err)
	}
	if err := verifyByHand([]byte(secret), full[:len(full)-4]+"AAAA", pageQuery); err == nil {
		t.Error("another signature passes")
	}
	if err := verifyByHand([]byte(secret), full, strings.Replace(pageQuery, "10001", "10002", 1)); err == nil {
		t.Error("another query passes")
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"nothing"}, {"loop"}, {"loop", "-name", "none"}, {"loop", "-time", "x"}, {"serve", "-file", "/nowhere/at/all"}} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

func TestBareGin(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(bareGin("/page", "gzip", []byte("as it is"), false))
	t.Cleanup(server.Close)
	for path, want := range map[string]string{"/page?x=1": "as it is", "/readyz": "", "/metrics": "go_memstats_mallocs_total "} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip") // or the client would decompress
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || !strings.HasPrefix(string(body), want) {
			t.Errorf("%s: got %d %q, %v", path, resp.StatusCode, body, err)
		}
	}
}

// The floor that verifies serves the page that its worker has signed, and no other.
func TestBareGinByHand(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(bareGin(pagePath, "", []byte("as it is"), true))
	t.Cleanup(server.Close)
	var address bytes.Buffer
	if err := run(t.Context(), []string{"address"}, &address); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		address.String(): http.StatusOK,
		strings.Replace(address.String(), "10001", "10002", 1): http.StatusUnauthorized,
		pagePath: http.StatusUnauthorized,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("got %d, want %d for %.40s", resp.StatusCode, want, path)
		}
	}
}
