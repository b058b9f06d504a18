package connect_test

import (
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

func TestHostPatterns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, site string
		want          bool
	}{
		{"*.atlassian.net", "https://acme.atlassian.net", true},
		{"*.atlassian.net", "https://acme.atlassian.net/wiki", true},
		{"*.atlassian.net", "https://a.acme.atlassian.net", false},
		{"*.*.example.com", "https://a.b.example.com", true},
		{"acme.atlassian.net", "https://acme.atlassian.net", true},
		{"acme.atlassian.net", "https://other.atlassian.net", false},
		{"acme.atlassian.net:8443", "https://acme.atlassian.net:8443", true},
		{"acme.atlassian.net:8443", "https://acme.atlassian.net", false},
		{"127.0.0.1:2990", "http://127.0.0.1:2990", true},
		{"127.0.0.1:2990", "http://127.0.0.1:2991", false},
		{"127.0.0.1:2990", "http://127.1:2990", false},
		{"127.0.0.1:2990", "http://localhost:2990", false},
		{"localhost:2990", "http://localhost:2990/dc", true},
		{"localhost", "http://localhost", true},
		{"[::1]:2990", "http://[::1]:2990", true},
		{"[::1]", "http://[::1]", true},
		{"[::1]", "http://[::1]:2990", false},
		{"10.0.0.1", "https://10.0.0.1", true},
		{"10.0.0.1", "http://10.0.0.1", false},
		{"jira.example.com", "http://jira.example.com", false},
	}
	for _, tt := range tests {
		patterns, err := connect.ParseHostPatterns([]string{"none.example.com", tt.pattern})
		if err != nil {
			t.Fatal(err)
		}
		if got := patterns.Check(tt.site) == nil; got != tt.want {
			t.Errorf("%s, %s: got %v, want %v", tt.pattern, tt.site, got, tt.want)
		}
	}
	if err := connect.HostPatterns(nil).Check(testSiteURL); err == nil {
		t.Error("no patterns: accepted")
	}
}

func TestParseHostPatternsRefuses(t *testing.T) {
	t.Parallel()
	list := []string{
		"", "*", "*.net", "a.*", "a*.example.com", "https://a.example.com", "a.example.com/x", "A.example.com", "a..example.com",
		"a.example.com:", "a.example.com:x", "a.example.com:0", "a.example.com.", "[::1", "[::1]:", "[::2]", "*.*", "a b.example.com",
	}
	_, err := connect.ParseHostPatterns(list)
	if err == nil {
		t.Fatal("got no error")
	}
	if got := strings.Count(err.Error(), "\n") + 1; got != len(list) {
		t.Errorf("got %d problems, want %d:\n%v", got, len(list), err)
	}
}
