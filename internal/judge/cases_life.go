package judge

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// descriptorCases read what the app says of itself.
func descriptorCases() []Case {
	one := func(name, title, source string, right func(s *stand) (bool, string)) Case {
		return Case{"descriptor." + name, title, source, func(_ context.Context, s *stand) outcome {
			ok, got := right(s)
			if ok {
				return outcome{Pass, "the descriptor", got}
			}
			return outcome{Fail, "the descriptor", got}
		}}
	}
	migrated := func(name string) func(s *stand) (bool, string) {
		return func(s *stand) (bool, string) { return s.descriptor.APIMigrations[name] == true, "apiMigrations" }
	}
	return []Case{
		one("type", "serve the descriptor as JSON", schema, func(s *stand) (bool, string) { return strings.HasPrefix(s.kind, "application/json"), s.kind }),
		one("authentication", "ask for tokens: authentication is jwt", security, func(s *stand) (bool, string) {
			return strings.EqualFold(s.descriptor.Authentication.Type, "jwt"), "authentication " + s.descriptor.Authentication.Type
		}),
		one("signed-install", "ask for signed installs", signing, migrated("signed-install")),
		one("context-qsh", "ask for context tokens that are bound to no address", jwtRules, migrated("context-qsh")),
		one("gdpr", "ask for account ids instead of names", schema, migrated("gdpr")),
		one("uninstalled", "listen to the uninstall", schema, func(s *stand) (bool, string) {
			return s.descriptor.Lifecycle.Uninstalled != "", "lifecycle.uninstalled"
		}),
		one("scopes", "ask for scopes that there are", "https://developer.atlassian.com/cloud/jira/platform/scopes-for-connect-apps/", func(s *stand) (bool, string) {
			for _, scope := range s.descriptor.Scopes {
				if !slices.Contains(scopes(), strings.ToUpper(scope)) {
					return false, "scope " + scope
				}
			}
			return true, fmt.Sprint(len(s.descriptor.Scopes), " scopes")
		}),
		one("tls", "be called by TLS alone, but for an app on the machine itself", security, func(s *stand) (bool, string) {
			u, err := url.Parse(s.descriptor.BaseURL)
			return err == nil && (u.Scheme == "https" || onThisMachine(u)), "baseUrl " + s.descriptor.BaseURL
		}),
		one("base-url", "be reached where the descriptor says", schema, func(s *stand) (bool, string) {
			return strings.TrimSuffix(s.descriptor.BaseURL, "/") == s.base, "baseUrl " + s.descriptor.BaseURL
		}),
	}
}

// scopes are all that an app can ask for.
func scopes() []string {
	return []string{"NONE", "READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN", "ACT_AS_USER", "ACCESS_EMAIL_ADDRESSES"}
}

// story is a tenant's life in steps; each says what was sent, and the first that does
// not go as it should ends it.
type story struct {
	ctx  context.Context
	s    *stand
	t    tenant
	said outcome
}

func (y *story) fails() bool { return y.said.verdict == Fail }

func (y *story) step(what string, ok bool, a answer) {
	if !y.fails() {
		y.said = judged(ok, what, a)
	}
}

func (y *story) installs() {
	if !y.fails() {
		a := y.s.install(y.ctx, y.t)
		y.step("a right install", a.taken(), a)
	}
}

func (y *story) opens(what string, want bool) {
	if y.fails() {
		return
	}
	a := y.s.open(y.ctx, y.t)
	if want {
		y.step(what, a.taken(), a)
	} else {
		y.step(what, a.refused(), a)
	}
}

// told makes a lifecycle call; it reports whether the app listens to it.
func (y *story) told(event string) bool {
	a, ok := y.s.tell(y.ctx, y.t, event)
	if ok {
		y.step("a right call "+event, a.taken(), a)
	}
	return ok
}

// life is a case that plays a tenant's life.
func life(name, title, source string, live func(y *story)) Case {
	return Case{"life." + name, title, source, func(ctx context.Context, s *stand) outcome {
		if _, _, ok := s.page(); !ok {
			return skip("the descriptor has no page and no webhook with a fixed path")
		}
		y := &story{ctx: ctx, s: s, t: s.newTenant()}
		live(y)
		return y.said
	}}
}

// listens plays an event, and skips the case if the app does not listen to it.
func (y *story) listens(event string) bool {
	if y.told(event) {
		return true
	}
	y.said = skip("the app does not listen to " + event)
	return false
}

// lifeCases are lives of tenants.
func lifeCases() []Case { return slices.Concat(comingCases(), goingCases(), endings(), neighbours()) }

func comingCases() []Case {
	return []Case{
		life("install", "take a right install, and serve its pages", schema, func(y *story) { y.installs(); y.opens("its page", true) }),
		life("reinstall", "take a new secret, and refuse the old one at once", signing, func(y *story) {
			y.installs()
			y.opens("its page", true) // what is remembered now must be forgotten
			old := y.t.secret
			y.t.secret = y.s.newTenant().secret
			y.installs()
			y.opens("its page with the new secret", true)
			y.t.secret = old
			y.opens("its page with the old secret", false)
		}),
		life("at-once", "end in one of the secrets after ten installs at once", signing, atOnce),
		life("import", "keep tenants of one address apart by their client keys", security, func(y *story) {
			y.installs()
			first := y.t
			y.t = y.s.newTenant()
			y.installs()
			y.opens("the new tenant's page", true)
			y.t = first
			y.opens("the old tenant's page", true)
			y.t.secret = y.s.tenant.secret
			y.opens("the old tenant's page with another's secret", false)
		}),
	}
}

func goingCases() []Case {
	return []Case{
		life("uninstall", "refuse the pages of a tenant that is gone", security, func(y *story) {
			y.installs()
			y.opens("its page", true)
			if y.listens("uninstalled") {
				y.opens("its page afterwards", false)
			}
		}),
		life("return", "take a tenant back that was gone", schema, func(y *story) {
			y.installs()
			if y.listens("uninstalled") {
				y.t.secret = y.s.newTenant().secret
				y.installs()
				y.opens("its page", true)
			}
		}),
		life("uninstall-unknown", "take the uninstall of a tenant that it does not know", schema, func(y *story) { y.listens("uninstalled") }),
		life("uninstall-forged", "refuse an uninstall that the shared secret signed", signing, func(y *story) {
			path := y.s.descriptor.Lifecycle.Uninstalled
			if path == "" {
				y.said = skip("the app does not listen to uninstalled")
				return
			}
			y.installs()
			text := y.s.hostToken(y.t, http.MethodPost, path).text()
			a := y.s.send(y.ctx, http.MethodPost, path, withToken(text), bytesOf(y.s.payload(y.t, "uninstalled")))
			y.step("POST "+path, a.refused(), a)
			y.opens("its page", true)
		}),
		life("uninstall-other", "refuse an uninstall of another tenant", security, func(y *story) {
			path := y.s.descriptor.Lifecycle.Uninstalled
			if path == "" {
				y.said = skip("the app does not listen to uninstalled")
				return
			}
			y.installs()
			text := y.s.installToken(y.s.newTenant(), path).text()
			a := y.s.send(y.ctx, http.MethodPost, path, withToken(text), bytesOf(y.s.payload(y.t, "uninstalled")))
			y.step("POST "+path, a.refused(), a)
			y.opens("its page", true)
		}),
	}
}

func atOnce(y *story) {
	secrets := make([]string, 10)
	var all sync.WaitGroup
	for i := range secrets {
		t := tenant{y.t.clientKey, y.s.newTenant().secret}
		secrets[i] = t.secret
		all.Go(func() { y.s.install(y.ctx, t) })
	}
	all.Wait()
	answers := make([]answer, len(secrets))
	for i, secret := range secrets {
		all.Go(func() { answers[i] = y.s.open(y.ctx, tenant{y.t.clientKey, secret}) })
	}
	all.Wait()
	open := 0
	var last answer
	for _, a := range answers {
		if a.taken() {
			open++
		} else {
			last = a
		}
	}
	y.step("pages with each of the ten secrets: one is to open", open == 1, last)
}
