package connect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

const otherApp = "ari:cloud:ecosystem::app/00000000-5f0e-4f6a-9c0e-3b7f5a2d9e10"

func claimRefusals() refusals {
	ok := pageInvocation()
	issuer := func(iss any) claimSet { return ok.with(claimSet{"iss": iss}) }
	audience := func(aud any) claimSet { return ok.with(claimSet{"aud": aud}) }
	id := func(id any) claimSet { return ok.inApp(claimSet{"id": id}) }
	return refusals{
		"issuer-none":     refusedClaims(connect.CodeIssuer, issuer(absent{}), issuer(""), issuer(nil)),
		"issuer-other":    refusedClaims(connect.CodeIssuer, issuer(testClientKey), issuer("https://evil.example"), issuer(strings.ToUpper("forge/invocation-token"))),
		"issuer-longer":   refusedClaims(connect.CodeIssuer, issuer("forge/invocation-token/"), issuer("forge/invocation-token/9d2f")),
		"audience-none":   refusedClaims(connect.CodeAudience, audience(absent{}), audience([]any{}), audience(nil)),
		"audience-other":  refusedClaims(connect.CodeAudience, audience(otherApp), audience([]any{otherApp})),
		"audience-longer": refusedClaims(connect.CodeAudience, audience(forgeApp+"/"), audience(forgeApp+"0")),
		"audience-bare":   refused(audience(forgeUUID), connect.CodeAudience),
		"audience-two":    refusedClaims(connect.CodeAudience, audience([]any{forgeApp, otherApp}), audience([]any{otherApp, forgeApp})),
		"audience-kind":   refusedClaims(connect.CodeMalformed, audience(7), audience(claimSet{}), audience([]any{7})),
		"app-none":        refusedClaims(connect.CodeAudience, id(absent{}), id("")),
		"app-other":       refused(id(otherApp), connect.CodeAudience),
		"app-bare":        refused(id(forgeUUID), connect.CodeAudience),
		"claim-kind": refusedClaims(connect.CodeMalformed,
			issuer(1), id(1), ok.with(claimSet{"app": []any{}}), ok.with(claimSet{"principal": 1}), ok.with(claimSet{"context": "x"}),
			ok.with(claimSet{"icLabel": []any{"x"}}), ok.inApp(claimSet{"apiBaseUrl": 1}), ok.inApp(claimSet{"module": "workload"}),
			ok.inApp(claimSet{"environment": "PRODUCTION"}), ok.inApp(claimSet{"installationId": []any{forgeInstallation}})),
	}
}

func timeRefusals() refusals {
	at := func(d time.Duration) int64 { return testStart.Add(d).Unix() }
	with := func(changes claimSet) claimSet { return pageInvocation().with(changes) }
	lived := func(from, to time.Duration) claimSet {
		return with(claimSet{"iat": at(from), "nbf": at(from), "exp": at(to)})
	}
	return refusals{
		"expired": refusedClaims(connect.CodeExpired,
			lived(-36*time.Second, -11*time.Second), lived(-205*time.Second, -3*time.Minute), with(claimSet{"exp": -1})),
		"expiry-none":  refusedClaims(connect.CodeNoExpiry, with(claimSet{"exp": absent{}}), with(claimSet{"exp": nil}), with(claimSet{"exp": 0})),
		"issue-none":   refusedClaims(connect.CodeMalformed, with(claimSet{"iat": absent{}}), with(claimSet{"iat": nil})),
		"issue-before": refusedClaims(anyRefusal, with(claimSet{"iat": -1}), with(claimSet{"iat": int64(-1 << 63)})),
		"issue-later":  refusedClaims(connect.CodeNotYet, with(claimSet{"iat": at(11 * time.Second)}), with(claimSet{"iat": at(3 * time.Minute), "exp": at(205 * time.Second)})),
		"begins-later": refusedClaims(connect.CodeNotYet, with(claimSet{"nbf": at(11 * time.Second)}), with(claimSet{"nbf": at(time.Hour)})),
		"lifetime":     refusedClaims(connect.CodeLifetime, with(claimSet{"exp": at(time.Hour)}), with(claimSet{"exp": at(11 * time.Minute)}), with(claimSet{"exp": 253402300799})),
		"time-kind": refusedClaims(connect.CodeMalformed,
			with(claimSet{"exp": "1700000085"}), with(claimSet{"exp": 1700000085.5}), with(claimSet{"exp": 1e300}), with(claimSet{"exp": []any{}}),
			with(claimSet{"iat": "1700000000"}), with(claimSet{"nbf": "soon"})),
	}
}

// apiRefusals name an API that is not the one. The canary shows that nobody
// calls it.
func apiRefusals() refusals {
	api := func(addresses ...any) func() []claimSet {
		return func() (sets []claimSet) {
			for _, address := range addresses {
				sets = append(sets, pageInvocation().inApp(claimSet{"apiBaseUrl": address}))
			}
			return sets
		}
	}
	const at, path = "https://api.atlassian.com", "/ex/jira/" + forgeCloud
	cases := refusals{}
	for id, sets := range map[string]func() []claimSet{
		"api-none":      api(absent{}, "", nil),
		"api-host":      api("https://evil.example"+path, "https://169.254.169.254"+path, "//evil.example"+path, "file:///ex/jira/x", path),
		"api-longer":    api(at + ".evil.example" + path),
		"api-dot":       api(at + "." + path),
		"api-lookalike": api("https://\u0430pi.atlassian.com" + path),
		"api-case":      api("https://API.atlassian.com"+path, "HTTPS://api.atlassian.com"+path),
		"api-http":      api("http://api.atlassian.com" + path),
		"api-user":      api("https://user@api.atlassian.com" + path),
		"api-user-host": api(at + "@evil.example" + path),
		"api-backslash": api(at + `\@evil.example` + path),
		"api-port":      api(at+":443"+path, at+":8443"+path),
		"api-blank":     api(" "+at+path, "\t"+at+path),
		"api-way-up":    api(at + "/ex/jira/../" + forgeCloud),
		"api-dots":      api(at+"/ex/jira/..", at+"/ex/jira/."),
		"api-encoded":   api(at+"/ex/jira/x%2f"+forgeCloud, at+"/ex/jira/%2e%2e"),
		"api-slash":     api(at + path + "/"),
		"api-deeper":    api(at + path + "/rest"),
		"api-shorter":   api(at + "/ex/jira/"),
		"api-long-id":   api(at + "/ex/jira/" + strings.Repeat("a", 65)),
		"api-product":   api(at + "/ex/files/" + forgeCloud),
		"api-query":     api(at+path+"?x=", at+path+"?"),
		"api-fragment":  api(at+path+"#", at+path+"#x"),
		"api-break":     api(at + path + "\n"),
	} {
		cases[id] = refusedClaims(connect.CodeAPIURL, sets()...)
	}
	cases["api-requested"] = func(t *testing.T) {
		r := invoke(forgeToken(pageInvocation().inApp(claimSet{"apiBaseUrl": "https://requested.example" + path})))
		r.Host = "requested.example"
		r.Header.Set("X-Forwarded-Host", r.Host)
		r.Header.Set("Forwarded", "host="+r.Host)
		_, err := newForge().Verify(r, forgeGadget())
		wantRefusal(t, err, connect.CodeAPIURL)
	}
	return cases
}

func contradictionRefusals() refusals {
	ok := pageInvocation()
	return refusals{
		"installation-none": refused(ok.inApp(claimSet{"installationId": absent{}, "installation": absent{}}), connect.CodeMalformed),
		"installation-two":  refused(ok.inApp(claimSet{"installationId": forgeInstallation + "0"}), connect.CodeMalformed),
		"cloud-two":         refused(ok.inContext(claimSet{"cloudId": "other"}), connect.CodeMalformed),
		"cloud-elsewhere":   refused(ok.inApp(claimSet{"installation": claimSet{"contexts": []any{claimSet{"cloudId": "other"}}}}), connect.CodeMalformed),
		"person-two":        refused(ok.with(claimSet{"principal": "somebody-else"}), connect.CodeMalformed),
	}
}
