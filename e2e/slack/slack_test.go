package slack

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/onsite"
)

// onSlack is a program whose app is in the site's workspace.
type onSlack struct {
	harness.Workspace
	jira connecttest.App
}

func startSlack(t *testing.T) *onSlack {
	t.Helper()
	return startSlackOn(t, connecttest.NewSite(t))
}

func startSlackOn(t *testing.T, site *connecttest.Site) *onSlack {
	t.Helper()
	r := harness.Start(t, site)
	jira := r.Install(t)
	return &onSlack{r.RegisterSlack(t), jira}
}

// add adds the app to the workspace as an admin does.
func (s *onSlack) add(t *testing.T) {
	t.Helper()
	s.AddOnConnect(t, s.jira.Key, s.person(t, true).AccountID)
}

// installLink is where the page for admins leads.
func (s *onSlack) installLink(t *testing.T) string {
	t.Helper()
	page := s.configurePage(t, s.person(t, true).AccountID)
	link := harness.AddToSlackLink.FindStringSubmatch(page)
	if link == nil {
		t.Fatalf("the page for admins has no link to Slack:\n%s", page)
	}
	return html.UnescapeString(link[1])
}

func (s *onSlack) configurePage(t *testing.T, account string) string {
	t.Helper()
	return s.ConnectPage(t, s.jira.Key, "configure", account, nil)
}

func (s *onSlack) person(t *testing.T, admin bool) connecttest.Person {
	t.Helper()
	for _, p := range s.Site.People() {
		if p.Admin == admin && p.Active && !p.App {
			return p
		}
	}
	t.Fatal("the site has no such person")
	return connecttest.Person{}
}

// connect connects a Slack user to their Jira account, as they would.
func (s *onSlack) connect(t *testing.T, channel, user, account string) {
	t.Helper()
	s.ConnectOnConnect(t, s.Invited(t, channel, user), account)
}

// connectPage opens the page in Jira that a link names.
func (s *onSlack) connectPage(t *testing.T, link, account string) string {
	t.Helper()
	at, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return s.AskedPage(t, at, account)
}

func (s *onSlack) confirm(t *testing.T, page string) (int, string) {
	t.Helper()
	return s.Confirm(t, page)
}

func (s *onSlack) post(t *testing.T, path, session string, form url.Values) (int, string) {
	t.Helper()
	req := harness.NewRequest(t, http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+session)
	return harness.Fetch(t, req)
}

// TestSlackFlow is Slack from end to end.
func TestSlackFlow(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	state := s.Slack.State()
	channel, user, owner := state.Channels[0].ID, state.People[0].ID, s.Site.Objects().Dashboards[0].Owner
	s.add(t)
	if page := s.configurePage(t, s.person(t, true).AccountID); !strings.Contains(page, state.Team.Name) {
		t.Error("the page for admins does not name the workspace")
	}
	if page := s.configurePage(t, s.person(t, false).AccountID); strings.Contains(page, "/slack/install") {
		t.Error("a person who is not an admin gets the link")
	}
	s.connect(t, channel, user, owner)

	s.Say(t, channel, user, "/sightline")
	if len(s.Slack.State().Modals) != 1 {
		t.Fatalf("no modal; told: %q", s.Told(t, channel, user))
	}
	project := s.Site.Objects().Projects[0]
	options, err := s.Slack.Suggest(t.Context(), user, "projects", project.Key)
	if err != nil || len(options) == 0 || options[0].Value != project.Key {
		t.Fatalf("options: got %v, %v", options, err)
	}
	if roles, err := s.Slack.Suggest(t.Context(), user, "role", ""); err != nil || len(roles) < 2 {
		t.Errorf("roles: got %v, %v", roles, err)
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{project.Key}, "parts": []string{}}); wrong["parts"] == "" {
		t.Errorf("without parts: got %v", wrong)
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{project.Key}, "quietFrom": "22:00"}); wrong["quietTo"] == "" {
		t.Errorf("with one quiet time: got %v", wrong)
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{project.Key}}); len(wrong) > 0 {
		t.Fatalf("submit: got %v", wrong)
	}
	// The channel shows it before the modal closes. On a machine too busy for
	// that, the modal says that it will.
	if open := s.Slack.State().Modals; len(open) > 0 {
		t.Logf("the modal is still open: %s", open[user].View)
		harness.Eventually(t, "a message", func() bool { return len(s.Written(t, channel)) > 0 })
	}
	got := s.Written(t, channel)
	if want := fmt.Sprintf("%d open", s.openIssues(t, owner, project.Key)); len(got) != 1 || !strings.HasPrefix(got[0].Text, want) {
		t.Fatalf("message: got %+v, want %q", got, want)
	}
	s.waitForBookmark(t, channel, got[0].Text)

	open := s.openIssues(t, owner, project.Key)
	s.FinishOneIssue(t, owner, project.Key)
	s.WaitForMessage(t, channel, fmt.Sprintf("%d open", open-1))
	after := s.Written(t, channel)
	if len(after) != 1 || after[0].TS != got[0].TS || after[0].Edited || len(after[0].Blocks) == 0 {
		t.Errorf("message: got %+v, want the same one changed, with its blocks", after)
	}
	s.waitForBookmark(t, channel, after[0].Text)
	// Set up again it is still the same message.
	s.SetUp(t, channel, user, project.Key, s.Site.Objects().Projects[1].Key)
	harness.Eventually(t, "both projects", func() bool { return s.Written(t, channel)[0].Text != after[0].Text })
	if again := s.Written(t, channel); len(again) != 1 || again[0].TS != got[0].TS {
		t.Errorf("message: got %+v, want the same one", again)
	}
	s.LeaksNothing(t)
	s.leaksNoSlackToken(t)
}

func (s *onSlack) openIssues(t *testing.T, account, project string) int {
	t.Helper()
	return s.Count(t, account, `project = "`+project+`" AND statusCategory != Done`)
}

// waitForBookmark waits for the channel's only bookmark, which follows the
// message, to lead to the issues under a title.
func (s *onSlack) waitForBookmark(t *testing.T, channel, title string) {
	t.Helper()
	harness.Eventually(t, "the bookmark "+title, func() bool {
		marks := s.Channel(t, channel).Bookmarks
		return len(marks) == 1 && marks[0].Title == title && strings.Contains(marks[0].Link, "/issues/?jql=")
	})
}

// leaksNoSlackToken looks for the bot token in the logs and the database.
func (s *onSlack) leaksNoSlackToken(t *testing.T) {
	t.Helper()
	in, err := s.Store.Slack.SlackInstall(t.Context(), s.Slack.State().Team.ID)
	if err != nil || in.Token.IsZero() {
		t.Fatalf("install: %v", err)
	}
	for _, secret := range []string{in.Token.Reveal(), onsite.SlackClientSecret, onsite.SlackSigningSecret} {
		if strings.Contains(s.Logs.String(), secret) {
			t.Errorf("the log holds a secret of Slack")
		}
	}
}

func (s *onSlack) key(channel string) glance.Key {
	return glance.Key{
		Surface: glance.SurfaceSlack, Site: s.Slack.State().Team.ID, Conversation: channel, Kind: glance.KindGlance, Module: "glance",
	}
}

func isAbsent(err error) bool { return errors.Is(err, connect.ErrNotFound) }
