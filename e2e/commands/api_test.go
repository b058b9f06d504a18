package commands

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// caller runs the api command against a program's site.
type caller struct {
	harness.Forger
	binary string
}

func newCaller(t *testing.T) caller {
	t.Helper()
	return caller{harness.NewForger(t), binary(t)}
}

func (c caller) api(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	command := exec.CommandContext(t.Context(), c.binary, append([]string{"api", "--tenant", c.App.ClientKey}, args...)...)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(stdin), &out, &errs
	command.Env = append(os.Environ(),
		app.Variable("database-url")+"="+c.Flags.DatabaseURL, app.Variable("secret-keys")+"="+c.Flags.SecretKeys,
		app.Variable("oauth-token-url")+"="+c.Flags.OAuthTokenURL)
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	c.hides(t, out.String()+errs.String())
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

// hides fails if the output holds a token or a secret.
func (c caller) hides(t *testing.T, printed string) {
	t.Helper()
	for _, secret := range []string{"eyJhbGci", "eyJ0eXAi", c.Tenant(t).SharedSecret.Reveal()} {
		if strings.Contains(printed, secret) {
			t.Errorf("a token or a secret is printed:\n%s", printed)
		}
	}
}

func TestAPICommand(t *testing.T) {
	t.Parallel()
	f := newCaller(t)
	person := f.Site.People()[1]
	dashboard := f.Site.Objects().Dashboards[0]
	property := "/rest/api/3/dashboard/" + dashboard.ID + "/items/" + dashboard.Items[0].ID + "/properties/probe"
	for _, tc := range []struct {
		name   string
		stdin  string
		args   []string
		code   int
		stdout string
		stderr string
	}{
		{name: "as the app", args: []string{"GET", "/rest/api/3/myself"}, stdout: `"accountType":"app"`},
		{name: "as a person", args: []string{"--as", person.AccountID, "get", "/rest/api/3/myself"}, stdout: person.DisplayName},
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
			code, stdout, stderr := f.api(t, tc.stdin, tc.args...)
			if code != tc.code || !strings.Contains(stdout, tc.stdout) || !strings.Contains(stderr, tc.stderr) {
				t.Errorf("exit %d, want %d\n%s%s", code, tc.code, stdout, stderr)
			}
		})
	}
	if code, _, stderr := f.api(t, "", "--tenant", "unknown", "GET", "/rest/api/3/myself"); code != 1 || !strings.Contains(stderr, "no tenant") {
		t.Errorf("unknown tenant: exit %d\n%s", code, stderr)
	}
}

// TestAPIOnATerminal: a person gets the answer indented.
func TestAPIOnATerminal(t *testing.T) {
	t.Parallel()
	f := newCaller(t)
	var out bytes.Buffer
	call := operator.Call{
		Tenant: f.App.ClientKey, Method: "GET", Path: "/rest/api/3/myself", Timeout: time.Minute,
		OAuthTokenURL: f.Flags.OAuthTokenURL, Out: &out, Terminal: true,
	}
	if err := call.Make(t.Context(), f.Flags.StoreFlags); err != nil || !strings.HasPrefix(out.String(), "{\n  \"") {
		t.Errorf("%v\n%s", err, out.String())
	}
	f.hides(t, out.String())
}

func TestAPICommandFollowsPages(t *testing.T) {
	t.Parallel()
	f := newCaller(t)
	project := f.Site.Objects().Projects[0].Key
	all := f.Count(t, f.Site.Objects().Dashboards[0].Owner, "project = "+project)
	people := len(f.Site.People())
	for _, tc := range []struct {
		path, list string
		want       int
	}{
		{"/rest/api/3/search/jql?fields=key&maxResults=7&jql=project%20%3D%20" + project, "issues", all},
		{"/rest/api/3/project/search?maxResults=1", "values", len(f.Site.Objects().Projects)},
		{"/rest/api/3/user/search?query=&maxResults=5", "", people},
	} {
		code, stdout, stderr := f.api(t, "", "--paginate", "GET", tc.path)
		if code != 0 {
			t.Errorf("%s: exit %d\n%s", tc.path, code, stderr)
			continue
		}
		if got := countItems(t, stdout, tc.list); tc.list != "" && got != tc.want || got == 0 {
			t.Errorf("%s: %d items, want %d", tc.path, got, tc.want)
		}
	}
}

// countItems counts the items of consecutive pages.
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
