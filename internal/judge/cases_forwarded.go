package judge

import (
	"context"
	"net/http"
	"strings"
)

// elsewhere is a host that no app may take for its own.
const elsewhere = "judge.example.com"

// proxies are what the internet may say of a request: an app knows its own address.
const proxies = "https://www.rfc-editor.org/rfc/rfc7239#section-8.1"

// forwardedCases are requests whose headers say that they came another way.
func forwardedCases() []Case {
	all := append(forwardedPages(), forwardedInstalls()...)
	return append(all, forwardedHashes()...)
}

// placed is a case that needs a page or a webhook.
func placed(id, title, source string, run func(ctx context.Context, s *stand, method, path string) outcome) Case {
	return Case{id, title, source, func(ctx context.Context, s *stand) outcome {
		method, path, ok := s.page()
		if !ok {
			return skip("the descriptor has no page and no webhook with a fixed path")
		}
		return run(ctx, s, method, path)
	}}
}

// open with headers opens a page of the stand's tenant with more headers.
func (s *stand) openWith(ctx context.Context, method, path string, header http.Header) answer {
	header.Set("Content-Type", "application/json")
	return s.send(ctx, method, path+"?jwt="+s.hostToken(s.tenant, method, path).text(), header, hookBody(method))
}

func forwardedPages() []Case {
	var all []Case
	for _, f := range []struct{ name, header, value, leak string }{
		{"host", "Host", elsewhere, elsewhere},
		{"x-host", "X-Forwarded-Host", elsewhere, elsewhere},
		{"x-proto", "X-Forwarded-Proto", "judge-proto", "judge-proto"},
		{"x-prefix", "X-Forwarded-Prefix", "/judge-prefix", "judge-prefix"},
		{"rfc", "Forwarded", "host=" + elsewhere + ";proto=judge-proto", elsewhere},
	} {
		all = append(all, placed("forwarded.page-"+f.name, "link to its own address, whatever "+f.header+" says", proxies,
			func(ctx context.Context, s *stand, method, path string) outcome {
				a := s.openWith(ctx, method, path, http.Header{f.header: {f.value}})
				served := a.taken() || f.name == "host" && a.err == nil && a.status < http.StatusInternalServerError // it may know no such host
				return judged(served && !a.has(f.leak), method+" "+path+", "+f.header+": "+f.value, a)
			}))
	}
	for _, f := range []struct{ name, title, header, value string }{
		{"user", "ask for a token, whoever a proxy says is calling", "X-Forwarded-User", "judge-person"},
		{"for", "ask for a token, even of its own machine", "X-Forwarded-For", "127.0.0.1"},
	} {
		all = append(all, placed("forwarded."+f.name, f.title, proxies, func(ctx context.Context, s *stand, method, path string) outcome {
			a := s.send(ctx, method, path, http.Header{f.header: {f.value}, "Content-Type": {"application/json"}}, hookBody(method))
			return judged(a.refused(), method+" "+path+", "+f.header+": "+f.value, a)
		}))
	}
	return all
}

// forwardedInstalls are addressed to whom their own headers name.
func forwardedInstalls() []Case {
	var all []Case
	for _, f := range []struct{ name, header, value, audience string }{
		{"host", "Host", elsewhere, "http://" + elsewhere},
		{"x-host", "X-Forwarded-Host", elsewhere, "http://" + elsewhere},
		{"rfc", "Forwarded", "host=" + elsewhere, "http://" + elsewhere},
		{"x-prefix", "X-Forwarded-Prefix", "/judge", ""},
	} {
		all = append(all, Case{"forwarded.install-" + f.name, "refuse an install for the address in " + f.header, signing, func(ctx context.Context, s *stand) outcome {
			t, path := s.newTenant(), s.descriptor.Lifecycle.Installed
			audience := f.audience
			if audience == "" {
				audience = s.base + f.value
			}
			header := withToken(s.installToken(t, path).change("aud", []string{audience}).text())
			header.Set(f.header, f.value)
			a := s.send(ctx, http.MethodPost, path, header, bytesOf(s.payload(t, "installed")))
			if f.name == "host" && a.status == http.StatusNotFound {
				a.status = http.StatusUnauthorized // it knows no such host
			}
			return s.notInstalled(ctx, t, "POST "+path+", "+f.header+": "+f.value, a)
		}})
	}
	return all
}

// forwardedHashes are signed for an address that only a header names.
func forwardedHashes() []Case {
	var all []Case
	for _, f := range []struct {
		name, header string
		value        func(path string) string
		signed       func(method, path string) (string, string)
	}{
		{"original-url", "X-Original-Url", func(string) string { return "/judge" }, func(method, _ string) (string, string) { return method, "/judge" }},
		{"rewrite-url", "X-Rewrite-Url", func(string) string { return "/judge" }, func(method, _ string) (string, string) { return method, "/judge" }},
		{"prefix", "X-Forwarded-Prefix", func(string) string { return "/judge" }, func(method, path string) (string, string) { return method, "/judge" + path }},
		{"method", "X-Http-Method-Override", strings.Clone, func(method, path string) (string, string) { return otherMethod(method), path }},
	} {
		all = append(all, placed("forwarded.hash-"+f.name, "refuse a token for another address, whatever "+f.header+" says", jwtRules,
			func(ctx context.Context, s *stand, method, path string) outcome {
				signedMethod, signedPath := f.signed(method, path)
				value := f.value(path)
				if f.name == "method" {
					value = signedMethod
				}
				text := s.hostToken(s.tenant, signedMethod, signedPath).text()
				a := s.send(ctx, method, path+"?jwt="+text, http.Header{f.header: {value}, "Content-Type": {"application/json"}}, hookBody(method))
				if a.err == nil && (a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed) {
					a.status = http.StatusUnauthorized // another address is not served
				}
				return s.refusal(method+" "+path+", "+f.header+": "+value, a, text)
			}))
	}
	return all
}
