package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/onsite"
)

// addToSlackLink is the link on the page for admins.
var addToSlackLink = regexp.MustCompile(`href="([^"]*/slack/install\?[^"]*)"`)

// onSlack is a program whose app is in the site's workspace.
type onSlack struct {
	*harness.Running
	jira  connecttest.App
	slack *connecttest.Slack
}

func startSlack(t *testing.T) *onSlack {
	t.Helper()
	r := harness.Start(t, connecttest.NewSite(t))
	s := &onSlack{Running: r, jira: r.Install(t), slack: r.Site.Slack()}
	if err := r.OnSite().RegisterSlack(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// add adds the app to the workspace as an admin does.
func (s *onSlack) add(t *testing.T) {
	t.Helper()
	back := s.allow(t, s.installLink(t), "allow")
	if status, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, back, nil)); status != http.StatusOK || !strings.Contains(page, "Sightline is in Slack") {
		t.Fatalf("callback: %d\n%s", status, page)
	}
}

// installLink is where the page for admins leads.
func (s *onSlack) installLink(t *testing.T) string {
	t.Helper()
	page := s.configurePage(t, s.person(t, true).AccountID)
	link := addToSlackLink.FindStringSubmatch(page)
	if link == nil {
		t.Fatalf("the page for admins has no link to Slack:\n%s", page)
	}
	return html.UnescapeString(link[1])
}

func (s *onSlack) configurePage(t *testing.T, account string) string {
	t.Helper()
	address, err := s.Site.PageURL(s.jira.Key, "configure", account, nil)
	if err != nil {
		t.Fatal(err)
	}
	status, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil))
	if status != http.StatusOK {
		t.Fatalf("configure: %d\n%s", status, page)
	}
	return page
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

// allow answers Slack's question and returns where Slack leads back to.
func (s *onSlack) allow(t *testing.T, link, answer string) string {
	t.Helper()
	asked := location(t, harness.NewRequest(t, http.MethodGet, link, nil))
	form := asked.Query()
	form.Set("answer", answer)
	form.Set("user", s.slack.State().People[0].ID)
	asked.RawQuery = ""
	req := harness.NewRequest(t, http.MethodPost, asked.String(), strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return location(t, req).String()
}

func location(t *testing.T, req *http.Request) *url.URL {
	t.Helper()
	resp, err := harness.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatalf("%s %s: %s: %v", req.Method, req.URL.Path, resp.Status, err)
	}
	return to
}

func (s *onSlack) say(t *testing.T, channel, user, text string) {
	t.Helper()
	if err := s.slack.Say(t.Context(), channel, user, text); err != nil {
		t.Fatal(err)
	}
}

func (s *onSlack) channel(t *testing.T, id string) connecttest.SlackChannel {
	t.Helper()
	for _, c := range s.slack.State().Channels {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no channel %s", id)
	return connecttest.SlackChannel{}
}

// written are the app's own messages that everybody sees.
func (s *onSlack) written(t *testing.T, id string) []connecttest.SlackMessage {
	t.Helper()
	var list []connecttest.SlackMessage
	for _, m := range s.channel(t, id).Messages {
		if m.Bot && m.For == "" {
			list = append(list, m)
		}
	}
	return list
}

var jiraLink = regexp.MustCompile(`<(http[^|>]*)\|`)

// told is the last message that the app sent only to a person.
func (s *onSlack) told(t *testing.T, channel, user string) string {
	t.Helper()
	text := ""
	for _, m := range s.channel(t, channel).Messages {
		if m.For == user {
			text = m.Text
		}
	}
	return text
}

// connect connects a Slack user to their Jira account, as they would.
func (s *onSlack) connect(t *testing.T, channel, user, account string) {
	t.Helper()
	s.say(t, channel, user, "/sightline")
	link := jiraLink.FindStringSubmatch(s.told(t, channel, user))
	if link == nil {
		t.Fatalf("no link to Jira in %q", s.told(t, channel, user))
	}
	page := s.connectPage(t, html.UnescapeString(link[1]), account)
	if status, answer := s.confirm(t, page); status != http.StatusOK || !strings.Contains(answer, "Connected") {
		t.Fatalf("connect: %d\n%s", status, answer)
	}
}

// connectPage opens the page in Jira that a link names.
func (s *onSlack) connectPage(t *testing.T, link, account string) string {
	t.Helper()
	at, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	part := strings.Split(at.Path, "/")
	address, err := s.Site.PageURL(part[len(part)-2], part[len(part)-1], account, at.Query())
	if err != nil {
		t.Fatal(err)
	}
	_, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil))
	return page
}

var codeField = regexp.MustCompile(`name="code" value="([^"]*)"`)

func (s *onSlack) confirm(t *testing.T, page string) (int, string) {
	t.Helper()
	code := codeField.FindStringSubmatch(page)
	if code == nil {
		t.Fatalf("no question:\n%s", page)
	}
	return s.post(t, "/slack/connect", harness.Attribute(t, page, "data-session"), url.Values{"code": {code[1]}})
}

func (s *onSlack) post(t *testing.T, path, session string, form url.Values) (int, string) {
	t.Helper()
	req := harness.NewRequest(t, http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+session)
	return harness.Fetch(t, req)
}

// submit fills in the modal that a person has open.
func (s *onSlack) submit(t *testing.T, user string, fields map[string]any) map[string]string {
	t.Helper()
	values := map[string]json.RawMessage{}
	for name, value := range fields {
		raw, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		values[name] = raw
	}
	wrong, err := s.slack.Submit(t.Context(), user, values)
	if err != nil {
		t.Fatal(err)
	}
	return wrong
}

// setUp shows projects in a channel.
func (s *onSlack) setUp(t *testing.T, channel, user string, projects ...string) {
	t.Helper()
	s.say(t, channel, user, "/sightline")
	if _, err := s.slack.Suggest(t.Context(), user, "projects", ""); err != nil {
		t.Fatal(err)
	}
	if wrong := s.submit(t, user, map[string]any{"projects": projects}); len(wrong) > 0 {
		t.Fatalf("set up %s: %v", channel, wrong)
	}
}

// TestSlackFlow is Slack from end to end.
func TestSlackFlow(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	state := s.slack.State()
	channel, user, owner := state.Channels[0].ID, state.People[0].ID, s.Site.Objects().Dashboards[0].Owner
	s.add(t)
	if page := s.configurePage(t, s.person(t, true).AccountID); !strings.Contains(page, state.Team.Name) {
		t.Error("the page for admins does not name the workspace")
	}
	if page := s.configurePage(t, s.person(t, false).AccountID); strings.Contains(page, "/slack/install") {
		t.Error("a person who is not an admin gets the link")
	}
	s.connect(t, channel, user, owner)

	s.say(t, channel, user, "/sightline")
	if len(s.slack.State().Modals) != 1 {
		t.Fatalf("no modal; told: %q", s.told(t, channel, user))
	}
	project := s.Site.Objects().Projects[0]
	options, err := s.slack.Suggest(t.Context(), user, "projects", project.Key)
	if err != nil || len(options) == 0 || options[0].Value != project.Key {
		t.Fatalf("options: got %v, %v", options, err)
	}
	if roles, err := s.slack.Suggest(t.Context(), user, "role", ""); err != nil || len(roles) < 2 {
		t.Errorf("roles: got %v, %v", roles, err)
	}
	if wrong := s.submit(t, user, map[string]any{"projects": []string{project.Key}, "parts": []string{}}); wrong["parts"] == "" {
		t.Errorf("without parts: got %v", wrong)
	}
	if wrong := s.submit(t, user, map[string]any{"projects": []string{project.Key}, "quietFrom": "22:00"}); wrong["quietTo"] == "" {
		t.Errorf("with one quiet time: got %v", wrong)
	}
	if wrong := s.submit(t, user, map[string]any{"projects": []string{project.Key}}); len(wrong) > 0 {
		t.Fatalf("submit: got %v", wrong)
	}
	// The channel shows it before the modal closes. On a machine too busy for
	// that, the modal says that it will.
	if open := s.slack.State().Modals; len(open) > 0 {
		t.Logf("the modal is still open: %s", open[user].View)
		harness.Eventually(t, "a message", func() bool { return len(s.written(t, channel)) > 0 })
	}
	got := s.written(t, channel)
	if want := fmt.Sprintf("%d open", s.openIssues(t, owner, project.Key)); len(got) != 1 || !strings.HasPrefix(got[0].Text, want) {
		t.Fatalf("message: got %+v, want %q", got, want)
	}
	s.waitForBookmark(t, channel, got[0].Text)

	open := s.openIssues(t, owner, project.Key)
	s.FinishOneIssue(t, owner, project.Key)
	s.waitForMessage(t, channel, fmt.Sprintf("%d open", open-1))
	after := s.written(t, channel)
	if len(after) != 1 || after[0].TS != got[0].TS || after[0].Edited || len(after[0].Blocks) == 0 {
		t.Errorf("message: got %+v, want the same one changed, with its blocks", after)
	}
	s.waitForBookmark(t, channel, after[0].Text)
	// Set up again it is still the same message.
	s.setUp(t, channel, user, project.Key, s.Site.Objects().Projects[1].Key)
	harness.Eventually(t, "both projects", func() bool { return s.written(t, channel)[0].Text != after[0].Text })
	if again := s.written(t, channel); len(again) != 1 || again[0].TS != got[0].TS {
		t.Errorf("message: got %+v, want the same one", again)
	}
	s.LeaksNothing(t)
	s.leaksNoSlackToken(t)
}

func (s *onSlack) openIssues(t *testing.T, account, project string) int {
	t.Helper()
	return s.Count(t, account, `project = "`+project+`" AND statusCategory != Done`)
}

func (s *onSlack) waitForMessage(t *testing.T, channel, want string) {
	t.Helper()
	harness.Eventually(t, want+" in "+channel, func() bool {
		list := s.written(t, channel)
		return len(list) > 0 && strings.HasPrefix(list[len(list)-1].Text, want)
	})
}

// waitForBookmark waits for the channel's only bookmark, which follows the
// message, to lead to the issues under a title.
func (s *onSlack) waitForBookmark(t *testing.T, channel, title string) {
	t.Helper()
	harness.Eventually(t, "the bookmark "+title, func() bool {
		marks := s.channel(t, channel).Bookmarks
		return len(marks) == 1 && marks[0].Title == title && strings.Contains(marks[0].Link, "/issues/?jql=")
	})
}

// leaksNoSlackToken looks for the bot token in the logs and the database.
func (s *onSlack) leaksNoSlackToken(t *testing.T) {
	t.Helper()
	in, err := s.Store.Slack.SlackInstall(t.Context(), s.slack.State().Team.ID)
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
		Surface: glance.SurfaceSlack, Site: s.slack.State().Team.ID, Conversation: channel, Kind: glance.KindGlance, Module: "glance",
	}
}

func isAbsent(err error) bool { return errors.Is(err, connect.ErrNotFound) }
