package judge

import (
	"context"
	"net/http"
	"net/url"
	"slices"
)

// pageCases are pages or webhooks that must not be served.
func pageCases() []Case {
	var all []Case
	for _, w := range slices.Concat(secretTwists(), timeTwists(), formTwists(), issuerTwists(), hashTwists()) {
		all = append(all, refusedPage(w))
	}
	return append(all, pageTokens()...)
}

func issuerTwists() []twist {
	return []twist{
		claimed("iss-missing", "refuse a token that nobody issued", jwtRules, "iss", nil),
		claimed("iss-unknown", "refuse a token of an unknown tenant", jwtRules, "iss", "judge-nobody"),
		claimed("iss-number", "refuse an issuer that is a number", jwtRules, "iss", 1),
		{"iss-app", "refuse a token that the app itself issued", jwtRules, func(s *stand, t token) token { return t.change("iss", s.descriptor.Key) }},
		{"session", "refuse the app's own session token where the site must have signed", jwtRules, func(s *stand, t token) token { return s.sessionOf(t) }},
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
