package app

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"
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
			t.Errorf("%q accepted: %v, want %v (%v)", address, got, ok, c.err())
		}
	}
}

// TestUnusableBasePath is refused before anything is opened: the router would
// read it as a pattern, or proxies would rewrite it.
func TestUnusableBasePath(t *testing.T) {
	t.Parallel()
	for path, ok := range map[string]bool{
		"/a": true, "/a/b.c/_d/e-f_g/": true, "/~a": false, "": true, "/": true,
		"/:id": false, "/*all": false, "/a//b": false, "/a/../b": false, "/.": false, "/a%2Fb": false, "/a b": false, "/ä": false, "/a;b": false,
	} {
		var c checks
		c.baseURL("https://app.example" + path)
		if got := c.err() == nil; got != ok {
			t.Errorf("%q accepted: %v, want %v (%v)", path, got, ok, c.err())
		}
	}
}

func TestSwitches(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ on, ok bool }{
		"": {true, true}, "on": {true, true}, "off": {false, true}, "no": {}, "ON": {}, "true": {},
	} {
		var c checks
		if on := c.onOff("index", text); on != want.on || (c.err() == nil) != want.ok {
			t.Errorf("%q: got %v, %v", text, on, c.err())
		}
	}
	var c checks
	c.onOff("index", "no")
	if got, want := c.err().Error(), "sightline: SIGHTLINE_INDEX: is not on or off"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMaxPages(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "1": 1, "100000": 100_000} {
		var c checks
		if got := c.count("max-pages", text, maxMaxPages); got != want || c.err() != nil {
			t.Errorf("%q: got %v, %v", text, got, c.err())
		}
	}
	for _, text := range []string{"0", "-1", "100001", "1e3", "many", "9999999999999999999999"} {
		var c checks
		c.count("max-pages", text, maxMaxPages)
		if got := fmt.Sprint(c.err()); got != "sightline: SIGHTLINE_MAX_PAGES: is not a number from 1 to 100000" {
			t.Errorf("%q: got %s", text, got)
		}
	}
}

func TestMaxAge(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"": 0, "10m": 10 * time.Minute, "1m": time.Minute, "12h": 12 * time.Hour} {
		var c checks
		if got := c.age(text); got != want || c.err() != nil {
			t.Errorf("%q: got %v, %v", text, got, c.err())
		}
	}
	for _, text := range []string{"0", "59s", "12h1s", "-5m", "10", "ten minutes"} {
		var c checks
		c.age(text)
		if got := fmt.Sprint(c.err()); got != "sightline: SIGHTLINE_MAX_AGE: is not a time from 1m0s to 12h0m0s, such as 30s or 5m" {
			t.Errorf("%q: got %s", text, got)
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

func TestForgeSettings(t *testing.T) {
	t.Parallel()
	const id = "1f7c6e0a-5f0e-4f6a-9c0e-3b7f5a2d9e10"
	for name, test := range map[string]struct {
		flags  ForgeFlags
		on, ok bool
	}{
		"off":                {ForgeFlags{}, false, true},
		"a UUID":             {ForgeFlags{AppID: id}, true, true},
		"an ARI":             {ForgeFlags{AppID: "ari:cloud:ecosystem::app/" + id}, true, true},
		"a name":             {ForgeFlags{AppID: "sightline"}, true, false},
		"another ARI":        {ForgeFlags{AppID: "ari:cloud:ecosystem::installation/" + id}, true, false},
		"two ids":            {ForgeFlags{AppID: id + "," + id}, true, false},
		"no environments":    {ForgeFlags{AppID: id, Environments: " , "}, true, false},
		"keys over http":     {ForgeFlags{AppID: id, JWKSURL: "http://keys.example/jwks.json"}, true, false},
		"an API over http":   {ForgeFlags{AppID: id, APIURL: "http://api.example"}, true, false},
		"an API with a path": {ForgeFlags{AppID: id, APIURL: "https://api.atlassian.com/ex"}, true, false},
		"a local site":       {ForgeFlags{AppID: id, APIURL: "http://127.0.0.1:2990/", JWKSURL: "http://127.0.0.1:2990/k"}, true, true},
	} {
		flags := test.flags
		flags.JWKSURL = cmp.Or(flags.JWKSURL, "https://keys.example/jwks.json")
		flags.APIURL = cmp.Or(flags.APIURL, "https://api.atlassian.com")
		flags.Environments = cmp.Or(flags.Environments, "PRODUCTION")
		var c checks
		if got := flags.check(&c); (got != nil) != test.on || (c.err() == nil) != test.ok {
			t.Errorf("%s: on %v, error %v", name, got != nil, c.err())
		}
	}
}

// Without Connect its settings are ignored; without Connect and Forge nobody
// could be served.
func TestConnectSetting(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flags ServeFlags
		forge *forgeSettings
		wrong string
	}{
		"on":                {ServeFlags{Connect: "on", AllowedHosts: "*.atlassian.net", ACJSURL: "https://a.example", OAuthTokenURL: "https://a.example"}, nil, ""},
		"on, not set":       {ServeFlags{AllowedHosts: "*.atlassian.net", ACJSURL: "https://a.example", OAuthTokenURL: "https://a.example"}, nil, ""},
		"on, wrong":         {ServeFlags{Connect: "on", ACJSURL: "x", OAuthTokenURL: "y"}, nil, "SIGHTLINE_ALLOWED_HOSTS"},
		"off":               {ServeFlags{Connect: "off", ACJSURL: "x", InstallKeysURL: "y"}, &forgeSettings{}, ""},
		"off without Forge": {ServeFlags{Connect: "off"}, nil, "SIGHTLINE_FORGE_APP_ID"},
		"something else":    {ServeFlags{Connect: "no"}, &forgeSettings{}, "not on or off"},
	} {
		var c checks
		out := Settings{forge: test.forge}
		test.flags.checkConnect(&c, &out)
		switch err := c.err(); {
		case test.wrong == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
			t.Errorf("%s: got %v, want %s", name, err, test.wrong)
		}
	}
}

func TestRetention(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"": defaultRetention, "1h": time.Hour, "87600h": 10 * 365 * 24 * time.Hour, "0": -1, "59m": -1, "87601h": -1, "30": -1} {
		set, err := ServeFlags{Retention: text}.Parse(t.Output())
		wrong := strings.Contains(err.Error(), "SIGHTLINE_RETENTION")
		if wrong != (want < 0) || !wrong && set.retention != want {
			t.Errorf("%q: got %s, %v", text, set.retention, err)
		}
	}
}
