package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// api runs the api command against an installed site.
func (f forger) api(t *testing.T, terminal bool, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	env := map[string]string{
		"SIGHTLINE_DATABASE_URL": f.flags.DatabaseURL, "SIGHTLINE_SECRET_KEYS": f.flags.SecretKeys,
		"SIGHTLINE_OAUTH_TOKEN_URL": f.flags.OAuthTokenURL,
	}
	code = run(t.Context(), append([]string{"api", "--tenant", f.app.ClientKey}, args...), console{
		stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, terminal: terminal,
		env: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	})
	for _, secret := range []string{"eyJhbGci", "eyJ0eXAi", f.tenant(t).SharedSecret.Reveal()} {
		if strings.Contains(out.String()+errs.String(), secret) {
			t.Errorf("%v prints a token or a secret:\n%s%s", args, out.String(), errs.String())
		}
	}
	return code, out.String(), errs.String()
}

func TestAPICommand(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	person := f.site.People()[1]
	dashboard := f.site.Objects().Dashboards[0]
	property := "/rest/api/3/dashboard/" + dashboard.ID + "/items/" + dashboard.Items[0].ID + "/properties/probe"
	for _, tc := range []struct {
		name     string
		terminal bool
		stdin    string
		args     []string
		code     int
		stdout   string
		stderr   string
	}{
		{name: "as the app", args: []string{"GET", "/rest/api/3/myself"}, stdout: `"accountType":"app"`},
		{name: "as a person", args: []string{"--as", person.AccountID, "get", "/rest/api/3/myself"}, stdout: person.DisplayName},
		{name: "on a terminal", terminal: true, args: []string{"GET", "/rest/api/3/myself"}, stdout: "{\n  \""},
		{name: "with data", args: []string{"--as", dashboard.Owner, "PUT", property, "--data", `{"a":1}`}},
		{name: "with data from standard input", stdin: `{"a":2}`, args: []string{"--as", dashboard.Owner, "PUT", property, "--data", "@-"}},
		{name: "what was put", args: []string{"--as", dashboard.Owner, "GET", property}, stdout: `{"a":2}`},
		{name: "not found", args: []string{"GET", "/rest/api/3/issue/NOPE-1"}, code: 1, stdout: "errorMessages", stderr: "GET /rest/api/3/issue/NOPE-1: 404 Not Found"},
		{name: "unknown person", args: []string{"--as", "nobody", "GET", "/rest/api/3/myself"}, code: 1, stderr: "invalid_grant"},
		{name: "another site", args: []string{"GET", "//evil.example/rest"}, code: 2, stderr: "slash"},
		{name: "absolute", args: []string{"GET", "https://evil.example/rest"}, code: 2, stderr: "slash"},
		{name: "data that is no json", args: []string{"PUT", property, "--data", "{"}, code: 2, stderr: "not JSON"},
		{name: "data from an absent file", args: []string{"PUT", property, "--data", "@absent.json"}, code: 1, stderr: "absent.json"},
		{name: "no path", args: []string{"GET"}, code: 2, stderr: "path"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, stdout, stderr := f.api(t, tc.terminal, tc.stdin, tc.args...)
			if code != tc.code || !strings.Contains(stdout, tc.stdout) || !strings.Contains(stderr, tc.stderr) {
				t.Errorf("exit %d, want %d\n%s%s", code, tc.code, stdout, stderr)
			}
		})
	}
	if code, _, stderr := f.api(t, false, "", "--tenant", "unknown", "GET", "/rest/api/3/myself"); code != 1 || !strings.Contains(stderr, "no tenant") {
		t.Errorf("unknown tenant: exit %d\n%s", code, stderr)
	}
}

func TestAPICommandFollowsPages(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	project := f.site.Objects().Projects[0].Key
	all := f.count(t, f.site.Objects().Dashboards[0].Owner, "project = "+project)
	people := len(f.site.People())
	for _, tc := range []struct {
		path, list string
		want       int
	}{
		{"/rest/api/3/search/jql?fields=key&maxResults=7&jql=project%20%3D%20" + project, "issues", all},
		{"/rest/api/3/project/search?maxResults=1", "values", len(f.site.Objects().Projects)},
		{"/rest/api/3/user/search?query=&maxResults=5", "", people},
	} {
		code, stdout, stderr := f.api(t, false, "", "--paginate", "GET", tc.path)
		if code != 0 {
			t.Errorf("%s: exit %d\n%s", tc.path, code, stderr)
			continue
		}
		if got := countItems(t, stdout, tc.list); tc.list != "" && got != tc.want || got == 0 {
			t.Errorf("%s: %d items, want %d", tc.path, got, tc.want)
		}
	}
}

// countItems counts the items of pages that follow each other.
func countItems(t *testing.T, pages, list string) int {
	t.Helper()
	n := 0
	for d := json.NewDecoder(strings.NewReader(pages)); d.More(); {
		var page json.RawMessage
		if err := d.Decode(&page); err != nil {
			t.Fatal(err)
		}
		items := []json.RawMessage{}
		if list != "" {
			var object map[string]json.RawMessage
			if err := json.Unmarshal(page, &object); err != nil {
				t.Fatal(err)
			}
			page = object[list]
		}
		if err := json.Unmarshal(page, &items); err != nil {
			t.Fatal(err)
		}
		n += len(items)
	}
	return n
}
