package judge

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// patience is how long an install may take while others are slow: sites wait no longer.
const patience = 10 * time.Second

// slow is how many slow clients there are.
const slow = 40

// floodCases are clients that are slow or say too much: installs are served meanwhile.
func floodCases() []Case {
	half := func(name, title string, text func(s *stand, path string) string) Case {
		return Case{"flood." + name, title, security, func(ctx context.Context, s *stand) outcome {
			path := s.descriptor.Lifecycle.Installed
			var held []net.Conn
			defer func() {
				for _, c := range held {
					_ = c.Close()
				}
			}()
			for range slow {
				c, err := s.dial(ctx)
				if err != nil {
					break // it takes no more: who is there may be served all the same
				}
				held = append(held, c)
				_, _ = c.Write([]byte(text(s, path))) // it may hang up
			}
			return s.stillServes(ctx, fmt.Sprintf("%d connections that are open at POST %s", len(held), path))
		}}
	}
	large := func(name, title string, target func(path string) string, header func() http.Header) Case {
		return Case{"flood." + name, title, security, func(ctx context.Context, s *stand) outcome {
			path := s.descriptor.Lifecycle.Installed
			if a := s.once(ctx, http.MethodPost, target(path), header(), nil); a.err == nil && a.status < http.StatusBadRequest {
				return judged(false, "POST "+path, a)
			}
			return s.stillServes(ctx, "POST "+path)
		}}
	}
	same := func(path string) string { return path }
	return []Case{
		half("half-headers", "install while others do not end their headers", func(s *stand, path string) string {
			return "POST " + s.basePath() + path + " HTTP/1.1\r\nHost: " + s.host() + "\r\nX-Judge: "
		}),
		half("half-bodies", "install while others do not end their bodies", func(s *stand, path string) string {
			t := s.newTenant()
			return "POST " + s.basePath() + path + " HTTP/1.1\r\nHost: " + s.host() + "\r\nContent-Type: application/json\r\nAuthorization: JWT " +
				s.installToken(t, path).text() + "\r\nContent-Length: 1000\r\n\r\n{\"key\":"
		}),
		large("header-large", "refuse a header of two megabytes, and install afterwards", same, func() http.Header {
			return http.Header{"X-Judge": {strings.Repeat("x", 2<<20)}}
		}),
		large("headers-many", "refuse a call with ten thousand headers, and install afterwards", same, func() http.Header {
			h := http.Header{}
			for i := range 10_000 {
				h.Set(fmt.Sprintf("X-Judge-%d", i), "x")
			}
			return h
		}),
		large("address-long", "refuse an address of two megabytes, and install afterwards", func(path string) string {
			return path + "?judge=" + strings.Repeat("x", 2<<20)
		}, func() http.Header { return http.Header{} }),
	}
}

// stillServes installs a tenant, and does not wait long.
func (s *stand) stillServes(ctx context.Context, meanwhile string) outcome {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	own := *s
	own.client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // a connection of its own, as a site has
	a := own.install(ctx, s.newTenant())
	return judged(a.good(), meanwhile+", then a right install", a)
}

// host is the app's host, with its port.
func (s *stand) host() string {
	u, err := url.Parse(s.base)
	if err != nil {
		return ""
	}
	return u.Host
}

// dial opens a connection to the app.
func (s *stand) dial(ctx context.Context) (net.Conn, error) {
	u, err := url.Parse(s.base)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: patience}
	if u.Scheme == "https" {
		port := u.Port()
		if port == "" {
			port = "443"
		}
		secure := &tls.Dialer{NetDialer: dialer}
		return secure.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	return dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
}
