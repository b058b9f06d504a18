package connecttest

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// verifyInstall checks a call signed with the install key as an app would, with
// the key fetched from the site.
func verifyInstall(t *testing.T, s *Site, app *testApp, c call) hostToken {
	t.Helper()
	raw, ok := strings.CutPrefix(c.header.Get("Authorization"), "JWT ")
	if !ok {
		t.Fatalf("%s: no JWT in %q", c.path, c.header.Get("Authorization"))
	}
	var claims hostToken
	_, err := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired()).
		ParseWithClaims(raw, &claims, func(token *jwt.Token) (any, error) {
			kid, _ := token.Header["kid"].(string)
			block, _ := pem.Decode(get(t, s.URL()+"/install-keys/"+kid, "").body)
			if block == nil || block.Type != "PUBLIC KEY" {
				return nil, errors.New("the key is not PEM")
			}
			return x509.ParsePKIXPublicKey(block.Bytes)
		})
	if err != nil {
		t.Fatalf("%s: %v", c.path, err)
	}
	if len(claims.Audience) != 1 || claims.Audience[0] != app.baseURL() {
		t.Errorf("%s: aud: got %v, want %s", c.path, claims.Audience, app.baseURL())
	}
	return claims
}

// verifyHost checks a call signed with the shared secret.
func verifyHost(t *testing.T, secret string, c call) hostToken {
	t.Helper()
	var claims hostToken
	raw := strings.TrimPrefix(c.header.Get("Authorization"), "JWT ")
	_, err := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired()).
		ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return []byte(secret), nil })
	if err != nil {
		t.Fatalf("%s: %v", c.path, err)
	}
	if want := QSH(c.method, c.path, c.query, "/base"); claims.QSH != want {
		t.Errorf("%s: qsh: got %s, want %s", c.path, claims.QSH, want)
	}
	return claims
}

func TestInstall(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	got := app.mustInstall(t, site)
	calls := app.to("/installed")
	if len(calls) != 1 {
		t.Fatalf("installed calls: got %d, want 1", len(calls))
	}
	p := calls[0].payload(t)
	claims := verifyInstall(t, site, app, calls[0])
	if claims.Issuer != p.ClientKey || claims.QSH != QSH("POST", "/installed", "", "") {
		t.Errorf("claims: got %+v for client key %s", claims, p.ClientKey)
	}
	if p.Key != "com.example.app" || p.EventType != "installed" || p.ProductType != "jira" || p.BaseURL != site.URL() ||
		p.DisplayURL != site.URL() || p.OAuthClientID == "" || !strings.HasPrefix(p.SharedSecret, "ATCO") {
		t.Errorf("payload: got %+v", p)
	}
	if got.ClientKey != p.ClientKey || got.Status != http.StatusNoContent || got.OAuthClientID != p.OAuthClientID {
		t.Errorf("app: got %+v", got)
	}
	enabled := app.to("/enabled")
	if len(enabled) != 1 || enabled[0].payload(t).SharedSecret != "" || enabled[0].payload(t).EventType != "enabled" {
		t.Fatalf("enabled: got %+v", enabled)
	}
	if claims := verifyHost(t, p.SharedSecret, enabled[0]); claims.Issuer != p.ClientKey {
		t.Errorf("enabled: iss: got %s", claims.Issuer)
	}
	for _, d := range site.Objects().Dashboards {
		if len(d.Items) != 1 || d.Items[0].Module != "gadget" || d.Items[0].App != "com.example.app" {
			t.Errorf("dashboard %s: items: got %+v", d.ID, d.Items)
		}
	}
}

func TestInstallKeyIsServedByItsIDOnly(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	if got := get(t, site.URL()+"/install-keys/other", ""); got.status != http.StatusNotFound {
		t.Errorf("got %d, want 404", got.status)
	}
}

func TestRefusedInstallIsNone(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusInternalServerError, http.StatusFound, http.StatusCreated} {
		site, app := NewSite(t), newTestApp(t)
		app.answers(func(call) int { return status })
		got, err := site.Install(t.Context(), app.descriptorURL())
		var refused *InstallError
		if !errors.As(err, &refused) || refused.Status != status || got.Status != status {
			t.Errorf("%d: got %+v, %v", status, got, err)
		}
		if _, err := site.SignHost("com.example.app", nil); !errors.Is(err, ErrNotInstalled) {
			t.Errorf("%d: the app is installed: %v", status, err)
		}
		if n := len(app.to("/enabled")); n != 0 {
			t.Errorf("%d: enabled calls: got %d", status, n)
		}
	}
}

func TestInstallWithoutAnswer(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.Close()
	if _, err := site.Install(t.Context(), app.descriptorURL()); err == nil {
		t.Error("descriptor of a closed app: got no error")
	}
	for _, address := range []string{"", "no address", "file:///etc/passwd", "/relative"} {
		if _, err := site.Install(t.Context(), address); err == nil {
			t.Errorf("%q: got no error", address)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := site.Install(ctx, newTestApp(t).descriptorURL()); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v", err)
	}
}

func TestReinstallKeepsTheTenant(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	first := app.mustInstall(t, site)
	items := site.Objects().Dashboards[0].Items
	before := app.installed()
	second := app.mustInstall(t, site)
	after := app.installed()
	if first.ClientKey != second.ClientKey || before.SharedSecret == after.SharedSecret {
		t.Errorf("client keys %s and %s, same secret: %t", first.ClientKey, second.ClientKey, before.SharedSecret == after.SharedSecret)
	}
	if got := site.Objects().Dashboards[0].Items; len(got) != 1 || got[0] != items[0] {
		t.Errorf("items: got %+v, want %+v", got, items)
	}
	app.answers(func(call) int { return http.StatusInternalServerError })
	if _, err := site.Rotate(t.Context(), "com.example.app"); err == nil {
		t.Fatal("rotate: got no error")
	}
	self := app.selfURL(site)
	if got := get(t, self, "JWT "+app.token(t, "GET", self, nil)); got.status != http.StatusOK {
		t.Errorf("after a refused rotation the old secret: got %d", got.status)
	}
}

func TestUninstall(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	secret := app.installed().SharedSecret
	app.answers(func(call) int { return http.StatusInternalServerError })
	got, err := site.Uninstall(t.Context(), "com.example.app")
	if err != nil || got.Status != http.StatusInternalServerError {
		t.Errorf("uninstall: got %+v, %v", got, err)
	}
	verifyHost(t, secret, app.to("/disabled")[0])
	last := app.to("/uninstalled")[0]
	if claims, p := verifyInstall(t, site, app, last), last.payload(t); claims.Issuer != p.ClientKey || p.EventType != "uninstalled" {
		t.Errorf("uninstalled: got %+v, %+v", claims, p)
	}
	if items := site.Objects().Dashboards[0].Items; len(items) != 0 {
		t.Errorf("items: got %+v", items)
	}
	if _, err := site.Uninstall(t.Context(), "com.example.app"); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("again: got %v", err)
	}
	app.answers(nil)
	if again := app.mustInstall(t, site); again.ClientKey != got.ClientKey {
		t.Errorf("client key of the reinstall: got %s, want %s", again.ClientKey, got.ClientKey)
	}
}

func TestImportBringsANewTenant(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	first := app.mustInstall(t, site)
	second, err := site.Import(t.Context(), "com.example.app")
	if err != nil {
		t.Fatal(err)
	}
	if first.ClientKey == second.ClientKey || first.OAuthClientID == second.OAuthClientID {
		t.Errorf("got %+v after %+v", second, first)
	}
	gone := app.to("/uninstalled")
	if len(gone) != 1 || gone[0].payload(t).ClientKey != first.ClientKey {
		t.Errorf("uninstalled: got %+v", gone)
	}
	if again := app.mustInstall(t, site); again.ClientKey != second.ClientKey {
		t.Errorf("reinstall: got %s, want %s", again.ClientKey, second.ClientKey)
	}
	if _, err := site.Import(t.Context(), "nobody"); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("unknown app: got %v", err)
	}
}

// An app may call back before it has answered the installed call.
func TestCallDuringInstall(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	status := make(chan int, 1)
	app.answers(func(c call) int {
		if c.path == "/base/installed" {
			now := time.Now()
			claims := hostToken{RegisteredClaims: jwt.RegisteredClaims{
				Issuer: "com.example.app", IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Minute)),
			}}
			claims.QSH = QSH("GET", "/rest/atlassian-connect/1/addons/com.example.app/properties", "", "")
			token := signed(t, jwt.SigningMethodHS256, []byte(c.payload(t).SharedSecret), claims)
			status <- get(t, app.selfURL(site)+"/properties", "JWT "+token).status
		}
		return http.StatusNoContent
	})
	app.mustInstall(t, site)
	if got := <-status; got != http.StatusOK {
		t.Errorf("got %d, want 200", got)
	}
}

func TestDescriptorRefusals(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	first := func(d map[string]any, kind string) map[string]any {
		list, _ := d["modules"].(map[string]any)[kind].([]any)
		module, _ := list[0].(map[string]any)
		return module
	}
	for want, amend := range map[string]func(d map[string]any){
		"key: ":                               func(d map[string]any) { d["key"] = "has space" },
		"name: ":                              func(d map[string]any) { delete(d, "name") },
		"baseUrl: must be https":              func(d map[string]any) { d["baseUrl"] = "http://app.example.com" },
		"baseUrl: must be scheme":             func(d map[string]any) { d["baseUrl"] = "https://a@app.example.com?x" },
		"authentication.type: ":               func(d map[string]any) { d["authentication"] = map[string]any{"type": "none"} },
		"apiMigrations.gdpr: ":                func(d map[string]any) { d["apiMigrations"] = map[string]any{"signed-install": true} },
		"lifecycle.installed: is required":    func(d map[string]any) { d["lifecycle"] = map[string]any{} },
		"lifecycle.enabled: must be relative": func(d map[string]any) { d["lifecycle"] = map[string]any{"enabled": "//other.example.com"} },
		"scopes[0]: unknown scope \"Read\"":   func(d map[string]any) { d["scopes"] = []string{"Read"} },
		"modules.webhooks[0]: webhooks need":  func(d map[string]any) { d["scopes"] = []string{"NONE"} },
		"modules.webhooks[0].filter: ":        func(d map[string]any) { first(d, "webhooks")["filter"] = "project =" },
		"modules.webhooks[0].event: unknown":  func(d map[string]any) { first(d, "webhooks")["event"] = "issue_updated" },
		"modules.webhooks[0].filter: only": func(d map[string]any) {
			first(d, "webhooks")["event"], first(d, "webhooks")["filter"] = "user_created", "x"
		},
		"modules.jiraDashboardItems[0].url: ":                      func(d map[string]any) { first(d, "jiraDashboardItems")["url"] = "https://other.example.com" },
		"modules.jiraDashboardItems[0].thumbnail":                  func(d map[string]any) { delete(first(d, "jiraDashboardItems"), "thumbnailUrl") },
		"modules.jiraDashboardItems[0].desc":                       func(d map[string]any) { delete(first(d, "jiraDashboardItems"), "description") },
		"modules.jiraDashboardItems[0].key: \"configure\" is used": func(d map[string]any) { first(d, "jiraDashboardItems")["key"] = "configure" },
		"modules.jiraDashboardItems[0].key: must":                  func(d map[string]any) { first(d, "jiraDashboardItems")["key"] = "a_b" },
		"modules.webhooks: ":                                       func(d map[string]any) { d["modules"] = map[string]any{"webhooks": "none"} },
	} {
		app.amend = amend
		_, err := site.Install(t.Context(), app.descriptorURL())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
	for _, bad := range []string{"", "[]", "null", "{", `{"key":1}`} {
		if _, err := site.Install(t.Context(), serving(t, []byte(bad))); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}
