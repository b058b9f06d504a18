package connecttest

import (
	"errors"
	"net/url"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// openPage checks a signed address as an app would and returns its claims.
func openPage(t *testing.T, app *testApp, address string) (*url.URL, hostToken) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var claims hostToken
	_, err = jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired()).ParseWithClaims(
		u.Query().Get("jwt"), &claims, func(*jwt.Token) (any, error) { return []byte(app.installed().SharedSecret), nil })
	if err != nil {
		t.Fatalf("%s: %v", u.Path, err)
	}
	if want := QSH("GET", u.EscapedPath(), u.RawQuery, "/base"); claims.QSH != want {
		t.Errorf("%s: qsh: got %s, want %s", u.Path, claims.QSH, want)
	}
	return u, claims
}

func TestModuleURL(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	installed := app.mustInstall(t, site)
	d, account := site.Objects().Dashboards[0], site.People()[0].AccountID
	address, err := site.ModuleURL("com.example.app", "gadget", account, d.ID, d.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	u, claims := openPage(t, app, address)
	if claims.Issuer != installed.ClientKey || claims.Subject != account {
		t.Errorf("claims: got %+v", claims)
	}
	if u.Path != "/base/gadget" {
		t.Errorf("path: got %s", u.Path)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"d": d.ID, "i": d.Items[0].ID, "v": "default", "x": "", "cp": "", "lic": "none", "xdm_e": site.URL(),
		"xdm_c": "channel-com.example.app__gadget", "cv": "1001.0.0-connecttest",
		"xdm_deprecated_addon_key_do_not_use": "com.example.app",
	} {
		if !q.Has(name) || q.Get(name) != want {
			t.Errorf("%s: got %q, want %q", name, q.Get(name), want)
		}
	}
}

func TestModuleURLOfOtherPages(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	address, err := site.ModuleURL("com.example.app", "configure", "", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if u, claims := openPage(t, app, address); u.Path != "/base/configure" || claims.Subject != "" {
		t.Errorf("configure: got %s for %q", u.Path, claims.Subject)
	}
	if address, err = site.ModuleURL("com.example.app", "gadget", "", "", ""); err != nil {
		t.Fatal(err)
	}
	if u, _ := openPage(t, app, address); u.Query().Get("v") != "directory" || u.Query().Get("d") != "" {
		t.Errorf("directory: got %s", u.RawQuery)
	}
}

func TestModuleURLRefusals(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	boards := site.Objects().Dashboards
	for name, test := range map[string]struct {
		key, module, account, dashboard, item string
		want                                  error
	}{
		"unknown app":            {"other", "gadget", "", "", "", ErrNotInstalled},
		"unknown module":         {"com.example.app", "other", "", "", "", install.ErrNoModule},
		"unknown dashboard":      {"com.example.app", "gadget", "", "1", "2", world.ErrNotFound},
		"unknown item":           {"com.example.app", "gadget", "", boards[0].ID, "2", world.ErrNotFound},
		"item of another board":  {"com.example.app", "gadget", "", boards[0].ID, boards[1].Items[0].ID, world.ErrNotFound},
		"item without dashboard": {"com.example.app", "gadget", "", "", boards[0].Items[0].ID, world.ErrNotFound},
		"unknown account":        {"com.example.app", "gadget", "nobody", boards[0].ID, boards[0].Items[0].ID, nil},
	} {
		_, err := site.ModuleURL(test.key, test.module, test.account, test.dashboard, test.item)
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}

func TestContextToken(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	account := site.People()[0].AccountID
	token, err := site.ContextToken("com.example.app", account)
	if err != nil {
		t.Fatal(err)
	}
	got := journal.Decode("header", token).Claims
	if got["qsh"] != "context-qsh" || got["sub"] != account || got["iss"] != app.installed().ClientKey {
		t.Errorf("got %v", got)
	}
	if self := app.selfURL(site); get(t, self, "JWT "+token).status != 401 {
		t.Error("the site takes a context token for an app's")
	}
	if _, err := site.ContextToken("com.example.app", "nobody"); err == nil {
		t.Error("unknown account: got no error")
	}
	forged, err := site.SignHost("com.example.app", map[string]any{"iss": "me"})
	if err != nil || journal.Decode("", forged).Claims["iss"] != "me" {
		t.Errorf("sign: got %q, %v", forged, err)
	}
}

func TestLicensedApp(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.amend = func(d map[string]any) { d["enableLicensing"] = true }
	app.mustInstall(t, site)
	address, err := site.ModuleURL("com.example.app", "configure", "", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if u, _ := openPage(t, app, address); u.Query().Get("lic") != "active" {
		t.Errorf("lic: got %q", u.Query().Get("lic"))
	}
	if p := app.to("/installed")[0].payload(t); p.EntitlementID == "" || p.EntitlementNumber == "" {
		t.Errorf("payload: got %+v", p)
	}
}
