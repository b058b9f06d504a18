package connect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sightline-go/sightline/connect/internal/site"
)

// HostPattern matches sites by host: "acme.atlassian.net", "*.atlassian.net"
// with one label for each star, "127.0.0.1:2990" with a port.
type HostPattern struct {
	labels []string
	port   string
}

// HostPatterns are the sites that may install the app. None means no site may.
type HostPatterns []HostPattern

// DefaultHosts are Atlassian's own: *.atlassian.net and *.jira.com.
func DefaultHosts() HostPatterns {
	return HostPatterns{
		{labels: []string{"*", "atlassian", "net"}},
		{labels: []string{"*", "jira", "com"}},
	}
}

// ParseHostPatterns reads patterns in the forms of [HostPattern]. A star stands
// for a whole label and not for either of the last two. The error names every
// pattern that is wrong.
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
		return HostPattern{labels: []string{"::1"}, port: port}, site.CheckPort(port, hasPort)
	}
	host, port, hasPort := strings.Cut(text, ":")
	p := HostPattern{labels: strings.Split(host, "."), port: port}
	for i, label := range p.labels {
		if label == "*" && i < len(p.labels)-2 {
			continue
		}
		if !site.IsLabel(label) {
			return HostPattern{}, fmt.Errorf("host label %q is not valid here", label)
		}
	}
	return p, site.CheckPort(port, hasPort)
}

// Check returns nil if the site at baseURL may install, else an error that says
// why not. The address must be https (http on a loopback host only), without
// user, query or fragment, and its host and port must match a pattern. Nothing is
// resolved or fetched.
func (p HostPatterns) Check(baseURL string) error {
	u, err := site.Parse(baseURL)
	if err != nil {
		return err
	}
	host := u.Hostname()
	for _, pattern := range p {
		if pattern.matches(host, u.Port()) {
			return nil
		}
	}
	return fmt.Errorf("%s is not in the list of sites that may install: %s", seen(u.Host), p)
}

// String lists the patterns as they are written.
func (p HostPatterns) String() string {
	list := make([]string, 0, len(p))
	for _, pattern := range p {
		list = append(list, pattern.String())
	}
	return strings.Join(list, ", ")
}

// String is the pattern as it is written.
func (p HostPattern) String() string {
	host := strings.Join(p.labels, ".")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if p.port == "" {
		return host
	}
	return host + ":" + p.port
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
