package refusals

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/store"
)

// counted counts what is read from storage.
type counted struct {
	connect.Installations
	looks atomic.Int64
}

func (c *counted) TenantByClientKey(ctx context.Context, key connect.ClientKey) (*connect.Tenant, error) {
	c.looks.Add(1)
	return c.Installations.TenantByClientKey(ctx, key)
}

// flooded is an app on a database of its own, with a key host that counts.
type flooded struct {
	url   string
	store *counted
	key   *rsa.PrivateKey
	// asked counts the calls to the key host.
	asked atomic.Int64
}

func startFlooded(t *testing.T) *flooded {
	t.Helper()
	keys, err := store.ParseKeyRing("k1:" + app.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{
		URL: "sqlite://" + filepath.Join(t.TempDir(), "flood.db"), Keys: keys, Version: sightline.Version, Log: slog.New(slog.DiscardHandler),
		Limits: store.Limits{Call: time.Minute}, // a busy machine changes no answer
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	f := &flooded{store: &counted{Installations: st.Tenants}}
	if f.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(f.keyHost(t))
	t.Cleanup(host.Close)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	f.url = server.URL
	served, err := connect.NewApp(connect.AppConfig{
		Descriptor: sightline.ConnectDescriptor, BaseURL: f.url, Store: f.store, KeysURL: host.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", served)
	mux.Handle("GET /page", served.Page(func(http.ResponseWriter, *http.Request, *connect.Caller) error { return nil }))
	return f
}

// keyHost knows the keys whose names begin with good, and counts.
func (f *flooded) keyHost(t *testing.T) http.HandlerFunc {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&f.key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return func(w http.ResponseWriter, r *http.Request) {
		f.asked.Add(1)
		if !strings.HasPrefix(r.URL.Path, "/good") {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(text)
	}
}

// A flood of client keys that nobody has costs a bounded number of readings, and a
// tenant that was never seen before is served while it lasts.
func TestFloodOfClientKeys(t *testing.T) {
	t.Parallel()
	f := startFlooded(t)
	began := time.Now()
	var refused, busy atomic.Int64
	stop := flood(func(i int64) {
		switch f.pageOf(t, fmt.Sprint("stranger-", i), "guessed") {
		case http.StatusUnauthorized:
			refused.Add(1)
		case http.StatusServiceUnavailable:
			busy.Add(1)
		}
	})
	harness.Eventually(t, "the flood has used up what comes at once", func() bool { return refused.Load() > 150 })
	if _, err := f.store.SaveInstall(t.Context(), connect.Install{ // by another process
		Key: harness.AppKey, ClientKey: "flooded", SharedSecret: connect.NewSecret("good"), BaseURL: "https://flooded.atlassian.net", ProductType: connect.ProductJira,
	}); err != nil {
		t.Fatal(err)
	}
	asked := time.Now()
	if got := f.page(t, "good"); got != http.StatusOK {
		t.Errorf("a good tenant: got %d, want 200", got)
	}
	wait := time.Since(asked)
	stop()
	took := time.Since(began)
	if n := f.store.looks.Load(); n > 100+int64(50*took.Seconds())+2 {
		t.Errorf("got %d readings in %s, want 100 at once and 50 a second at most", n, took)
	}
	t.Logf("%d keys refused, %d without a turn, %d readings in %s; the good one waited %s", refused.Load(), busy.Load(), f.store.looks.Load(), took, wait)
}

func (f *flooded) claims(method, path string) map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": "flooded", "iat": now.Unix(), "exp": now.Add(3 * time.Minute).Unix(), "qsh": connecttest.QSH(method, path, "", ""),
	}
}

func (f *flooded) page(t *testing.T, secret string) int {
	t.Helper()
	return f.pageOf(t, "flooded", secret)
}

func (f *flooded) pageOf(t *testing.T, clientKey, secret string) int {
	t.Helper()
	req := harness.NewRequest(t, http.MethodGet, f.url+"/page", nil)
	claims := harness.With(f.claims(http.MethodGet, "/page"), "iss", clientKey)
	req.Header.Set("Authorization", "JWT "+harness.HMACToken(t, jwt.SigningMethodHS256, claims, secret))
	status, _ := harness.Fetch(t, req)
	return status
}

// install posts an install that is signed with a key of a name.
func (f *flooded) install(t *testing.T, kid, site string) int {
	t.Helper()
	const path = "/lifecycle/installed"
	claims := jwt.MapClaims(harness.With(f.claims(http.MethodPost, path), "aud", f.url))
	claims["iss"] = site
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = kid
	signed, err := token.SignedString(f.key)
	if err != nil {
		t.Fatal(err)
	}
	req := harness.NewRequest(t, http.MethodPost, f.url+path, strings.NewReader(fmt.Sprintf(
		`{"key":%q,"clientKey":%q,"sharedSecret":"s","baseUrl":"https://%s.atlassian.net","productType":"jira","eventType":"installed"}`,
		harness.AppKey, site, site)))
	req.Header.Set("Authorization", "JWT "+signed)
	req.Header.Set("Content-Type", "application/json")
	status, _ := harness.Fetch(t, req)
	return status
}

// flood makes calls from many goroutines until it is stopped.
func flood(call func(i int64)) (stop func()) {
	var done sync.WaitGroup
	var over atomic.Bool
	var n atomic.Int64
	for range 24 {
		done.Go(func() {
			for !over.Load() {
				call(n.Add(1))
			}
		})
	}
	return func() { over.Store(true); done.Wait() }
}

// A flood of bad signatures costs one database read a second. Meanwhile a secret
// that another process has renewed works.
func TestFloodOfBadSignatures(t *testing.T) {
	t.Parallel()
	f := startFlooded(t)
	renew := func(secret string) {
		t.Helper()
		_, err := f.store.SaveInstall(t.Context(), connect.Install{
			Key: harness.AppKey, ClientKey: "flooded", SharedSecret: connect.NewSecret(secret), BaseURL: "https://flooded.atlassian.net", ProductType: connect.ProductJira,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	renew("first")
	began := time.Now()
	if got := f.page(t, "first"); got != http.StatusOK {
		t.Fatalf("got %d", got)
	}
	var refused atomic.Int64
	stop := flood(func(int64) {
		if f.page(t, "guessed") == http.StatusUnauthorized {
			refused.Add(1)
		}
	})
	for _, secret := range []string{"second", "third"} {
		renew(secret) // another process does
		if got := f.page(t, secret); got != http.StatusOK {
			t.Errorf("%s, just renewed: got %d, want 200", secret, got)
		}
	}
	stop()
	if n := f.store.looks.Load(); n > 2+int64(time.Since(began)/time.Second) {
		t.Errorf("got %d readings in %s for %d bad signatures", n, time.Since(began), refused.Load())
	}
	t.Logf("%d bad signatures, %d readings, %s", refused.Load(), f.store.looks.Load(), time.Since(began))
}

// A flood of key ids that nobody has costs a bounded number of calls, and a new key
// is found while it lasts, of another site and of the same.
func TestFloodOfKeyIDs(t *testing.T) {
	t.Parallel()
	f := startFlooded(t)
	began := time.Now()
	var refused, busy atomic.Int64
	stop := flood(func(i int64) {
		switch f.install(t, fmt.Sprint("bad-", i), "flooded") {
		case http.StatusUnauthorized:
			refused.Add(1)
		case http.StatusServiceUnavailable:
			busy.Add(1)
		}
	})
	harness.Eventually(t, "the flood is on", func() bool { return refused.Load()+busy.Load() > 30 })
	var waits []time.Duration
	for _, one := range []struct{ kid, site string }{{"good-other", "quiet"}, {"good-same", "flooded"}} {
		asked := time.Now()
		if got := f.install(t, one.kid, one.site); got != http.StatusNoContent {
			t.Errorf("%s of %s: got %d, want 204", one.kid, one.site, got)
		}
		waits = append(waits, time.Since(asked).Round(time.Millisecond))
	}
	stop()
	took := time.Since(began)
	if n := f.asked.Load(); n > 25+int64(25*took.Seconds())+1 {
		t.Errorf("got %d calls in %s, want 25 at once and 25 a second at most", n, took)
	}
	t.Logf("%d ids refused, %d without a turn, %d calls in %s; good ones waited %s", refused.Load(), busy.Load(), f.asked.Load(), took, waits)
	before := f.asked.Load()
	if got := f.install(t, "good-same", "flooded"); got != http.StatusNoContent || f.asked.Load() != before {
		t.Errorf("a known key: got %d and %d calls, want none", got, f.asked.Load()-before)
	}
}

// If a key host answers anything but a key, nothing is accepted, and the app does
// not answer 500.
func TestKeyHostFaults(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // too short on purpose
	if err != nil {
		t.Fatal(err)
	}
	short, err := x509.MarshalPKIXPublicKey(&small.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
	}
	for name, answer := range map[string]http.HandlerFunc{
		"500":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"redirect":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"64 MB":     write(strings.Repeat("-", 64<<20)),
		"no PEM":    write("hello"),
		"HTML":      write("<!doctype html><p>Sign in</p>"),
		"nothing":   write(""),
		"short key": write(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: short}))),
		"no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := httptest.NewServer(answer)
			t.Cleanup(host.Close)
			r := harness.Start(t, connecttest.NewSite(t), func(f *app.ServeFlags) { f.InstallKeysURL = host.URL })
			f := &flooded{url: r.URL, key: small}
			const path = "/lifecycle/installed"
			token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims(harness.With(f.claims(http.MethodPost, path), "aud", r.URL)))
			token.Header["kid"] = "any"
			signed, err := token.SignedString(small)
			if err != nil {
				t.Fatal(err)
			}
			req := harness.NewRequest(t, http.MethodPost, r.URL+path, strings.NewReader(fmt.Sprintf(
				`{"key":%q,"clientKey":"flooded","sharedSecret":"s","baseUrl":%q,"productType":"jira","eventType":"installed"}`, harness.AppKey, r.Site.URL())))
			req.Header.Set("Authorization", "JWT "+signed)
			req.Header.Set("Content-Type", "application/json")
			resp, err := harness.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var body strings.Builder
			_ = resp.Write(&body)
			if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") != "10" || !strings.Contains(body.String(), "urn:sightline:problem:upstream.keys") {
				t.Errorf("got %s", body.String())
			}
			if _, err := r.Store.Tenants.TenantByClientKey(t.Context(), "flooded"); err == nil {
				t.Error("it was stored")
			}
		})
	}
}
