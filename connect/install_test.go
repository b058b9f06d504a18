package connect_test

import (
	"context"
	"crypto/rsa"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

const installedPath = "/connect/installed"

func installed(a *app, token, body string) error {
	_, err := a.life.Installed(call("POST", installedPath, token, body), []byte(body))
	return err
}

func TestInstall(t *testing.T) {
	t.Parallel()
	a := newApp()
	body := installBody(claimSet{"baseUrl": testSiteURL + "/", "serverVersion": 7, "unknown": claimSet{"key": "x"}})
	in, err := a.Install(call("POST", installedPath, installToken(installClaims(installedPath)), body), []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if in.BaseURL != testSiteURL || in.SharedSecret.Reveal() != "new-secret" || in.ClientKey != testClientKey {
		t.Errorf("got %+v", in)
	}
}

func TestInstallRefusesClaims(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change claimSet
		want   string
	}{
		{"right", nil, ""},
		{"no audience", claimSet{"aud": absent{}}, connect.CodeAudience},
		{"null audience", claimSet{"aud": nil}, connect.CodeAudience},
		{"empty audience", claimSet{"aud": []string{}}, connect.CodeAudience},
		{"empty text", claimSet{"aud": ""}, connect.CodeAudience},
		{"slash", claimSet{"aud": "/"}, connect.CodeAudience},
		{"number", claimSet{"aud": 1}, connect.CodeMalformed},
		{"numbers", claimSet{"aud": []int{1}}, connect.CodeMalformed},
		{"text", claimSet{"aud": testBase}, ""},
		{"trailing slash", claimSet{"aud": []string{testBase + "/"}}, ""},
		{"two trailing slashes", claimSet{"aud": []string{testBase + "//"}}, connect.CodeAudience},
		{"second allowed URL", claimSet{"aud": "https://other.example.com"}, ""},
		{"ours second", claimSet{"aud": []string{"https://evil.example.com", testBase}}, connect.CodeAudience},
		{"ours first", claimSet{"aud": []string{testBase, "https://evil.example.com"}}, ""},
		{"without the path", claimSet{"aud": "https://app.example.com"}, connect.CodeAudience},
		{"upper case", claimSet{"aud": strings.ToUpper(testBase)}, connect.CodeAudience},
		{"client key", claimSet{"aud": testClientKey}, connect.CodeAudience},

		{"no issuer", claimSet{"iss": absent{}}, connect.CodeClientKey},
		{"another issuer", claimSet{"iss": "client-key-2"}, connect.CodeClientKey},
		{"issuer in upper case", claimSet{"iss": strings.ToUpper(testClientKey)}, connect.CodeClientKey},

		{"context-qsh", claimSet{"qsh": "context-qsh"}, connect.CodeQSHContext},
		{"no qsh", claimSet{"qsh": absent{}}, connect.CodeQSHMissing},
		{"qsh of uninstalled", claimSet{"qsh": connect.QSH("POST", "/uninstalled", "", "")}, connect.CodeQSHMismatch},
		{"qsh of GET", claimSet{"qsh": connect.QSH("GET", "/installed", "", "")}, connect.CodeQSHMismatch},
		{"expired", claimSet{"exp": testStart.Unix() - 60}, connect.CodeExpired},
		{"no expiry", claimSet{"exp": absent{}}, connect.CodeNoExpiry},
		{"year 9999", claimSet{"exp": 253402300799}, connect.CodeLifetime},
		{"not yet", claimSet{"nbf": testStart.Unix() + 60}, connect.CodeNotYet},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newApp()
			err := installed(a, installToken(installClaims(installedPath).with(tt.change)), installBody(nil))
			wantCode(t, err, tt.want)
			wantWrites(t, a, err)
		})
	}
}

// wantWrites says that only an accepted call writes.
func wantWrites(t *testing.T, a *app, err error) {
	t.Helper()
	want := 1
	if err != nil {
		want = 0
	}
	if a.store.writes != want {
		t.Errorf("got %d writes, want %d", a.store.writes, want)
	}
}

func TestInstallRefusesTokens(t *testing.T) {
	t.Parallel()
	c := installClaims(installedPath)
	rsaHeader := func(kid any) claimSet { return claimSet{"alg": "RS256", "kid": kid} }
	ok := installToken(c)
	tests := []struct{ name, token, want string }{
		{"unsigned", "", connect.CodeMissing},
		{"signed with the secret it brings", hs256(claimSet{"alg": "HS256"}, c, "new-secret"), connect.CodeAlg},
		{"signed with the secret of before", hs256(claimSet{"alg": "HS256", "kid": testKid}, c, testSecret), connect.CodeAlg},
		{"HS256 keyed with the public key", hs256(claimSet{"alg": "HS256", "kid": testKid}, c, publicPEM()), connect.CodeAlg},
		{"none", segment(claimSet{"alg": "none", "kid": testKid}) + "." + segment(c) + ".", connect.CodeAlg},
		{"RS384", rs256(claimSet{"alg": "RS384", "kid": testKid}, c, installKey()), connect.CodeAlg},
		{"PS256", rs256(claimSet{"alg": "PS256", "kid": testKid}, c, installKey()), connect.CodeAlg},
		{"another private key", rs256(rsaHeader(testKid), c, otherKey()), connect.CodeSignature},
		{"RS256 header, HMAC of the public key", hs256(rsaHeader(testKid), c, publicPEM()), connect.CodeSignature},
		{"no signature", ok[:strings.LastIndex(ok, ".")+1], connect.CodeSignature},
		{"a context token", hostToken(contextClaims()), connect.CodeAlg},
		{"no kid", rs256(claimSet{"alg": "RS256"}, c, installKey()), connect.CodeKid},
		{"empty kid", rs256(rsaHeader(""), c, installKey()), connect.CodeKid},
		{"kid a number", rs256(rsaHeader(5), c, installKey()), connect.CodeKid},
		{"kid very long", rs256(rsaHeader(strings.Repeat("k", 129)), c, installKey()), connect.CodeKid},
		{"kid a path", rs256(rsaHeader("../"+testKid), c, installKey()), connect.CodeKid},
		{"kid dots", rs256(rsaHeader(".."), c, installKey()), connect.CodeKid},
		{"kid a URL", rs256(rsaHeader("https://evil.example.com/k"), c, installKey()), connect.CodeKid},
		{"kid percent-encoded", rs256(rsaHeader("%2e%2e%2f"+testKid), c, installKey()), connect.CodeKid},
		{"kid with a newline", rs256(rsaHeader(testKid+"\n"), c, installKey()), connect.CodeKid},
		{"kid with a query", rs256(rsaHeader(testKid+"?x"), c, installKey()), connect.CodeKid},
		{"kid unknown", rs256(rsaHeader("other"), c, installKey()), connect.CodeKey},
		{"key named by the token", rs256(claimSet{"alg": "RS256", "kid": "x", "jku": "https://evil.example.com", "jwk": claimSet{}}, c, otherKey()), connect.CodeKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newApp()
			err := installed(a, tt.token, installBody(nil))
			wantCode(t, err, tt.want)
			wantWrites(t, a, err)
		})
	}
}

func TestInstallRefusesBodies(t *testing.T) {
	t.Parallel()
	body := installBody(nil)
	with := func(text string) string { return strings.TrimSuffix(body, "}") + "," + text + "}" }
	tests := []struct{ name, body, want string }{
		{"none", "", "body"},
		{"null", "null", "body"},
		{"text", `"x"`, "body"},
		{"list", "[" + body + "]", "body"},
		{"cut", body[:len(body)-1], "body"},
		{"trailing data", body + "{}", "body"},
		{"trailing garbage", body + "}", "body"},
		{"deep nesting", with(`"a":` + strings.Repeat("[", 100000)), "body"},
		{"deep nesting, closed", with(`"a":` + strings.Repeat(`{"a":`, 50) + "1" + strings.Repeat("}", 50)), "body"},
		{"some nesting", with(`"a":[{"clientKey":["x",{"clientKey":1}]}],"b":"clientKey"`), ""},
		{"invalid UTF-8", with("\"a\":\"\xff\""), "body"},
		{"10 MB", with(`"a":"` + strings.Repeat("x", 10<<20) + `"`), ""},
		{"client key twice", with(`"clientKey":"client-key-2"`), "body"},
		{"client key in another case", with(`"CLIENTKEY":"client-key-2"`), "body"},
		{"secret twice", with(`"sharedSecret":"s"`), "body"},
		{"base URL twice", with(`"baseUrl":"https://evil.atlassian.net"`), "body"},
		{"base URL twice, escaped", with(`"base\u0055rl":"https://evil.atlassian.net"`), "body"},
		{"key twice", with(`"key":"com.example.app"`), "body"},
		{"other member twice", with(`"a":1,"a":2`), ""},
		{"client key a number", installBody(claimSet{"clientKey": 5}), "body"},
		{"client key null", installBody(claimSet{"clientKey": nil}), "body"},
		{"no client key", installBody(claimSet{"clientKey": absent{}}), "body"},
		{"client key very long", installBody(claimSet{"clientKey": strings.Repeat("x", 256)}), "body"},
		{"client key of another tenant", installBody(claimSet{"clientKey": "client-key-2"}), connect.CodeClientKey},
		{"no base URL", installBody(claimSet{"baseUrl": absent{}}), "body"},
		{"no secret", installBody(claimSet{"sharedSecret": absent{}}), "body"},
		{"empty secret", installBody(claimSet{"sharedSecret": ""}), "body"},
		{"secret an object", installBody(claimSet{"sharedSecret": claimSet{}}), "body"},
		{"400 bytes of secret", installBody(claimSet{"sharedSecret": strings.Repeat("s", 400)}), ""},
		{"no key", installBody(claimSet{"key": absent{}}), "body"},
		{"key of another app", installBody(claimSet{"key": "com.example.other"}), connect.CodeAppKey},
		{"event of another call", installBody(claimSet{"eventType": "uninstalled"}), "body"},
		{"no display URL", installBody(claimSet{"displayUrl": absent{}}), ""},
		{"display URL not https", installBody(claimSet{"displayUrl": "http://jira.acme.example"}), ""},
		{"display URL no origin", installBody(claimSet{"displayUrl": "https://x; script-src *"}), ""},
		{"display URL script", installBody(claimSet{"displayUrl": "javascript:alert(1)"}), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newApp()
			err := installed(a, installToken(installClaims(installedPath)), tt.body)
			wantCode(t, err, tt.want)
			wantWrites(t, a, err)
		})
	}
}

// An odd display address costs the address, and the operator is told.
func TestOddDisplayURLIsDropped(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://jira.acme.example": "https://jira.acme.example", "javascript:alert(1)": "", "https://x; script-src *": "", "http://jira.acme.example/": "",
	} {
		a := newApp()
		told := ""
		a.life.Dropped = func(_ context.Context, _ *connect.Tenant, what string) { told = what }
		wantCode(t, installed(a, installToken(installClaims(installedPath)), installBody(claimSet{"displayUrl": address})), "")
		if got := a.store.tenants[testClientKey].DisplayURL; got != want || (told != "") != (want == "") {
			t.Errorf("%s: got %q and was told %q, want %q", address, got, told, want)
		}
	}
}

// A refusal says in the log what was seen and what is allowed.
func TestRefusalsSayWhatIsAllowed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		claims, body claimSet
		want         []string
	}{
		"host":     {nil, claimSet{"baseUrl": "https://evil.example"}, []string{`"evil.example"`, "*.atlassian.net"}},
		"app":      {nil, claimSet{"key": "com.example.other"}, []string{`"com.example.other"`, "not "}},
		"audience": {claimSet{"aud": []string{"https://other.example"}}, nil, []string{`"https://other.example"`, testBase}},
		"expired":  {claimSet{"iat": testStart.Unix() - 700, "exp": testStart.Unix() - 600}, nil, []string{"10m0s ago", "clock"}},
	} {
		err := installed(newApp(), installToken(installClaims(installedPath).with(tt.claims)), installBody(tt.body))
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want it to say %s", name, err, want)
			}
		}
	}
}

func TestInstallContentType(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]string{
		"application/json": "", "application/json; charset=UTF-8": "", "": "",
		"text/plain": "body", "multipart/form-data": "body", ";": "body", "application/x-www-form-urlencoded": "body",
	} {
		a := newApp()
		body := installBody(nil)
		r := call("POST", installedPath, installToken(installClaims(installedPath)), body)
		r.Header.Set("Content-Type", contentType)
		if contentType == "" {
			r.Header.Del("Content-Type")
		}
		r.Body = http.NoBody // read by the adapter
		_, err := a.life.Installed(r, []byte(body))
		wantCode(t, err, want)
		wantWrites(t, a, err)
	}
}

func TestInstallHosts(t *testing.T) {
	t.Parallel()
	for _, site := range []string{
		"https://evil.example.com", "https://atlassian.net", "https://a.b.atlassian.net", "https://acme.atlassian.net.evil.com",
		"https://acmeatlassian.net", "https://169.254.169.254", "https://127.0.0.1", "https://[::1]", "https://localhost",
		"http://acme.atlassian.net", "file:///etc/passwd", "ftp://acme.atlassian.net", "//acme.atlassian.net", "acme.atlassian.net",
		"https://user@acme.atlassian.net", "https://acme.atlassian.net@evil.com", "https://evil.com#acme.atlassian.net",
		"https://evil.com?acme.atlassian.net", `https://evil.com\acme.atlassian.net`, "https://acme.atlassian.net.",
		"https://acme.atlassian.net:8443", "https://acme.atlassian.net:443", "https://acme.atlassian.net:", "https://acmé.atlassian.net",
		"https://acme.atlassian.net?x", "https://acme.atlassian.net/../x", "https://ACME.atlassian.net", "https://-.atlassian.net",
		"https://.atlassian.net", "https://%61cme.atlassian.net", "https://acme.atlassian.net\n", "https://ａcme.atlassian.net",
		"https:acme.atlassian.net", "https:///acme.atlassian.net", "https://acme.jira-dev.com",
	} {
		a := newApp()
		err := installed(a, installToken(installClaims(installedPath)), installBody(claimSet{"baseUrl": site}))
		if got := code(err); got != connect.CodeHost || a.store.writes != 0 {
			t.Errorf("%s: got %q, want %q", site, got, connect.CodeHost)
		}
	}
}

// failingKeys is a key host that does not answer.
type failingKeys struct{ calls *int }

func (k failingKeys) Key(context.Context, string, string) (*rsa.PublicKey, error) {
	*k.calls++
	return nil, fmt.Errorf("the key host is down")
}

// A key host that is down is not a bad key, and a request that could never
// pass costs no call to it.
func TestInstallKeyHostDown(t *testing.T) {
	t.Parallel()
	a, calls := newApp(), 0
	a.Keys = failingKeys{&calls}
	c := installClaims(installedPath)
	wantCode(t, installed(a, installToken(c), installBody(nil)), "failure: get install key: the key host is down")
	if calls != 1 {
		t.Errorf("got %d calls, want 1", calls)
	}
	wantCode(t, installed(a, installToken(c.with(claimSet{"exp": testStart.Add(-time.Hour).Unix()})), installBody(nil)), connect.CodeExpired)
	wantCode(t, installed(a, installToken(c), installBody(claimSet{"baseUrl": "https://evil.com"})), connect.CodeHost)
	if calls != 1 {
		t.Errorf("got %d calls, want 1", calls)
	}
}
