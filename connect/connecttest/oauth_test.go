package connecttest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestImpersonation(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	person := site.People()[0]
	got := get(t, site.URL()+"/rest/api/3/myself", "Bearer "+app.bearer(t, site, person.AccountID, ""))
	if got.status != http.StatusOK || got.str("accountId") != person.AccountID {
		t.Fatalf("myself: got %d %s, want %s", got.status, got.body, person.AccountID)
	}
}

func TestImpersonationKeepsToItsScopes(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	person := site.People()[0]
	property := site.URL() + "/rest/api/3/user/properties/x?accountId=" + person.AccountID
	put := func(scope string) int {
		auth := "Bearer " + app.bearer(t, site, person.AccountID, scope)
		return do(t, http.MethodPut, property, "application/json", "1", auth).status
	}
	if got := put("READ"); got != http.StatusForbidden {
		t.Errorf("write with READ: got %d, want 403", got)
	}
	if got := put("WRITE"); got != http.StatusCreated {
		t.Errorf("write with WRITE: got %d, want 201", got)
	}
}

func TestImpersonationRefusals(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstall(t, site)
	person, now := site.People()[0].AccountID, time.Now()
	in := app.installed()
	with := func(changes map[string]any) url.Values {
		return url.Values{"grant_type": {jwtBearer}, "assertion": {app.assertion(t, site, person, changes)}}
	}
	scoped := func(scope string) url.Values {
		form := with(nil)
		form.Set("scope", scope)
		return form
	}
	forged := signed(t, jwt.SigningMethodHS256, []byte("other"), jwt.MapClaims{
		"iss": "urn:atlassian:connect:clientid:" + in.OAuthClientID, "exp": now.Add(time.Minute).Unix(),
	})
	for _, test := range []struct {
		name, code string
		form       url.Values
	}{
		{"no grant type", "unsupported_grant_type", url.Values{"assertion": {"x"}}},
		{"no assertion", "invalid_grant", url.Values{"grant_type": {jwtBearer}}},
		{"wrong secret", "invalid_grant", url.Values{"grant_type": {jwtBearer}, "assertion": {forged}}},
		{"given twice", "invalid_request", url.Values{"grant_type": {jwtBearer, jwtBearer}}},
		{"unknown client", "invalid_client", with(map[string]any{"iss": "urn:atlassian:connect:clientid:" + "nobody"})},
		{"app key as iss", "invalid_grant", with(map[string]any{"iss": in.Key})},
		{"wrong aud", "invalid_grant", with(map[string]any{"aud": site.URL() + "/oauth2/token"})},
		{"no aud", "invalid_grant", with(map[string]any{"aud": nil})},
		{"wrong tenant", "invalid_grant", with(map[string]any{"tnt": "https://other.atlassian.net"})},
		{"lives too long", "invalid_grant", with(map[string]any{"exp": now.Add(3 * time.Minute).Unix()})},
		{"expired", "invalid_grant", with(map[string]any{"exp": now.Add(-time.Minute).Unix()})},
		{"bare account", "invalid_grant", with(map[string]any{"sub": person})},
		{"unknown account", "invalid_grant", with(map[string]any{"sub": "urn:atlassian:connect:useraccountid:" + "nobody"})},
		{"no account", "invalid_grant", with(map[string]any{"sub": "urn:atlassian:connect:useraccountid:"})},
		{"app user", "invalid_grant", with(map[string]any{"sub": "urn:atlassian:connect:useraccountid:" + "addon_com.example.app"})},
		{"scope too wide", "invalid_scope", scoped("READ ADMIN")},
		{"scope in lower case", "invalid_scope", scoped("read")},
	} {
		got := do(t, http.MethodPost, site.URL()+"/oauth2/token", formContent, test.form.Encode(), "")
		if got.status < 400 || got.status >= 500 || got.str("error") != test.code || got.str("access_token") != "" {
			t.Errorf("%s: got %d %s, want %s", test.name, got.status, got.body, test.code)
		}
	}
	if got := do(t, http.MethodPost, site.URL()+"/oauth2/token", "application/json", "{}", ""); got.str("error") != "invalid_request" {
		t.Errorf("json: got %d %s", got.status, got.body)
	}
	if got := get(t, site.URL()+"/oauth2/token", ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: got %d, want 405", got.status)
	}
}

func TestImpersonationNeedsItsScope(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.amend = func(d map[string]any) { d["scopes"] = []string{"read"} }
	app.mustInstall(t, site)
	form := url.Values{"grant_type": {jwtBearer}, "assertion": {app.assertion(t, site, site.People()[0].AccountID, nil)}}
	got := do(t, http.MethodPost, site.URL()+"/oauth2/token", formContent, form.Encode(), "")
	if got.status != http.StatusBadRequest || got.str("error") != "unauthorized_client" {
		t.Errorf("got %d %s, want unauthorized_client", got.status, got.body)
	}
}

func TestChatTokens(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.mustInstallChat(t, site, "")
	good := map[string]string{"grant_type": "client_credentials", "client_id": "client", "client_secret": "chat-secret", "audience": "api.atlassian.com"}
	got := postJSON(t, site.URL()+"/oauth/token", good)
	if got.status != http.StatusOK || got.str("token_type") != "Bearer" || got.str("expires_in") != "3600" ||
		got.str("scope") != "participate:conversation manage:conversation" || got.str("access_token") == "" {
		t.Errorf("JSON: got %d %s", got.status, got.body)
	}
	form := "grant_type=client_credentials&client_id=client&client_secret=chat-secret"
	if got := do(t, http.MethodPost, site.URL()+"/oauth/token", formContent, form, ""); got.status != http.StatusOK {
		t.Errorf("form: got %d %s", got.status, got.body)
	}
	for _, test := range []struct {
		name, value string
		want        int
	}{
		{"grant_type", "password", 400},
		{"client_id", "other", 401},
		{"client_secret", "wrong", 401},
		{"client_secret", "", 401},
		{"audience", "api.example.com", 403},
	} {
		body := map[string]string{}
		for name, value := range good {
			body[name] = value
		}
		body[test.name] = test.value
		if got := postJSON(t, site.URL()+"/oauth/token", body); got.status != test.want || got.str("error") == "" {
			t.Errorf("%s=%s: got %d %s, want %d", test.name, test.value, got.status, got.body, test.want)
		}
	}
	if got := do(t, http.MethodPost, site.URL()+"/oauth/token", "application/json", "[", ""); got.status != http.StatusBadRequest {
		t.Errorf("not JSON: got %d", got.status)
	}
	log := site.Requests(0)
	for _, r := range log {
		if strings.Contains(r.Query, "secret") {
			t.Errorf("the log shows a secret: %+v", r)
		}
	}
}
