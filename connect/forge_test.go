package connect_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
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

func TestInvocationRefusesClaims(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) int64 { return testStart.Add(d).Unix() }
	ok := pageInvocation()
	api := func(address any) claimSet { return ok.inApp(claimSet{"apiBaseUrl": address}) }
	for name, tt := range map[string]struct {
		c    claimSet
		want string
	}{
		"no issuer":              {ok.with(claimSet{"iss": absent{}}), connect.CodeIssuer},
		"another issuer":         {ok.with(claimSet{"iss": "forge/invocation-token/"}), connect.CodeIssuer},
		"a Connect tenant":       {ok.with(claimSet{"iss": testClientKey}), connect.CodeIssuer},
		"no audience":            {ok.with(claimSet{"aud": absent{}}), connect.CodeAudience},
		"another audience":       {ok.with(claimSet{"aud": forgeApp + "0"}), connect.CodeAudience},
		"a bare audience":        {ok.with(claimSet{"aud": forgeUUID}), connect.CodeAudience},
		"two audiences":          {ok.with(claimSet{"aud": []any{forgeApp, "x"}}), connect.CodeAudience},
		"an empty list":          {ok.with(claimSet{"aud": []any{}}), connect.CodeAudience},
		"a number for audience":  {ok.with(claimSet{"aud": 7}), connect.CodeMalformed},
		"another app's id":       {ok.inApp(claimSet{"id": forgeApp + "0"}), connect.CodeAudience},
		"no app id":              {ok.inApp(claimSet{"id": absent{}}), connect.CodeAudience},
		"no app":                 {ok.with(claimSet{"app": absent{}}), connect.CodeAudience},
		"ended eleven s ago":     {ok.with(claimSet{"iat": at(-40 * time.Second), "nbf": at(-40 * time.Second), "exp": at(-11 * time.Second)}), connect.CodeExpired},
		"no end":                 {ok.with(claimSet{"exp": absent{}}), connect.CodeNoExpiry},
		"an end in a text":       {ok.with(claimSet{"exp": "1700000085"}), connect.CodeMalformed},
		"a fraction":             {ok.with(claimSet{"exp": 1700000085.5}), connect.CodeMalformed},
		"no issue":               {ok.with(claimSet{"iat": absent{}}), connect.CodeMalformed},
		"issued 11 s from now":   {ok.with(claimSet{"iat": at(11 * time.Second)}), connect.CodeNotYet},
		"begins 11 s from now":   {ok.with(claimSet{"nbf": at(11 * time.Second)}), connect.CodeNotYet},
		"lives an hour":          {ok.with(claimSet{"exp": at(time.Hour)}), connect.CodeLifetime},
		"another API":            {api("https://evil.example/ex/jira/" + forgeCloud), connect.CodeAPIURL},
		"a longer host":          {api("https://api.atlassian.com.evil.example/ex/jira/" + forgeCloud), connect.CodeAPIURL},
		"user info":              {api("https://api.atlassian.com@evil.example/ex/jira/" + forgeCloud), connect.CodeAPIURL},
		"a port":                 {api("https://api.atlassian.com:8443/ex/jira/" + forgeCloud), connect.CodeAPIURL},
		"plain http":             {api("http://api.atlassian.com/ex/jira/" + forgeCloud), connect.CodeAPIURL},
		"an upper case host":     {api("https://API.atlassian.com/ex/jira/" + forgeCloud), connect.CodeAPIURL},
		"a way up":               {api("https://api.atlassian.com/ex/jira/../../" + forgeCloud), connect.CodeAPIURL},
		"an encoded slash":       {api("https://api.atlassian.com/ex/jira/x%2f" + forgeCloud), connect.CodeAPIURL},
		"a query":                {api("https://api.atlassian.com/ex/jira/" + forgeCloud + "?x="), connect.CodeAPIURL},
		"a fragment":             {api("https://api.atlassian.com/ex/jira/" + forgeCloud + "#"), connect.CodeAPIURL},
		"a slash at the end":     {api("https://api.atlassian.com/ex/jira/" + forgeCloud + "/"), connect.CodeAPIURL},
		"a line break":           {api("https://api.atlassian.com/ex/jira/" + forgeCloud + "\n"), connect.CodeAPIURL},
		"a backslash":            {api("https://api.atlassian.com\\@evil.example/ex/jira/" + forgeCloud), connect.CodeAPIURL},
		"another product":        {api("https://api.atlassian.com/ex/files/" + forgeCloud), connect.CodeAPIURL},
		"no cloud id":            {api("https://api.atlassian.com/ex/jira/"), connect.CodeAPIURL},
		"no API":                 {api(absent{}), connect.CodeAPIURL},
		"a number for the API":   {api(1), connect.CodeMalformed},
		"no installation":        {ok.inApp(claimSet{"installationId": absent{}, "installation": absent{}}), connect.CodeMalformed},
		"two installations":      {ok.inApp(claimSet{"installationId": forgeInstallation + "0"}), connect.CodeMalformed},
		"two cloud ids":          {ok.inContext(claimSet{"cloudId": "other"}), connect.CodeMalformed},
		"installed elsewhere":    {ok.inApp(claimSet{"installation": claimSet{"contexts": []any{claimSet{"cloudId": "other"}}}}), connect.CodeMalformed},
		"two people":             {ok.with(claimSet{"principal": "somebody-else"}), connect.CodeMalformed},
		"an isolated cloud":      {ok.with(claimSet{"icLabel": "gov-1"}), connect.CodeIsolated},
		"its label in the app":   {ok.inApp(claimSet{"icLabel": "gov-1"}), connect.CodeIsolated},
		"its label in context":   {ok.inContext(claimSet{"icLabel": ""}), connect.CodeIsolated},
		"a label that is a list": {ok.with(claimSet{"icLabel": []any{"x"}}), connect.CodeMalformed},
	} {
		_, err := newForge().Verify(invoke(forgeToken(tt.c)), forgeGadget())
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, tt.want)
		}
	}
}

// Whatever is not one well-formed RS256 token in the one header is refused.
func TestInvocationRefusesTokens(t *testing.T) {
	t.Parallel()
	for name, shape := range shapes() {
		_, err := newForge().Verify(invoke(shape.token), forgeGadget())
		if code(err) == "" {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	header := func(alg string) map[string]any { return map[string]any{"alg": alg, "kid": forgeKid} }
	with := func(name string, value any) map[string]any {
		h := header("RS256")
		h[name] = value
		return h
	}
	good, claims := forgeToken(pageInvocation()), pageInvocation()
	for name, tt := range map[string]struct {
		token, want string
	}{
		"none":               {segment(header("none")) + "." + segment(claims) + ".", connect.CodeAlg},
		"the public key":     {hs256(header("HS256"), claims, publicPEM()), connect.CodeAlg},
		"a PSS name":         {rs256(header("PS256"), claims, installKey()), connect.CodeAlg},
		"another key":        {rs256(header("RS256"), claims, otherKey()), connect.CodeSignature},
		"another payload":    {strings.Replace(good, segment(claims), segment(claims.with(claimSet{"jti": "2"})), 1), connect.CodeSignature},
		"no key id":          {rs256(with("kid", ""), claims, installKey()), connect.CodeKid},
		"a number as key id": {rs256(with("kid", 1), claims, installKey()), connect.CodeKid},
		"an unknown key id":  {rs256(with("kid", "forge/invocation-token/other"), claims, installKey()), connect.CodeKey},
		"a critical header":  {rs256(with("crit", []string{"exp"}), claims, installKey()), connect.CodeMalformed},
		"too long":           {forgeToken(claims.with(claimSet{"x": strings.Repeat("x", 32<<10)})), connect.CodeMalformed},
	} {
		_, err := newForge().Verify(invoke(tt.token), forgeGadget())
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, tt.want)
		}
	}
}

func TestInvocationRefusesPlaces(t *testing.T) {
	t.Parallel()
	good := forgeToken(pageInvocation())
	bare := func(header ...string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/forge/x?jwt="+good, strings.NewReader("jwt="+good))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", "jwt="+good)
		r.Header["Authorization"] = header
		return r
	}
	for name, tt := range map[string]struct {
		r    *http.Request
		want string
	}{
		"elsewhere":     {bare(), connect.CodeMissing},
		"as JWT":        {bare("JWT " + good), connect.CodeMissing},
		"lower case":    {bare("bearer " + good), connect.CodeMissing},
		"no scheme":     {bare(good), connect.CodeMissing},
		"nothing":       {bare("Bearer "), connect.CodeMissing},
		"two headers":   {bare("Bearer "+good, "Bearer "+good), connect.CodeTwoTokens},
		"a second word": {bare("Bearer " + good + " " + good), connect.CodeMalformed},
	} {
		_, err := newForge().Verify(tt.r, forgeGadget())
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, tt.want)
		}
	}
}

// A good token opens its own door alone, and that is told apart from a bad one.
func TestInvocationDoors(t *testing.T) {
	t.Parallel()
	module := func(kind, key string) claimSet {
		return pageInvocation().inApp(claimSet{"module": claimSet{"type": kind, "key": key}})
	}
	environment := func(kind, id string) claimSet {
		return pageInvocation().inApp(claimSet{"environment": claimSet{"type": kind, "id": id}})
	}
	for name, tt := range map[string]struct {
		c    claimSet
		door connect.ForgeModule
		want string
	}{
		"an endpoint at a gadget":     {module("core:endpoint", "workload"), forgeGadget(), connect.CodeModule},
		"another gadget":              {module("jira:dashboardGadget", "timelog"), forgeGadget(), connect.CodeModule},
		"another kind of module":      {module("jira:adminPage", "workload"), forgeGadget(), connect.CodeModule},
		"no module":                   {pageInvocation().inApp(claimSet{"module": absent{}}), forgeGadget(), connect.CodeModule},
		"another endpoint":            {module("core:endpoint", "tick"), connect.ForgeEndpoint("events"), connect.CodeModule},
		"a gadget at an endpoint":     {module("jira:dashboardGadget", "tick"), connect.ForgeEndpoint("tick"), connect.CodeModule},
		"development":                 {environment("DEVELOPMENT", forgeEnvironment), forgeGadget(), connect.CodeEnvironment},
		"no environment":              {environment("", ""), forgeGadget(), connect.CodeEnvironment},
		"a type that is a part of it": {environment("PRODUCTION2", ""), forgeGadget(), connect.CodeEnvironment},
	} {
		_, err := newForge().Verify(invoke(forgeToken(tt.c)), tt.door)
		denied := new(connect.DeniedError)
		if !errors.As(err, &denied) || denied.Code != tt.want {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
	}
	if _, err := newForge().Verify(invoke(forgeToken(pageInvocation()))); err == nil {
		t.Error("a route that names no module took a token")
	}
	bad := rs256(map[string]any{"alg": "RS256", "kid": forgeKid}, module("core:endpoint", "x"), otherKey())
	_, err := newForge().Verify(invoke(bad), forgeGadget())
	wantCode(t, err, connect.CodeSignature)
}

func TestInvocationOfAnIsolatedCloud(t *testing.T) {
	t.Parallel()
	v := newForge()
	var asked []string
	v.Isolated = func(label string) connect.ForgeKeySet {
		asked = append(asked, label)
		if label != "gov-1" {
			return nil
		}
		return connect.StaticKeys{forgeKid: &otherKey().PublicKey}
	}
	sign := func(label string) string {
		return rs256(map[string]any{"alg": "RS256", "kid": forgeKid}, pageInvocation().with(claimSet{"icLabel": label}), otherKey())
	}
	if _, err := v.Verify(invoke(sign("gov-1")), forgeGadget()); err != nil {
		t.Error(err)
	}
	for _, label := range []string{"gov-2", "", "a/b", "UPPER", "a.b", strings.Repeat("a", 51)} {
		_, err := v.Verify(invoke(sign(label)), forgeGadget())
		wantCode(t, err, connect.CodeIsolated)
	}
	if diff := cmp.Diff([]string{"gov-1", "gov-2"}, asked); diff != "" {
		t.Errorf("labels that were looked up (-want +got)\n%s", diff)
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
