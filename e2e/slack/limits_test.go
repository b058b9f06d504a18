package slack

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/lang"
)

// widest is a site with 150 projects of very long names. The keys of the first twenty
// are as long as Slack takes them as values, that of the last is longer.
func widest() string {
	var projects []any
	for i := range 150 {
		key := fmt.Sprintf("P%03d", i)
		switch {
		case i < 20:
			key += strings.Repeat("X", 150-len(key))
		case i == 149:
			key += strings.Repeat("X", 151-len(key))
		}
		projects = append(projects, map[string]any{"key": key, "name": fmt.Sprintf("%03d ", i) + strings.Repeat("Größe ", 50)})
	}
	users := []any{map[string]any{"name": "ann", "displayName": strings.Repeat("Ann ", 60), "active": true, "timeZone": "Asia/Kolkata"}}
	issue := map[string]any{
		"key": "P020-1", "id": "30000", "project": "P020", "summary": "x", "issuetype": "Task", "status": "Open",
		"statusCategory": "indeterminate", "priority": "High", "assignee": "ann", "reporter": "ann",
		"created": "2026-01-01T00:00:00.000+0000", "updated": "2026-01-02T00:00:00.000+0000",
	}
	return harness.AsJSON(map[string]any{"projects": projects, "users": users, "issues": []any{issue}, "worklogs": []any{}})
}

// TestSlackLimits: with names as long and lists as large as Jira allows, nothing is
// sent that Slack refuses (the local site refuses it likewise), and what is left out
// is said.
func TestSlackLimits(t *testing.T) {
	t.Parallel()
	for locale, tag := range map[string]string{"en_GB": "en", "de_DE": "de"} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			site := connecttest.NewSite(t, connecttest.Options{Data: strings.NewReader(widest()), Locale: locale})
			s, l := startSlackOn(t, site), lang.New().Of(tag)
			admin := s.AdminAccount(t)
			var last struct{ ID int }
			for i := range 150 {
				role := map[string]any{"name": fmt.Sprintf("%03d ", i) + strings.Repeat("Rolle ", 30) + "!", "description": "x"}
				s.Rest(t, admin, http.MethodPost, "/rest/api/3/role", role, &last)
			}
			s.add(t)
			channel, user := s.Slack.State().Channels[0].ID, s.Slack.State().People[0].ID
			s.connect(t, channel, user, admin)

			s.Say(t, channel, user, "/sightline")
			first := s.suggested(t, user, "projects", "", 100, l.Say(l.Slack.FirstOnly, "100"))
			if got := first[25].Text; !strings.HasPrefix(got, "025 Größe") || !strings.HasSuffix(got, "… (P025)") {
				t.Errorf("the project reads %q", got)
			}
			s.suggested(t, user, "projects", "P149", 0, "")
			s.suggested(t, user, "projects", "14", 11, l.Slack.LongKeys)
			s.suggested(t, user, "projects", "025 Gr", 1, "")
			s.suggested(t, user, "role", "", 100, l.Say(l.Slack.FirstOnly, "100"))
			roles := s.suggested(t, user, "role", "149", 1, cut(l.Say(l.Slack.RolesOf, "P000"+strings.Repeat("X", 75))))
			if got := roles[0].Text; !strings.HasSuffix(got, "…") {
				t.Errorf("the role reads %q", got)
			}

			var keys []string
			for _, o := range first[:20] {
				keys = append(keys, o.Value)
			}
			if wrong := s.Submit(t, user, map[string]any{"projects": keys, "role": roles[0].Value}); len(wrong) > 0 {
				t.Fatalf("submit: %v", wrong)
			}
			harness.Eventually(t, "a message", func() bool { return len(s.Written(t, channel)) == 1 })
			s.Say(t, channel, user, "/sightline")
			if len(s.Slack.State().Modals) != 1 {
				t.Fatalf("no modal; told: %q", s.Told(t, channel, user))
			}
			s.suggested(t, user, "role", "149", 1, "")
			if err := s.Slack.Click(t.Context(), user, "stop"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// cut is a text as Slack takes it for an option.
func cut(text string) string { return string([]rune(text)[:74]) + "…" }

// suggested are the options of a field, all under one heading.
func (s *onSlack) suggested(t *testing.T, user, field, typed string, n int, heading string) []connecttest.SlackOption {
	t.Helper()
	list, err := s.Slack.Suggest(t.Context(), user, field, typed)
	if err != nil || len(list) != n {
		t.Fatalf("%s %q: got %d options, %v, want %d", field, typed, len(list), err, n)
	}
	for _, o := range list {
		if o.Heading != heading || utf8.RuneCountInString(o.Text) > 75 {
			t.Fatalf("%s %q: got %q under %q, want it under %q", field, typed, o.Text, o.Heading, heading)
		}
	}
	return list
}
