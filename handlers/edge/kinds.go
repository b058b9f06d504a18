package edge

import (
	"net/http"

	"github.com/sightline-go/sightline/internal/lang"
)

// statusGivenUp is what the log says of a caller who is gone. Nobody sees it.
const statusGivenUp = 499

// kind is how a problem is answered.
type kind struct {
	status  int
	heading lang.Heading
}

// kinds has every problem. One that is not in it answers as an internal error.
func kinds() map[lang.Problem]kind {
	forbidden := kind{http.StatusForbidden, lang.HeadingForbidden}
	invalid := kind{http.StatusUnprocessableEntity, lang.HeadingFailed}
	badGateway := kind{http.StatusBadGateway, lang.HeadingBusy}
	timeout := kind{http.StatusGatewayTimeout, lang.HeadingBusy}
	pause := kind{http.StatusTooManyRequests, lang.HeadingPause}
	unavailable := kind{http.StatusServiceUnavailable, lang.HeadingBusy}
	notFound := kind{http.StatusNotFound, lang.HeadingNotFound}
	return map[lang.Problem]kind{
		lang.ProblemUnverified: {http.StatusUnauthorized, lang.HeadingUnverified},

		lang.ProblemForbidden: forbidden, lang.ProblemNotOwner: forbidden, lang.ProblemLogInFirst: forbidden,
		lang.ProblemLogInToJira: forbidden, lang.ProblemNoTenant: forbidden, lang.ProblemChatOrigin: forbidden,
		lang.ProblemNotAuthor: forbidden, lang.ProblemWorklogRefused: forbidden, lang.ProblemSlackPerson: forbidden,
		lang.ProblemImpersonation: {http.StatusForbidden, lang.HeadingImpersonation},
		lang.ProblemNoConsent:     {http.StatusForbidden, lang.HeadingImpersonation},

		lang.ProblemNotFound: notFound, lang.ProblemUnknownConversation: notFound, lang.ProblemWorklogGone: notFound,
		lang.ProblemWrongMethod: {http.StatusMethodNotAllowed, lang.HeadingFailed},
		lang.ProblemTooLarge:    {http.StatusRequestEntityTooLarge, lang.HeadingFailed},
		lang.ProblemIncomplete:  {http.StatusBadRequest, lang.HeadingFailed},

		lang.ProblemNoDashboard: invalid, lang.ProblemNoGadget: invalid, lang.ProblemDeliveryName: invalid,
		lang.ProblemTooManyPins: invalid, lang.ProblemNoSuchChoice: invalid,
		lang.ProblemBadDay: invalid, lang.ProblemBadPerson: invalid, lang.ProblemBadEntry: invalid, lang.ProblemSlackField: invalid,

		lang.ProblemRefused: badGateway, lang.ProblemTokenRefused: badGateway, lang.ProblemUnreachable: badGateway,
		lang.ProblemNotTaken: badGateway, lang.ProblemTimeout: timeout, lang.ProblemMaybeSaved: timeout,
		lang.ProblemRateLimited: pause, lang.ProblemPreferencesBusy: unavailable, lang.ProblemNotReady: unavailable,
		lang.ProblemGivenUp:  {statusGivenUp, lang.HeadingFailed},
		lang.ProblemInternal: {http.StatusInternalServerError, lang.HeadingFailed},

		lang.ProblemRoomGone: badGateway, lang.ProblemRoomStopped: badGateway, lang.ProblemRoomUncounted: badGateway,
		lang.ProblemRoomNotShown: badGateway, lang.ProblemRoomBusy: pause, lang.ProblemRoomSlow: timeout,

		lang.ProblemSlackState:    {http.StatusForbidden, lang.HeadingLinkExpired},
		lang.ProblemSlackCode:     {http.StatusForbidden, lang.HeadingLinkExpired},
		lang.ProblemSlackDenied:   {http.StatusForbidden, lang.HeadingSlackDenied},
		lang.ProblemSlackExchange: {http.StatusBadGateway, lang.HeadingSlackExchange},
		lang.ProblemSlackTaken:    {http.StatusConflict, lang.HeadingSlackTaken},
	}
}

func (p *Problem) kind() kind {
	if k, ok := kinds()[p.Code]; ok {
		return k
	}
	return kind{http.StatusInternalServerError, lang.HeadingFailed}
}

// Status is the problem's status in HTTP.
func (p *Problem) Status() int { return p.kind().status }

func (p *Problem) heading() lang.Heading { return p.kind().heading }
