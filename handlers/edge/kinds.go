package edge

import (
	"net/http"

	"github.com/sightline-go/sightline/internal/lang"
)

// statusGivenUp is the logged status of a caller who has gone. Nobody receives
// it.
const statusGivenUp = 499

// kind says how a problem is answered.
type kind struct {
	status  int
	heading lang.Heading
}

// kindOf is the kind of every problem; known is false for an unknown code.
func kindOf(code lang.Problem) (k kind, known bool) {
	if status := statusOf(code); status != 0 {
		return kind{status, headingOf(code, status)}, true
	}
	return kind{http.StatusInternalServerError, lang.HeadingFailed}, false
}

// statusOf is a problem's HTTP status, 0 for an unknown code.
func statusOf(code lang.Problem) int {
	switch code {
	case lang.ProblemIncomplete:
		return http.StatusBadRequest
	case lang.ProblemUnverified:
		return http.StatusUnauthorized
	case lang.ProblemForbidden, lang.ProblemNotOwner, lang.ProblemLogInFirst, lang.ProblemLogInToJira, lang.ProblemNoTenant,
		lang.ProblemNotAuthor, lang.ProblemWorklogRefused, lang.ProblemImpersonation, lang.ProblemNoConsent, lang.ProblemMissingScope, lang.ProblemChatOrigin,
		lang.ProblemSlackPerson, lang.ProblemSlackState, lang.ProblemSlackCode, lang.ProblemSlackDenied, lang.ProblemSlackBrowser:
		return http.StatusForbidden
	case lang.ProblemNotFound, lang.ProblemUnknownConversation, lang.ProblemWorklogGone:
		return http.StatusNotFound
	case lang.ProblemWrongMethod:
		return http.StatusMethodNotAllowed
	case lang.ProblemSlackTaken, lang.ProblemSlackOrgWide, lang.ProblemSlackEnds:
		return http.StatusConflict
	case lang.ProblemTooLarge:
		return http.StatusRequestEntityTooLarge
	case lang.ProblemNoDashboard, lang.ProblemNoGadget, lang.ProblemTooManyPins, lang.ProblemNoSuchChoice,
		lang.ProblemBadDay, lang.ProblemBadPerson, lang.ProblemBadEntry, lang.ProblemSlackField, lang.ProblemSettingsLong:
		return http.StatusUnprocessableEntity
	case lang.ProblemRateLimited, lang.ProblemRoomBusy:
		return http.StatusTooManyRequests
	case lang.ProblemGivenUp:
		return statusGivenUp
	case lang.ProblemInternal:
		return http.StatusInternalServerError
	case lang.ProblemRefused, lang.ProblemTokenRefused, lang.ProblemUnreachable, lang.ProblemNotTaken, lang.ProblemSlackExchange, lang.ProblemSlackSilent,
		lang.ProblemRoomGone, lang.ProblemRoomStopped, lang.ProblemRoomUncounted, lang.ProblemRoomNotShown:
		return http.StatusBadGateway
	case lang.ProblemPreferencesBusy, lang.ProblemNotReady, lang.ProblemNoKeys, lang.ProblemOverloaded:
		return http.StatusServiceUnavailable
	case lang.ProblemTimeout, lang.ProblemMaybeSaved, lang.ProblemRoomSlow:
		return http.StatusGatewayTimeout
	}
	return 0
}

// headingOf is a problem's own heading, or its status's.
func headingOf(code lang.Problem, status int) lang.Heading {
	switch code {
	case lang.ProblemImpersonation, lang.ProblemNoConsent:
		return lang.HeadingImpersonation
	case lang.ProblemMissingScope:
		return lang.HeadingMissingScope
	case lang.ProblemSlackState, lang.ProblemSlackCode:
		return lang.HeadingLinkExpired
	case lang.ProblemSlackDenied:
		return lang.HeadingSlackDenied
	case lang.ProblemSlackExchange:
		return lang.HeadingSlackExchange
	case lang.ProblemSlackOrgWide:
		return lang.HeadingSlackOrgWide
	case lang.ProblemSlackEnds:
		return lang.HeadingSlackEnds
	case lang.ProblemSlackBrowser:
		return lang.HeadingSlackBrowser
	case lang.ProblemSlackSilent:
		return lang.HeadingSlackSilent
	case lang.ProblemSlackTaken:
		return lang.HeadingSlackTaken
	}
	switch status {
	case http.StatusUnauthorized:
		return lang.HeadingUnverified
	case http.StatusForbidden:
		return lang.HeadingForbidden
	case http.StatusNotFound:
		return lang.HeadingNotFound
	case http.StatusTooManyRequests:
		return lang.HeadingPause
	case http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusServiceUnavailable:
		return lang.HeadingBusy
	}
	return lang.HeadingFailed
}

func (p *Problem) kind() kind {
	k, _ := kindOf(p.Code)
	return k
}

// Status is the problem's HTTP status; 500 for an unknown code.
func (p *Problem) Status() int { return p.kind().status }

func (p *Problem) heading() lang.Heading { return p.kind().heading }
