package store

import (
	"strings"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// stoppedFor reads why a conversation is stopped. Programs before schema 4
// wrote a text; a code or text that is not known is ReasonUnknown.
func stoppedFor(stored string) glance.Reason {
	switch stored {
	case "nobody is in it":
		return glance.ReasonEmpty
	case "the app is not in it any more":
		return glance.ReasonAbsent
	case "Slack revoked the app's access":
		return glance.ReasonRevoked
	}
	return glance.ParseReason(stored)
}

// failedFor reads why a row failed the last time. A row without an error has
// no reason, whatever code an earlier failure left.
func failedFor(code, text string) glance.Reason {
	switch {
	case text == "":
		return glance.ReasonNone
	case code == "":
		return reasonOfText(text)
	}
	return glance.ParseReason(code)
}

// reasonOfText finds the reason in the text of an error, in the form that
// programs before schema 4 wrote it.
func reasonOfText(text string) glance.Reason {
	if strings.HasPrefix(text, "compute state: ") {
		return glance.ReasonJira
	}
	if said, ok := strings.CutPrefix(text, "push state: slack "); ok {
		_, code, _ := strings.Cut(said, ": ")
		if reason := slackapp.Code(code).Reason(); reason != glance.ReasonRefused {
			return reason
		}
	}
	if strings.HasPrefix(text, "push state: conversation is gone") {
		return glance.ReasonAbsent
	}
	return glance.ReasonUnknown
}
