package states

import (
	"html"
	"net/http"
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
)

// pageScenes are the app's pages that are not gadgets.
func pageScenes() []harness.Scene {
	return []harness.Scene{
		{Name: "what an admin sees", Set: pageOf("configure"), Shown: anyMessage, Says: []string{"Sightline is installed"}},
		{
			Name: "what an admin sees of Slack", Viewer: "iokonjo", Shown: "[data-fragment=slack] a[href*='/slack/install']",
			Says: []string{"Sightline is installed", "Add to Slack"},
			Set: func(t *testing.T, s *harness.Stage) string {
				s.RegisterSlack(t)
				return s.PageAddress(t, "configure")
			},
		},
		{Name: "a person of Slack", Set: invited, Shown: "[data-fragment=slack-person] [type=submit]", Says: []string{"Yes, connect"}},
		{
			Name: "a person of Slack who is known", Set: invited, Shown: anyMessage, Says: []string{"Connected"},
			Act: clicks("[type=submit]"),
		},
		{
			Name: "a link from Slack that is out of date", Shown: anyMessage, Says: []string{"link"}, Complains: []string{"403"},
			Set: func(t *testing.T, s *harness.Stage) string {
				s.RegisterSlack(t)
				return slackPage(t, s, "stale")
			},
		},
	}
}

func pageOf(page string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string { return s.PageAddress(t, page) }
}

// invited is the page that the app sends a Slack user to when they use it for the
// first time.
func invited(t *testing.T, s *harness.Stage) string {
	w := s.RegisterSlack(t)
	admin := s.Account(t, "iokonjo")
	if s.Forge != nil {
		w.AddOnForge(t, *s.Forge, admin)
	} else {
		addToSlack(t, w, s, admin)
	}
	state := w.Slack.State()
	query := w.Invited(t, state.Channels[0].ID, state.People[0].ID).Query()
	return slackPage(t, s, query.Get("code")+query.Get("ac.code"))
}

// addToSlack adds the app to the workspace from its page for admins on Connect.
func addToSlack(t *testing.T, w harness.Workspace, s *harness.Stage, admin string) {
	t.Helper()
	address, err := s.Site.PageURL(s.Installed.Key, "configure", admin, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil))
	link := harness.AddToSlackLink.FindStringSubmatch(page)
	if link == nil {
		t.Fatalf("the page for admins has no link to Slack:\n%s", page)
	}
	back := w.Allow(t, html.UnescapeString(link[1]), "allow")
	if status, page := harness.Fetch(t, w.Return(t, back)); status != http.StatusOK {
		t.Fatalf("callback: %d\n%s", status, page)
	}
}

// slackPage is the address of that page, with a code.
func slackPage(t *testing.T, s *harness.Stage, code string) string {
	t.Helper()
	if s.Forge == nil {
		return signedPage(t, s, "/slack/connect?code="+url.QueryEscape(code))
	}
	address, err := url.Parse(s.PageAddress(t, "slack-connect"))
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("code", code)
	address.RawQuery = query.Encode()
	return address.String()
}
