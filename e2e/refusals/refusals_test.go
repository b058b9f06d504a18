package refusals

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
	"github.com/sightline-go/sightline/e2e/harness"
)

// forgerSend sends a request with a token in its header.
func forgerSend(t testing.TB, f harness.Forger, method, address, token, body string) (int, string) {
	t.Helper()
	req := harness.NewRequest(t, method, f.URL+address, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "JWT "+token)
	}
	return harness.Fetch(t, req)
}

// tenantDiff compares what matters in two tenants, including their secrets.
func tenantDiff(a, b connect.Tenant) string {
	plain := func(t connect.Tenant) []string {
		return []string{string(t.ID), t.BaseURL, string(t.State), t.SharedSecret.Reveal(), fmt.Sprint(t.Generation)}
	}
	return cmp.Diff(plain(a), plain(b))
}

func TestForgedPagesAndWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	page := "/gadget/workload?dashboardId=10000&dashboardItemId=10100&view=default"
	key, _ := f.Site.InstallKey()
	now := time.Now()
	for _, target := range []struct{ method, address, body string }{
		{http.MethodGet, page, ""},
		{http.MethodPost, "/webhooks/issue", `{"webhookEvent":"jira:issue_updated"}`},
	} {
		right := f.Claims(target.method, target.address)
		claims := map[string]map[string]any{
			"no expiry":           harness.With(right, "exp", nil),
			"expired":             harness.With(right, "exp", now.Add(-time.Minute).Unix()),
			"expiry in words":     harness.With(right, "exp", "tomorrow"),
			"not yet":             harness.With(right, "nbf", now.Add(3*time.Hour).Unix()),
			"issued in future":    harness.With(right, "iat", now.Add(3*time.Hour).Unix()),
			"unknown issuer":      harness.With(right, "iss", "somebody-else"),
			"our own issuer":      harness.With(right, "iss", harness.AppKey),
			"no issuer":           harness.With(right, "iss", nil),
			"no qsh":              harness.With(right, "qsh", nil),
			"empty qsh":           harness.With(right, "qsh", ""),
			"number qsh":          harness.With(right, "qsh", 7),
			"upper-case qsh":      harness.With(right, "qsh", strings.ToUpper(right["qsh"].(string))),
			"context qsh":         harness.With(right, "qsh", "context-qsh"),
			"qsh of another path": harness.With(right, "qsh", connecttest.QSH(target.method, "/configure", "", "")),
			"qsh of other method": harness.With(right, "qsh", connecttest.QSH("DELETE", strings.Split(target.address, "?")[0], "", "")),
		}
		tokens := map[string]string{
			"none": "", "garbage": "garbage", "two parts": "a.b", "four parts": "a.b.c.d", "empty parts": "..",
			"alg none":    unsigned(t, right, "none"),
			"alg NoNe":    unsigned(t, right, "NoNe"),
			"HS384":       harness.HMACToken(t, jwt.SigningMethodHS384, right, f.Tenant(t).SharedSecret.Reveal()),
			"HS512":       harness.HMACToken(t, jwt.SigningMethodHS512, right, f.Tenant(t).SharedSecret.Reveal()),
			"RS256":       rsaToken(t, right, key, "any"),
			"empty key":   harness.HMACToken(t, jwt.SigningMethodHS256, right, ""),
			"another key": harness.HMACToken(t, jwt.SigningMethodHS256, right, strings.Repeat("x", 32)),
		}
		for name, c := range claims {
			tokens[name] = f.Sign(t, c)
		}
		// One after another: a queued case would be refused because its token
		// had expired meanwhile.
		for name, token := range tokens {
			t.Run(target.method+" "+name, func(t *testing.T) {
				status, body := forgerSend(t, f, target.method, target.address, token, target.body)
				harness.Refused(t, status, body, token)
			})
		}
		t.Run(target.method+" right", func(t *testing.T) {
			if status, body := forgerSend(t, f, target.method, target.address, f.Sign(t, right), target.body); status == http.StatusUnauthorized {
				t.Errorf("a valid token is refused:\n%s", body)
			}
		})
	}
	f.LeaksNothing(t)
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
	f := harness.NewForger(t)
	before := f.Tenant(t)
	key, kid := f.Site.InstallKey()
	body := func(change map[string]any) string {
		in := map[string]any{
			"key": harness.AppKey, "clientKey": f.App.ClientKey, "sharedSecret": "stolen-stolen-stolen-stolen-stolen",
			"baseUrl": f.Site.URL(), "displayUrl": f.Site.URL(), "productType": "jira", "eventType": "installed",
		}
		maps.Copy(in, change)
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	right := harness.With(f.Claims(http.MethodPost, "/lifecycle/installed"), "aud", []string{f.URL})
	contextToken, err := f.Site.ContextToken(harness.AppKey, f.Site.People()[0].AccountID)
	if err != nil {
		t.Fatal(err)
	}
	deep := strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000)
	for name, tc := range map[string]struct{ token, body string }{
		"unsigned":               {"", body(nil)},
		"hs256 with old secret":  {f.Sign(t, right), body(nil)},
		"hs256 with new secret":  {harness.HMACToken(t, jwt.SigningMethodHS256, right, "stolen-stolen-stolen-stolen-stolen"), body(nil)},
		"context token":          {contextToken, body(nil)},
		"no kid":                 {rsaToken(t, right, key, ""), body(nil)},
		"unknown kid":            {rsaToken(t, right, key, "unknown"), body(nil)},
		"path kid":               {rsaToken(t, right, key, "../"+kid), body(nil)},
		"url kid":                {rsaToken(t, right, key, "http://127.0.0.1/"+kid), body(nil)},
		"long kid":               {rsaToken(t, right, key, strings.Repeat("k", 200)), body(nil)},
		"no audience":            {rsaToken(t, harness.With(right, "aud", nil), key, kid), body(nil)},
		"wrong audience":         {rsaToken(t, harness.With(right, "aud", "https://other.example"), key, kid), body(nil)},
		"empty audience":         {rsaToken(t, harness.With(right, "aud", []string{}), key, kid), body(nil)},
		"context qsh":            {rsaToken(t, harness.With(right, "qsh", "context-qsh"), key, kid), body(nil)},
		"another issuer":         {rsaToken(t, harness.With(right, "iss", "attacker"), key, kid), body(nil)},
		"another client in body": {rsaToken(t, harness.With(right, "iss", "attacker"), key, kid), body(map[string]any{"clientKey": "victim"})},
		"another app":            {rsaToken(t, right, key, kid), body(map[string]any{"key": "other.app"})},
		"foreign host":           {rsaToken(t, right, key, kid), body(map[string]any{"baseUrl": "https://evil.example"})},
		"metadata host":          {rsaToken(t, right, key, kid), body(map[string]any{"baseUrl": "http://169.254.169.254"})},
		"file url":               {rsaToken(t, right, key, kid), body(map[string]any{"baseUrl": "file:///etc/passwd"})},
		"user info":              {rsaToken(t, right, key, kid), body(map[string]any{"baseUrl": strings.Replace(f.Site.URL(), "http://", "http://x.atlassian.net@", 1)})},
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
					continue // uninstalled has none
				}
				status, answer := forgerSend(t, f, http.MethodPost, path, tc.token, tc.body)
				harness.Refused(t, status, answer, tc.token)
				if strings.Contains(answer, "stolen") {
					t.Errorf("the answer repeats the secret:\n%s", answer)
				}
			}
			if diff := tenantDiff(before, f.Tenant(t)); diff != "" {
				t.Errorf("the tenant changed:\n%s", diff)
			}
		})
	}
	tenants, err := f.Store.Tenants.List(t.Context())
	if err != nil || len(tenants) != 1 {
		t.Errorf("%d tenants, want 1 (%v)", len(tenants), err)
	}
	status, answer := forgerSend(t, f, http.MethodPost, "/lifecycle/installed", rsaToken(t, right, key, kid), `{"pad":"`+strings.Repeat("x", 10<<20)+`"}`)
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB: status %d, want 413\n%s", status, answer)
	}
	if strings.Contains(f.Logs.String(), "stolen") {
		t.Error("the log holds the secret")
	}
	if status, answer := forgerSend(t, f, http.MethodPost, "/lifecycle/installed", rsaToken(t, right, key, kid), body(nil)); status != http.StatusNoContent {
		t.Errorf("the valid install is refused: %d\n%s", status, answer)
	}
}

func TestReinstallEndsOldTokensAndKeepsTheTenant(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	before := f.Tenant(t)
	owner := f.Site.Objects().Dashboards[0]
	page, err := f.Site.ModuleURL(harness.AppKey, "workload", owner.Owner, owner.ID, owner.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	_, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, page, nil))
	session := harness.Attribute(t, body, "data-session")
	call := fmt.Sprintf("/gadget/workload/form?dashboardId=%s&dashboardItemId=%s", owner.ID, owner.Items[0].ID)
	if status, answer := forgerSend(t, f, http.MethodGet, call, session, ""); status != http.StatusOK {
		t.Fatalf("session: %d\n%s", status, answer)
	}
	if _, err := f.Site.Rotate(t.Context(), harness.AppKey); err != nil {
		t.Fatal(err)
	}
	after := f.Tenant(t)
	if after.ID != before.ID || after.SharedSecret.Reveal() == before.SharedSecret.Reveal() || after.Generation <= before.Generation {
		t.Errorf("reinstall: %v → %v", before, after)
	}
	status, answer := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, page, nil))
	harness.Refused(t, status, answer, "")
	status, answer = forgerSend(t, f, http.MethodGet, call, session, "")
	harness.Refused(t, status, answer, session)

	if _, err := f.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
		t.Fatal(err)
	}
	gone := f.Tenant(t)
	if gone.State != connect.StateUninstalled || !gone.SharedSecret.IsZero() {
		t.Errorf("after uninstall: state %s, secret kept %v", gone.State, !gone.SharedSecret.IsZero())
	}
	if _, err := f.Site.Install(t.Context(), f.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
}

func TestSiteImportIsANewTenant(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	before := f.Tenant(t)
	item := connect.DashboardItem{Dashboard: "10000", Item: "1"}
	if err := f.Store.Gadgets.SaveGadgetConfig(t.Context(), before.ID, item, []byte(`{}`), time.Now()); err != nil {
		t.Fatal(err)
	}
	app, err := f.Site.Import(t.Context(), harness.AppKey)
	if err != nil {
		t.Fatal(err)
	}
	imported, err := f.Store.Tenants.TenantByClientKey(t.Context(), connect.ClientKey(app.ClientKey))
	if err != nil {
		t.Fatal(err)
	}
	if imported.ID == before.ID {
		t.Error("the new client key got the old tenant")
	}
	if _, _, err := f.Store.Gadgets.GadgetConfig(t.Context(), imported.ID, item); err == nil {
		t.Error("the new tenant sees the old one's data")
	}
}

func TestFiftyInstallsAtOnceEndInOneSecret(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	key, kid := f.Site.InstallKey()
	token := rsaToken(t, harness.With(f.Claims(http.MethodPost, "/lifecycle/installed"), "aud", f.URL+"/"), key, kid)
	var calls sync.WaitGroup
	for i := range 50 {
		calls.Go(func() {
			body := fmt.Sprintf(`{"key":%q,"clientKey":%q,"sharedSecret":"secret-number-%02d-and-some-more-text","baseUrl":%q,"displayUrl":%q,"productType":"jira"}`,
				harness.AppKey, f.App.ClientKey, i, f.Site.URL(), f.Site.URL())
			if status, answer := forgerSend(t, f, http.MethodPost, "/lifecycle/installed", token, body); status != http.StatusNoContent {
				t.Errorf("install %d: %d\n%s", i, status, answer)
			}
		})
	}
	calls.Wait()
	tenant := f.Tenant(t)
	if !strings.HasPrefix(tenant.SharedSecret.Reveal(), "secret-number-") || tenant.State != connect.StateActive {
		t.Errorf("state %s, secret of another install", tenant.State)
	}
	claims := f.Claims(http.MethodGet, "/configure")
	status, answer := forgerSend(t, f, http.MethodGet, "/configure", harness.HMACToken(t, jwt.SigningMethodHS256, claims, tenant.SharedSecret.Reveal()), "")
	if status != http.StatusOK {
		t.Errorf("the last committed secret does not verify: %d\n%s", status, answer)
	}
}

func TestTokensStayInTheirClass(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	dashboard := f.Site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	body := f.Gadget(t, dashboard.Owner, dashboard.ID, item)
	session := harness.Attribute(t, body, "data-session")
	contextToken, err := f.Site.ContextToken(harness.AppKey, dashboard.Owner)
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
		{"page token on a call", http.MethodGet, call, f.Sign(t, f.Claims(http.MethodGet, call)), 401},
		{"session of another gadget", http.MethodGet, strings.Replace(call, "dashboardItemId="+item, "dashboardItemId=424242", 1), session, 403},
		{"session on its call", http.MethodGet, call, session, 200},
		{"context token on a call", http.MethodGet, call, contextToken, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := ""
			if tc.method == http.MethodPost {
				body = fmt.Sprintf(`{"key":%q,"clientKey":%q,"baseUrl":%q}`, harness.AppKey, f.App.ClientKey, f.Site.URL())
			}
			if status, answer := forgerSend(t, f, tc.method, tc.address, tc.token, body); status != tc.want {
				t.Errorf("status %d, want %d\n%s", status, tc.want, answer)
			}
		})
	}
}

func TestTokenPlaces(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	token := f.Sign(t, f.Claims(http.MethodGet, "/configure"))
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
			req := harness.NewRequest(t, http.MethodGet, f.URL+tc.address, nil)
			req.Header["Authorization"] = tc.header
			if tc.cookie != "" {
				req.Header.Set("Cookie", tc.cookie)
			}
			if status, body := harness.Fetch(t, req); status != tc.want {
				t.Errorf("status %d, want %d\n%s", status, tc.want, body)
			}
		})
	}
}

func TestForwardedHeadersChangeNothing(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	token := f.Sign(t, f.Claims(http.MethodGet, "/configure"))
	req := harness.NewRequest(t, http.MethodGet, f.URL+"/configure?jwt="+url.QueryEscape(token), nil)
	req.Host = "evil.example"
	for name, value := range map[string]string{
		"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil",
		"Forwarded": "host=evil.example;proto=https", "X-Original-URL": "/lifecycle/installed", "X-Forwarded-For": "10.0.0.1",
	} {
		req.Header.Set(name, value)
	}
	resp, err := harness.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d, want 200", resp.StatusCode)
	}
	if text := string(body) + fmt.Sprint(resp.Header); strings.Contains(text, "evil") {
		t.Errorf("the answer depends on a request header:\n%s", text)
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	f := harness.NewForger(t)
	send := func(t *testing.T, body, delivery string) (int, string) {
		t.Helper()
		req := harness.NewRequest(t, http.MethodPost, f.URL+"/webhooks/issue", strings.NewReader(body))
		req.Header.Set("Authorization", "JWT "+f.Sign(t, f.Claims(http.MethodPost, "/webhooks/issue")))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Atlassian-Webhook-Identifier", delivery)
		return harness.Fetch(t, req)
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
		"long identifier": {`{"webhookEvent":"jira:issue_updated"}`, strings.Repeat("x", 1000), 200},
		"a large issue":   {`{"issue":{"key":"ABC-1","fields":{"description":"` + strings.Repeat("x", 5<<20) + `"}}}`, "e", 200},
		"over the limit":  {`{"pad":"` + strings.Repeat("x", maxTestWebhook) + `"}`, "f", 413},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if status, body := send(t, tc.body, tc.delivery); status != tc.want {
				t.Errorf("status %d, want %d\n%s", status, tc.want, body)
			}
		})
	}
}

// maxTestWebhook is more than the app accepts, and than Jira sends.
const maxTestWebhook = 26 << 20
