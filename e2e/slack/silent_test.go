package slack

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// TestSlackIsSilent: while Slack does not say which workspace asks, nobody is asked
// who they are, and nothing can be connected; the log line has the code and Slack's
// reason. Once it answers, the same link works.
func TestSlackIsSilent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  connecttest.Fault
		reason string
	}{
		"fails":   {connecttest.Fault{Status: http.StatusInternalServerError}, "slack auth.test: http status 500"},
		"resets":  {connecttest.Fault{Reset: true}, "slack auth.test:"},
		"refuses": {connecttest.Fault{Status: http.StatusOK, Body: `{"ok":false,"error":"fatal_error"}`}, "slack auth.test: fatal_error"},
		"is another": {
			connecttest.Fault{Status: http.StatusOK, Body: `{"ok":true,"url":"https://evil.slack.com/","team":"x","team_id":"T0OTHER"}`},
			"slack auth.test: not_installed",
		},
		"has no address": {connecttest.Fault{Status: http.StatusOK, Body: `{"ok":true,"url":"","team":"x"}`}, "slack auth.test: not_installed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSlack(t)
			s.add(t)
			state, account := s.Slack.State(), s.person(t, false).AccountID
			user := state.People[0].ID
			invited := s.Invited(t, state.Channels[0].ID, user)
			test.fault.Path, test.fault.Times = "/slack/api/auth.test", 1
			s.Fault(t, test.fault)
			page := s.AskedPage(t, invited, account)
			if !strings.Contains(page, "Slack does not answer") || strings.Contains(page, "<form") || strings.Contains(page, "evil") {
				t.Errorf("got\n%s", page)
			}
			if _, err := s.Store.Slack.SlackPerson(t.Context(), state.Team.ID, user); !isAbsent(err) {
				t.Errorf("somebody is connected: %v", err)
			}
			line := ""
			for _, one := range strings.Split(s.Logs.String(), "\n") {
				if strings.Contains(one, "slack.silent") {
					line += one
				}
			}
			if strings.Count(line, "code=slack.silent")+strings.Count(line, `"code":"slack.silent"`) != 1 || !strings.Contains(line, test.reason) {
				t.Errorf("the log says %q, want %q", line, test.reason)
			}
			if got := s.AskedPage(t, invited, account); !strings.Contains(got, "<form") {
				t.Errorf("afterwards: got\n%s", got)
			}
		})
	}
}
