package connect_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
)

// What the tests of Forge's calls agree on.
const (
	forgeUUID         = "1f7c6e0a-5f0e-4f6a-9c0e-3b7f5a2d9e10"
	forgeApp          = "ari:cloud:ecosystem::app/" + forgeUUID
	forgeCloud        = "7a6f2d0e-1111-4222-8333-944455556666"
	forgeInstallation = "ari:cloud:ecosystem::installation/0b5d9a4e-aaaa-4bbb-8ccc-9ddd0eee1fff"
	forgeKid          = "forge/invocation-token/9d2f"
	forgeEnvironment  = "ari:cloud:ecosystem::environment/" + forgeUUID + "/5c3b1a00-0000-4000-8000-000000000001"
	forgeBearer       = "c3lzdGVt.dG9rZW4_-~.b2Y="
)

func forgeGadget() connect.ForgeModule {
	return connect.ForgeModule{Type: "jira:dashboardGadget", Key: "workload"}
}

// pageInvocation are the claims of a call of a gadget's page.
func pageInvocation() claimSet {
	return claimSet{
		"iss": "forge/invocation-token", "aud": forgeApp, "jti": "1",
		"iat": testStart.Unix(), "nbf": testStart.Unix(), "exp": testStart.Unix() + 25,
		"principal": testAccount,
		"app": claimSet{
			"id": forgeApp, "installationId": forgeInstallation, "apiBaseUrl": "https://api.atlassian.com/ex/jira/" + forgeCloud,
			"appVersion": "2.3.0", "version": "2",
			"environment":  claimSet{"type": "PRODUCTION", "id": forgeEnvironment},
			"module":       claimSet{"type": "jira:dashboardGadget", "key": "workload"},
			"installation": claimSet{"id": forgeInstallation, "contexts": []any{claimSet{"name": "jira", "cloudId": forgeCloud}}},
		},
		"context": claimSet{
			"cloudId": forgeCloud, "siteUrl": testSiteURL, "moduleKey": "workload", "accountId": testAccount,
			"extension": claimSet{"gadgetConfiguration": claimSet{"projects": []any{"HARB"}}},
		},
	}
}

// inApp changes claims of the app.
func (c claimSet) inApp(changes claimSet) claimSet {
	return c.with(claimSet{"app": c["app"].(claimSet).with(changes)})
}

func (c claimSet) inContext(changes claimSet) claimSet {
	return c.with(claimSet{"context": c["context"].(claimSet).with(changes)})
}

func forgeToken(c claimSet) string {
	return rs256(map[string]any{"alg": "RS256", "typ": "JWT", "kid": forgeKid}, c, installKey())
}

func newForge() *connect.ForgeVerifier {
	return &connect.ForgeVerifier{
		AppID: forgeUUID, Keys: connect.StaticKeys{forgeKid: &installKey().PublicKey},
		Now: func() time.Time { return testStart },
	}
}

func invoke(token string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/forge/workload/view", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func TestInvocation(t *testing.T) {
	t.Parallel()
	r := invoke(forgeToken(pageInvocation().inApp(claimSet{"license": claimSet{"active": true, "type": "COMMERCIAL", "new": 1}})))
	r.Header.Set("X-Forge-Oauth-System", forgeBearer)
	i, err := newForge().Verify(r, connect.ForgeEndpoint("tick"), forgeGadget())
	if err != nil {
		t.Fatal(err)
	}
	var extension struct{ GadgetConfiguration struct{ Projects []string } }
	if err := json.Unmarshal(i.Extension(), &extension); err != nil {
		t.Error(err)
	}
	got := []any{
		i.Installation(), i.Cloud(), i.APIBaseURL(), i.SiteURL(), i.Version(), i.Account(), i.Module(), i.Environment().Type,
		i.License().Active, i.SystemToken().Reveal(), i.UserToken().IsZero(), extension.GadgetConfiguration.Projects,
	}
	want := []any{
		connect.ForgeInstallationID(forgeInstallation), connect.CloudID(forgeCloud), "https://api.atlassian.com/ex/jira/" + forgeCloud,
		testSiteURL, "2.3.0", connect.AccountID(testAccount), forgeGadget(), "PRODUCTION",
		true, forgeBearer, true,
		[]string{"HARB"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What the facts leave open, or call optional, is no reason to refuse.
func TestInvocationAccepts(t *testing.T) {
	t.Parallel()
	full, bare := newForge(), newForge()
	full.AppID = forgeApp
	staging := newForge()
	staging.Environments = []string{"PRODUCTION", "STAGING"}
	byID := newForge()
	byID.Environments = []string{"5c3b1a00-0000-4000-8000-000000000001"}
	local := newForge()
	local.APIURL = "http://127.0.0.1:2990/"
	at := func(d time.Duration) int64 { return testStart.Add(d).Unix() }
	for name, tt := range map[string]struct {
		v *connect.ForgeVerifier
		c claimSet
	}{
		"a full id":                       {full, pageInvocation()},
		"a bare id":                       {bare, pageInvocation()},
		"an audience in a list":           {bare, pageInvocation().with(claimSet{"aud": []any{forgeApp}})},
		"another environment":             {staging, pageInvocation().inApp(claimSet{"environment": claimSet{"type": "STAGING"}})},
		"an environment by its id":        {byID, pageInvocation()},
		"no contexts":                     {bare, pageInvocation().inApp(claimSet{"installation": absent{}})},
		"a context without a cloud id":    {bare, pageInvocation().inApp(claimSet{"installation": claimSet{"contexts": []any{claimSet{"name": "jira"}}}})},
		"the id in the installation":      {bare, pageInvocation().inApp(claimSet{"installationId": absent{}})},
		"nobody logged in":                {bare, pageInvocation().with(claimSet{"principal": absent{}}).inContext(claimSet{"accountId": absent{}})},
		"an API on the local site":        {local, pageInvocation().inApp(claimSet{"apiBaseUrl": "http://127.0.0.1:2990/ex/jira/" + forgeCloud})},
		"ended nine seconds ago":          {bare, pageInvocation().with(claimSet{"iat": at(-34 * time.Second), "nbf": at(-34 * time.Second), "exp": at(-9 * time.Second)})},
		"issued nine seconds from now":    {bare, pageInvocation().with(claimSet{"iat": at(9 * time.Second), "nbf": at(9 * time.Second)})},
		"no nbf":                          {bare, pageInvocation().with(claimSet{"nbf": absent{}})},
		"claims that nobody has heard of": {bare, pageInvocation().with(claimSet{"new": []any{1, "2"}}).inApp(claimSet{"newer": true})},
		"no label of an isolated cloud":   {bare, pageInvocation().with(claimSet{"icLabel": nil})},
	} {
		if _, err := tt.v.Verify(invoke(forgeToken(tt.c)), forgeGadget()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A header that is no single bearer token is no token, and no reason to refuse.
func TestInvocationTokens(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"none": nil, "two": {forgeBearer, forgeBearer}, "empty": {""}, "two words": {"Bearer " + forgeBearer}, "quotes": {`"x"`},
	} {
		r := invoke(forgeToken(pageInvocation()))
		r.Header["X-Forge-Oauth-User"] = values
		i, err := newForge().Verify(r, forgeGadget())
		if err != nil || !i.UserToken().IsZero() {
			t.Errorf("%s: got %v, %v", name, i, err)
		}
	}
}

func TestTokenExpiry(t *testing.T) {
	t.Parallel()
	end := testStart.Add(3 * time.Hour)
	for name, tt := range map[string]struct {
		token string
		want  bool
	}{
		"a JWT":        {forgeToken(claimSet{"exp": end.Unix()}), true},
		"a fraction":   {"e30." + segment(claimSet{"exp": float64(end.Unix()) + 0.25}) + ".x", true},
		"no end":       {forgeToken(claimSet{"iat": 1}), false},
		"a text":       {forgeToken(claimSet{"exp": "soon"}), false},
		"out of range": {forgeToken(claimSet{"exp": 1e300}), false},
		"text number":  {forgeToken(claimSet{"exp": fmt.Sprint(end.Unix())}), false}, // RFC 7519 wants a number
		"zero":         {forgeToken(claimSet{"exp": 0}), false},
		"negative":     {forgeToken(claimSet{"exp": -end.Unix()}), false},
		"null":         {forgeToken(claimSet{"exp": nil}), false},
		"opaque":       {"abc", false},
		"not base64":   {"a.!.c", false},
		"nothing":      {"", false},
	} {
		got, ok := connect.TokenExpiry(connect.NewSecret(tt.token))
		if ok != tt.want || ok && !got.Equal(end) {
			t.Errorf("%s: got %v, %t", name, got, ok)
		}
	}
}
