package slack

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
)

// german is a person whose Jira is German.
func (s *onSlack) german(t *testing.T) connecttest.Person {
	t.Helper()
	for _, p := range s.Site.People() {
		if p.Locale == "de_DE" && p.Active && !p.App {
			return p
		}
	}
	t.Fatal("no person's Jira is German")
	return connecttest.Person{}
}

// A Slack user reads the language of their Jira, and the channel that they set
// up has that language.
func TestSlackSpeaksGerman(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state, project := s.Slack.State(), s.Site.Objects().Projects[0].Key
	channel, user, person := state.Channels[0].ID, state.People[0].ID, s.german(t)
	s.connect(t, channel, user, person.AccountID)
	s.Say(t, channel, user, "/sightline")
	view := s.Slack.State().Modals[user].View
	for _, want := range []string{"Projekte", "Alle", "Letzte 14 Tage", "Überfällig", "Ruhezeit von", "Europe/Berlin", "Speichern"} {
		if !bytes.Contains(view, []byte(want)) {
			t.Errorf("the modal has no %q: %s", want, view)
		}
	}
	if _, err := s.Slack.Suggest(t.Context(), user, "projects", project); err != nil {
		t.Fatal(err)
	}
	wrong := s.Submit(t, user, map[string]any{"projects": []string{project}, "quietFrom": "22:00"})
	if want := "Geben Sie zwei verschiedene Zeiten an oder keine."; wrong["quietTo"] != want {
		t.Errorf("got %v, want %q", wrong, want)
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{project}}); len(wrong) > 0 {
		t.Fatalf("submit: got %v", wrong)
	}
	harness.Eventually(t, "a message in German", func() bool {
		list := s.Written(t, channel)
		return len(list) == 1 && strings.Contains(list[0].Text, "offen")
	})
	row, err := s.Store.Glances.Glance(t.Context(), s.key(channel))
	if err != nil || row.Config.Language != "de" {
		t.Errorf("got %q, %v, want de", row.Config.Language, err)
	}
}

// A person not known to Jira reads the language of their Slack, if it names
// one, and on a page that of their browser.
func TestSlackSpeaksToStrangers(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state := s.Slack.State()
	for locale, want := range map[string]string{"": "Connect your Jira account", "de-DE": "Jira-Konto verbinden", "xx": "Connect your Jira account"} {
		body := s.commandBody(state.Team.ID, state.People[0].ID) + "&" + url.Values{"locale": {locale}}.Encode()
		_, answer := harness.Fetch(t, s.signed(t, "/slack/command", formType, body, onsite.SlackSigningSecret, time.Now()))
		if !strings.Contains(answer, want) {
			t.Errorf("locale %q: got %s, want %q", locale, answer, want)
		}
	}
	req := harness.NewRequest(t, http.MethodGet, s.URL+"/slack/install", nil)
	req.Header.Set("Accept-Language", "de-AT")
	if _, page := harness.Fetch(t, req); !strings.Contains(page, "Dieser Link gilt nicht mehr") || !strings.Contains(page, `lang="de"`) {
		t.Errorf("got\n%s", page)
	}
}

// A Jira that does not answer delays the modal a little, but does not prevent
// it.
func TestSlackWaitsForJiraALittle(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]connecttest.Fault{
		"fails": {Path: "/rest/api/*/myself", Status: http.StatusInternalServerError, Times: 100},
		"hangs": {Path: "/rest/api/*/myself", DelayMs: 4000, Times: 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSlack(t)
			s.add(t)
			state := s.Slack.State()
			channel, user := state.Channels[0].ID, state.People[0].ID
			s.connect(t, channel, user, s.german(t).AccountID)
			if err := s.Site.AddFault(fault); err != nil {
				t.Fatal(err)
			}
			s.Say(t, channel, user, "/sightline")
			modal, ok := s.Slack.State().Modals[user]
			if !ok || !bytes.Contains(modal.View, []byte("Projects")) || !bytes.Contains(modal.View, []byte(`"value":"UTC"`)) {
				t.Errorf("got %s; told %q", modal.View, s.Told(t, channel, user))
			}
		})
	}
}
