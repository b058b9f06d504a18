package judge

import (
	"context"
	"net/http"
	"net/url"
)

// pageCases are pages or webhooks that must not be served.
func pageCases() []Case {
	twists := append(append(append(secretTwists(), timeTwists()...), formTwists()...), issuerTwists()...)
	var all []Case
	for _, w := range twists {
		all = append(all, refusedPage(w))
	}
	for _, w := range hashTwists("", "") {
		all = append(all, pageHash(w.name, w.title))
	}
	return append(all, pageTokens()...)
}

func issuerTwists() []twist {
	return []twist{
		claimed("iss-missing", "refuse a token that nobody issued", jwtRules, "iss", nil),
		claimed("iss-unknown", "refuse a token of an unknown tenant", jwtRules, "iss", "judge-nobody"),
		claimed("iss-number", "refuse an issuer that is a number", jwtRules, "iss", 1),
		{"iss-app", "refuse a token that the app itself issued", jwtRules, func(s *stand, t token) token { return t.change("iss", s.descriptor.Key) }},
		claimed("aud-other", "refuse a token that is addressed to another tenant", jwtRules, "aud", []string{"judge-another"}),
	}
}

func refusedPage(w twist) Case {
	return Case{"page." + w.name, w.title, w.source, func(ctx context.Context, s *stand) outcome {
		method, path, ok := s.page()
		if !ok {
			return skip("the descriptor has no page and no webhook with a fixed path")
		}
		text := w.do(s, s.hostToken(s.tenant, method, path)).text()
		a := s.send(ctx, method, path+"?jwt="+url.QueryEscape(text), http.Header{"Content-Type": {"application/json"}}, hookBody(method))
		return s.refusal(method+" "+path, a, text)
	}}
}

// refusal judges a refused page: it says nothing of the token and of the secret.
func (s *stand) refusal(sent string, a answer, text string) outcome {
	if a.refused() && len(text) > 20 && a.has(text) {
		return outcome{Fail, sent, a.String() + ", and the answer holds the token"}
	}
	return judged(a.refused() && !a.has(s.tenant.secret), sent, a)
}

func pageHash(name, title string) Case {
	return Case{"page." + name, title, jwtRules, func(ctx context.Context, s *stand) outcome {
		method, path, _ := s.page()
		for _, w := range hashTwists(method, path) {
			if w.name == name {
				return refusedPage(w).run(ctx, s)
			}
		}
		return skip("no such hash")
	}}
}

// sent is a page's call with its token somewhere; the text is a right token for it.
type sentToken struct {
	name, title string
	call        func(path, text string) (target string, header http.Header)
}

// pageTokens are right tokens in wrong places.
func pageTokens() []Case {
	var all []Case
	for _, p := range []sentToken{
		{"token-missing", "refuse a page without a token", func(path, _ string) (string, http.Header) { return path, nil }},
		{"token-bearer", "refuse a site's token in the scheme Bearer", func(path, text string) (string, http.Header) {
			return path, http.Header{"Authorization": {"Bearer " + text}}
		}},
		{"token-basic", "refuse a site's token in the scheme Basic", func(path, text string) (string, http.Header) {
			return path, http.Header{"Authorization": {"Basic " + text}}
		}},
		{"token-cookie", "refuse a token in a cookie", func(path, text string) (string, http.Header) {
			return path, http.Header{"Cookie": {"jwt=" + text}}
		}},
		{"token-twice-headers", "refuse two tokens in two headers", func(path, text string) (string, http.Header) {
			return path, http.Header{"Authorization": {"JWT " + text, "JWT x"}}
		}},
		{"token-twice-parameters", "refuse two tokens in two parameters", func(path, text string) (string, http.Header) {
			return path + "?jwt=x&jwt=" + text, nil
		}},
		{"token-two-places", "refuse two different tokens in parameter and header", func(path, text string) (string, http.Header) {
			return path + "?jwt=" + text, http.Header{"Authorization": {"JWT x.y.z"}}
		}},
		{"query-added", "refuse a page with a parameter that was not signed", func(path, text string) (string, http.Header) {
			return path + "?judge=1&jwt=" + text, nil
		}},
	} {
		all = append(all, Case{"page." + p.name, p.title, signing, func(ctx context.Context, s *stand) outcome {
			method, path, ok := s.page()
			if !ok {
				return skip("the descriptor has no page and no webhook with a fixed path")
			}
			text := s.hostToken(s.tenant, method, path).text()
			target, header := p.call(path, text)
			return s.refusal(method+" "+path, s.send(ctx, method, target, header, hookBody(method)), text)
		}})
	}
	return append(all, tenantCase())
}

// tenantCase is one tenant's token under another's name.
func tenantCase() Case {
	return Case{"page.tenant-of-another", "refuse a token that another tenant signed", security, func(ctx context.Context, s *stand) outcome {
		method, path, ok := s.page()
		if !ok {
			return skip("the descriptor has no page and no webhook with a fixed path")
		}
		other := s.newTenant()
		if a := s.install(ctx, other); !a.taken() {
			return outcome{Fail, "POST " + s.descriptor.Lifecycle.Installed, "a right install of a second tenant: " + a.String()}
		}
		text := s.hostToken(tenant{s.tenant.clientKey, other.secret}, method, path).text()
		return s.refusal(method+" "+path, s.send(ctx, method, path+"?jwt="+text, nil, hookBody(method)), text)
	}}
}

// acceptCases are pages that a right site opens: a backend that refuses them is broken
// for somebody.
func acceptCases() []Case {
	var all []Case
	for _, q := range []struct{ name, title, query string }{
		{"plain", "serve a page that the site signed", ""},
		{"space", "serve an address with a space as %20", "?a=x%20y"},
		{"plus", "serve an address with a space as +", "?a=x+y"},
		{"star", "serve an address with *", "?a=*"},
		{"tilde", "serve an address with ~", "?a=~x"},
		{"comma", "serve an address with a comma", "?a=x,y"},
		{"repeated", "serve an address with a repeated parameter", "?a=2&a=1"},
		{"empty", "serve an address with an empty parameter", "?a=&b"},
		{"unicode", "serve an address beyond ASCII", "?a=%E2%82%AC"},
		{"encoded", "serve an address with encoded signs", "?a=%26%3D%2F%3F"},
		{"order", "serve an address whose parameters are not sorted", "?b=1&a=2&B=3"},
		{"usual", "serve the parameters that a site adds", "?xdm_e=https%3A%2F%2Facme.atlassian.net&xdm_c=channel-judge&cp=&lic=none&cv=1.0"},
	} {
		all = append(all, Case{"accept." + q.name, q.title, jwtRules, func(ctx context.Context, s *stand) outcome {
			method, path, ok := s.page()
			if !ok {
				return skip("the descriptor has no page and no webhook with a fixed path")
			}
			target := path + q.query
			text := s.hostToken(s.tenant, method, target).text()
			mark := map[bool]string{true: "&", false: "?"}[q.query != ""]
			a := s.send(ctx, method, target+mark+"jwt="+text, http.Header{"Content-Type": {"application/json"}}, hookBody(method))
			return judged(a.taken(), method+" "+target, a)
		}})
	}
	return append(all, Case{"accept.header", "serve a page whose token is in the header", jwtRules, func(ctx context.Context, s *stand) outcome {
		method, path, ok := s.page()
		if !ok {
			return skip("the descriptor has no page and no webhook with a fixed path")
		}
		a := s.send(ctx, method, path, withToken(s.hostToken(s.tenant, method, path).text()), hookBody(method))
		return judged(a.taken(), method+" "+path, a)
	}})
}
