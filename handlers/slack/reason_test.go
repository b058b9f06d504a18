package slack

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// TestSlackSaysWhy: a stored reason and a failure just now are told in the same
// words, and an unknown code is called unknown.
func TestSlackSaysWhy(t *testing.T) {
	t.Parallel()
	for _, l := range lang.New().All() {
		for code, want := range map[slackapp.Code]string{
			"is_archived": l.Slack.Archived, "not_in_channel": l.Slack.NotInvited, "channel_not_found": l.Slack.NotInvited,
			"token_revoked": l.Slack.Revoked, "account_inactive": l.Slack.Revoked, "invalid_auth": l.Slack.Revoked,
			"missing_scope": l.Slack.Forbidden, "of_next_year": l.Slack.Refused,
		} {
			err := &glance.PushError{Failures: []glance.Failure{{
				Err: &glance.StageError{Stage: glance.StagePush, Err: &slackapp.Error{Method: "chat.update", Code: code}},
			}}}
			if got := because(l, glance.ReasonOf(err)); got != want {
				t.Errorf("%s %s: got %q, want %q", l.Tag, code, got, want)
			}
		}
		for reason, want := range map[glance.Reason]string{
			glance.ReasonJira: l.Slack.JiraFailed, glance.ReasonUnreachable: l.Slack.Refused, glance.ReasonBusy: l.Slack.Refused,
			glance.ReasonHidden: l.Reason.Hidden, glance.ReasonNoTenant: l.Reason.NoTenant, glance.ReasonInternal: l.Reason.Internal,
			glance.ReasonUnknown: l.Reason.Unknown, "of_next_year": l.Reason.Unknown,
		} {
			if got := because(l, reason); got != want {
				t.Errorf("%s %s: got %q, want %q", l.Tag, reason, got, want)
			}
		}
	}
}

func TestStoppedNote(t *testing.T) {
	t.Parallel()
	l := lang.New().English()
	later := time.Unix(1700000000, 0)
	for name, tt := range map[string]struct {
		row  glance.Row
		want string
	}{
		"well":                {glance.Row{NextAttempt: later}, ""},
		"set up just now":     {glance.Row{}, ""},
		"archived":            {glance.Row{Stopped: true, StoppedFor: glance.ReasonArchived, FailedFor: glance.ReasonJira}, l.Slack.Archived},
		"revoked":             {glance.Row{Stopped: true, StoppedFor: glance.ReasonRevoked}, l.Slack.Revoked},
		"of another version":  {glance.Row{Stopped: true, StoppedFor: glance.ReasonUnknown}, l.Reason.Unknown},
		"refused for good":    {glance.Row{FailedFor: glance.ReasonAbsent}, l.Slack.NotInvited},
		"tried again by then": {glance.Row{FailedFor: glance.ReasonRefused, NextAttempt: later}, ""},
	} {
		want := tt.want
		if want != "" {
			want = fmt.Sprintf(l.Slack.NotShown, want)
		}
		if got := stoppedNote(l, tt.row); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if strings.Contains(l.Reason.Unknown, "access") {
		t.Errorf("an unknown code is told as %q", l.Reason.Unknown)
	}
}
