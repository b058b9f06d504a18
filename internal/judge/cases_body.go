package judge

import (
	"bytes"
	"context"
	"net/http"
	"strings"
)

// body is a wrong body under a right token.
type body struct {
	name, title string
	of          func(s *stand, t tenant) []byte
}

// member is a body with one wrong member.
func member(name, title, of string, value any) body {
	return body{name, title, func(s *stand, t tenant) []byte { return bytesOf(with(s.payload(t, "installed"), of, value)) }}
}

// based is a body whose site is elsewhere.
func based(name, title, address string) body {
	return member(name, title, "baseUrl", address)
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
		{"body-null", "refuse a body that is null", func(*stand, tenant) []byte { return []byte("null") }},
		{"body-utf8", "refuse a secret that is no text, so that none is stored that never signs", func(s *stand, t tenant) []byte {
			return bytes.Replace(bytesOf(s.payload(t, "installed")), []byte(t.secret), []byte(t.secret+"\xff"), 1)
		}},
		{"body-no-secret", "refuse an install without a secret", without("sharedSecret")},
		{"body-no-client-key", "refuse an install without a client key", without("clientKey")},
		member("body-secret-number", "refuse a secret that is a number", "sharedSecret", 7),
		member("body-secret-empty", "refuse an empty secret", "sharedSecret", ""),
		member("body-client-key-number", "refuse a client key that is a number", "clientKey", 7),
		{"body-other-app", "refuse an install of another app", func(s *stand, t tenant) []byte {
			return bytesOf(with(s.payload(t, "installed"), "key", "judge-another-app"))
		}},
		based("site-elsewhere", "refuse a site that is not Atlassian's", "https://judge.example.com"),
		based("site-prefix", "refuse a site whose name begins like one of Atlassian's", "https://acme.atlassian.net.judge.example.com"),
		based("site-user", "refuse a site that hides behind a user name", "https://acme.atlassian.net@judge.example.com"),
		based("site-metadata", "refuse a cloud's metadata address", "http://169.254.169.254"),
		based("site-file", "refuse a file as a site", "file:///etc/passwd"),
		based("site-plain", "refuse a site without TLS", "http://acme.atlassian.net"),
		based("site-dot", "refuse a site with a dot behind its name", "https://acme.atlassian.net."),
		based("site-port", "refuse a site on another port", "https://acme.atlassian.net:8443"),
		based("site-suffix", "refuse a site whose name ends like Atlassian's", "https://judgeatlassian.net"),
		based("site-path", "refuse a site that has Atlassian's name in its path", "https://judge.example.com/acme.atlassian.net"),
		based("site-lookalike", "refuse a name that looks like Atlassian's in another alphabet", "https://acme.atl\u0430ssian.net"),
		based("site-address", "refuse an address of the internet protocol", "https://192.0.2.1"),
		based("site-script", "refuse a script as a site", "javascript:alert(1)"),
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
