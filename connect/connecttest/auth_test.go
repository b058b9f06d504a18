package connecttest

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// where an app may read about itself.
func (a *testApp) selfURL(s *Site) string {
	return s.URL() + "/rest/atlassian-connect/1/addons/com.example.app"
}

func TestAppTokenRefusals(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	self := app.selfURL(site)
	now := time.Now()
	with := func(changes map[string]any) string { return "JWT " + app.token(t, "GET", self, changes) }
	claims := jwt.MapClaims{"iss": "com.example.app", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "qsh": QSH("GET", "/rest/atlassian-connect/1/addons/com.example.app", "", "")}
	private, _ := site.InstallKey()
	secret := []byte(app.installed().SharedSecret)
	for _, test := range []struct{ name, auth, reason string }{
		{"nobody", "", ""},
		{"garbage", "JWT abc", "not a JWT"},
		{"two parts", "JWT a.b", "not a JWT"},
		{"no scheme", app.token(t, "GET", self, nil), "scheme"},
		{"bearer of a JWT", "Bearer " + app.token(t, "GET", self, nil), "bearer"},
		{"wrong secret", "JWT " + signed(t, jwt.SigningMethodHS256, []byte("other"), claims), "signature"},
		{"alg none", "JWT " + signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims), "signing method"},
		{"alg HS384", "JWT " + signed(t, jwt.SigningMethodHS384, secret, claims), "signing method"},
		{"alg RS256", "JWT " + signed(t, jwt.SigningMethodRS256, private, claims), "signing method"},
		{"expired", with(map[string]any{"exp": now.Add(-time.Minute).Unix()}), "expired"},
		{"no exp", with(map[string]any{"exp": nil}), "exp"},
		{"no iat", with(map[string]any{"iat": nil}), "iat"},
		{"iat in the future", with(map[string]any{"iat": now.Add(2 * time.Minute).Unix()}), "before issued"},
		{"exp in the year 9999", with(map[string]any{"exp": 253370764800}), "exp"},
		{"foreign aud", with(map[string]any{"aud": "somebody"}), "aud"},
		{"unknown iss", with(map[string]any{"iss": "com.example.other"}), "iss"},
		{"client key as iss", with(map[string]any{"iss": app.installed().ClientKey}), "iss"},
		{"no qsh", with(map[string]any{"qsh": nil}), "qsh"},
		{"context-qsh", with(map[string]any{"qsh": "context-qsh"}), "qsh"},
		{"qsh of another method", "JWT " + app.token(t, "POST", self, nil), "qsh"},
		{"qsh of another path", "JWT " + app.token(t, "GET", self+"/properties", nil), "qsh"},
		{"qsh of another query", "JWT " + app.token(t, "GET", self+"?x=1", nil), "qsh"},
		{"qsh in upper case", with(map[string]any{"qsh": strings.ToUpper(QSH("GET", "/", "", ""))}), "qsh"},
		{"wrong password", "Basic " + base64.StdEncoding.EncodeToString([]byte(site.People()[0].Email+":wrong")), "e-mail"},
		{"not base64", "Basic ***", "e-mail"},
	} {
		got := get(t, self, test.auth)
		if got.status != http.StatusUnauthorized || !strings.Contains(string(got.body), test.reason) {
			t.Errorf("%s: got %d %s, want 401 with %q", test.name, got.status, got.body, test.reason)
		}
	}
}

func TestAppTokenAccepted(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	self := app.selfURL(site)
	hard := self + "?b=1&b=%20+&a%20b=*~,&%E2%82%AC=x"
	for name, test := range map[string]struct{ address, auth string }{
		"header":       {self, "JWT " + app.token(t, "GET", self, nil)},
		"aud a string": {self, "JWT " + app.token(t, "GET", self, map[string]any{"aud": app.installed().ClientKey})},
		"no aud":       {self, "JWT " + app.token(t, "GET", self, map[string]any{"aud": nil})},
		"hard query":   {hard, "JWT " + app.token(t, "GET", hard, nil)},
		"in the query": {self + "?jwt=" + app.token(t, "GET", self, nil), ""},
	} {
		if got := get(t, test.address, test.auth); got.status != http.StatusOK || got.str("key") != "com.example.app" {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
}

func TestTwoTokensAreRefused(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	self := app.selfURL(site)
	token := app.token(t, "GET", self, nil)
	if got := get(t, self+"?jwt="+token, "JWT "+token); got.status != http.StatusUnauthorized {
		t.Errorf("query and header: got %d", got.status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, self, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["Authorization"] = []string{"JWT " + token, "JWT " + token}
	if got := send(t, r); got.status != http.StatusUnauthorized {
		t.Errorf("two headers: got %d", got.status)
	}
}

func TestOldSecretsEnd(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	self, person := app.selfURL(site), site.People()[0].AccountID
	token, bearer := app.token(t, "GET", self, nil), app.bearer(t, site, person, "")
	myself := site.URL() + "/rest/api/3/myself"
	if got := get(t, myself, "Bearer "+bearer); got.status == http.StatusUnauthorized {
		t.Fatalf("bearer before: got %d %s", got.status, got.body)
	}
	if _, err := site.Rotate(t.Context(), "com.example.app"); err != nil {
		t.Fatal(err)
	}
	if got := get(t, self, "JWT "+token); got.status != http.StatusUnauthorized {
		t.Errorf("token of the old secret: got %d", got.status)
	}
	if got := get(t, myself, "Bearer "+bearer); got.status != http.StatusUnauthorized {
		t.Errorf("bearer of the old secret: got %d", got.status)
	}
	if got := get(t, self, "JWT "+app.token(t, "GET", self, nil)); got.status != http.StatusOK {
		t.Errorf("token of the new secret: got %d %s", got.status, got.body)
	}
	bearer = app.bearer(t, site, person, "")
	if _, err := site.Uninstall(t.Context(), "com.example.app"); err != nil {
		t.Fatal(err)
	}
	if got := get(t, self, "JWT "+app.token(t, "GET", self, nil)); got.status != http.StatusUnauthorized {
		t.Errorf("token after uninstall: got %d", got.status)
	}
	if got := get(t, myself, "Bearer "+bearer); got.status != http.StatusUnauthorized {
		t.Errorf("bearer after uninstall: got %d", got.status)
	}
}

func TestAppProperties(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	one := app.selfURL(site) + "/properties/one"
	call := func(method, address, body string) answered {
		return do(t, method, address, "application/json", body, "JWT "+app.token(t, method, address, nil))
	}
	for _, test := range []struct {
		method, address, body string
		want                  int
	}{
		{"GET", one, "", 404},
		{"PUT", one, `{"a":1}`, 201},
		{"PUT", one, `{"a":2}`, 200},
		{"PUT", one, `{`, 400},
		{"PUT", one, ``, 400},
		{"PUT", one, `"` + strings.Repeat("x", 32768) + `"`, 400},
		{"PUT", app.selfURL(site) + "/properties/" + strings.Repeat("k", 128), `1`, 400},
		{"POST", one, `1`, 405},
		{"GET", app.selfURL(site) + "/properties", "", 200},
		{"GET", app.selfURL(site) + "/nonsense", "", 404},
		{"GET", site.URL() + "/rest/atlassian-connect/1/addons/com.example.other", "", 401},
		{"GET", one, "", 200},
		{"HEAD", one, "", 200},
		{"HEAD", app.selfURL(site), "", 200},
		{"HEAD", app.selfURL(site) + "/properties", "", 200},
		{"DELETE", one, "", 204},
		{"DELETE", one, "", 404},
	} {
		if got := call(test.method, test.address, test.body); got.status != test.want {
			t.Errorf("%s %s %.20s: got %d %s, want %d", test.method, test.address, test.body, got.status, got.body, test.want)
		}
	}
}

func TestAppKeepsToItsScopes(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.amend = func(d map[string]any) { delete(d, "scopes"); delete(d, "modules") }
	app.mustInstall(t, site)
	for _, path := range []string{"/rest/api/3/project/search", "/rest/api/3/dashboard"} {
		auth := "JWT " + app.token(t, "GET", site.URL()+path, nil)
		if got := get(t, site.URL()+path, auth); got.status != http.StatusForbidden {
			t.Errorf("%s without scopes: got %d %s, want 403", path, got.status, got.body)
		}
	}
}

func TestAppUserCalls(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	myself := site.URL() + "/rest/api/3/myself"
	got := get(t, myself, "JWT "+app.token(t, "GET", myself, nil))
	if got.status != http.StatusOK || got.str("accountId") != "addon_com.example.app" || got.str("accountType") != "app" {
		t.Errorf("myself: got %d %s", got.status, got.body)
	}
	key, _ := anIssue(site)
	issue := site.URL() + "/rest/api/3/issue/" + key
	if got := do(t, "DELETE", issue, "", "", "JWT "+app.token(t, "DELETE", issue, nil)); got.status != http.StatusForbidden {
		t.Errorf("delete with WRITE: got %d %s, want 403", got.status, got.body)
	}
}
