package connect

import (
	"errors"
	"fmt"
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

// HostPattern matches sites by host: "acme.atlassian.net", "*.atlassian.net"
// with one label for each star, "127.0.0.1:2990" with a port.
type HostPattern struct {
	labels []string
	port   string
}

// HostPatterns are the sites that may install the app.
type HostPatterns []HostPattern

// DefaultHosts are Atlassian's own: *.atlassian.net and *.jira.com.
func DefaultHosts() HostPatterns {
	return HostPatterns{
		{labels: []string{"*", "atlassian", "net"}},
		{labels: []string{"*", "jira", "com"}},
	}
}

// ParseHostPatterns reads patterns and reports all that are wrong at once.
func ParseHostPatterns(list []string) (HostPatterns, error) {
	var patterns HostPatterns
	var errs []error
	for _, text := range list {
		p, err := parseHostPattern(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("parse host pattern %q: %w", text, err))
			continue
		}
		patterns = append(patterns, p)
	}
	return patterns, errors.Join(errs...)
}

func parseHostPattern(text string) (HostPattern, error) {
	if text == "[::1]" || strings.HasPrefix(text, "[::1]:") {
		port, hasPort := strings.CutPrefix(text, "[::1]:")
		if !hasPort {
			port = ""
		}
		return HostPattern{labels: []string{"::1"}, port: port}, checkPort(port, hasPort)
	}
	host, port, hasPort := strings.Cut(text, ":")
	p := HostPattern{labels: strings.Split(host, "."), port: port}
	for i, label := range p.labels {
		if label == "*" && i < len(p.labels)-2 {
			continue
		}
		if !hostLabel.MatchString(label) {
			return HostPattern{}, fmt.Errorf("host label %q is not valid here", label)
		}
	}
	return p, checkPort(port, hasPort)
}

func checkPort(port string, hasPort bool) error {
	if hasPort && !hostPort.MatchString(port) {
		return errors.New("the port is not a number")
	}
	return nil
}

// Check says why baseURL may not install, or nil. It must be https (http on a
// loopback host only) without user, query or fragment, and its host and port
// must match a pattern. Nothing is resolved or fetched.
func (p HostPatterns) Check(baseURL string) error {
	u, err := parseSiteURL(baseURL)
	if err != nil {
		return err
	}
	host := u.Hostname()
	for _, pattern := range p {
		if pattern.matches(host, u.Port()) {
			return nil
		}
	}
	return errors.New("host is not in the list of sites that may install")
}

func (p HostPattern) matches(host, port string) bool {
	if port != p.port {
		return false
	}
	if strings.Contains(host, ":") {
		return len(p.labels) == 1 && p.labels[0] == host
	}
	labels := strings.Split(host, ".")
	if len(labels) != len(p.labels) {
		return false
	}
	for i, want := range p.labels {
		if want != "*" && want != labels[i] {
			return false
		}
	}
	return true
}

// parseSiteURL reads the URL of a site: an origin, perhaps with a plain path.
func parseSiteURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errNotSite // the parser's error quotes the text
	}
	if !isHost(u.Hostname()) || u.User != nil || strings.ContainsAny(text, "?#\\%") ||
		!sitePath.MatchString(u.Path) || checkPort(u.Port(), strings.HasSuffix(u.Host, ":") || u.Port() != "") != nil {
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
