package absence

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Problem is why a calendar was not read.
type Problem string

// The problems.
const (
	NotAddress  Problem = "not an address"      // or not https
	Private     Problem = "a private address"   // or one that leads to one
	Unreachable Problem = "nothing answers"     // nobody, or not in time
	Refused     Problem = "no calendar there"   // any status but 200, or too many redirects
	TooLarge    Problem = "too large"           // in bytes, events or repetitions
	Broken      Problem = "not a calendar file" // or one that breaks off
)

// Error implements error. It never names the address, which is a secret.
func (p Problem) Error() string { return string(p) }

// Bounds of one calendar.
const (
	maxBytes     = 1 << 20
	maxRedirects = 5
	maxAddress   = 2000
	fetchTime    = 10 * time.Second
)

// Resolver finds the addresses of a host, as [net.Resolver] does.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Fetcher fetches calendars. The zero value reaches public hosts only.
type Fetcher struct {
	// Hosts are names or addresses, each perhaps with a port, that may be private and
	// may be asked without TLS.
	Hosts []string
	// Resolver is nil for the system's.
	Resolver Resolver
	// Dial connects to an address that was found; nil: as [net.Dialer] does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// TLS is nil for the usual one.
	TLS *tls.Config
}

// Check reports whether an address can be one of a calendar, without asking for it:
// the error is NotAddress.
func (f Fetcher) Check(address string) error {
	_, err := f.parse(address)
	return err
}

func (f Fetcher) parse(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || len(address) > maxAddress || u.Hostname() == "" || u.Opaque != "" {
		return nil, NotAddress
	}
	if strings.EqualFold(u.Scheme, "webcal") || strings.EqualFold(u.Scheme, "webcals") {
		u.Scheme = "https"
	}
	if !f.schemeAllowed(u) {
		return nil, NotAddress
	}
	u.Fragment = ""
	return u, nil
}

func (f Fetcher) schemeAllowed(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && f.allowed(u.Hostname(), portOf(u))
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}

// allowed reports whether the operator lets a host be private.
func (f Fetcher) allowed(host, port string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(f.Hosts, func(own string) bool {
		own = strings.ToLower(own)
		return own == host || own == net.JoinHostPort(host, port)
	})
}

// Fetch returns the file at an address. The error is a [Problem], with its reason
// wrapped beside it; neither names the address.
func (f Fetcher) Fetch(ctx context.Context, address string) ([]byte, error) {
	u, err := f.parse(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, NotAddress
	}
	req.Header.Set("Accept", "text/calendar, text/plain;q=0.5")
	client, done := f.client()
	defer done()
	resp, err := client.Do(req)
	if err != nil {
		return nil, problemOf(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: status %d", Refused, resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBytes+1))
	switch {
	case err != nil:
		return nil, problemOf(err)
	case len(body) > maxBytes:
		return nil, TooLarge
	}
	return body, nil
}

// problemOf keeps the problem of an error and drops the rest: errors of package http
// quote the address.
func problemOf(err error) error {
	for _, p := range []Problem{NotAddress, Private, Refused, TooLarge} {
		if errors.Is(err, p) {
			return p
		}
	}
	return Unreachable
}

// client is used once: connections that stay open would skip the check of the next
// address.
func (f Fetcher) client() (client *http.Client, done func()) {
	transport := &http.Transport{
		Proxy:                  nil, // it would resolve names for us
		DialContext:            f.dial,
		TLSClientConfig:        f.TLS,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
	return &http.Client{Transport: transport, CheckRedirect: f.redirect}, transport.CloseIdleConnections
}

func (f Fetcher) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return Refused
	}
	if req.URL.Hostname() == "" || !f.schemeAllowed(req.URL) {
		return NotAddress
	}
	req.Header.Del("Referer") // the address is a secret
	return nil
}

// dial resolves a host, refuses it if any of its addresses may not be asked, and
// connects to one of those: a second resolution could answer otherwise.
func (f Fetcher) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, NotAddress
	}
	found, err := f.resolve(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("%w: resolve: %w", Unreachable, err)
	}
	if !f.allowed(host, port) && slices.ContainsFunc(found, func(a netip.Addr) bool { return !public(a) }) {
		return nil, Private
	}
	dial := f.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	err = errors.New("no address")
	for _, a := range found {
		var conn net.Conn
		if conn, err = dial(ctx, network, net.JoinHostPort(a.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, fmt.Errorf("%w: %w", Unreachable, err)
}

func (f Fetcher) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if f.Resolver == nil {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}
	return f.Resolver.LookupNetIP(ctx, "ip", host)
}
