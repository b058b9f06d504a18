package judge

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
)

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
	all = append(all, acceptedInstalls()...)
	return append(all, Case{"accept.header", "serve a page whose token is in the header", jwtRules, func(ctx context.Context, s *stand) outcome {
		method, path, ok := s.page()
		if !ok {
			return skip("the descriptor has no page and no webhook with a fixed path")
		}
		a := s.send(ctx, method, path, withToken(s.hostToken(s.tenant, method, path).text()), hookBody(method))
		return judged(a.taken(), method+" "+path, a)
	}})
}

// acceptedInstalls are installs as some site sends them: the tenant's page opens.
func acceptedInstalls() []Case {
	var all []Case
	for _, in := range []struct {
		name, title string
		token       func(s *stand, t token) token
		body        func(o object) object
		kind        string
	}{
		{"aud-slash", "take an install whose addressee ends in a slash", func(s *stand, t token) token {
			return t.change("aud", []string{s.base + "/"})
		}, nil, ""},
		{"aud-text", "take an install whose addressee is a text", func(s *stand, t token) token { return t.change("aud", s.base) }, nil, ""},
		{"more", "take an install with members that it does not know", nil, func(o object) object {
			return with(with(o, "judge", object{"a": []int{1}}), "entitlementId", "judge")
		}, ""},
		{"long-secret", "take a secret of four hundred signs", nil, func(o object) object { return with(o, "sharedSecret", strings.Repeat("judge ", 70)) }, ""},
		{"domain", "take a site that has a domain of its own", nil, func(o object) object { return with(o, "displayUrl", "https://jira.example.com") }, ""},
		{"forge", "take an install that names a Forge installation", nil, func(o object) object {
			return with(o, "installationId", "ari:cloud:ecosystem::installation/"+rand.Text())
		}, ""},
		{"charset", "take a body that says that it is UTF-8", nil, nil, "application/json; charset=utf-8"},
	} {
		all = append(all, Case{"accept.install-" + in.name, in.title, signing, func(ctx context.Context, s *stand) outcome {
			t, path := s.newTenant(), s.descriptor.Lifecycle.Installed
			text, body := s.installToken(t, path), s.payload(t, "installed")
			if in.token != nil {
				text = in.token(s, text)
			}
			if in.body != nil {
				body = in.body(body)
				t.secret, _ = body["sharedSecret"].(string)
			}
			header := withToken(text.text())
			if in.kind != "" {
				header.Set("Content-Type", in.kind)
			}
			y := &story{ctx: ctx, s: s, t: t}
			a := s.send(ctx, http.MethodPost, path, header, bytesOf(body))
			y.step("POST "+path, a.taken(), a)
			if _, _, ok := s.page(); ok {
				y.opens("its page", true)
			}
			return y.said
		}})
	}
	return all
}
