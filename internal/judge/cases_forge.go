package judge

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
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
		inApp("app-id-other", "refuse a token whose app is not its addressee", "id", arnApp+"00000000-0000-4000-8000-00000000dead"),
		inApp("api-other", "refuse an API that is not Atlassian's: tokens would be sent there", "apiBaseUrl", "https://judge.example.com/ex/jira/1"),
		inApp("module-other", "refuse a token that was made for another endpoint", "module", object{"type": "core:endpoint", "key": "judge-another"}),
		inApp("environment-other", "refuse an environment that is not served", "environment", object{"type": "DEVELOPMENT", "id": "ari:cloud:ecosystem::environment/1/judge"}),
	}
	return append(append(list, timeTwists()...), formTwists()...)
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
	for _, p := range []struct {
		name, title string
		header      func(text string) http.Header
	}{
		{"token-missing", "refuse a call without a token", func(string) http.Header { return http.Header{} }},
		{"token-scheme", "refuse Forge's token in the scheme JWT", func(text string) http.Header { return http.Header{"Authorization": {"JWT " + text}} }},
		{"token-cookie", "refuse a token in a cookie", func(text string) http.Header { return http.Header{"Cookie": {"token=" + text}} }},
		{"token-twice", "refuse two tokens", func(text string) http.Header {
			return http.Header{"Authorization": {"Bearer " + text, "Bearer " + text}}
		}},
	} {
		all = append(all, one(p.name, p.title, forgeFIT, func(ctx context.Context, s *stand) outcome {
			a := s.invoke(ctx, p.header(s.invocation().text()))
			return judged(a.refused(), "POST "+s.remote.path, a)
		}))
	}
	return all
}

func bearer(text string) http.Header { return http.Header{"Authorization": {"Bearer " + text}} }
