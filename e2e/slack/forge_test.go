package slack

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
)

// onForge calls a page of Forge as a person and returns its fragment.
func onForge(t *testing.T, f harness.Forge, as, page, query string, body any) harness.ForgeAnswer {
	t.Helper()
	key := forge.PageKey(page)
	call := connecttest.ForgeCall{Path: forge.PathPages + key + query}
	if body != nil {
		call.Method, call.Path, call.Body = http.MethodPost, forge.PathPages+key, json.RawMessage(harness.AsJSON(body))
	}
	got, err := f.Site.Invoke(t.Context(), f.App.AppID, as, key, call)
	if err != nil {
		t.Fatal(err)
	}
	out := harness.ForgeAnswer{Status: got.Status}
	if err := json.Unmarshal(got.Body, &out); err != nil {
		t.Fatalf("%d: %v\n%s", got.Status, err, got.Body)
	}
	return out
}

// TestSlackOnForge: with Connect off an admin adds the app to Slack from Jira's
// page of the app, a person says on the app's other page who they are, and
// their channel shows what it counts.
func TestSlackOnForge(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)
	f := r.InstallForge(t, forge.StageForge, "")
	s := &onSlack{Running: r, slack: r.Site.Slack()}
	if err := r.OnSite().RegisterSlack(t.Context()); err != nil {
		t.Fatal(err)
	}

	nobody := onForge(t, f, s.person(t, false).AccountID, "configure", "", nil)
	if nobody.Code != http.StatusOK || addToSlackLink.MatchString(nobody.HTML) {
		t.Errorf("somebody who is not an admin: %+v", nobody)
	}
	admin := onForge(t, f, s.person(t, true).AccountID, "configure", "", nil)
	link := addToSlackLink.FindStringSubmatch(admin.HTML)
	if link == nil {
		t.Fatalf("the page for admins has no link to Slack: %+v", admin)
	}
	back := s.allow(t, html.UnescapeString(link[1]), "allow")
	if status, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, back, nil)); status != http.StatusOK {
		t.Fatalf("callback: %d\n%s", status, page)
	}

	// A person of Slack comes to the page in Jira by a link.
	channel, user := s.slack.State().Channels[0].ID, s.slack.State().People[0].ID
	s.say(t, channel, user, "/sightline")
	there := jiraLink.FindStringSubmatch(s.told(t, channel, user))
	if there == nil {
		t.Fatalf("no link to Jira in %q", s.told(t, channel, user))
	}
	address, err := url.Parse(html.UnescapeString(there[1]))
	if err != nil {
		t.Fatal(err)
	}
	if want := "/jira/apps/" + strings.TrimPrefix(f.App.AppID, forge.AppIDPrefix) + "/"; !strings.HasPrefix(address.Path, want) {
		t.Errorf("the link leads to %s, want %s…", address, want)
	}
	account, code := s.person(t, false).AccountID, address.Query().Get("code")
	asks := onForge(t, f, account, "slack-connect", "?code="+url.QueryEscape(code), nil)
	if asks.Code != http.StatusOK || !strings.Contains(asks.HTML, "<form") {
		t.Fatalf("the page asks %+v", asks)
	}
	known := onForge(t, f, account, "slack-connect", "", map[string]string{"form": url.Values{"code": {code}}.Encode()})
	if known.Code != http.StatusOK {
		t.Fatalf("%+v", known)
	}
	again := onForge(t, f, account, "slack-connect", "", map[string]string{"form": url.Values{"code": {code}}.Encode()})
	if again.Code != http.StatusForbidden {
		t.Errorf("a code used twice: %+v", again)
	}

	project := r.Site.Objects().Projects[0].Key
	s.setUp(t, channel, user, project)
	s.waitForMessage(t, channel, fmt.Sprintf("%d open", s.openIssues(t, account, project)))
	if tenants, err := r.Store.Tenants.List(t.Context()); err != nil || len(tenants) != 1 || tenants[0].State != connect.StateActive {
		t.Errorf("%+v, %v", tenants, err)
	}
	s.leaksNoSlackToken(t)
}
