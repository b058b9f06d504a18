package judge

import (
	"context"
	"net/http"
	"strings"
)

// installCases are installs that must be refused: nothing may be stored, so the secret
// that they brought must not open a page afterwards.
func installCases() []Case {
	var all []Case
	for _, w := range append(append(append(installKeyTwists(), timeTwists()...), formTwists()...), audienceTwists()...) {
		all = append(all, refusedInstall(w))
	}
	for _, w := range hashTwists(http.MethodPost, "") {
		all = append(all, installHash(w.name, w.title))
	}
	all = append(all, selfSigned(), noToken(), foreignKey(), secretReinstall())
	for _, b := range bodies() {
		all = append(all, refusedBody(b))
	}
	return all
}

func audienceTwists() []twist {
	return []twist{
		claimed("aud-missing", "refuse an install that is addressed to nobody", signing, "aud", nil),
		claimed("aud-empty", "refuse an install with an empty list of addressees", signing, "aud", []string{}),
		claimed("aud-number", "refuse an addressee that is a number", signing, "aud", 5),
		claimed("aud-other", "refuse an install that is addressed to another app", signing, "aud", []string{"https://judge.example.com"}),
		{"aud-prefix", "refuse an install for an app whose address begins like this one's", signing, func(s *stand, t token) token {
			return t.change("aud", []string{s.base + ".judge.example.com"})
		}},
		claimed("iss-missing", "refuse an install that nobody issued", signing, "iss", nil),
		claimed("iss-other", "refuse an install whose issuer is not the client key of the body", signing, "iss", "judge-another"),
	}
}

// refusedInstall tries a wrong token with a right body.
func refusedInstall(w twist) Case {
	return Case{"install." + w.name, w.title, w.source, func(ctx context.Context, s *stand) outcome {
		t, path := s.newTenant(), s.descriptor.Lifecycle.Installed
		a := s.send(ctx, http.MethodPost, path, withToken(w.do(s, s.installToken(t, path)).text()), bytesOf(s.payload(t, "installed")))
		return s.notInstalled(ctx, t, "POST "+path, a)
	}}
}

// notInstalled judges a refused install by its answer and by what it left behind.
func (s *stand) notInstalled(ctx context.Context, t tenant, sent string, a answer) outcome {
	if !a.refused() {
		return outcome{Fail, sent, a.String()}
	}
	if a.has(t.secret) {
		return outcome{Fail, sent, a.String() + ", and the answer holds the secret"}
	}
	if _, _, ok := s.page(); ok {
		if then := s.open(ctx, t); !then.refused() {
			return outcome{Fail, sent, a.String() + ", but afterwards its secret opens a page: " + then.String()}
		}
	}
	return outcome{Pass, sent, a.String()}
}

// installHash is a wrong hash of the install's own address.
func installHash(name, title string) Case {
	return Case{"install." + name, title, jwtRules, func(ctx context.Context, s *stand) outcome {
		path := s.descriptor.Lifecycle.Installed
		for _, w := range hashTwists(http.MethodPost, path) {
			if w.name == name {
				return refusedInstall(w).run(ctx, s)
			}
		}
		return skip("no such hash")
	}}
}

func selfSigned() Case {
	return Case{"install.key-own-secret", "refuse an install that is signed with the very secret that it brings", security, func(ctx context.Context, s *stand) outcome {
		t, path := s.newTenant(), s.descriptor.Lifecycle.Installed
		right := s.installToken(t, path).head("alg", "HS256").head("kid", nil)
		right.key = []byte(t.secret)
		return s.notInstalled(ctx, t, "POST "+path, s.send(ctx, http.MethodPost, path, withToken(right.text()), bytesOf(s.payload(t, "installed"))))
	}}
}

func noToken() Case {
	return Case{"install.token-missing", "refuse an install without a token", security, func(ctx context.Context, s *stand) outcome {
		t, path := s.newTenant(), s.descriptor.Lifecycle.Installed
		return s.notInstalled(ctx, t, "POST "+path, s.send(ctx, http.MethodPost, path, http.Header{"Content-Type": {"application/json"}}, bytesOf(s.payload(t, "installed"))))
	}}
}

// foreignKey is an install that takes over another tenant by naming it in the body.
func foreignKey() Case {
	return Case{"install.client-key-of-another", "believe the token's issuer, not the client key of the body", security, func(ctx context.Context, s *stand) outcome {
		attacker, path := s.newTenant(), s.descriptor.Lifecycle.Installed
		victim := tenant{s.tenant.clientKey, attacker.secret}
		right := s.installToken(attacker, path)
		return s.notInstalled(ctx, victim, "POST "+path, s.send(ctx, http.MethodPost, path, withToken(right.text()), bytesOf(s.payload(victim, "installed"))))
	}}
}

// secretReinstall is a new secret under a token that the old one signed.
func secretReinstall() Case {
	return Case{"install.reinstall-hs256", "refuse a reinstall that is signed with the old secret", signing, func(ctx context.Context, s *stand) outcome {
		path := s.descriptor.Lifecycle.Installed
		next := tenant{s.tenant.clientKey, s.newTenant().secret}
		right := s.installToken(next, path).head("alg", "HS256").head("kid", nil)
		right.key = []byte(s.tenant.secret)
		return s.notInstalled(ctx, next, "POST "+path, s.send(ctx, http.MethodPost, path, withToken(right.text()), bytesOf(s.payload(next, "installed"))))
	}}
}

// body is a wrong body under a right token.
type body struct {
	name, title string
	of          func(s *stand, t tenant) []byte
}

// based is a body whose site is elsewhere.
func based(name, title, address string) body {
	return body{name, title, func(s *stand, t tenant) []byte { return bytesOf(with(s.payload(t, "installed"), "baseUrl", address)) }}
}

func bodies() []body {
	without := func(name string) func(s *stand, t tenant) []byte {
		return func(s *stand, t tenant) []byte { return bytesOf(with(s.payload(t, "installed"), name, nil)) }
	}
	return []body{
		{"body-missing", "refuse an install without a body", func(*stand, tenant) []byte { return nil }},
		{"body-array", "refuse a body that is an array", func(*stand, tenant) []byte { return []byte("[]") }},
		{"body-text", "refuse a body that is no JSON", func(*stand, tenant) []byte { return []byte("key=judge") }},
		{"body-deep", "refuse a body that nests ten thousand deep", func(*stand, tenant) []byte {
			return []byte(strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000))
		}},
		{"body-large", "refuse a body of ten megabytes", func(s *stand, t tenant) []byte {
			return bytesOf(with(s.payload(t, "installed"), "description", strings.Repeat("x", 10<<20)))
		}},
		{"body-no-secret", "refuse an install without a secret", without("sharedSecret")},
		{"body-no-client-key", "refuse an install without a client key", without("clientKey")},
		{"body-other-app", "refuse an install of another app", func(s *stand, t tenant) []byte {
			return bytesOf(with(s.payload(t, "installed"), "key", "judge-another-app"))
		}},
		based("site-elsewhere", "refuse a site that is not Atlassian's", "https://judge.example.com"),
		based("site-prefix", "refuse a site whose name begins like one of Atlassian's", "https://acme.atlassian.net.judge.example.com"),
		based("site-user", "refuse a site that hides behind a user name", "https://acme.atlassian.net@judge.example.com"),
		based("site-metadata", "refuse a cloud's metadata address", "http://169.254.169.254"),
		based("site-file", "refuse a file as a site", "file:///etc/passwd"),
		based("site-plain", "refuse a site without TLS", "http://acme.atlassian.net"),
		based("site-missing", "refuse an install without a site", ""),
	}
}

func refusedBody(b body) Case {
	return Case{"install." + b.name, b.title, security, func(ctx context.Context, s *stand) outcome {
		t, path := s.newTenant(), s.descriptor.Lifecycle.Installed
		a := s.send(ctx, http.MethodPost, path, withToken(s.installToken(t, path).text()), b.of(s, t))
		if a.err != nil && b.name == "body-large" {
			a = answer{status: http.StatusRequestEntityTooLarge, header: http.Header{}} // it hung up in the middle, which is a refusal too
		}
		return s.notInstalled(ctx, t, "POST "+path, a)
	}}
}
