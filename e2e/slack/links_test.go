package slack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
)

// showsLinks sets a channel up, with key and status below messages that link to issues.
func (s *onSlack) showsLinks(t *testing.T, channel, user, project string) {
	t.Helper()
	s.Say(t, channel, user, "/sightline")
	if err := s.Slack.Click(t.Context(), user, "more"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Slack.Suggest(t.Context(), user, "projects", project); err != nil {
		t.Fatal(err)
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{project}, "links": []string{"links"}}); len(wrong) > 0 {
		t.Fatalf("submit: %v", wrong)
	}
}

// said is what is shown of the links of a channel's last message of a person.
func (s *onSlack) said(t *testing.T, channel string) map[string]string {
	t.Helper()
	lines := map[string]string{}
	all := s.Channel(t, channel).Messages
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Bot {
			continue
		}
		for _, u := range all[i].Unfurls {
			var blocks []struct{ Text struct{ Type, Text string } }
			if err := json.Unmarshal(u.Blocks, &blocks); err != nil || len(blocks) != 1 || blocks[0].Text.Type != "plain_text" {
				t.Errorf("blocks: %s", u.Blocks)
				continue
			}
			lines[u.URL] = blocks[0].Text.Text
		}
		return lines
	}
	return lines
}

// unfurls is how often the app has said something of links.
func (s *onSlack) unfurls() (n int) {
	for _, q := range s.Site.Requests(0) {
		if q.Operation == "slack.chat.unfurl" {
			n++
		}
	}
	return n
}

// status is what the site says of an issue.
func (s *onSlack) status(t *testing.T, account, key string) string {
	t.Helper()
	var issue struct {
		Fields struct{ Status struct{ Name string } }
	}
	s.Rest(t, account, http.MethodGet, "/rest/api/3/issue/"+key+"?fields=status", nil, &issue)
	return issue.Fields.Status.Name
}

// TestSlackLinks: below a message stands which status the issues have that it links to, of
// the channel's projects alone, where somebody has chosen so.
func TestSlackLinks(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	state := s.Slack.State()
	channel, other, user, owner := state.Channels[0].ID, state.Channels[1].ID, state.People[0].ID, s.Person(0)
	s.add(t)
	s.connect(t, channel, user, owner)
	site := s.Site.URL()
	keys := func(project string) []string {
		var page struct{ Issues []struct{ Key string } }
		s.Rest(t, owner, http.MethodGet, "/rest/api/3/search/jql?maxResults=3&fields=key&jql=project%3D"+project, nil, &page)
		return []string{page.Issues[0].Key, page.Issues[1].Key, page.Issues[2].Key}
	}
	ours, theirs := keys("HARB"), keys("LANT")

	s.SetUp(t, other, user, "HARB")
	s.Say(t, other, user, "see "+site+"/browse/"+ours[0])
	if got := s.said(t, other); len(got) > 0 || s.unfurls() > 0 {
		t.Errorf("a channel that nobody set up for it shows %v", got)
	}

	s.showsLinks(t, channel, user, "HARB")
	browse := func(key string) string { return site + "/browse/" + key }
	board := site + "/jira/software/projects/HARB/boards/1?selectedIssue=" + ours[1]
	before := s.Seen()
	s.Say(t, channel, user, strings.Join([]string{
		browse(ours[0]), board, browse(strings.ToLower(ours[2])) + "/", browse(theirs[0]), browse("HARB-999999"), site + "/browse/nothing",
		"http://127.0.0.1:1/browse/" + ours[0], "https://elsewhere.example/browse/" + ours[0], site + "/projects/HARB",
		"http://somebody@" + strings.TrimPrefix(site, "http://") + "/browse/" + ours[0],
	}, " "))
	want := map[string]string{
		browse(ours[0]): ours[0] + " · " + s.status(t, owner, ours[0]), board: ours[1] + " · " + s.status(t, owner, ours[1]),
		browse(strings.ToLower(ours[2])) + "/": ours[2] + " · " + s.status(t, owner, ours[2]),
	}
	if got := s.said(t, channel); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	reads := 0
	for _, q := range s.Site.Requests(before) {
		if strings.Contains(q.Path, "/issue/bulkfetch") || strings.Contains(q.Path, "/search") && strings.Contains(q.Query, "key") {
			reads++
		}
	}
	if s.unfurls() != 1 || reads > 2 {
		t.Errorf("%d calls of Slack, %d of Jira", s.unfurls(), reads)
	}

	// What the app may not see, nobody learns.
	if err := s.Site.SetSecurity(connecttest.Security{
		Levels: []connecttest.SecurityLevel{{Name: "secret", People: []string{owner}}}, Issues: map[string]string{ours[0]: "secret"},
	}); err != nil {
		t.Fatal(err)
	}
	s.Say(t, channel, user, browse(ours[0]))
	if got := s.said(t, channel); len(got) > 0 {
		t.Errorf("a hidden issue: %v", got)
	}

	// A workspace that does not tell of links goes on without, and says why.
	for _, scope := range []string{"links:write", "links:read"} {
		if err := s.Slack.RevokeScope(scope); err != nil {
			t.Fatal(err)
		}
	}
	s.LeaksNothing(t)
	s.leaksNoSlackToken(t)
}

// TestSlackBeforeLinks: a workspace to which the app was added before it asked for links
// shows none, says so, and works otherwise.
func TestSlackBeforeLinks(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	state := s.Slack.State()
	channel, user, owner := state.Channels[0].ID, state.People[0].ID, s.Person(0)
	s.add(t)
	in, err := s.Store.Slack.SlackInstall(t.Context(), state.Team.ID)
	if err != nil {
		t.Fatal(err)
	}
	in.Scopes = in.Scopes[:len(in.Scopes)-2]
	if err := s.Store.Slack.SaveSlackInstall(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	s.connect(t, channel, user, owner)
	s.Say(t, channel, user, "/sightline")
	if err := s.Slack.Click(t.Context(), user, "more"); err != nil {
		t.Fatal(err)
	}
	if view := string(s.Slack.State().Modals[user].View); !strings.Contains(view, "an admin has to add Sightline to Slack again") {
		t.Errorf("the modal does not say what is missing: %s", view)
	}
	if _, err := s.Slack.Suggest(t.Context(), user, "projects", "HARB"); err != nil {
		t.Fatal(err)
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{"HARB"}}); len(wrong) > 0 {
		t.Fatalf("submit: %v", wrong)
	}
	s.Say(t, channel, user, s.Site.URL()+"/browse/HARB-1")
	if got := s.said(t, channel); len(got) > 0 || s.unfurls() > 0 {
		t.Errorf("shows %v", got)
	}
}

// TestSlackLinksOfAnyShape: events about links in every odd shape are taken and change
// nothing.
func TestSlackLinksOfAnyShape(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	state := s.Slack.State()
	channel, user, owner := state.Channels[0].ID, state.People[0].ID, s.Person(0)
	s.add(t)
	s.connect(t, channel, user, owner)
	s.showsLinks(t, channel, user, "HARB")
	link := s.Site.URL() + "/browse/HARB-1"
	for name, inner := range map[string]string{
		"nothing":       `{"type":"link_shared"}`,
		"no message":    `{"type":"link_shared","channel":"` + channel + `","links":[{"url":"` + link + `"}]}`,
		"no links":      `{"type":"link_shared","channel":"` + channel + `","message_ts":"1.2","links":[]}`,
		"odd links":     `{"type":"link_shared","channel":"` + channel + `","message_ts":"1.2","links":[1,{"url":7},{"url":":"},null,"` + link + `"]}`,
		"links of text": `{"type":"link_shared","channel":"` + channel + `","message_ts":"1.2","links":"` + link + `"}`,
		"composed":      `{"type":"link_shared","channel":"COMPOSER","source":"composer","message_ts":"Uf1","links":[{"url":"` + link + `"}]}`,
		"other channel": `{"type":"link_shared","channel":"C000","message_ts":"1.2","links":[{"url":"` + link + `"}]}`,
	} {
		status, body := harness.Fetch(t, s.signed(t, "/slack/events", "application/json", s.event("A0SLAPP001", time.Now(), inner), onsite.SlackSigningSecret, time.Now()))
		if status != http.StatusOK {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if s.unfurls() > 0 {
		t.Errorf("%d calls of Slack", s.unfurls())
	}
	// A message that is not there: Slack refuses, and the event is taken all the same.
	inner := `{"type":"link_shared","channel":"` + channel + `","message_ts":"1.2","links":[{"url":"` + link + `"}]}`
	// Many at once: only some are looked at.
	for range 12 {
		if status, _ := harness.Fetch(t, s.signed(t, "/slack/events", "application/json", s.event("A0SLAPP001", time.Now(), inner), onsite.SlackSigningSecret, time.Now())); status != http.StatusOK {
			t.Errorf("a message that is not there: %d", status)
		}
	}
	if n := s.unfurls(); n == 0 || n > 6 {
		t.Errorf("%d calls of Slack for twelve messages at once", n)
	}
}
