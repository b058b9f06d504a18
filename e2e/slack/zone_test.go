package slack

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/lang"
)

// TestChannelWithAnOddZone: a channel that an earlier version stored with a zone
// that is none goes on, with days in UTC; the log, the operator's list and the
// modal say so.
func TestChannelWithAnOddZone(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state := s.Slack.State()
	channel, user := state.Channels[0].ID, state.People[0].ID
	person := s.german(t)
	s.connect(t, channel, user, person.AccountID)
	s.SetUp(t, channel, user, s.Site.Objects().Projects[0].Key)
	db, err := sql.Open("sqlite", strings.TrimPrefix(s.Flags.DatabaseURL, "sqlite://"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "UPDATE glances SET zone = 'localtime'"); err != nil {
		t.Fatal(err)
	}
	since := time.Now()
	if _, err := s.Store.Glances.MarkOlder(t.Context(), since.Add(time.Hour), since); err != nil {
		t.Fatal(err)
	}
	harness.Eventually(t, "a count with the odd zone", func() bool {
		row, err := s.Store.Glances.Glance(t.Context(), s.key(channel))
		return err == nil && row.Config.Zone == "localtime" && row.DesiredAt.After(since) && row.Attempts == 0 && !row.NeedsWork()
	})
	if said := strings.Count(s.Logs.String(), "unknown time zone of a conversation"); said != 1 {
		t.Errorf("the log says it %d times", said)
	}
	if list := listed(t, s.Store); !strings.Contains(list, `"localtime" is not a time zone, so days are in UTC`) {
		t.Errorf("the list does not say what its days are:\n%s", list)
	}
	s.Say(t, channel, user, "/sightline")
	german := lang.New().Of("de")
	if view := string(s.Slack.State().Modals[user].View); !strings.Contains(view, german.Say(german.Form.OddZone, "localtime")) {
		t.Errorf("the modal does not say it: %s", view)
	}
}
