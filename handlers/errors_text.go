package handlers

import (
	"net/http"

	"github.com/sightline-go/sightline/internal/lang"
)

// The sentences of problems.
func saysUnverified(t *lang.Texts) string          { return t.Problem.Unverified }
func saysForbidden(t *lang.Texts) string           { return t.Problem.Forbidden }
func saysNotOwner(t *lang.Texts) string            { return t.Problem.NotOwner }
func saysNotFound(t *lang.Texts) string            { return t.Problem.NotFound }
func saysWrongMethod(t *lang.Texts) string         { return t.Problem.WrongMethod }
func saysLogInFirst(t *lang.Texts) string          { return t.Problem.LogInFirst }
func saysLogInToJira(t *lang.Texts) string         { return t.Problem.LogInToJira }
func saysTooLarge(t *lang.Texts) string            { return t.Problem.TooLarge }
func saysIncomplete(t *lang.Texts) string          { return t.Problem.Incomplete }
func saysRefused(t *lang.Texts) string             { return t.Problem.Refused }
func saysImpersonation(t *lang.Texts) string       { return t.Problem.Impersonation }
func saysRateLimited(t *lang.Texts) string         { return t.Problem.RateLimited }
func saysTimeout(t *lang.Texts) string             { return t.Problem.Timeout }
func saysGivenUp(t *lang.Texts) string             { return t.Problem.GivenUp }
func saysUnreachable(t *lang.Texts) string         { return t.Problem.Unreachable }
func saysInternal(t *lang.Texts) string            { return t.Problem.Internal }
func saysNotReady(t *lang.Texts) string            { return t.Problem.NotReady }
func saysNoTenant(t *lang.Texts) string            { return t.Problem.NoTenant }
func saysUnknownConversation(t *lang.Texts) string { return t.Problem.UnknownConversation }
func saysNoDashboard(t *lang.Texts) string         { return t.Problem.NoDashboard }
func saysNoGadget(t *lang.Texts) string            { return t.Problem.NoGadget }
func saysTooManyPins(t *lang.Texts) string         { return t.Preferences.TooManyPins }
func saysNoSuchChoice(t *lang.Texts) string        { return t.Preferences.NoSuchChoice }
func saysNotTaken(t *lang.Texts) string            { return t.Form.NotTaken }
func saysMaybeSaved(t *lang.Texts) string          { return t.Form.MaybeSaved }
func saysDeliveryName(t *lang.Texts) string        { return t.Problem.DeliveryName }
func saysNotAuthor(t *lang.Texts) string           { return t.Timelog.NotAuthor }
func saysWorklogGone(t *lang.Texts) string         { return t.Timelog.Gone }
func saysWorklogNotAllowed(t *lang.Texts) string   { return t.Timelog.NotAllowed }
func saysBadDay(t *lang.Texts) string              { return t.Timelog.BadDay }
func saysBadPerson(t *lang.Texts) string           { return t.Timelog.BadPerson }
func saysBadEntry(t *lang.Texts) string            { return t.Timelog.BadEntry }

// title heads a message that shows a problem.
func (p *problem) title(t *lang.Texts) string {
	if p.heading != nil {
		return p.heading(t)
	}
	switch status := p.status; {
	case p.code == codeImpersonation:
		return t.Problem.TitleImpersonation
	case status == http.StatusTooManyRequests:
		return t.Problem.TitlePause
	case status == http.StatusUnauthorized:
		return t.Problem.TitleUnverified
	case status == http.StatusForbidden:
		return t.Problem.TitleForbidden
	case status == http.StatusNotFound:
		return t.Problem.TitleNotFound
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout, status == http.StatusServiceUnavailable:
		return t.Problem.TitleBusy
	}
	return t.Problem.TitleFailed
}
