package slackapp_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// TestCodes says what each code means for a channel, and that exactly the codes
// that no retry can help stop it.
func TestCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[slackapp.Code]glance.Reason{
		slackapp.CodeChannelNotFound: glance.ReasonAbsent, slackapp.CodeNotInChannel: glance.ReasonAbsent,
		slackapp.CodeIsArchived:  glance.ReasonArchived,
		slackapp.CodeInvalidAuth: glance.ReasonRevoked, slackapp.CodeNotAuthed: glance.ReasonRevoked,
		slackapp.CodeAccountInactive: glance.ReasonRevoked, slackapp.CodeTokenRevoked: glance.ReasonRevoked,
		slackapp.CodeTokenExpired: glance.ReasonRevoked, slackapp.CodeTeamNotFound: glance.ReasonRevoked,
		slackapp.CodeTeamAccessNotGranted: glance.ReasonRevoked,
		slackapp.CodeRestricted:           glance.ReasonForbidden, slackapp.CodeRestrictedReadOnly: glance.ReasonForbidden,
		slackapp.CodeMissingScope: glance.ReasonForbidden, slackapp.CodeNoPermission: glance.ReasonForbidden,
		slackapp.CodeAccessDenied: glance.ReasonForbidden, slackapp.CodeEKMAccessDenied: glance.ReasonForbidden,
		slackapp.CodeOrgLoginRequired: glance.ReasonForbidden,
		slackapp.CodeMessageNotFound:  glance.ReasonRefused,
		slackapp.CodeInternalError:    glance.ReasonUnreachable, slackapp.CodeFatalError: glance.ReasonUnreachable,
		slackapp.CodeServiceUnavailable: glance.ReasonUnreachable, slackapp.CodeRequestTimeout: glance.ReasonUnreachable,
		"of_next_year": glance.ReasonRefused, "": glance.ReasonRefused,
	} {
		err := fmt.Errorf("push: %w", &slackapp.Error{Method: "chat.update", Code: code})
		if got := glance.ReasonOf(err); got != want || code.Reason() != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
		if got := errors.Is(err, glance.ErrGone); got != (want != glance.ReasonRefused && want != glance.ReasonUnreachable) {
			t.Errorf("%q: stops %v", code, got)
		}
		if !slackapp.IsCode(err, "x", code) || slackapp.IsCode(err, "x") || slackapp.IsCode(errors.New(string(code)), code) {
			t.Errorf("%q is not told from others", code)
		}
	}
}
