package app

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/handlers"
)

const (
	testForgeApp = "ari:cloud:ecosystem::app/1f7c6e0a-5f0e-4f6a-9c0e-3b7f5a2d9e10"
	testCloud    = "7a6f2d0e-1111-4222-8333-944455556666"
	testKeyID    = "forge/invocation-token/1"
)

// gadgetPath is the address of a gadget's page.
func gadgetPath() string { return forge.PathPages + forge.GadgetKey("workload") }

// oauthToken is a token that ends in three hours.
func oauthToken(name string) string {
	return "e30." + encode(object{"exp": time.Now().Add(3 * time.Hour).Unix(), "name": name}) + "." + name
}

type (
	object = map[string]any
	claims object
	answer = *httptest.ResponseRecorder
)

func encode(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// with changes a claim, app one of the app's.
func (c claims) with(name string, value any) claims {
	c = maps.Clone(c)
	c[name] = value
	return c
}

func (c claims) app(name string, value any) claims {
	return c.with("app", object(claims(c["app"].(object)).with(name, value)))
}

// forgeProgram is the whole app with Connect off, next to a key server and an
// API that knows nothing.
type forgeProgram struct {
	*Program
	key  *rsa.PrivateKey
	keys atomic.Int64 // the status of the key server
	api  string
	logs logBuffer
	now  int64
	// system and user are the tokens that come along with every call.
	system, user string
}

func newForgeProgram(t *testing.T) *forgeProgram {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	f := &forgeProgram{key: key, now: time.Now().Unix(), system: oauthToken("system"), user: oauthToken("user")}
	f.keys.Store(http.StatusOK)
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(int(f.keys.Load()))
		_ = json.NewEncoder(w).Encode(object{"keys": []any{object{
			"kty": "RSA", "kid": testKeyID, "n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
		}}})
	}))
	api := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(func() { keys.Close(); api.Close() })
	f.api = api.URL
	set, err := forgeOnly(t, keys.URL, api.URL).Parse(&f.logs)
	if err != nil {
		t.Fatal(err)
	}
	set.patience = handlers.DefaultPatience()
	set.patience.Event = time.Minute // a busy machine reads 25 MiB slowly
	if f.Program, err = New(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// forgeOnly are settings with Connect off.
func forgeOnly(t *testing.T, keys, api string) ServeFlags {
	return ServeFlags{
		Addr: "127.0.0.1:0", BaseURL: "https://app.example/base", Connect: "off",
		StoreFlags: StoreFlags{DatabaseURL: "sqlite://" + t.TempDir() + "/test.db", SecretKeys: "k:" + NewKey(), DatabaseStatementTimeout: "1m"},
		ForgeFlags: ForgeFlags{AppID: testForgeApp, JWKSURL: keys, Environments: "PRODUCTION", APIURL: api},
		SlackFlags: SlackFlags{APIURL: "https://slack.com/api/", AuthorizeURL: "https://slack.com/oauth/v2/authorize"},
		ChatAPIURL: "https://api.atlassian.com", LogFlags: LogFlags{LogFormat: "text", LogLevel: "debug"},
	}
}

// claims are those of a good token, made for a module.
func (f *forgeProgram) claims(m connect.ForgeModule) claims {
	return claims{
		"iss": "forge/invocation-token", "aud": testForgeApp, "iat": f.now, "nbf": f.now, "exp": f.now + 300, "jti": "1", "principal": "person-1",
		"app": object{
			"id": testForgeApp, "installationId": "ari:cloud:ecosystem::installation/1", "apiBaseUrl": f.api + "/ex/jira/" + testCloud,
			"appVersion": "1.0.0", "environment": object{"type": "PRODUCTION", "id": "e"}, "module": object{"type": m.Type, "key": m.Key},
		},
		"context": object{"cloudId": testCloud, "siteUrl": "https://acme.atlassian.net", "extension": object{
			"dashboard": object{"id": "1"}, "gadget": object{"id": "2"},
		}},
	}
}

func (f *forgeProgram) token(c claims) string {
	return f.sign(object{"alg": "RS256", "typ": "JWT", "kid": testKeyID}, c)
}

func (f *forgeProgram) sign(header object, c claims) string {
	signed := encode(header) + "." + encode(c)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, f.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(fmt.Sprint("sign: ", err))
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// bearer is the header of a good call of an address.
func (f *forgeProgram) bearer(path string) string {
	return "Bearer " + f.token(f.claims(doors()[path]))
}

// send calls one of the addresses as Forge does: pages are read, triggers posted.
func (f *forgeProgram) send(t *testing.T, path, authorization, body string) answer {
	t.Helper()
	if strings.HasPrefix(path, gadgetPath()) {
		return f.sendAs(t, http.MethodGet, path, authorization, "")
	}
	return f.sendAs(t, http.MethodPost, path, authorization, body)
}

func (f *forgeProgram) sendAs(t *testing.T, method, path, authorization, body string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/base"+path, strings.NewReader(body))
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	r.Header.Set("X-Forge-Oauth-System", f.system)
	r.Header.Set("X-Forge-Oauth-User", f.user)
	w := httptest.NewRecorder()
	f.Server().ServeHTTP(w, r)
	return w
}
