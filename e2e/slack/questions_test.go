package slack

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
)

// TestSlackQuestions: what is typed after the command is answered to the person who
// typed it alone, with the numbers that they may see in Jira.
func TestSlackQuestions(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	state := s.Slack.State()
	channel, user, other := state.Channels[0].ID, state.People[0].ID, state.People[1].ID
	owner, project := s.Person(0), "VALT"
	s.add(t)
	s.connect(t, channel, user, owner)

	s.Say(t, channel, user, "/sightline me")
	if got := s.Told(t, channel, user); !strings.Contains(got, "does not show anybody's work yet") {
		t.Errorf("in a channel that nobody set up: %q", got)
	}
	s.SetUp(t, channel, user, project)
	harness.Eventually(t, "the channel's message", func() bool { return len(s.Written(t, channel)) > 0 })

	base := fmt.Sprintf(`project = %q AND statusCategory != Done AND assignee = %q`, project, owner)
	want := fmt.Sprintf("Open: %d (To do: %d, In progress: %d)\nOverdue: %d · ", s.Count(t, owner, base),
		s.Count(t, owner, base+` AND statusCategory = "To Do"`), s.Count(t, owner, base+` AND statusCategory = "In Progress"`),
		s.Count(t, owner, base+` AND due < startOfDay()`))
	if got := s.asks(t, channel, user, "/sightline me"); !strings.Contains(got, want) || !strings.HasPrefix(got, "*"+project+"*, last 14 days\n") {
		t.Errorf("me: got %q, want %q in it", got, want)
	}
	if got := s.asks(t, channel, user, "/sightline ICH"); !strings.Contains(got, want) {
		t.Errorf("me in German: got %q", got)
	}

	got := s.asks(t, channel, user, "/sightline who")
	named := 0
	for _, p := range s.Site.People() {
		open := s.Count(t, owner, fmt.Sprintf(`project = %q AND statusCategory != Done AND assignee = %q`, project, p.AccountID))
		if p.App || open == 0 {
			continue
		}
		named++
		if !strings.Contains(got, fmt.Sprintf("%s: %d, ", p.DisplayName, open)) {
			t.Errorf("who: got %q, want %s with %d", got, p.DisplayName, open)
		}
	}
	counts := regexp.MustCompile(`: (\d+), `).FindAllStringSubmatch(got, -1)
	if len(counts) != named || named < 3 || !slices.IsSortedFunc(counts, func(a, b []string) int { return atoi(a[1]) - atoi(b[1]) }) {
		t.Errorf("who: %d people, got %q, want the ones with room first", named, got)
	}

	for _, text := range []string{"/sightline help", "/sightline what?"} {
		if got := s.asks(t, channel, user, text); !strings.Contains(got, "*/sightline who* tells you who has room") {
			t.Errorf("%s: got %q", text, got)
		}
	}

	// Somebody who is not known in Jira sees what the channel shows to all.
	label := s.Written(t, channel)[0].Text
	if got := s.asks(t, channel, other, "/sightline who"); !strings.Contains(got, "*"+label+"*\n") || !strings.Contains(got, "|Connect your Jira account>") {
		t.Errorf("to a stranger: %q, want %q and a link", got, label)
	}

	// Somebody who may not see the project sees no number of it.
	s.connect(t, channel, other, s.Person(9))
	for _, text := range []string{"/sightline me", "/sightline who"} {
		if got := s.asks(t, channel, other, text); !strings.Contains(got, "You cannot see "+project) || regexp.MustCompile(`[1-9]`).MatchString(strings.Replace(got, "of 1 projects", "", 1)) {
			t.Errorf("%s of somebody who may not see %s: %q", text, project, got)
		}
	}
	s.LeaksNothing(t)
}

// asks says something and returns the answer that only this person sees.
func (s *onSlack) asks(t *testing.T, channel, user, text string) string {
	t.Helper()
	before := len(s.Channel(t, channel).Messages)
	s.Say(t, channel, user, text)
	all := s.Channel(t, channel).Messages
	for i := len(all) - 1; i >= before; i-- {
		if all[i].For == user {
			return all[i].Text
		}
	}
	t.Fatalf("%s: no answer", text)
	return ""
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
