package slack

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
)

// event is one as Slack sends it, about the site's workspace.
func (s *onSlack) event(app string, at time.Time, inner string) string {
	return fmt.Sprintf(`{"type":"event_callback","team_id":%q,"api_app_id":%q,"event_time":%d,"event":%s}`,
		s.Slack.State().Team.ID, app, at.Unix(), inner)
}

// A signed event that is not understood, about something else or late is
// acknowledged and changes nothing.
func TestSlackEventsThatChangeNothing(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.add(t)
	state, project := s.Slack.State(), s.Site.Objects().Projects[0].Key
	channel, user := state.Channels[0].ID, state.People[0].ID
	s.connect(t, channel, user, s.Site.Objects().Dashboards[0].Owner)
	s.SetUp(t, channel, user, project)
	in, err := s.Store.Slack.SlackInstall(t.Context(), state.Team.ID)
	if err != nil || in.AppID == "" {
		t.Fatalf("got %+v, %v, want it to know the app's id", in, err)
	}
	now, before := time.Now().Add(time.Second), in.InstalledAt.Add(-time.Minute)
	gone := `{"type":"app_uninstalled"}`
	about := func(kind, channel string) string { return `{"type":"` + kind + `","channel":` + channel + `}` }
	for name, tt := range map[string]struct{ body, reason string }{
		"not JSON":              {"hello", "shape"},
		"a list":                {"[]", "shape"},
		"no event":              {`{"type":"event_callback","team_id":"` + state.Team.ID + `"}`, "shape"},
		"channel an object":     {s.event(in.AppID, now, about("channel_created", `{"id":"C1","name":"x"}`)), "unknown"},
		"deleted, no channel":   {s.event(in.AppID, now, about("channel_deleted", `{"name":"x"}`)), "shape"},
		"user a list":           {s.event(in.AppID, now, `{"type":"member_left_channel","channel":"`+channel+`","user":["x"]}`), "shape"},
		"tokens a text":         {s.event(in.AppID, now, `{"type":"tokens_revoked","tokens":"all"}`), "foreign"},
		"another bot's token":   {s.event(in.AppID, now, `{"type":"tokens_revoked","tokens":{"bot":["UOTHER"]}}`), "foreign"},
		"a person's token":      {s.event(in.AppID, now, `{"type":"tokens_revoked","tokens":{"oauth":["`+in.BotUser+`"]}}`), "foreign"},
		"another app":           {s.event("A0OTHER", now, gone), "foreign"},
		"no app":                {s.event("", now, gone), "foreign"},
		"another workspace":     {strings.ReplaceAll(s.event(in.AppID, now, gone), state.Team.ID, "T0OTHER"), "foreign"},
		"no time":               {s.event(in.AppID, time.Unix(0, 0), gone), "shape"},
		"uninstalled before":    {s.event(in.AppID, before, gone), "old"},
		"revoked before":        {s.event(in.AppID, before, `{"type":"tokens_revoked","tokens":{"bot":["`+in.BotUser+`"]}}`), "old"},
		"left before":           {s.event(in.AppID, before, about("channel_left", `"`+channel+`"`)), "old"},
		"deleted before":        {s.event(in.AppID, before, about("channel_deleted", `"`+channel+`"`)), "old"},
		"archived before":       {s.event(in.AppID, before, about("channel_archive", `"`+channel+`"`)), "old"},
		"somebody else left":    {s.event(in.AppID, now, `{"type":"member_left_channel","channel":"`+channel+`","user":"`+user+`"}`), "foreign"},
		"an event without name": {s.event(in.AppID, now, `{"type":{}}`), "shape"},
	} {
		status, answer := harness.Fetch(t, s.signed(t, "/slack/events", "application/json", tt.body, onsite.SlackSigningSecret, time.Now()))
		if status != http.StatusOK {
			t.Errorf("%s: got %d %s, want 200", name, status, answer)
		}
		if !strings.Contains(s.Logs.String(), "ignored."+tt.reason) {
			t.Errorf("%s: the log does not say %q", name, tt.reason)
		}
	}
	if got, err := s.Store.Slack.SlackInstall(t.Context(), state.Team.ID); err != nil || got.Token.IsZero() {
		t.Errorf("got %+v, %v, want the workspace untouched", got, err)
	}
	if row, err := s.Store.Glances.Glance(t.Context(), s.key(channel)); err != nil || row.Stopped {
		t.Errorf("got %+v, %v, want the channel untouched", row, err)
	}
	if status, _ := harness.Fetch(t, s.signed(t, "/slack/events", "application/json", "hello", "another", time.Now())); status != http.StatusUnauthorized {
		t.Errorf("signed by a stranger: got %d, want 401", status)
	}
}
