package slack

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
)

// lastFor is the last message that only a person sees.
func (s *onSlack) lastFor(t *testing.T, channel, user string) (m connecttest.SlackMessage) {
	t.Helper()
	for _, one := range s.Channel(t, channel).Messages {
		if one.For == user {
			m = one
		}
	}
	return m
}

// TestSlackFirstAnswer: somebody who is not known in Jira sees the team's numbers first, and
// people where an admin of Jira allows it; the question can be put off.
func TestSlackFirstAnswer(t *testing.T) {
	t.Parallel()
	for name, named := range map[string]bool{"numbers": false, "people": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := new(harness.Clock)
			site := connecttest.NewSite(t, connecttest.Options{Now: clock.Now})
			r := harness.Start(t, site, harness.By(clock))
			jira := r.Install(t)
			s := &onSlack{r.RegisterSlack(t), jira}
			s.addNaming(t, named)
			state := s.Slack.State()
			channel, user, stranger := state.Channels[0].ID, state.People[0].ID, state.People[1].ID
			s.connect(t, channel, user, s.Person(0))
			s.SetUp(t, channel, user, "HARB")
			harness.Eventually(t, "the channel's message", func() bool { return len(s.Written(t, channel)) > 0 })
			label := s.Written(t, channel)[0].Text

			got := s.asks(t, channel, stranger, "/sightline")
			if !strings.HasPrefix(got, "This channel's team: *"+label+"*\n") || !strings.Contains(got, "|Connect your Jira account>") {
				t.Errorf("first answer: %q", got)
			}
			people := 0
			for _, p := range s.Site.People() {
				if strings.Contains(got, p.DisplayName) {
					people++
				}
			}
			if named != (people > 2) || named != strings.Contains(got, "*Who has room*") {
				t.Errorf("%d people are named: %q", people, got)
			}
			if named {
				one := s.Site.People()[0]
				open := s.Count(t, s.Person(0), fmt.Sprintf(`project = HARB AND statusCategory != Done AND assignee = %q`, one.AccountID))
				if open > 0 && !strings.Contains(got, fmt.Sprintf("%s: %d, ", one.DisplayName, open)) {
					t.Errorf("%s has %d: %q", one.DisplayName, open, got)
				}
			}

			// Not now: the question goes, and does not come for thirty days.
			m := s.lastFor(t, channel, stranger)
			if err := s.Slack.ClickIn(t.Context(), channel, m.TS, stranger, "later"); err != nil {
				t.Fatal(err)
			}
			if after := s.lastFor(t, channel, stranger); after.TS != m.TS || !strings.Contains(after.Text, "will not ask again for 30 days. Type */sightline connect*") {
				t.Errorf("after not now: %+v", after)
			}
			for _, text := range []string{"/sightline", "/sightline who"} {
				if got := s.asks(t, channel, stranger, text); strings.Contains(got, "|Connect") || !strings.Contains(got, label) || !strings.Contains(got, "*/sightline connect*") {
					t.Errorf("%s after not now: %q", text, got)
				}
			}
			if got := s.asks(t, channel, stranger, "/sightline connect"); !strings.Contains(got, "|Connect your Jira account>") {
				t.Errorf("connect: %q", got)
			}
			clock.Forward(31 * 24 * time.Hour)
			if got := s.asks(t, channel, stranger, "/sightline"); !strings.Contains(got, "|Connect your Jira account>") {
				t.Errorf("after thirty days: %q", got)
			}
			if got := s.asks(t, channel, user, "/sightline connect"); got != "Your Jira account is connected." {
				t.Errorf("connected: %q", got)
			}
			s.LeaksNothing(t)
		})
	}
}

var namesLink = regexp.MustCompile(`href="([^"]*/slack/install\?[^"]*)"[^>]*>Add to Slack, and name people<`)

// addNaming adds the app by one of the two links on the page for admins.
func (s *onSlack) addNaming(t *testing.T, named bool) {
	t.Helper()
	if !named {
		s.add(t)
		return
	}
	admin := s.person(t, true).AccountID
	link := namesLink.FindStringSubmatch(s.configurePage(t, admin))
	if link == nil {
		t.Fatal("the page for admins has no link that allows names")
	}
	address := html.UnescapeString(link[1])
	if _, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil)); !strings.Contains(page, "may also name who has room") {
		t.Errorf("the page does not say what is allowed:\n%s", page)
	}
	back := s.Allow(t, address, "allow")
	if status, page := harness.Fetch(t, s.Return(t, back)); status != http.StatusOK {
		t.Fatalf("callback: %d\n%s", status, page)
	}
	if page := s.configurePage(t, admin); !strings.Contains(page, "Channels may name people to everybody in them:") {
		t.Error("the page for admins does not say what is allowed")
	}
}

// TestSlackAnswersSlackAlone: the address at which a question is replaced must be Slack's.
func TestSlackAnswersSlackAlone(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state := s.Slack.State()
	before := s.Seen()
	for _, address := range []string{"", "::", "http://169.254.169.254/", "https://hooks.slack.com.evil.example/x", "file:///etc/passwd", s.URL + "/slack/events", "http://hooks.slack.com/x"} {
		payload, err := json.Marshal(map[string]any{
			"type": "block_actions", "team": map[string]string{"id": state.Team.ID}, "user": map[string]string{"id": state.People[0].ID},
			"response_url": address, "actions": []map[string]string{{"action_id": "later", "value": "/sightline"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		body := url.Values{"payload": {string(payload)}}.Encode()
		status, answer := harness.Fetch(t, s.signed(t, "/slack/interactions", "application/x-www-form-urlencoded", body, onsite.SlackSigningSecret, time.Now()))
		if status != http.StatusOK {
			t.Errorf("%s: %d %s", address, status, answer)
		}
		if !strings.Contains(s.Logs.String(), "not an address of slack") {
			t.Errorf("%s: the log does not say so", address)
		}
	}
	for _, q := range s.Site.Requests(before) {
		if q.Operation == "slack.response" {
			t.Errorf("called %s", q.Path)
		}
	}
}

// TestSlackTables: who has room is a table, and lines in a workspace that takes none.
func TestSlackTables(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	state := s.Slack.State()
	channel, user := state.Channels[0].ID, state.People[0].ID
	s.add(t)
	s.connect(t, channel, user, s.Person(0))
	s.SetUp(t, channel, user, "HARB")
	harness.Eventually(t, "the channel's message", func() bool { return len(s.Written(t, channel)) > 0 })
	calls := func() (n int) {
		for _, q := range s.Site.Requests(0) {
			if q.Operation == "slack.chat.postEphemeral" {
				n++
			}
		}
		return n
	}
	s.asks(t, channel, user, "/sightline who")
	with := s.lastFor(t, channel, user)
	if !strings.Contains(string(with.Blocks), `"type":"table"`) || calls() != 1 {
		t.Errorf("%d calls, blocks %s", calls(), with.Blocks)
	}
	s.Slack.SetTables(false)
	s.asks(t, channel, user, "/sightline who")
	without := s.lastFor(t, channel, user)
	if strings.Contains(string(without.Blocks), `"type":"table"`) || calls() != 3 || !strings.Contains(string(without.Blocks), ": ") {
		t.Errorf("%d calls, blocks %s", calls(), without.Blocks)
	}
	if with.Text[:20] != without.Text[:20] {
		t.Errorf("texts %q and %q", with.Text, without.Text)
	}
	s.asks(t, channel, user, "/sightline who")
	if calls() != 4 {
		t.Errorf("%d calls: it is not remembered that the workspace takes no tables", calls())
	}
	// The app is not in the channel any more: the answer comes all the same.
	if err := s.Slack.SetMember(t.Context(), channel, false); err != nil {
		t.Fatal(err)
	}
}
