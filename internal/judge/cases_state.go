package judge

import (
	"context"
	"net/http"
	"slices"
)

// stateCases are calls that say that a tenant is enabled or disabled, from somebody who
// may not say so. The site signs them with the shared secret.
func stateCases() []Case {
	names := []string{"alg-none", "key-other", "exp-past", "iss-unknown", "qsh-missing", "qsh-context"}
	var all []Case
	for _, state := range []string{"enabled", "disabled"} {
		for _, w := range slices.Concat(secretTwists(), timeTwists(), issuerTwists(), hashTwists()) {
			if slices.Contains(names, w.name) {
				all = append(all, refusedState(state, w.name, w.title, w.source, func(s *stand, t tenant, path string) (http.Header, object) {
					return withToken(w.do(s, s.hostToken(t, http.MethodPost, path)).text()), s.payload(t, state)
				}))
			}
		}
		all = append(all,
			refusedState(state, "token-missing", "refuse the call without a token", signing, func(s *stand, t tenant, _ string) (http.Header, object) {
				return http.Header{"Content-Type": {"application/json"}}, s.payload(t, state)
			}),
			refusedState(state, "client-key-of-another", "believe the token's issuer, not the client key of the body", signing, func(s *stand, t tenant, path string) (http.Header, object) {
				return withToken(s.hostToken(s.tenant, http.MethodPost, path).text()), s.payload(t, state)
			}))
	}
	return all
}

func refusedState(state, name, title, source string, call func(s *stand, t tenant, path string) (http.Header, object)) Case {
	return Case{state + "." + name, title, source, func(ctx context.Context, s *stand) outcome {
		path := s.lifecycle(state)
		if path == "" {
			return skip("the app does not listen to " + state)
		}
		y := &story{ctx: ctx, s: s, t: s.newTenant()}
		y.installs()
		header, body := call(s, y.t, path)
		a := s.send(ctx, http.MethodPost, path, header, bytesOf(body))
		y.step("POST "+path, a.refused(), a)
		if _, _, ok := s.page(); ok {
			y.opens("its page", true)
		}
		return y.said
	}}
}

// endings are lives whose calls come late, in another order or at once.
func endings() []Case {
	return []Case{
		life("enabled", "serve a tenant that is enabled", schema, func(y *story) {
			y.installs()
			if y.listens("enabled") {
				y.opens("its page", true)
			}
		}),
		life("disabled-enabled", "serve a tenant that was disabled and is enabled again", schema, func(y *story) {
			y.installs()
			if y.listens("disabled") && y.listens("enabled") {
				y.opens("its page", true)
			}
		}),
		late("disabled", "keep a tenant gone whose disabling comes late"),
		late("enabled", "keep a tenant gone whose enabling comes late"),
		life("ends-at-once", "be told that a tenant is disabled and gone at once", schema, func(y *story) {
			y.installs()
			if y.together("disabled", "uninstalled") {
				y.opens("its page", false)
			}
		}),
		life("both-at-once", "be told of an install and an uninstall at once", schema, func(y *story) {
			y.installs()
			if y.together("installed", "uninstalled") {
				y.t.secret = y.s.newTenant().secret
				y.installs()
				y.opens("its page after another install", true)
			}
		}),
		life("uninstall-twice", "take an uninstall again that it has had", schema, func(y *story) {
			y.installs()
			if y.listens("uninstalled") && y.told("uninstalled") {
				y.opens("its page", false)
			}
		}),
		life("return-old-secret", "refuse the old secret of a tenant that came back", security, func(y *story) {
			y.installs()
			if !y.listens("uninstalled") {
				return
			}
			old := y.t.secret
			y.t.secret = y.s.newTenant().secret
			y.installs()
			y.t.secret = old
			y.opens("its page with the old secret", false)
		}),
	}
}

// late is a call that comes after the uninstall.
func late(event, title string) Case {
	return life("late-"+event, title, security, func(y *story) {
		y.installs()
		if !y.listens("uninstalled") {
			return
		}
		a, ok := y.s.tell(y.ctx, y.t, event)
		if !ok {
			y.said = skip("the app does not listen to " + event)
			return
		}
		y.step(event+" after uninstalled", a.unbroken(), a)
		y.opens("its page", false)
	})
}

// together makes two lifecycle calls at once: neither may fail. It skips the case if
// the app does not listen to one of them.
func (y *story) together(events ...string) bool {
	for _, e := range events {
		if y.s.lifecycle(e) == "" {
			y.said = skip("the app does not listen to " + e)
			return false
		}
	}
	answers := make(chan answer, len(events))
	for _, e := range events {
		go func() {
			if e == "installed" {
				answers <- y.s.install(y.ctx, y.t)
				return
			}
			a, _ := y.s.tell(y.ctx, y.t, e)
			answers <- a
		}()
	}
	for range events {
		a := <-answers
		y.step("calls at once", a.unbroken(), a)
	}
	return true
}

// neighbours are two tenants side by side.
func neighbours() []Case {
	return []Case{
		life("neighbour-gone", "serve a tenant whose neighbour is gone", security, func(y *story) {
			y.installs()
			first := y.t
			y.t = y.s.newTenant()
			y.installs()
			if y.listens("uninstalled") {
				y.t = first
				y.opens("the first tenant's page", true)
			}
		}),
		life("neighbour-secret", "keep a tenant's secret when its neighbour gets a new one", security, func(y *story) {
			y.installs()
			first := y.t
			y.t = y.s.newTenant()
			y.installs()
			y.t.secret = y.s.newTenant().secret
			y.installs()
			y.t = first
			y.opens("the first tenant's page", true)
		}),
		life("neighbours-at-once", "serve two tenants at once, each by its own secret", security, neighboursAtOnce),
		placed("page.etag-of-another", "not tell a tenant that its page has not changed since another's", security,
			func(ctx context.Context, s *stand, method, path string) outcome {
				other := s.newTenant()
				if a := s.install(ctx, other); !a.taken() {
					return judged(false, "a right install", a)
				}
				tag := s.open(ctx, other).header.Get("Etag")
				if tag == "" {
					tag = "*"
				}
				a := s.openWith(ctx, method, path, http.Header{"If-None-Match": {tag}})
				return judged(a.taken() && a.status != http.StatusNotModified, method+" "+path+", If-None-Match of another tenant", a)
			}),
		placed("page.secret-shown", "serve a page without a secret in it", security, func(ctx context.Context, s *stand, method, path string) outcome {
			a := s.open(ctx, s.tenant)
			return judged(a.taken() && !a.has(s.tenant.secret), method+" "+path, a)
		}),
	}
}

// neighboursAtOnce opens the pages of two tenants at once, each with either secret.
func neighboursAtOnce(y *story) {
	y.installs()
	first := y.t
	y.t = y.s.newTenant()
	y.installs()
	second := y.t
	type look struct {
		t     tenant
		right bool
		a     answer
	}
	looks := make(chan look)
	tries := []look{
		{t: first, right: true},
		{t: tenant{first.clientKey, second.secret}},
		{t: second, right: true},
		{t: tenant{second.clientKey, first.secret}},
	}
	const rounds = 5
	for range rounds {
		for _, l := range tries {
			go func() {
				l.a = y.s.open(y.ctx, l.t)
				looks <- l
			}()
		}
	}
	for range rounds * len(tries) {
		if l := <-looks; l.right {
			y.step("a page with its own secret", l.a.taken(), l.a)
		} else {
			y.step("a page with the neighbour's secret", l.a.refused(), l.a)
		}
	}
}
