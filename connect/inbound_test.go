package connect_test

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// What the tests of inbound calls agree on.
const (
	testAppKey    = "com.example.app"
	testClientKey = "client-key-1"
	testSecret    = "secret-0123456789abcdef0123456789"
	testBase      = "https://app.example.com/connect"
	testSiteURL   = "https://acme.atlassian.net"
	testAccount   = "5b10ac8d82e05b22cc7d4ef5"
	testKid       = "a1b2-c3"
	gadgetPath    = "/connect/gadget?x=1"
	gadgetQSH     = "d37558993905d65f59c29dc059ed1341ce84791a7e1cdf46d05d919295f857e9"
)

var (
	testStart  = time.Unix(1700000060, 0)
	installKey = sync.OnceValue(newRSAKey)
	otherKey   = sync.OnceValue(newRSAKey)
	errStore   = errors.New("the store is down")
)

func newRSAKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// memoryStore is a second implementation of connect.Installations.
type memoryStore struct {
	mu      sync.Mutex
	tenants map[connect.ClientKey]connect.Tenant
	reads   int
	writes  int
	err     error
}

func (s *memoryStore) TenantByClientKey(_ context.Context, key connect.ClientKey) (*connect.Tenant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return s.get(key)
}

func (s *memoryStore) get(key connect.ClientKey) (*connect.Tenant, error) {
	if s.err != nil {
		return nil, s.err
	}
	t, found := s.tenants[key]
	if !found {
		return nil, fmt.Errorf("tenant: %w", connect.ErrNotFound)
	}
	return &t, nil
}

func (s *memoryStore) SaveInstall(_ context.Context, in connect.Install) (*connect.Tenant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	s.writes++
	t, found := s.tenants[in.ClientKey]
	if !found {
		t.ID = connect.TenantID(fmt.Sprintf("tenant-%d", len(s.tenants)+1))
	}
	t.ClientKey, t.AppKey, t.BaseURL, t.DisplayURL = in.ClientKey, in.Key, in.BaseURL, in.DisplayURL
	t.SharedSecret, t.State = in.SharedSecret, connect.StateActive
	t.Generation++
	s.tenants[in.ClientKey] = t
	return &t, nil
}

func (s *memoryStore) SetState(_ context.Context, key connect.ClientKey, to connect.State, _ time.Time) (*connect.Tenant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.get(key)
	if err != nil || t.State == connect.StateUninstalled {
		return t, err
	}
	s.writes++
	t.State = to
	if to == connect.StateUninstalled {
		t.SharedSecret = connect.Secret{}
		t.Generation++
	}
	s.tenants[key] = *t
	return t, nil
}

// app is a verifier with all that it needs, and a host that signs for it.
type app struct {
	*connect.Verifier
	store *memoryStore
	life  *connect.Lifecycle
	mu    sync.Mutex
	now   time.Time
}

func (a *app) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

func (a *app) advance(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

// newApp has one active tenant, testClientKey.
func newApp() *app {
	store := &memoryStore{tenants: map[connect.ClientKey]connect.Tenant{
		testClientKey: {
			ID: "tenant-1", ClientKey: testClientKey, AppKey: testAppKey, BaseURL: testSiteURL,
			State: connect.StateActive, SharedSecret: connect.NewSecret(testSecret), Generation: 1,
		},
	}}
	a := &app{store: store, now: testStart}
	cache := &connect.TenantCache{Source: store, Now: a.clock}
	a.Verifier = &connect.Verifier{
		AppKey: testAppKey, BaseURLs: []string{testBase, "https://other.example.com"},
		Hosts: connect.DefaultHosts(), Tenants: cache, Now: a.clock,
		Keys: connect.StaticKeys{testKid: &installKey().PublicKey},
		Sessions: &connect.Sessions{
			Keys: [][]byte{[]byte(strings.Repeat("k", 32))}, AppKey: testAppKey, Now: a.clock,
		},
	}
	a.life = &connect.Lifecycle{Verifier: a.Verifier, Store: store, Changed: func(t *connect.Tenant) {
		cache.Forget(t.ClientKey)
	}}
	return a
}

// claimSet is a token's payload. The value absent takes a claim out.
type claimSet map[string]any

type absent struct{}

// with copies the claims and changes some.
func (c claimSet) with(changes claimSet) claimSet {
	out := maps.Clone(c)
	for name, value := range changes {
		if _, gone := value.(absent); gone {
			delete(out, name)
		} else {
			out[name] = value
		}
	}
	return out
}

func pageClaims() claimSet {
	return claimSet{
		"iss": testClientKey, "sub": testAccount, "qsh": gadgetQSH,
		"iat": testStart.Unix(), "exp": testStart.Unix() + 180,
	}
}

func contextClaims() claimSet { return pageClaims().with(claimSet{"qsh": "context-qsh"}) }

// installClaims are of a call to path, which starts with the base URL's path.
func installClaims(path string) claimSet {
	return pageClaims().with(claimSet{"aud": []string{testBase}, "qsh": connect.QSH("POST", path, "", "/connect")})
}

func segment(v any) string {
	return base64.RawURLEncoding.EncodeToString([]byte(segmentText(v)))
}

func segmentText(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// hs256 signs whatever header and payload are given: JSON texts or values.
func hs256(header, payload any, secret string) string {
	signed := segment(header) + "." + segment(payload)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func rs256(header, payload any, key *rsa.PrivateKey) string {
	signed := segment(header) + "." + segment(payload)
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(sig)
}

func hostToken(c claimSet) string {
	return hs256(claimSet{"typ": "JWT", "alg": "HS256"}, c, testSecret)
}

func installToken(c claimSet) string {
	return rs256(claimSet{"typ": "JWT", "alg": "RS256", "kid": testKid}, c, installKey())
}

// page is a request for a signed page.
func page(target, token string) *http.Request {
	return httptest.NewRequest(http.MethodGet, target+"&jwt="+token, nil)
}

// call is a request with the token in the header.
func call(method, target, token, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "JWT "+token)
	r.Header.Set("Content-Type", "application/json")
	return r
}

func installBody(changes claimSet) string {
	data, err := json.Marshal(claimSet{
		"key": testAppKey, "clientKey": testClientKey, "sharedSecret": "new-secret",
		"baseUrl": testSiteURL, "displayUrl": "https://jira.acme.example", "productType": "jira",
	}.with(changes))
	if err != nil {
		panic(err)
	}
	return string(data)
}

// code is the reason of a refusal, "" for none, and the error's text for a
// failure.
func code(err error) string {
	var refused *connect.AuthError
	var body *connect.BodyError
	var ignored *connect.IgnoredError
	switch {
	case errors.As(err, &ignored):
		return ignored.Reason
	case errors.As(err, &refused):
		return refused.Code
	case errors.As(err, &body):
		return "body"
	case err != nil:
		return "failure: " + err.Error()
	}
	return ""
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
	if err != nil && (strings.Contains(err.Error(), testSecret) || strings.Contains(err.Error(), "eyJ")) {
		t.Errorf("the error shows a secret or token: %v", err)
	}
}
