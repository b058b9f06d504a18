package judge

import (
	"context"
	"net/http"
	"strings"
	"sync"
)

const webhooks = "https://developer.atlassian.com/cloud/jira/platform/webhooks/"

// hook is a webhook's call: right until a case changes it.
type hook struct {
	id, body string
	header   http.Header
}

// event is what a site sends when an issue has changed.
const event = `{"timestamp":1767225600000,"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"JUDGE-1","fields":{"summary":"judge"}}}`

// hookAt is the webhook that cases use.
func (s *stand) hookAt() (string, bool) {
	for _, p := range s.places() {
		if p.method == http.MethodPost {
			return p.path, true
		}
	}
	return "", false
}

// hooked is a case that needs a webhook.
func hooked(name, title, source string, run func(ctx context.Context, s *stand, path string) outcome) Case {
	return Case{"hook." + name, title, source, func(ctx context.Context, s *stand) outcome {
		path, ok := s.hookAt()
		if !ok {
			return skip("the descriptor has no webhook with a fixed path")
		}
		return run(ctx, s, path)
	}}
}

// tellHook sends a webhook of a tenant.
func (s *stand) tellHook(ctx context.Context, t tenant, path string, h hook) answer {
	header := withToken(s.hostToken(t, http.MethodPost, path).text())
	for name, values := range h.header {
		header[name] = values
	}
	if h.id != "" {
		header.Set("X-Atlassian-Webhook-Identifier", h.id)
	}
	return s.send(ctx, http.MethodPost, path, header, []byte(h.body))
}

// good reports whether a site would not send it again.
func (a answer) good() bool { return a.err == nil && a.status/100 == 2 }

// unbroken reports whether the app answered, and had not failed.
func (a answer) unbroken() bool { return a.err == nil && a.status < http.StatusInternalServerError }

func hookCases() []Case {
	return append(append(takenHooks(), oddHooks()...), refusedHooks()...)
}

func takenHooks() []Case {
	var all []Case
	for _, h := range []struct {
		name, title string
		hook        hook
		again       int
	}{
		{"accept", "take an event", hook{body: event}, 0},
		{"replay", "take an event again that it has had", hook{body: event}, 1},
		{"retry", "take an event that is tried again", hook{body: event, header: http.Header{"X-Atlassian-Webhook-Retry": {"3"}}}, 0},
		{"late", "take an event of the second flow", hook{body: event, header: http.Header{"X-Atlassian-Webhook-Flow": {"Secondary"}}}, 0},
		{"unknown", "take an event that it does not know: it would come again and again", hook{body: `{"webhookEvent":"judge:nothing","timestamp":1}`}, 0},
		{"more", "take an event with members that it does not know", hook{body: strings.Replace(event, "{", `{"judge":{"a":[1,null]},`, 1)}, 0},
	} {
		all = append(all, hooked(h.name, h.title, webhooks, func(ctx context.Context, s *stand, path string) outcome {
			h.hook.id = s.newTenant().clientKey
			a := s.tellHook(ctx, s.tenant, path, h.hook)
			for range h.again {
				if a.good() {
					a = s.tellHook(ctx, s.tenant, path, h.hook)
				}
			}
			return judged(a.good(), "POST "+path, a)
		}))
	}
	return append(all, hooked("at-once", "take one event ten times at once", webhooks, func(ctx context.Context, s *stand, path string) outcome {
		answers := make([]answer, 10)
		id := s.newTenant().clientKey
		var at sync.WaitGroup
		for i := range answers {
			at.Go(func() { answers[i] = s.tellHook(ctx, s.tenant, path, hook{id: id, body: event}) })
		}
		at.Wait()
		for _, a := range answers {
			if !a.good() {
				return judged(false, "POST "+path+", ten times", a)
			}
		}
		return judged(true, "POST "+path+", ten times", answers[0])
	}))
}

// oddHooks are signed right and say what no site says: the app does not fail, and takes
// the next event.
func oddHooks() []Case {
	var all []Case
	for _, h := range []struct{ name, title, id, body string }{
		{"body-missing", "not fail at an event without a body", "", ""},
		{"body-array", "not fail at an event that is a list", "", "[]"},
		{"body-null", "not fail at an event that is null", "", "null"},
		{"body-text", "not fail at an event that is no JSON", "", "issue=JUDGE-1"},
		{"body-numbers", "not fail at an event whose members are of other kinds", "", `{"webhookEvent":7,"timestamp":"x","issue":[1],"user":"x"}`},
		{"body-deep", "not fail at an event that nests ten thousand deep", "", strings.Repeat(`{"issue":`, 10_000) + "1" + strings.Repeat("}", 10_000)},
		{"long-id", "not fail at a delivery's id of five thousand signs", strings.Repeat("d", 5000), event},
	} {
		all = append(all, hooked(h.name, h.title, webhooks, func(ctx context.Context, s *stand, path string) outcome {
			if a := s.tellHook(ctx, s.tenant, path, hook{id: h.id, body: h.body}); !a.unbroken() {
				return judged(false, "POST "+path, a)
			}
			a := s.tellHook(ctx, s.tenant, path, hook{id: s.newTenant().clientKey, body: event})
			return judged(a.good(), "POST "+path+", a right one afterwards", a)
		}))
	}
	return append(all, hooked("body-large", "not fail at an event of thirty megabytes: the largest has 25", webhooks, func(ctx context.Context, s *stand, path string) outcome {
		large := strings.Replace(event, "judge", strings.Repeat("x", 30<<20), 1)
		if a := s.tellHook(ctx, s.tenant, path, hook{body: large}); a.err == nil && !a.unbroken() {
			return judged(false, "POST "+path, a)
		}
		a := s.tellHook(ctx, s.tenant, path, hook{id: s.newTenant().clientKey, body: event})
		return judged(a.good(), "POST "+path+", a right one afterwards", a)
	}))
}

func refusedHooks() []Case {
	refuses := func(name, title string, text func(s *stand, t token) string) Case {
		return hooked(name, title, signing, func(ctx context.Context, s *stand, path string) outcome {
			header := http.Header{"Content-Type": {"application/json"}}
			if right := text(s, s.hostToken(s.tenant, http.MethodPost, path)); right != "" {
				header = withToken(right)
			}
			a := s.send(ctx, http.MethodPost, path, header, []byte(event))
			return judged(a.refused(), "POST "+path, a)
		})
	}
	return []Case{
		refuses("token-missing", "refuse an event without a token", func(*stand, token) string { return "" }),
		refuses("qsh-wrong", "refuse an event that was signed for another address", func(_ *stand, t token) string {
			return t.change("qsh", strings.Repeat("0", 64)).text()
		}),
		refuses("qsh-context", "refuse an event of somebody who has a context token", func(_ *stand, t token) string {
			return t.change("qsh", "context-qsh").text()
		}),
		refuses("session", "refuse an event of somebody who has a session token", func(s *stand, t token) string {
			return s.sessionOf(t).text()
		}),
		hooked("gone", "refuse the events of a tenant that is gone", signing, func(ctx context.Context, s *stand, path string) outcome {
			y := &story{ctx: ctx, s: s, t: s.newTenant()}
			y.installs()
			if !y.listens("uninstalled") {
				return y.said
			}
			a := s.tellHook(ctx, y.t, path, hook{body: event})
			y.step("POST "+path, a.refused(), a)
			return y.said
		}),
	}
}

// sessionOf is a token as apps make them for their own pages: issued by the app, for
// the tenant, bound to no address.
func (s *stand) sessionOf(t token) token {
	return t.change("iss", s.descriptor.Key).change("aud", []any{t.claims["iss"]}).change("qsh", nil)
}
