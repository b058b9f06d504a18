package refusals

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
)

// about changes one claim of the context.
func about(r harness.Room, name string, value any) map[string]any {
	claims := r.Claims()
	claims["context"] = harness.With(claims["context"].(map[string]any), name, value)
	return claims
}

// TestEveryChatRouteIsTried fails if a route has no call among those that the
// tests forge.
func TestEveryChatRouteIsTried(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	tried := map[string]bool{}
	for _, call := range r.Calls(t) {
		path, _, _ := strings.Cut(call.Path, "?")
		tried[call.Method+" "+path] = true
	}
	routes := 0
	for _, route := range r.App.Server().Routes() {
		if !strings.HasPrefix(route.Path, "/chat/") || route.Method == http.MethodOptions { // a preflight has no token
			continue
		}
		routes++
		if !tried[route.Method+" "+route.Path] {
			t.Errorf("no test forges %s %s", route.Method, route.Path)
		}
	}
	if routes != len(tried) {
		t.Errorf("%d routes, %d calls", routes, len(tried))
	}
}

func TestForgedChatCallsAreRefused(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	before := r.Kept(t)
	for name, token := range wrongTokens(t, r) {
		t.Run(name, func(t *testing.T) {
			for _, call := range r.Calls(t) {
				status, body := r.Send(t, call, "Bearer "+token)
				harness.Refused(t, status, body, token)
				if t.Failed() {
					t.Fatalf("%s %s", call.Method, call.Path)
				}
			}
		})
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("refused calls changed what is stored:\n%s", diff)
	}
	r.LeaksNothing(t)
	for _, call := range r.Calls(t) {
		if status, body := r.Send(t, call, "Bearer "+r.Sign(t, r.Claims())); status >= 300 && call.Path != "/chat/lifecycle/installed" && status != http.StatusNotFound {
			t.Errorf("%s %s: a valid token is refused: %d\n%s", call.Method, call.Path, status, body)
		}
	}
}

// wrongTokens are tokens that no call accepts.
func wrongTokens(t testing.TB, r harness.Room) map[string]string {
	t.Helper()
	key, _ := r.Site.InstallKey()
	now, right := time.Now(), r.Claims()
	signed := r.Sign(t, right)
	parts := strings.Split(signed, ".")
	tokens := map[string]string{
		"none": "", "garbage": "garbage", "two parts": parts[0] + "." + parts[1], "four parts": signed + ".x", "empty parts": "..",
		"no signature":      parts[0] + "." + parts[1] + ".",
		"not base64":        "!!!." + parts[1] + "." + parts[2],
		"padded base64":     parts[0] + "==." + parts[1] + "." + parts[2],
		"payload no json":   parts[0] + ".aGVsbG8." + parts[2],
		"payload an array":  parts[0] + ".W10." + parts[2],
		"longer than 8 KiB": r.Sign(t, harness.With(right, "pad", strings.Repeat("x", 9<<10))),
		"alg none":          unsigned(t, right, "none"),
		"alg NONE":          unsigned(t, right, "NONE"),
		"alg hs256":         unsigned(t, right, "hs256"),
		"alg empty":         unsigned(t, right, ""),
		"HS384":             harness.HMACToken(t, jwt.SigningMethodHS384, right, onsite.ChatClientSecret),
		"HS512":             harness.HMACToken(t, jwt.SigningMethodHS512, right, onsite.ChatClientSecret),
		"RS256":             rsaToken(t, right, key, "any"),
		"empty secret":      harness.HMACToken(t, jwt.SigningMethodHS256, right, ""),
		"wrong secret":      harness.HMACToken(t, jwt.SigningMethodHS256, right, onsite.ChatClientSecret+" "),
		"client id as key":  harness.HMACToken(t, jwt.SigningMethodHS256, right, onsite.ChatClientID),
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	published := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))
	tokens["a public key as secret"] = harness.HMACToken(t, jwt.SigningMethodHS256, right, published)
	contextToken, err := r.Site.ContextToken(harness.AppKey, r.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	tokens["a token of jira"] = contextToken
	for name, claims := range map[string]map[string]any{
		"no expiry":               harness.With(right, "exp", nil),
		"expired":                 harness.With(right, "exp", now.Add(-20*time.Second).Unix()),
		"expiry a fraction":       harness.With(right, "exp", float64(now.Unix())+60.5),
		"expiry in words":         harness.With(right, "exp", "tomorrow"),
		"expiry negative":         harness.With(right, "exp", -1),
		"expiry in the year 9999": harness.With(right, "exp", 253402300000),
		"not yet":                 harness.With(right, "nbf", now.Add(3*time.Hour).Unix()),
		"issued in future":        harness.With(right, "iat", now.Add(3*time.Hour).Unix()),
		"no issuer":               harness.With(right, "iss", nil),
		"another issuer":          harness.With(right, "iss", "another-client"),
		"issuer a number":         harness.With(right, "iss", 7),
		"issuer the app":          harness.With(right, "iss", harness.AppKey),
		"subject a list":          harness.With(right, "sub", []string{r.Members[0]}),
		"no context":              harness.With(right, "context", nil),
		"context null":            harness.With(right, "context", jwt.MapClaims(nil)),
		"context a text":          harness.With(right, "context", r.ID),
		"context a list":          harness.With(right, "context", []any{right["context"]}),
		"context empty":           harness.With(right, "context", map[string]any{}),
		"no cloud id":             about(r, "cloudId", nil),
		"cloud id a number":       about(r, "cloudId", 7),
		"no conversation":         about(r, "resourceId", nil),
		"conversation empty":      about(r, "resourceId", ""),
		"not a conversation":      about(r, "resourceType", "site"),
	} {
		tokens[name] = r.Sign(t, claims)
	}
	return tokens
}

// TestWrongPlacesOnEveryChatPath sends a valid token where none is expected,
// and two where one is.
func TestWrongPlacesOnEveryChatPath(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	before := r.Kept(t)
	token := r.Sign(t, r.Claims())
	for _, call := range r.Calls(t) {
		inQuery := call
		inQuery.Path += map[bool]string{true: "&", false: "?"}[strings.Contains(call.Path, "?")] + "jwt=" + token
		twice := inQuery
		twice.Path += "&jwt=" + token
		for name, tc := range map[string]struct {
			call   harness.ChatCall
			header http.Header
		}{
			"none":               {call, nil},
			"query and header":   {inQuery, http.Header{"Authorization": {"Bearer " + token}}},
			"twice in the query": {twice, nil},
			"two headers":        {call, http.Header{"Authorization": {"Bearer " + token, "Bearer " + token}}},
			"cookie":             {call, http.Header{"Cookie": {"jwt=" + token}}},
			"x-acpt":             {call, http.Header{"X-Acpt": {token}}},
			"scheme of jira":     {call, http.Header{"Authorization": {"JWT " + token}}},
			"no scheme":          {call, http.Header{"Authorization": {token}}},
		} {
			req := harness.NewRequest(t, tc.call.Method, r.URL+tc.call.Path, strings.NewReader(tc.call.Body))
			for key, values := range tc.header {
				req.Header[key] = values
			}
			if tc.call.Kind != "" {
				req.Header.Set("Content-Type", tc.call.Kind)
			}
			status, body := harness.Fetch(t, req)
			harness.Refused(t, status, body, token)
			if t.Failed() {
				t.Fatalf("%s: %s %s", name, call.Method, call.Path)
			}
		}
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("refused calls changed what is stored:\n%s", diff)
	}
	r.LeaksNothing(t)
}

func TestChatClockMayBeOffALittle(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	now := time.Now()
	for name, claims := range map[string]map[string]any{
		"just expired":   harness.With(r.Claims(), "exp", now.Add(-5*time.Second).Unix()),
		"just issued":    harness.With(r.Claims(), "iat", now.Add(10*time.Second).Unix()),
		"no iat":         harness.With(r.Claims(), "iat", nil),
		"no type":        about(r, "resourceType", nil),
		"unknown claims": harness.With(r.Claims(), "qsh", []int{1}),
	} {
		if status, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/configuration"}, "Bearer "+r.Sign(t, claims)); status != http.StatusOK {
			t.Errorf("%s: status %d\n%s", name, status, body)
		}
	}
}

func TestChatTokenPlaces(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	token := r.Sign(t, r.Claims())
	const form = "application/x-www-form-urlencoded"
	get := func(path string) harness.ChatCall { return harness.ChatCall{Method: http.MethodGet, Path: path} }
	for name, tc := range map[string]struct {
		call   harness.ChatCall
		header []string
		want   int
	}{
		"query":                {get("/chat/configuration?jwt=" + token), nil, 200},
		"header":               {get("/chat/configuration"), []string{"Bearer " + token}, 200},
		"both":                 {get("/chat/configuration?jwt=" + token), []string{"Bearer " + token}, 401},
		"twice in query":       {get("/chat/configuration?jwt=" + token + "&jwt=" + token), nil, 401},
		"an empty second one":  {get("/chat/configuration?jwt=" + token + "&jwt="), nil, 401},
		"two headers":          {get("/chat/configuration"), []string{"Bearer " + token, "Bearer " + token}, 401},
		"a second of no use":   {get("/chat/configuration"), []string{"Bearer " + token, "Basic Og=="}, 401},
		"query and form":       {harness.ChatCall{Method: http.MethodPost, Path: "/chat/setup?jwt=" + token, Kind: form, Body: "jwt=" + token}, nil, 401},
		"header and form":      {harness.ChatCall{Method: http.MethodPost, Path: "/chat/setup", Kind: form, Body: "jwt=" + token}, []string{"Bearer " + token}, 401},
		"scheme of jira":       {get("/chat/configuration"), []string{"JWT " + token}, 401},
		"lower-case scheme":    {get("/chat/configuration"), []string{"bearer " + token}, 401},
		"no scheme":            {get("/chat/configuration"), []string{token}, 401},
		"two spaces":           {get("/chat/configuration"), []string{"Bearer  " + token}, 401},
		"something behind it":  {get("/chat/configuration"), []string{"Bearer " + token + " x"}, 401},
		"another parameter":    {get("/chat/configuration?JWT=" + token), nil, 401},
		"in place of the path": {get("/chat/configuration/" + token), nil, 404},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := r.Send(t, tc.call, tc.header...)
			if status != tc.want {
				t.Errorf("status %d, want %d\n%s", status, tc.want, body)
			}
			if strings.Contains(body, token[len(token)-20:]) {
				t.Errorf("the answer repeats the token:\n%s", body)
			}
		})
	}
	req := harness.NewRequest(t, http.MethodGet, r.URL+"/chat/configuration", nil)
	req.Header.Set("Cookie", "jwt="+token)
	req.Header.Set("X-Acpt", token)
	status, body := harness.Fetch(t, req)
	harness.Refused(t, status, body, token)
}
