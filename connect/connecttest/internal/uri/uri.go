// Package uri makes and checks addresses: of apps, of their pages, and of what
// lies below them.
package uri

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

var contextVariable = regexp.MustCompile(`\$?\{([^{}]*)\}`)

// Expand replaces {name} and ${name}; a missing value becomes empty.
func Expand(template string, values map[string]string) string {
	return contextVariable.ReplaceAllStringFunc(template, func(token string) string {
		return Escape(values[strings.Trim(token, "${}")])
	})
}

// AppendQuery adds a parameter after the address's own.
func AppendQuery(u *url.URL, name, value string) {
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += name + "=" + Escape(value)
}

// Join appends a relative address to a base URL.
func Join(base, path string) string {
	return strings.TrimSuffix(base, "/") + path
}

// Origin is scheme and host of an address, as a browser compares them.
func Origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Relative says whether an address stays on the app's own base URL.
func Relative(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n")
}

// CheckBase wants https, or http on a loopback host.
func CheckBase(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("is not a URL")
	}
	switch {
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("must be scheme, host and path only, got %q", raw)
	case u.Scheme == "https", u.Scheme == "http" && Loopback(u.Hostname()):
		return u, nil
	}
	return nil, errors.New("must be https (http is for loopback hosts only)")
}

// Loopback says whether a host name or IP address is this machine.
func Loopback(name string) bool {
	ip := net.ParseIP(name)
	return strings.EqualFold(name, "localhost") || ip != nil && ip.IsLoopback()
}

// Escape encodes everything but the unreserved characters of RFC 3986.
func Escape(text string) string {
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if unreserved(c) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upper[c>>4])
		b.WriteByte(upper[c&15])
	}
	return b.String()
}

func unreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}
