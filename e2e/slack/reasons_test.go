package slack

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/store"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/operator"
)

// listed is what the command prints for the states in a database.
func listed(t *testing.T, st *store.Store) string {
	t.Helper()
	var out bytes.Buffer
	if err := operator.ListGlances(t.Context(), &out, st, time.Now()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestSlackReasonsAgree: the modal, the command's answer, the page for admins
// and the operator's list say the same about a channel that shows nothing.
func TestSlackReasonsAgree(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state, german := s.Slack.State(), lang.New().Of("de")
	channel, user := state.Channels[0].ID, state.People[0].ID
	s.connect(t, channel, user, s.german(t).AccountID)
	s.SetUp(t, channel, user, s.Site.Objects().Projects[0].Key)

	// A later version's code is only called unknown.
	err := s.Store.Conversations.StopConversation(t.Context(), glance.SurfaceSlack, state.Team.ID, channel, "of_next_year", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	s.Say(t, channel, user, "/sightline")
	view := string(s.Slack.State().Modals[user].View)
	if !strings.Contains(view, german.Reason.Unknown) || strings.Contains(view, german.Slack.Revoked) {
		t.Errorf("the modal does not say that the reason is unknown: %s", view)
	}
	if list := listed(t, s.Store); !strings.Contains(list, "stopped  The reason is unknown") {
		t.Errorf("the list does not say that the reason is unknown:\n%s", list)
	}
	if err := s.Slack.Close(user); err != nil {
		t.Fatal(err)
	}

	if err := s.Store.Slack.RevokeSlackToken(t.Context(), state.Team.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	s.Say(t, channel, user, "/sightline")
	if got := s.Told(t, channel, user); got != german.Slack.Revoked {
		t.Errorf("the command is answered %q, want %q", got, german.Slack.Revoked)
	}
	if list := listed(t, s.Store); !strings.Contains(list, "stopped  The chat has revoked Sightline's access") {
		t.Errorf("the list does not say that access is gone:\n%s", list)
	}
	page := s.configurePage(t, s.person(t, true).AccountID)
	if !strings.Contains(page, "Slack has revoked Sightline&#39;s access") || strings.Contains(page, "Connected:") {
		t.Errorf("the page for admins does not say that access is gone:\n%s", page)
	}
	s.add(t)
	if page := s.configurePage(t, s.person(t, true).AccountID); !strings.Contains(page, "Connected:") || strings.Contains(page, "has revoked") {
		t.Errorf("added again, the page for admins says:\n%s", page)
	}
}
