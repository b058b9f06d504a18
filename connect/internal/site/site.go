// Package site reads the addresses of sites and apps: an origin, perhaps with
// a plain path, https but on loopback.
package site

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"strings"
)

var (
	hostLabel   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	hostPort    = regexp.MustCompile(`^[1-9][0-9]{0,4}$`)
	sitePath    = regexp.MustCompile(`^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$`)
	errNotSite  = errors.New("not a plain base URL")
	errNotHTTPS = errors.New("not https")
)

// Parse reads the URL of a site: an origin, perhaps with a plain path.
func Parse(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errNotSite // the parser's error quotes the text
	}
	if !isHost(u.Hostname()) || u.User != nil || strings.ContainsAny(text, "?#\\%") ||
		!sitePath.MatchString(u.Path) || CheckPort(u.Port(), strings.HasSuffix(u.Host, ":") || u.Port() != "") != nil {
		return nil, errNotSite
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, errNotHTTPS
	}
	return u, nil
}

// isHost accepts lower-case ASCII names and IP addresses, which are names too
// unless they are of version 6.
func isHost(host string) bool {
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return host == ip.String()
	}
	for label := range strings.SplitSeq(host, ".") {
		if !hostLabel.MatchString(label) {
			return false
		}
	}
	return len(host) <= 253
}

// isLoopback knows the three hosts on which plain http is accepted.
func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// IsLabel reports whether text is one lower-case label of a host name.
func IsLabel(text string) bool { return hostLabel.MatchString(text) }

// CheckPort returns an error if a port is given and is not a number from 1 to
// 99999.
func CheckPort(port string, hasPort bool) error {
	if hasPort && !hostPort.MatchString(port) {
		return errors.New("the port is not a number")
	}
	return nil
}
