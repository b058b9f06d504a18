package slack

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
)

// TestSlackOff: on a server without Slack its page in Jira says so, in the person's
// language, on Connect and on Forge.
func TestSlackOff(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), func(f *app.ServeFlags) {
		f.SlackFlags.ClientID, f.SlackFlags.ClientSecret, f.SlackFlags.SigningSecret = "", "", ""
	})
	installed := r.Install(t)
	f := r.InstallForge(t, forge.StageForge, "")
	for _, admin := range []bool{true, false} {
		people := site.People()
		account := people[slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Admin == admin && p.Active })].AccountID
		for language, want := range map[string]string{"en": "Slack is not set up", "de": "Slack ist nicht eingerichtet"} {
			got, err := site.Invoke(t.Context(), f.App.AppID, account, forge.PageKey("slack-connect"), connecttest.ForgeCall{
				Path: forge.PathPages + forge.PageKey("slack-connect"), Headers: map[string]string{"Accept-Language": language},
			})
			if err != nil || !strings.Contains(string(got.Body), want) {
				t.Errorf("admin %t on Forge: %d %s, %v", admin, got.Status, got.Body, err)
			}
			address, err := site.PageURL(installed.Key, "slack-connect", account, nil)
			if err != nil {
				t.Fatal(err)
			}
			req := harness.NewRequest(t, http.MethodGet, address, nil)
			req.Header.Set("Accept-Language", language)
			if got := harness.Ask(t, req); got.Status != http.StatusOK || !strings.Contains(got.Body, want) {
				t.Errorf("admin %t on Connect: %d %s", admin, got.Status, got.Body)
			}
		}
	}
}

// TestSlackOnForge: with Connect off an admin adds the app to Slack from Jira's
// page of the app, a person says on the app's other page who they are, and
// their channel shows what it counts.
func TestSlackOnForge(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)
	f := r.InstallForge(t, forge.StageForge, "")
	s := &onSlack{Workspace: r.RegisterSlack(t)}

	nobody := f.Page(t, s.person(t, false).AccountID, "configure", "", nil)
	if nobody.Code != http.StatusOK || harness.AddToSlackLink.MatchString(nobody.HTML) {
		t.Errorf("somebody who is not an admin: %+v", nobody)
	}
	s.AddOnForge(t, f, s.person(t, true).AccountID)

	// A person of Slack comes to the page in Jira by a link.
	channel, user := s.Slack.State().Channels[0].ID, s.Slack.State().People[0].ID
	address := s.Invited(t, channel, user)
	if want := "/jira/apps/" + strings.TrimPrefix(f.App.AppID, forge.AppIDPrefix) + "/"; !strings.HasPrefix(address.Path, want) {
		t.Errorf("the link leads to %s, want %s…", address, want)
	}
	account := s.person(t, false).AccountID
	s.ConnectOnForge(t, f, address, account)
	again := f.Page(t, account, "slack-connect", "", url.Values{"code": {address.Query().Get("code")}})
	if again.Code != http.StatusForbidden {
		t.Errorf("a code used twice: %+v", again)
	}

	project := r.Site.Objects().Projects[0].Key
	s.SetUp(t, channel, user, project)
	s.WaitForMessage(t, channel, fmt.Sprintf("%d open", s.openIssues(t, account, project)))
	if tenants, err := r.Store.Tenants.List(t.Context()); err != nil || len(tenants) != 1 || tenants[0].State != connect.StateActive {
		t.Errorf("%+v, %v", tenants, err)
	}
	s.leaksNoSlackToken(t)
}

// TestSlackPersonOnForge: what a person of Slack sees and chooses is read with
// their own token. If the installation grants no tokens of people who are not
// present, a person who has not been in Jira lately is told where to go.
func TestSlackPersonOnForge(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)
	f := r.InstallForge(t, forge.StageForge, "")
	s := &onSlack{Workspace: r.RegisterSlack(t)}
	s.AddOnForge(t, f, s.person(t, true).AccountID)
	channel, user := s.Slack.State().Channels[0].ID, s.Slack.State().People[0].ID
	// This person does not see the project VALT.
	account := r.Person(9)
	s.ConnectOnForge(t, f, s.Invited(t, channel, user), account)

	r.Restart(t) // people's tokens are in memory only
	s.Say(t, channel, user, "/sightline")
	if told := s.Told(t, channel, user); len(s.Slack.State().Modals) != 0 || !strings.Contains(told, "Open a Sightline gadget in Jira") {
		t.Errorf("without a token: told %q, %d modals", told, len(s.Slack.State().Modals))
	}
	before := r.Seen()
	r.Site.SetForgeSettings(connecttest.ForgeSettings{Impersonation: true})
	r.Restart(t) // the refusal is believed for an hour
	s.Say(t, channel, user, "/sightline")
	options, err := s.Slack.Suggest(t.Context(), user, "projects", "")
	if err != nil || len(options) == 0 {
		t.Fatalf("with a token from Forge: %v, %v; told %q", options, err, s.Told(t, channel, user))
	}
	for _, o := range options {
		if o.Value == "VALT" {
			t.Error("a project is offered that the person does not see")
		}
	}
	asked := false
	for _, q := range r.Site.Requests(before) {
		if strings.Contains(q.Path, "/rest/api/3/project/search") {
			asked = true
			if q.Caller != account {
				t.Errorf("the projects were read as %s, want %s", q.Caller, account)
			}
		}
	}
	if !asked {
		t.Error("nobody asked for the projects")
	}

	// Or they open a gadget: its calls bring their token.
	r.Site.SetForgeSettings(connecttest.ForgeSettings{})
	r.Restart(t)
	f.Configure(t, "workload", "HARB")
	f.View(t, account, "workload")
	s.SetUp(t, channel, user, "HARB")
	s.WaitForMessage(t, channel, fmt.Sprintf("%d open", s.openIssues(t, f.Dashboard.Owner, "HARB")))
}
