package slack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
)

// TestSlackOffersMoreChoices: the modal has few fields at first, the others on request,
// and keeps what a channel has chosen.
func TestSlackOffersMoreChoices(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	state := s.Slack.State()
	channel, user, owner, project := state.Channels[0].ID, state.People[0].ID, s.Person(0), "HARB"
	s.add(t)
	s.connect(t, channel, user, owner)
	modal := func() string { return string(s.Slack.State().Modals[user].View) }
	more := func() {
		s.Say(t, channel, user, "/sightline")
		if err := s.Slack.Click(t.Context(), user, "more"); err != nil {
			t.Fatal(err)
		}
	}
	suggest := func(field, typed string) []string {
		t.Helper()
		found, err := s.Slack.Suggest(t.Context(), user, field, typed)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: got %v, %v", field, found, err)
		}
		values := make([]string, len(found))
		for i, o := range found {
			values[i] = o.Value
		}
		return values
	}

	s.Say(t, channel, user, "/sightline")
	if strings.Contains(modal(), `"measure"`) || !strings.Contains(modal(), "More choices") {
		t.Errorf("the modal shows everything at first: %s", modal())
	}
	if err := s.Slack.Close(user); err != nil {
		t.Fatal(err)
	}
	more()
	suggest("projects", project)
	suggest("types", "bug")
	filter := suggest("filter", "due this week")[0]
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{project}, "jql": "colour = red"}); !strings.Contains(wrong["jql"], "colour") {
		t.Errorf("a field that is not there: got %v", wrong)
	}
	if wrong := s.Submit(t, user, map[string]any{"projects": []string{project}, "parts": []string{"blank"}}); !strings.Contains(wrong["parts"], "estimate") {
		t.Errorf("blank issues: got %v", wrong)
	}
	if wrong := s.Submit(t, user, map[string]any{
		"projects": []string{project}, "measure": "remaining", "filter": filter, "types": []string{"Bug"}, "jql": "assignee is not EMPTY", "parts": []string{"open", "blank"},
	}); len(wrong) > 0 {
		t.Fatalf("submit: %v", wrong)
	}
	const bugs = `project = HARB AND issuetype = Bug AND due <= endOfWeek() AND statusCategory != Done AND assignee is not EMPTY`
	blank := s.Count(t, owner, bugs+` AND (remainingEstimate is EMPTY OR remainingEstimate = 0)`)
	harness.Eventually(t, "hours in the channel", func() bool {
		w := s.Written(t, channel)
		return len(w) == 1 && strings.Contains(w[0].Text, " h open") && (blank == 0 || strings.Contains(w[0].Text, fmt.Sprintf("%d not estimated", blank)))
	})

	// The modal opens with what was chosen, and saving anew keeps it.
	s.Say(t, channel, user, "/sightline")
	for _, want := range []string{`"initial_value":"assignee is not EMPTY"`, `"value":"remaining"`, "Due this week", `"value":"Bug"`} {
		if !strings.Contains(modal(), want) {
			t.Errorf("the modal lacks %s: %s", want, modal())
		}
	}
	if wrong := s.Submit(t, user, map[string]any{"parts": []string{"open"}}); len(wrong) > 0 {
		t.Fatalf("submit: %v", wrong)
	}
	row, err := s.Store.Glances.Glance(t.Context(), s.key(channel))
	if err != nil || row.Config.Narrow.Filter != filter || row.Config.Narrow.JQL != "assignee is not EMPTY" || row.Config.Measure != "remaining" {
		t.Errorf("kept %+v, %v", row.Config, err)
	}
	// The link behind the message finds the same issues.
	if text := string(s.Written(t, channel)[0].Blocks); !strings.Contains(text, "filter+%3D+"+filter) || !strings.Contains(text, "issuetype") {
		t.Errorf("the message leads to %s", text)
	}
	s.LeaksNothing(t)
}
