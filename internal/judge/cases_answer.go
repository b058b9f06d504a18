package judge

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// answerCases look at what the app answers.
func answerCases() []Case {
	return slices.Concat(markupCases(), headerCases(), methodCases())
}

const (
	script    = "<script>judge()</script>"
	attribute = `" onload="judge()`
)

// shows reports whether a text comes out as a part of a page.
func (a answer) shows(text string) bool {
	kind := a.header.Get("Content-Type")
	return strings.Contains(a.body, text) && (kind == "" || strings.Contains(kind, "html") || strings.Contains(kind, "xml"))
}

// markupCases have markup in what is asked for: it comes out as a text or not at all.
func markupCases() []Case {
	asked := func(name, title, query, never string) Case {
		return placed("markup."+name, title, security, func(ctx context.Context, s *stand, method, path string) outcome {
			target := path + "?" + query
			text := s.hostToken(s.tenant, method, target).text()
			a := s.send(ctx, method, target+"&jwt="+text, http.Header{"Content-Type": {"application/json"}}, hookBody(method))
			return judged(a.unbroken() && !a.shows(never) && a.header.Get("X-Judge") == "", method+" "+target, a)
		})
	}
	unsigned := func(name, title string, target func(path string) string) Case {
		return placed("markup."+name, title, security, func(ctx context.Context, s *stand, method, path string) outcome {
			to := target(path)
			a := s.send(ctx, method, to, http.Header{"Content-Type": {"application/json"}}, hookBody(method))
			return judged(a.unbroken() && !a.shows(script), method+" "+to, a)
		})
	}
	return []Case{
		asked("value", "show a parameter's value as a text", "judge="+url.QueryEscape(script), script),
		asked("name", "show a parameter's name as a text", url.QueryEscape(script)+"=1", script),
		asked("attribute", "let no parameter end an attribute", "judge="+url.QueryEscape(attribute), attribute),
		asked("header", "let no parameter begin a header", "judge=a%0D%0AX-Judge:%201", script),
		unsigned("refused", "show what it refuses as a text", func(path string) string { return path + "?judge=" + url.QueryEscape(script) }),
		unsigned("path", "show an address that it does not know as a text", func(path string) string { return path + "/" + url.PathEscape(script) }),
	}
}

// headerCases are headers that pages must have.
func headerCases() []Case {
	page := func(name, title, source string, right func(a answer) bool) Case {
		return Case{"headers." + name, title, source, func(ctx context.Context, s *stand) outcome {
			method, path, ok := s.page()
			if !ok || method != http.MethodGet {
				return skip("the descriptor has no page with a fixed path")
			}
			a := s.openWith(ctx, method, path, http.Header{"Origin": {"https://" + elsewhere}})
			return judged(a.taken() && right(a), method+" "+path, a)
		}}
	}
	policies := []string{"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
	return []Case{
		page("cache", "have no page stored: Cache-Control has no-store", security, func(a answer) bool {
			return strings.Contains(strings.ToLower(a.header.Get("Cache-Control")), "no-store")
		}),
		page("referrer", "let no address with a token leave the page: Referrer-Policy", security, func(a answer) bool {
			list := strings.Split(a.header.Get("Referrer-Policy"), ",")
			return slices.Contains(policies, strings.ToLower(strings.TrimSpace(list[len(list)-1])))
		}),
		page("frame", "be shown in the site's frames: no X-Frame-Options", signing, func(a answer) bool {
			return a.header.Get("X-Frame-Options") == ""
		}),
		page("cookie", "set no cookie that a script can read or that is sent without TLS: HttpOnly and Secure", security, func(a answer) bool {
			cookies := (&http.Response{Header: a.header}).Cookies()
			return !slices.ContainsFunc(cookies, func(c *http.Cookie) bool { return !c.HttpOnly || !c.Secure })
		}),
		page("origin", "let no other origin read a page: no Access-Control-Allow-Origin", security, func(a answer) bool {
			allowed := a.header.Get("Access-Control-Allow-Origin")
			return allowed != "*" && !strings.Contains(allowed, elsewhere)
		}),
	}
}

// methodCases call with a method that nobody should.
func methodCases() []Case {
	return []Case{
		placed("method.head", "refuse a page's headers without a token, too", security, func(ctx context.Context, s *stand, _, path string) outcome {
			a := s.send(ctx, http.MethodHead, path, nil, nil)
			return judged(a.err == nil && a.status >= http.StatusBadRequest, "HEAD "+path, a)
		}),
		placed("method.trace", "not send a request's headers back", "https://www.rfc-editor.org/rfc/rfc9110#section-9.3.8", func(ctx context.Context, s *stand, _, path string) outcome {
			a := s.send(ctx, http.MethodTrace, path, http.Header{"X-Judge": {"judge-trace"}}, nil)
			return judged(a.unbroken() && !a.has("judge-trace"), "TRACE "+path, a)
		}),
		placed("method.options", "let no other origin call with a token", security, func(ctx context.Context, s *stand, _, path string) outcome {
			a := s.send(ctx, http.MethodOptions, path, http.Header{
				"Origin": {"https://" + elsewhere}, "Access-Control-Request-Method": {http.MethodGet}, "Access-Control-Request-Headers": {"authorization"},
			}, nil)
			allowed := a.header.Get("Access-Control-Allow-Origin")
			return judged(a.unbroken() && allowed != "*" && !strings.Contains(allowed, elsewhere), "OPTIONS "+path, a)
		}),
		{"method.install-get", "take installs by POST alone", schema, func(ctx context.Context, s *stand) outcome {
			t, path := s.newTenant(), s.descriptor.Lifecycle.Installed
			right := s.installToken(t, path).change("qsh", s.hash(http.MethodGet, path))
			a := s.send(ctx, http.MethodGet, path, withToken(right.text()), bytesOf(s.payload(t, "installed")))
			if a.unbroken() {
				a.status = http.StatusMethodNotAllowed // whatever it says: nothing may be installed
			}
			return s.notInstalled(ctx, t, "GET "+path, a)
		}},
	}
}
