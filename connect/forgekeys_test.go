package connect_test

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// jwk writes a public key as a key set has it.
func jwk(kid string, key *rsa.PrivateKey) map[string]any {
	return map[string]any{
		"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256",
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}
}

func jwks(keys ...any) string {
	data, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		panic(err)
	}
	return string(data)
}

// forgeKeyHost is a key server whose answer and whose reader's clock a test
// moves.
type forgeKeyHost struct {
	*connect.ForgeKeys
	mu     sync.Mutex
	answer http.HandlerFunc
	now    time.Time
	calls  *atomic.Int64
}

func newForgeKeys(t *testing.T, answer http.HandlerFunc) *forgeKeyHost {
	t.Helper()
	h := &forgeKeyHost{answer: answer, now: testStart}
	server, calls := keyHost(t, func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		answer := h.answer
		h.mu.Unlock()
		answer(w, r)
	})
	h.calls = calls
	h.ForgeKeys = &connect.ForgeKeys{URL: server.URL, Now: func() time.Time {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.now
	}}
	return h
}

func (h *forgeKeyHost) becomes(answer http.HandlerFunc, after time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer, h.now = answer, h.now.Add(after)
}

// asks checks what a key id gets, and how many fetches there were by then.
func (h *forgeKeyHost) asks(t *testing.T, kid, want string, fetches int64) {
	t.Helper()
	key, err := h.ForgeKey(t.Context(), kid)
	got := "key"
	switch {
	case errors.Is(err, connect.ErrKeysUnavailable):
		got = "unavailable"
	case errors.Is(err, connect.ErrNotFound):
		got = "unknown"
	case err != nil || key == nil:
		got = fmt.Sprint(err)
	}
	if got != want || h.calls.Load() != fetches {
		t.Errorf("%s: got %s after %d fetches (%v), want %s after %d", kid, got, h.calls.Load(), err, want, fetches)
	}
}

func for1Hour(body string) http.HandlerFunc { return withAge("max-age=3600", body) }

func withAge(cache, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", cache)
		_, _ = w.Write([]byte(body))
	}
}

// Keys that cannot be used spoil none that can.
func TestForgeKeysReads(t *testing.T) {
	t.Parallel()
	good := jwk(forgeKid, installKey())
	with := func(name string, value any) map[string]any {
		m := jwk("odd", installKey())
		m[name] = value
		return m
	}
	h := newForgeKeys(t, for1Hour(jwks(
		"a text", 7, nil, map[string]any{"kty": "EC", "kid": "odd", "crv": "P-256", "x": "AA", "y": "AA"},
		map[string]any{"kty": "new kind", "kid": "odd"}, with("use", "enc"), with("alg", "RS512"), with("kty", "oct"),
		with("n", "!"), with("n", "AQAB"), with("n", 7), with("e", ""), with("e", "Ag"), with("e", "AQABAQABAQAB"), with("kid", ""),
		good, jwk(forgeKid, otherKey()),
	)))
	key, err := h.ForgeKey(t.Context(), forgeKid)
	if err != nil || !key.Equal(&installKey().PublicKey) {
		t.Errorf("got %v, %v", key, err)
	}
	h.asks(t, "odd", "unknown", 2)
	plain := jwk(forgeKid, installKey())
	delete(plain, "use")
	delete(plain, "alg")
	newForgeKeys(t, for1Hour(jwks(plain))).asks(t, forgeKid, "key", 1)
}

// What is no key set counts as keys that are not to be had.
func TestForgeKeysUnavailable(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(for1Hour(jwks(jwk(forgeKid, installKey()))))
	t.Cleanup(elsewhere.Close)
	for name, answer := range map[string]http.HandlerFunc{
		"404": status(404), "500": status(500), "204": status(204),
		"redirect":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"HTML":         text("<html>"),
		"a list":       text("[]"),
		"no keys":      text(`{"keys":[]}`),
		"no RSA keys":  text(`{"keys":[{"kty":"EC","kid":"forge/invocation-token/9d2f"}]}`),
		"cut short":    text(jwks(jwk(forgeKid, installKey()))[:300]),
		"above 1 MiB":  text(strings.Repeat(" ", 1<<20) + jwks(jwk(forgeKid, installKey()))),
		"an empty set": text(""),
	} {
		h := newForgeKeys(t, answer)
		h.asks(t, forgeKid, "unavailable", 1)
		h.becomes(for1Hour(jwks(jwk(forgeKid, installKey()))), 9*time.Second)
		h.asks(t, forgeKid, "unavailable", 1)
		h.becomes(for1Hour(jwks(jwk(forgeKid, installKey()))), time.Second)
		h.asks(t, forgeKid, "key", 2)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestForgeKeysAge(t *testing.T) {
	t.Parallel()
	for cache, want := range map[string]time.Duration{
		"max-age=3600": time.Hour, "public, max-age=7200, immutable": 2 * time.Hour, "s-maxage=60, Max-Age=600": 10 * time.Minute,
		"max-age=1": 5 * time.Minute, "no-store": time.Hour, "": time.Hour, "max-age=-1": time.Hour,
		"max-age=999999999": 24 * time.Hour, "max-age=99999999999999999999": 24 * time.Hour,
	} {
		answer := withAge(cache, jwks(jwk(forgeKid, installKey())))
		h := newForgeKeys(t, answer)
		h.asks(t, forgeKid, "key", 1)
		h.becomes(answer, want-time.Second)
		h.asks(t, forgeKid, "key", 1)
		h.becomes(answer, time.Second)
		h.asks(t, forgeKid, "key", 2)
		if t.Failed() {
			t.Fatal(cache)
		}
	}
}

// Keys go on while the server is down; one that was taken back ends when it is
// there again.
func TestForgeKeysOutlastTheServer(t *testing.T) {
	t.Parallel()
	h := newForgeKeys(t, for1Hour(jwks(jwk(forgeKid, installKey()))))
	h.asks(t, forgeKid, "key", 1)
	h.becomes(status(503), 25*time.Hour)
	h.asks(t, forgeKid, "key", 2)
	h.asks(t, forgeKid, "key", 2) // it cools down
	h.asks(t, "new", "unavailable", 2)
	h.becomes(status(503), 10*time.Second)
	h.asks(t, forgeKid, "key", 3)
	h.becomes(for1Hour(jwks(jwk("new", otherKey()))), 10*time.Second)
	h.asks(t, forgeKid, "unknown", 4)
	h.asks(t, "new", "key", 4)
}

// A rotated key is found at once, and after somebody made up key ids within a
// minute; a flood of those makes two fetches.
func TestForgeKeysRotate(t *testing.T) {
	t.Parallel()
	before, after := for1Hour(jwks(jwk(forgeKid, installKey()))), for1Hour(jwks(jwk("new", otherKey()), jwk(forgeKid, installKey())))
	h := newForgeKeys(t, before)
	h.asks(t, forgeKid, "key", 1)
	h.becomes(after, 0)
	h.asks(t, "new", "key", 2)

	h = newForgeKeys(t, before)
	for i := range 500 {
		h.asks(t, fmt.Sprint("made-up/", i), "unknown", min(int64(i)+1, 2))
	}
	h.becomes(after, 59*time.Second)
	h.asks(t, "new", "unknown", 2)
	h.becomes(after, time.Second)
	h.asks(t, "new", "key", 3)
}

// Who gives up leaves the fetch to the others.
func TestForgeKeysGivenUp(t *testing.T) {
	t.Parallel()
	begun, release := make(chan struct{}), make(chan struct{})
	h := newForgeKeys(t, func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-release
		for1Hour(jwks(jwk(forgeKid, installKey())))(w, r)
	})
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { _, err := h.ForgeKey(ctx, forgeKid); gone <- err }()
	<-begun
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	h.asks(t, forgeKid, "key", 1)
}
