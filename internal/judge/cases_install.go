package judge

import (
	"context"
	"net/http"
	"slices"
)

// installCases are installs that must be refused: nothing may be stored, so the secret
// that they brought must not open a page afterwards.
func installCases() []Case {
	var all []Case
	for _, w := range signedTwists() {
		all = append(all, refusedInstall(w))
	}
	all = append(all, selfSigned(), noToken(), foreignKey(), secretReinstall(), twoClientKeys())
	all = append(all, keyHostCases()...)
	for _, b := range bodies() {
		all = append(all, refusedBody(b))
	}
	return all
}

// signedTwists are what may be wrong with the token of an install or an uninstall.
func signedTwists() []twist {
	return slices.Concat(installKeyTwists(), timeTwists(), formTwists(), audienceTwists(), hashTwists())
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
		claimed("aud-null", "refuse an addressee that is null", signing, "aud", null{}),
		{"aud-path", "refuse an install for an app below this one's address", signing, func(s *stand, t token) token {
			return t.change("aud", []string{s.base + "/judge"})
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
