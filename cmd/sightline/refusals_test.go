package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
)

const appKey = "app.sightline"

// forger makes requests as the host would, and wrong ones.
type forger struct {
	*running
	app connecttest.App
}

func newForger(t *testing.T) forger {
	t.Helper()
	r := startProgram(t, connecttest.NewSite(t))
	return forger{r, r.install(t)}
}

// claims are those of a right host-signed request.
func (f forger) claims(method, address string) map[string]any {
	path, query, _ := strings.Cut(address, "?")
	now := time.Now()
	return map[string]any{
		"iss": f.app.ClientKey, "iat": now.Unix(), "exp": now.Add(3 * time.Minute).Unix(),
		"sub": f.site.People()[0].AccountID, "qsh": connecttest.QSH(method, path, query, ""),
	}
}

func with(claims map[string]any, name string, value any) map[string]any {
	out := maps.Clone(claims)
	if value == nil {
		delete(out, name)
	} else {
		out[name] = value
	}
	return out
}

func (f forger) sign(t testing.TB, claims map[string]any) string {
	t.Helper()
	token, err := f.site.SignHost(appKey, claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// send sends a request with a token in its header.
func (f forger) send(t testing.TB, method, address, token, body string) (int, string) {
	t.Helper()
	req := newRequest(t, method, f.url+address, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "JWT "+token)
	}
	return fetch(t, req)
}

// tenant is what the database holds of the installation.
func (f forger) tenant(t testing.TB) connect.Tenant {
	t.Helper()
	tenant, err := f.store.Tenants.TenantByClientKey(t.Context(), connect.ClientKey(f.app.ClientKey))
	if err != nil {
		t.Fatal(err)
	}
	return *tenant
}

// tenantDiff compares what matters of two tenants, their secrets included.
func tenantDiff(a, b connect.Tenant) string {
	plain := func(t connect.Tenant) []string {
		return []string{string(t.ID), t.BaseURL, string(t.State), t.SharedSecret.Reveal(), fmt.Sprint(t.Generation)}
	}
	return cmp.Diff(plain(a), plain(b))
}

// refused checks that an answer is a refusal that says nothing.
func refused(t testing.TB, status int, body, token string) {
	t.Helper()
	if status != http.StatusUnauthorized {
		t.Errorf("status %d, want 401\n%s", status, body)
	}
	if !strings.Contains(body, "This request could not be verified.") {
		t.Errorf("not the constant sentence:\n%s", body)
	}
	if len(token) > 20 && strings.Contains(body, token[len(token)-20:]) {
		t.Errorf("the answer repeats the token:\n%s", body)
	}
}

func TestForgedPagesAndWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	page := "/gadget/workload?dashboardId=10000&dashboardItemId=10100&view=default"
	key, _ := f.site.InstallKey()
	now := time.Now()
	for _, target := range []struct{ method, address, body string }{
		{http.MethodGet, page, ""},
		{http.MethodPost, "/webhooks/issue", `{"webhookEvent":"jira:issue_updated"}`},
	} {
		right := f.claims(target.method, target.address)
		claims := map[string]map[string]any{
			"no expiry":           with(right, "exp", nil),
			"expired":             with(right, "exp", now.Add(-time.Minute).Unix()),
			"expiry in words":     with(right, "exp", "tomorrow"),
			"not yet":             with(right, "nbf", now.Add(3*time.Hour).Unix()),
			"issued in future":    with(right, "iat", now.Add(3*time.Hour).Unix()),
			"unknown issuer":      with(right, "iss", "somebody-else"),
			"our own issuer":      with(right, "iss", appKey),
			"no issuer":           with(right, "iss", nil),
			"no qsh":              with(right, "qsh", nil),
			"empty qsh":           with(right, "qsh", ""),
			"number qsh":          with(right, "qsh", 7),
			"upper-case qsh":      with(right, "qsh", strings.ToUpper(right["qsh"].(string))),
			"context qsh":         with(right, "qsh", "context-qsh"),
			"qsh of another path": with(right, "qsh", connecttest.QSH(target.method, "/configure", "", "")),
			"qsh of other method": with(right, "qsh", connecttest.QSH("DELETE", strings.Split(target.address, "?")[0], "", "")),
		}
		tokens := map[string]string{
			"none": "", "garbage": "garbage", "two parts": "a.b", "four parts": "a.b.c.d", "empty parts": "..",
			"alg none":    unsigned(t, right, "none"),
			"alg NoNe":    unsigned(t, right, "NoNe"),
			"HS384":       hmacToken(t, jwt.SigningMethodHS384, right, f.tenant(t).SharedSecret.Reveal()),
			"HS512":       hmacToken(t, jwt.SigningMethodHS512, right, f.tenant(t).SharedSecret.Reveal()),
			"RS256":       rsaToken(t, right, key, "any"),
			"empty key":   hmacToken(t, jwt.SigningMethodHS256, right, ""),
			"another key": hmacToken(t, jwt.SigningMethodHS256, right, strings.Repeat("x", 32)),
		}
		for name, c := range claims {
			tokens[name] = f.sign(t, c)
		}
		// One after another: a case that queued would find its token expired,
		// and be refused for that.
		for name, token := range tokens {
			t.Run(target.method+" "+name, func(t *testing.T) {
				status, body := f.send(t, target.method, target.address, token, target.body)
				refused(t, status, body, token)
			})
		}
		t.Run(target.method+" right", func(t *testing.T) {
			if status, body := f.send(t, target.method, target.address, f.sign(t, right), target.body); status == http.StatusUnauthorized {
				t.Errorf("a right token is refused:\n%s", body)
			}
		})
	}
	f.leaksNothing(t)
}

func unsigned(t testing.TB, claims map[string]any, alg string) string {
	t.Helper()
	head := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims(claims))
	head.Header["alg"] = alg
	text, err := head.SigningString()
	if err != nil {
		t.Fatal(err)
	}
	return text + "."
}

func hmacToken(t testing.TB, method jwt.SigningMethod, claims map[string]any, secret string) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, jwt.MapClaims(claims)).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func rsaToken(t testing.TB, claims map[string]any, key any, kid string) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims(claims))
	token.Header["kid"] = kid
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestForgedInstallsChangeNothing(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	before := f.tenant(t)
	key, kid := f.site.InstallKey()
	body := func(change map[string]any) string {
		in := map[string]any{
			"key": appKey, "clientKey": f.app.ClientKey, "sharedSecret": "stolen-stolen-stolen-stolen-stolen",
			"baseUrl": f.site.URL(), "displayUrl": f.site.URL(), "productType": "jira", "eventType": "installed",
		}
		maps.Copy(in, change)
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	right := with(f.claims(http.MethodPost, "/lifecycle/installed"), "aud", []string{f.url})
	contextToken, err := f.site.ContextToken(appKey, f.site.People()[0].AccountID)
	if err != nil {
		t.Fatal(err)
	}
	deep := strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000)
	for name, tc := range map[string]struct{ token, body string }{
		"unsigned":               {"", body(nil)},
		"hs256 with old secret":  {f.sign(t, right), body(nil)},
		"hs256 with new secret":  {hmacToken(t, jwt.SigningMethodHS256, right, "stolen-stolen-stolen-stolen-stolen"), body(nil)},
		"context token":          {contextToken, body(nil)},
		"no kid":                 {rsaToken(t, right, key, ""), body(nil)},
		"unknown kid":            {rsaToken(t, right, key, "unknown"), body(nil)},
		"path kid":               {rsaToken(t, right, key, "../"+kid), body(nil)},
		"url kid":                {rsaToken(t, right, key, "http://127.0.0.1/"+kid), body(nil)},
		"long kid":               {rsaToken(t, right, key, strings.Repeat("k", 200)), body(nil)},
		"no audience":            {rsaToken(t, with(right, "aud", nil), key, kid), body(nil)},
		"wrong audience":         {rsaToken(t, with(right, "aud", "https://other.example"), key, kid), body(nil)},
		"empty audience":         {rsaToken(t, with(right, "aud", []string{}), key, kid), body(nil)},
		"context qsh":            {rsaToken(t, with(right, "qsh", "context-qsh"), key, kid), body(nil)},
		"another issuer":         {rsaToken(t, with(right, "iss", "attacker"), key, kid), body(nil)},
		"another client in body": {rsaToken(t, with(right, "iss", "attacker"), key, kid), body(map[string]any{"clientKey": "victim"})},
		"another app":            {rsaToken(t, right, key, kid), body(map[string]any{"key": "other.app"})},
		"foreign host":           {rsaToken(t, right, key, kid), body(map[string]any{"baseUrl": "https://evil.example"})},
		"metadata host":          {rsaToken(t, right, key, kid), body(map[string]any{"baseUrl": "http://169.254.169.254"})},
		"file url":               {rsaToken(t, right, key, kid), body(map[string]any{"baseUrl": "file:///etc/passwd"})},
		"user info":              {rsaToken(t, right, key, kid), body(map[string]any{"baseUrl": strings.Replace(f.site.URL(), "http://", "http://x.atlassian.net@", 1)})},
		"no secret":              {rsaToken(t, right, key, kid), body(map[string]any{"sharedSecret": ""})},
		"no body":                {rsaToken(t, right, key, kid), ""},
		"array":                  {rsaToken(t, right, key, kid), "[]"},
		"not json":               {rsaToken(t, right, key, kid), "hello"},
		"deep":                   {rsaToken(t, right, key, kid), deep[:60000]},
		"invalid utf-8":          {rsaToken(t, right, key, kid), "{\"clientKey\":\"\xff\xfe\"}"},
		"duplicate keys":         {rsaToken(t, right, key, kid), strings.Replace(body(nil), "{", `{"clientKey":"victim",`, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/lifecycle/installed", "/lifecycle/uninstalled"} {
				if name == "no secret" && path == "/lifecycle/uninstalled" {
					continue // uninstalled brings none
				}
				status, answer := f.send(t, http.MethodPost, path, tc.token, tc.body)
				refused(t, status, answer, tc.token)
				if strings.Contains(answer, "stolen") {
					t.Errorf("the answer repeats the secret:\n%s", answer)
				}
			}
			if diff := tenantDiff(before, f.tenant(t)); diff != "" {
				t.Errorf("the tenant changed:\n%s", diff)
			}
		})
	}
	tenants, err := f.store.Tenants.List(t.Context())
	if err != nil || len(tenants) != 1 {
		t.Errorf("%d tenants, want 1 (%v)", len(tenants), err)
	}
	status, answer := f.send(t, http.MethodPost, "/lifecycle/installed", rsaToken(t, right, key, kid), `{"pad":"`+strings.Repeat("x", 10<<20)+`"}`)
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB: status %d, want 413\n%s", status, answer)
	}
	if strings.Contains(f.logs.String(), "stolen") {
		t.Error("the log holds the secret")
	}
	if status, answer := f.send(t, http.MethodPost, "/lifecycle/installed", rsaToken(t, right, key, kid), body(nil)); status != http.StatusNoContent {
		t.Errorf("the right install is refused: %d\n%s", status, answer)
	}
}

func TestReinstallEndsOldTokensAndKeepsTheTenant(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	before := f.tenant(t)
	owner := f.site.Objects().Dashboards[0]
	page, err := f.site.ModuleURL(appKey, "workload", owner.Owner, owner.ID, owner.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	_, body := fetch(t, newRequest(t, http.MethodGet, page, nil))
	session := attribute(t, body, "data-session")
	call := fmt.Sprintf("/gadget/workload/form?dashboardId=%s&dashboardItemId=%s", owner.ID, owner.Items[0].ID)
	if status, answer := f.send(t, http.MethodGet, call, session, ""); status != http.StatusOK {
		t.Fatalf("session: %d\n%s", status, answer)
	}
	if _, err := f.site.Rotate(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	after := f.tenant(t)
	if after.ID != before.ID || after.SharedSecret.Reveal() == before.SharedSecret.Reveal() || after.Generation <= before.Generation {
		t.Errorf("reinstall: %v → %v", before, after)
	}
	status, answer := fetch(t, newRequest(t, http.MethodGet, page, nil))
	refused(t, status, answer, "")
	status, answer = f.send(t, http.MethodGet, call, session, "")
	refused(t, status, answer, session)

	if _, err := f.site.Uninstall(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	gone := f.tenant(t)
	if gone.State != connect.StateUninstalled || !gone.SharedSecret.IsZero() {
		t.Errorf("after uninstall: state %s, secret kept %v", gone.State, !gone.SharedSecret.IsZero())
	}
	if _, err := f.site.Install(t.Context(), f.url+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
}

func TestSiteImportIsANewTenant(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	before := f.tenant(t)
	item := connect.DashboardItem{Dashboard: "10000", Item: "1"}
	if err := f.store.Gadgets.SaveGadgetConfig(t.Context(), before.ID, item, []byte(`{}`), time.Now()); err != nil {
		t.Fatal(err)
	}
	app, err := f.site.Import(t.Context(), appKey)
	if err != nil {
		t.Fatal(err)
	}
	imported, err := f.store.Tenants.TenantByClientKey(t.Context(), connect.ClientKey(app.ClientKey))
	if err != nil {
		t.Fatal(err)
	}
	if imported.ID == before.ID {
		t.Error("the new client key got the old tenant")
	}
	if _, _, err := f.store.Gadgets.GadgetConfig(t.Context(), imported.ID, item); err == nil {
		t.Error("the new tenant sees the old one's data")
	}
}

func TestFiftyInstallsAtOnceEndInOneSecret(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	key, kid := f.site.InstallKey()
	token := rsaToken(t, with(f.claims(http.MethodPost, "/lifecycle/installed"), "aud", f.url+"/"), key, kid)
	var calls sync.WaitGroup
	for i := range 50 {
		calls.Go(func() {
			body := fmt.Sprintf(`{"key":%q,"clientKey":%q,"sharedSecret":"secret-number-%02d-and-some-more-text","baseUrl":%q,"displayUrl":%q,"productType":"jira"}`,
				appKey, f.app.ClientKey, i, f.site.URL(), f.site.URL())
			if status, answer := f.send(t, http.MethodPost, "/lifecycle/installed", token, body); status != http.StatusNoContent {
				t.Errorf("install %d: %d\n%s", i, status, answer)
			}
		})
	}
	calls.Wait()
	tenant := f.tenant(t)
	if !strings.HasPrefix(tenant.SharedSecret.Reveal(), "secret-number-") || tenant.State != connect.StateActive {
		t.Errorf("state %s, secret of another install", tenant.State)
	}
	claims := f.claims(http.MethodGet, "/configure")
	status, answer := f.send(t, http.MethodGet, "/configure", hmacToken(t, jwt.SigningMethodHS256, claims, tenant.SharedSecret.Reveal()), "")
	if status != http.StatusOK {
		t.Errorf("the last committed secret does not verify: %d\n%s", status, answer)
	}
}

func TestTokensStayInTheirClass(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	dashboard := f.site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	body := f.gadget(t, dashboard.Owner, dashboard.ID, item)
	session := attribute(t, body, "data-session")
	contextToken, err := f.site.ContextToken(appKey, dashboard.Owner)
	if err != nil {
		t.Fatal(err)
	}
	page := "/gadget/workload?dashboardId=" + dashboard.ID + "&dashboardItemId=" + item
	call := "/gadget/workload/form?dashboardId=" + dashboard.ID + "&dashboardItemId=" + item
	for _, tc := range []struct {
		name, method, address, token string
		want                         int
	}{
		{"context token on a page", http.MethodGet, page, contextToken, 401},
		{"context token on a webhook", http.MethodPost, "/webhooks/issue", contextToken, 401},
		{"context token on lifecycle", http.MethodPost, "/lifecycle/enabled", contextToken, 401},
		{"session on a page", http.MethodGet, page, session, 401},
		{"session on a webhook", http.MethodPost, "/webhooks/issue", session, 401},
		{"page token on a call", http.MethodGet, call, f.sign(t, f.claims(http.MethodGet, call)), 401},
		{"session of another gadget", http.MethodGet, strings.Replace(call, "dashboardItemId="+item, "dashboardItemId=424242", 1), session, 403},
		{"session on its call", http.MethodGet, call, session, 200},
		{"context token on a call", http.MethodGet, call, contextToken, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := ""
			if tc.method == http.MethodPost {
				body = fmt.Sprintf(`{"key":%q,"clientKey":%q,"baseUrl":%q}`, appKey, f.app.ClientKey, f.site.URL())
			}
			if status, answer := f.send(t, tc.method, tc.address, tc.token, body); status != tc.want {
				t.Errorf("status %d, want %d\n%s", status, tc.want, answer)
			}
		})
	}
}

func TestTokenPlaces(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	token := f.sign(t, f.claims(http.MethodGet, "/configure"))
	for name, tc := range map[string]struct {
		address string
		header  []string
		cookie  string
		want    int
	}{
		"query":             {address: "/configure?jwt=" + token, want: 200},
		"header":            {address: "/configure", header: []string{"JWT " + token}, want: 200},
		"both":              {address: "/configure?jwt=" + token, header: []string{"JWT " + token}, want: 401},
		"twice in query":    {address: "/configure?jwt=" + token + "&jwt=" + token, want: 401},
		"two headers":       {address: "/configure", header: []string{"JWT " + token, "JWT " + token}, want: 401},
		"bearer":            {address: "/configure", header: []string{"Bearer " + token}, want: 401},
		"lower-case scheme": {address: "/configure", header: []string{"jwt " + token}, want: 401},
		"no scheme":         {address: "/configure", header: []string{token}, want: 401},
		"cookie":            {address: "/configure", cookie: "jwt=" + token, want: 401},
	} {
		t.Run(name, func(t *testing.T) {
			req := newRequest(t, http.MethodGet, f.url+tc.address, nil)
			req.Header["Authorization"] = tc.header
			if tc.cookie != "" {
				req.Header.Set("Cookie", tc.cookie)
			}
			if status, body := fetch(t, req); status != tc.want {
				t.Errorf("status %d, want %d\n%s", status, tc.want, body)
			}
		})
	}
}

func TestForwardedHeadersChangeNothing(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	token := f.sign(t, f.claims(http.MethodGet, "/configure"))
	req := newRequest(t, http.MethodGet, f.url+"/configure?jwt="+url.QueryEscape(token), nil)
	req.Host = "evil.example"
	for name, value := range map[string]string{
		"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil",
		"Forwarded": "host=evil.example;proto=https", "X-Original-URL": "/lifecycle/installed", "X-Forwarded-For": "10.0.0.1",
	} {
		req.Header.Set(name, value)
	}
	resp, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d, want 200", resp.StatusCode)
	}
	if text := string(body) + fmt.Sprint(resp.Header); strings.Contains(text, "evil") {
		t.Errorf("the answer follows a header of the request:\n%s", text)
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	send := func(t *testing.T, body, delivery string) (int, string) {
		t.Helper()
		req := newRequest(t, http.MethodPost, f.url+"/webhooks/issue", strings.NewReader(body))
		req.Header.Set("Authorization", "JWT "+f.sign(t, f.claims(http.MethodPost, "/webhooks/issue")))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Atlassian-Webhook-Identifier", delivery)
		return fetch(t, req)
	}
	for name, tc := range map[string]struct {
		body, delivery string
		want           int
	}{
		"known event":     {`{"webhookEvent":"jira:issue_updated","issue":{"fields":{"project":{"key":"ABC"}}}}`, "a", 200},
		"unknown event":   {`{"webhookEvent":"jira:weather_changed"}`, "b", 200},
		"unexpected json": {`[1,{"issue":7}]`, "c", 200},
		"not json":        {`hello`, "d", 200},
		"no identifier":   {`{"webhookEvent":"jira:issue_updated"}`, "", 200},
		"long identifier": {`{"webhookEvent":"jira:issue_updated"}`, strings.Repeat("x", 1000), 422},
		"over the limit":  {`{"pad":"` + strings.Repeat("x", maxTestWebhook) + `"}`, "e", 413},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if status, body := send(t, tc.body, tc.delivery); status != tc.want {
				t.Errorf("status %d, want %d\n%s", status, tc.want, body)
			}
		})
	}
}

// maxTestWebhook is more than the app reads.
const maxTestWebhook = 5 << 20
