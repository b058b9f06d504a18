package app

import (
	"strings"
	"testing"
)

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"https://app.example":        true,
		"https://app.example/path/":  true,
		"http://127.0.0.1:8080":      true,
		"http://localhost:8080/base": true,
		"http://[::1]:8080":          true,
		"http://app.example":         false,
		"https://app.example?x=1":    false,
		"https://app.example#top":    false,
		"https://me:pw@app.example":  false,
		"app.example":                false,
		"ftp://app.example":          false,
		"http://127.0.0.1.evil.test": false,
		"":                           false,
	} {
		var c checks
		c.baseURL(address)
		if got := c.err() == nil; got != ok {
			t.Errorf("%q taken: %v, want %v (%v)", address, got, ok, c.err())
		}
	}
}

// TestBasePathThatCannotBe is refused before anything is opened: the router
// would read it as a pattern, or proxies would rewrite it.
func TestBasePathThatCannotBe(t *testing.T) {
	t.Parallel()
	for path, ok := range map[string]bool{
		"/a": true, "/a/b.c/_d/e-f_g/": true, "/~a": false, "": true, "/": true,
		"/:id": false, "/*all": false, "/a//b": false, "/a/../b": false, "/.": false, "/a%2Fb": false, "/a b": false, "/ä": false, "/a;b": false,
	} {
		var c checks
		c.baseURL("https://app.example" + path)
		if got := c.err() == nil; got != ok {
			t.Errorf("%q taken: %v, want %v (%v)", path, got, ok, c.err())
		}
	}
}

func TestSlackSettings(t *testing.T) {
	t.Parallel()
	good := SlackFlags{ClientID: "a", ClientSecret: "b", SigningSecret: "c", APIURL: "https://slack.com/api", AuthorizeURL: "https://slack.com/oauth/v2/authorize"}
	for name, test := range map[string]struct {
		change func(*SlackFlags)
		on, ok bool
	}{
		"whole":       {func(*SlackFlags) {}, true, true},
		"none":        {func(f *SlackFlags) { f.ClientID, f.ClientSecret, f.SigningSecret = "", "", "" }, false, true},
		"no secret":   {func(f *SlackFlags) { f.ClientSecret = "" }, true, false},
		"no signing":  {func(f *SlackFlags) { f.SigningSecret = "" }, true, false},
		"secret only": {func(f *SlackFlags) { f.ClientID, f.SigningSecret = "", "" }, true, false},
		"plain http":  {func(f *SlackFlags) { f.APIURL = "http://slack.example/api/" }, true, false},
		"no address":  {func(f *SlackFlags) { f.AuthorizeURL = "" }, true, false},
	} {
		flags, c := good, checks{}
		test.change(&flags)
		got := flags.check(&c)
		if (got != nil) != test.on || (c.err() == nil) != test.ok {
			t.Errorf("%s: got %v, %v", name, got, c.err())
		}
		if got != nil && !strings.HasSuffix(got.apiURL, "/") {
			t.Errorf("%s: the API's address is %q", name, got.apiURL)
		}
	}
}
