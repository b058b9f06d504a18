package judge

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// remote is what a manifest says of a Forge Remote backend: an endpoint, and the app.
type remote struct {
	appID, path, endpoint string
	key                   *rsa.PrivateKey
	kid, api              string
}

const arnApp = "ari:cloud:ecosystem::app/"

// invocation is a right token of Forge for the endpoint.
func (s *stand) invocation() token {
	now, r := s.now().Unix(), s.remote
	id := arnApp + strings.TrimPrefix(r.appID, arnApp)
	return token{
		header: object{"alg": "RS256", "typ": "JWT", "kid": r.kid}, key: r.key,
		claims: object{
			"iss": "forge/invocation-token", "aud": id, "iat": now, "nbf": now, "exp": now + 25, "jti": s.newTenant().clientKey,
			"app": object{
				"id": id, "version": "1.0.0", "installationId": "ari:cloud:ecosystem::installation/00000000-0000-4000-8000-00000000face",
				"apiBaseUrl": r.api, "module": object{"type": "core:endpoint", "key": r.endpoint},
				"environment": object{"type": "PRODUCTION", "id": "ari:cloud:ecosystem::environment/1/2"},
			},
			"context": object{"cloudId": s.site.CloudID()}, "contexts": []object{{"cloudId": s.site.CloudID()}},
		},
	}
}

// invoke sends a call of Forge.
func (s *stand) invoke(ctx context.Context, header http.Header) answer {
	header.Set("Content-Type", "application/json")
	return s.send(ctx, http.MethodPost, s.remote.path, header, []byte(`{"eventType":"judge"}`))
}

// inApp is a twist of a claim inside app.
func inApp(name, title, claim string, value any) twist {
	return twist{name, title, forgeFIT, func(_ *stand, t token) token {
		app, _ := t.claims["app"].(object)
		return t.change("app", with(app, claim, value))
	}}
}

// apiOf is a twist of the API's address.
func apiOf(name, title string, change func(api *url.URL)) twist {
	return twist{name, title, forgeFIT, func(s *stand, t token) token {
		app, _ := t.claims["app"].(object)
		api, err := url.Parse(s.remote.api)
		if err != nil {
			return t.change("app", nil)
		}
		change(api)
		return t.change("app", with(app, "apiBaseUrl", api.String()))
	}}
}

// inModule is a twist of a claim inside app.module.
func inModule(name, title, claim string, value any) twist {
	return twist{name, title, forgeFIT, func(_ *stand, t token) token {
		app, _ := t.claims["app"].(object)
		module, _ := app["module"].(object)
		return t.change("app", with(app, "module", with(module, claim, value)))
	}}
}

func forgeTwists() []twist {
	forgePEM := func(s *stand, _ token) any {
		der, _ := x509.MarshalPKIXPublicKey(&s.remote.key.PublicKey) // an RSA key can be written
		return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	}
	list := []twist{
		keyed("alg-none", "refuse a token that is not signed", "none", nothing),
		keyed("alg-ps256", "refuse PS256", "PS256", same),
		keyed("alg-rs384", "refuse RS384", "RS384", same),
		keyed("alg-hs256-public", "refuse a token whose secret is Forge's public key", "HS256", forgePEM),
		keyed("key-stranger", "refuse a token that a stranger signed", "RS256", strangerKey),
		headed("kid-unknown", "refuse a key that is not in Forge's set", forgeFIT, "kid", "judge-does-not-exist"),
		headed("kid-missing", "refuse a token that names no key", forgeFIT, "kid", nil),
		claimed("iss-missing", "refuse a token that nobody issued", forgeFIT, "iss", nil),
		claimed("iss-other", "refuse a token that Forge did not issue", forgeFIT, "iss", "judge"),
		claimed("aud-missing", "refuse a token that is addressed to nobody", forgeFIT, "aud", nil),
		claimed("aud-other", "refuse a token of another app", forgeFIT, "aud", arnApp+"00000000-0000-4000-8000-00000000dead"),
		keyed("alg-None", "refuse a token that is not signed, in another spelling", "None", nothing),
		keyed("alg-rs512", "refuse RS512", "RS512", same),
		headed("crit", "refuse a critical header that is not understood", "https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11", "crit", []string{"judge"}),
		brought("key-jwk", "refuse a token whose key is in its own header", "jwk", func(s *stand) any { return s.strangerJWK() }),
		brought("key-jku", "refuse a token whose key is where its header says", "jku", func(s *stand) any { return s.canary.url + "/jwks" }),
		brought("kid-address", "refuse a key id that is the address of a stranger's keys", "kid", func(s *stand) any { return s.canary.url + "/jwks" }),
		headed("kid-empty", "refuse an empty key id", forgeFIT, "kid", ""),
		headed("kid-number", "refuse a key id that is a number", forgeFIT, "kid", 7),
		claimed("iss-prefix", "refuse an issuer that begins like Forge", forgeFIT, "iss", "forge/invocation-token/judge"),
		claimed("iss-number", "refuse an issuer that is a number", forgeFIT, "iss", 7),
		claimed("aud-null", "refuse an addressee that is null", forgeFIT, "aud", null{}),
		claimed("aud-empty", "refuse an empty list of addressees", forgeFIT, "aud", []string{}),
		claimed("aud-number", "refuse an addressee that is a number", forgeFIT, "aud", 7),
		{"aud-prefix", "refuse an addressee that begins like this app's id", forgeFIT, func(_ *stand, t token) token {
			id, _ := t.claims["aud"].(string)
			return t.change("aud", id+"0")
		}},
		claimed("app-missing", "refuse a token that says nothing of the app", forgeFIT, "app", nil),
		claimed("app-text", "refuse a token whose app is a text", forgeFIT, "app", "judge"),
		inApp("app-id-missing", "refuse a token that does not say which app", "id", nil),
		inApp("installation-missing", "refuse a token that names no installation", "installationId", nil),
		inApp("app-id-other", "refuse a token whose app is not its addressee", "id", arnApp+"00000000-0000-4000-8000-00000000dead"),
		inApp("api-other", "refuse an API that is not Atlassian's: tokens would be sent there", "apiBaseUrl", "https://judge.example.com/ex/jira/1"),
		inApp("module-other", "refuse a token that was made for another endpoint", "module", object{"type": "core:endpoint", "key": "judge-another"}),
		inApp("environment-other", "refuse an environment that is not served", "environment", object{"type": "DEVELOPMENT", "id": "ari:cloud:ecosystem::environment/1/judge"}),
	}
	return slices.Concat(list, placeTwists(), timeTwists(), formTwists())
}

// placeTwists are tokens for another API, module or environment.
func placeTwists() []twist {
	return []twist{
		apiOf("api-port", "refuse the API on another port", func(api *url.URL) { api.Host = api.Hostname() + ":9" }),
		apiOf("api-longer", "refuse a host that begins like the API's", func(api *url.URL) { api.Host = api.Hostname() + ".judge.example.com" }),
		apiOf("api-user", "refuse the API's name as the user of another host", func(api *url.URL) {
			api.User, api.Host = url.User(api.Hostname()), "judge.example.com"
		}),
		apiOf("api-way-up", "refuse an API's address that goes up again", func(api *url.URL) { api.Path += "/../judge" }),
		apiOf("api-query", "refuse an API's address with a query", func(api *url.URL) { api.RawQuery = "judge=1" }),
		inApp("api-metadata", "refuse a cloud's metadata address", "apiBaseUrl", "http://169.254.169.254/ex/jira/1"),
		inApp("api-file", "refuse a file as the API", "apiBaseUrl", "file:///etc/passwd"),
		inApp("module-missing", "refuse a token that does not say for what it was made", "module", nil),
		inModule("module-kind", "refuse a gadget's token at an endpoint", "type", "jira:dashboardGadget"),
		inApp("environment-missing", "refuse a token that does not say in which environment", "environment", nil),
		inApp("environment-staging", "refuse the staging environment, which is not served", "environment", object{"type": "STAGING", "id": "ari:cloud:ecosystem::environment/1/judge"}),
		claimed("label", "refuse an isolated cloud's token with everybody's key", forgeFIT, "icLabel", "judge"),
		inApp("label-app", "refuse an isolated cloud's token, wherever it has its label", "icLabel", "judge"),
	}
}

func forgeCases() []Case {
	one := func(name, title, source string, run func(ctx context.Context, s *stand) outcome) Case {
		return Case{"forge." + name, title, source, func(ctx context.Context, s *stand) outcome {
			if s.remote == nil {
				return skip("no manifest was given")
			}
			return run(ctx, s)
		}}
	}
	all := []Case{one("accept", "serve a call that Forge signed", forgeFIT, func(ctx context.Context, s *stand) outcome {
		a := s.invoke(ctx, bearer(s.invocation().text()))
		return judged(a.taken(), "POST "+s.remote.path, a)
	})}
	for _, w := range forgeTwists() {
		all = append(all, one(w.name, w.title, w.source, func(ctx context.Context, s *stand) outcome {
			text := w.do(s, s.invocation()).text()
			a := s.invoke(ctx, bearer(text))
			return judged(a.refused() && (len(text) < 20 || !a.has(text)), "POST "+s.remote.path, a)
		}))
	}
	for _, p := range forgePlaces() {
		all = append(all, one(p.name, p.title, forgeFIT, func(ctx context.Context, s *stand) outcome {
			target, header, body := p.call(s.remote.path, s.invocation().text())
			header.Set("Content-Type", "application/json")
			a := s.send(ctx, http.MethodPost, target, header, []byte(body))
			return judged(a.refused(), "POST "+s.remote.path, a)
		}))
	}
	for _, b := range forgeBodies() {
		all = append(all, one(b.name, b.title, forgeFIT, func(ctx context.Context, s *stand) outcome {
			header := bearer(b.do(s.invocation()).text())
			header.Set("Content-Type", "application/json")
			a := s.send(ctx, http.MethodPost, s.remote.path, header, []byte(b.body))
			ok := a.taken() && a.unbroken() || !b.good && (a.unbroken() || a.err != nil)
			if ok && !b.good {
				a = s.invoke(ctx, bearer(s.invocation().text()))
				ok = a.taken() && a.unbroken()
			}
			return judged(ok, "POST "+s.remote.path, a)
		}))
	}
	return append(all, one("installation-elsewhere", "refuse an installation on another site than before", forgeFIT, otherSite))
}

// otherSite is an installation that calls from another site than before.
func otherSite(ctx context.Context, s *stand) outcome {
	app, _ := s.invocation().claims["app"].(object)
	own := with(app, "installationId", "ari:cloud:ecosystem::installation/"+s.newTenant().clientKey)
	if a := s.invoke(ctx, bearer(s.invocation().change("app", own).text())); !a.taken() {
		return judged(false, "POST "+s.remote.path+", of a new installation", a)
	}
	moved := s.invocation().change("app", with(own, "apiBaseUrl", strings.Replace(s.remote.api, s.site.CloudID(), "judge-cloud", 1))).
		change("context", nil).change("contexts", nil)
	a := s.invoke(ctx, bearer(moved.text()))
	return judged(a.refused(), "POST "+s.remote.path+", of the same one on another site", a)
}

// forgePlace is a right token in a wrong place.
type forgePlace struct {
	name, title string
	call        func(path, text string) (target string, header http.Header, body string)
}

func forgePlaces() []forgePlace {
	headed := func(name, title string, header func(text string) http.Header) forgePlace {
		return forgePlace{name, title, func(path, text string) (string, http.Header, string) { return path, header(text), "{}" }}
	}
	return []forgePlace{
		headed("token-missing", "refuse a call without a token", func(string) http.Header { return http.Header{} }),
		headed("token-scheme", "refuse Forge's token in the scheme JWT", func(text string) http.Header { return http.Header{"Authorization": {"JWT " + text}} }),
		headed("token-bare", "refuse a token without a scheme", func(text string) http.Header { return http.Header{"Authorization": {text}} }),
		headed("token-cookie", "refuse a token in a cookie", func(text string) http.Header { return http.Header{"Cookie": {"token=" + text}} }),
		headed("token-twice", "refuse two tokens", func(text string) http.Header {
			return http.Header{"Authorization": {"Bearer " + text, "Bearer " + text}}
		}),
		{"token-address", "refuse a token in the address", func(path, text string) (string, http.Header, string) {
			return path + "?jwt=" + text, http.Header{}, "{}"
		}},
		{"token-body", "refuse a token in the body", func(path, text string) (string, http.Header, string) {
			return path, http.Header{}, `{"jwt":"` + text + `"}`
		}},
	}
}

// forgeBody is a call with a right token and some body.
type forgeBody struct {
	name, title, body string
	// good says that the call must be taken; otherwise it must only not break anything.
	good bool
	do   func(t token) token
}

func forgeBodies() []forgeBody {
	plain := func(t token) token { return t }
	return []forgeBody{
		{"accept-no-body", "serve a call without a body, as scheduled triggers are", "", true, plain},
		{"accept-more", "serve a call with members that it does not know", `{"judge":{"a":[1,null]}}`, true, plain},
		{"accept-claims", "serve a token with claims that it does not know", "{}", true, func(t token) token {
			return t.change("judge", object{"a": 1})
		}},
		{"body-text", "not fail at a body that is no JSON", "event=judge", false, plain},
		{"body-array", "not fail at a body that is a list", "[]", false, plain},
		{"body-large", "not fail at a body of two megabytes", `{"judge":"` + strings.Repeat("x", 2<<20) + `"}`, false, plain},
	}
}

func bearer(text string) http.Header { return http.Header{"Authorization": {"Bearer " + text}} }
