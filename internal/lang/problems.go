package lang

// Problem is the code of something that went wrong and that the caller is told
// about. The log has it as "code".
type Problem string

// The problems.
const (
	ProblemUnverified          Problem = "unverified"
	ProblemForbidden           Problem = "forbidden"
	ProblemNotOwner            Problem = "forbidden.owner"
	ProblemNotFound            Problem = "not_found"
	ProblemWrongMethod         Problem = "wrong_method"
	ProblemLogInFirst          Problem = "forbidden.log_in"
	ProblemLogInToJira         Problem = "forbidden.log_in_to_jira"
	ProblemTooLarge            Problem = "body.too_large"
	ProblemIncomplete          Problem = "body.incomplete"
	ProblemRefused             Problem = "upstream.refused"
	ProblemTokenRefused        Problem = "upstream.token"
	ProblemImpersonation       Problem = "impersonation"
	ProblemNoConsent           Problem = "consent"
	ProblemMissingScope        Problem = "scope"
	ProblemRateLimited         Problem = "upstream.rate_limited"
	ProblemTimeout             Problem = "upstream.timeout"
	ProblemGivenUp             Problem = "client.gone"
	ProblemUnreachable         Problem = "upstream.unreachable"
	ProblemInternal            Problem = "internal"
	ProblemNotReady            Problem = "not_ready"
	ProblemOverloaded          Problem = "overloaded"
	ProblemNoKeys              Problem = "upstream.keys"
	ProblemNoTenant            Problem = "forbidden.no_tenant"
	ProblemUnknownConversation Problem = "chat.unknown_conversation"
	ProblemChatOrigin          Problem = "chat.origin"
	ProblemNoDashboard         Problem = "invalid.dashboard"
	ProblemNoGadget            Problem = "invalid.gadget"
	ProblemTooManyPins         Problem = "invalid.pins"
	ProblemNoSuchChoice        Problem = "invalid.choice"
	ProblemPreferencesBusy     Problem = "preferences.busy"
	ProblemNotTaken            Problem = "upstream.not_taken"
	ProblemSettingsLong        Problem = "settings.too_long"
	ProblemMaybeSaved          Problem = "upstream.maybe_saved"
	ProblemNotAuthor           Problem = "worklog.not_author"
	ProblemWorklogGone         Problem = "worklog.gone"
	ProblemWorklogRefused      Problem = "worklog.refused"
	ProblemBadDay              Problem = "invalid.day"
	ProblemBadPerson           Problem = "invalid.person"
	ProblemBadEntry            Problem = "invalid.worklog"
	ProblemSlackPerson         Problem = "slack.person"
	ProblemSlackField          Problem = "slack.field"
	ProblemSlackState          Problem = "slack.state"
	ProblemSlackCode           Problem = "slack.code"
	ProblemSlackDenied         Problem = "slack.denied"
	ProblemSlackExchange       Problem = "slack.exchange"
	ProblemSlackTaken          Problem = "slack.taken"
	ProblemSlackOrgWide        Problem = "slack.org_wide"
	ProblemSlackEnds           Problem = "slack.ends"
	ProblemSlackBrowser        Problem = "slack.browser"
	ProblemSlackSilent         Problem = "slack.silent"
	ProblemRoomGone            Problem = "chat.gone"
	ProblemRoomStopped         Problem = "chat.stopped"
	ProblemRoomBusy            Problem = "chat.busy"
	ProblemRoomSlow            Problem = "chat.slow"
	ProblemRoomUncounted       Problem = "chat.uncounted"
	ProblemRoomNotShown        Problem = "chat.not_shown"
)

// Heading names what stands over a problem that is shown as a message.
type Heading string

// The headings.
const (
	HeadingUnverified    Heading = "unverified"
	HeadingForbidden     Heading = "forbidden"
	HeadingNotFound      Heading = "not_found"
	HeadingBusy          Heading = "busy"
	HeadingFailed        Heading = "failed"
	HeadingImpersonation Heading = "impersonation"
	HeadingMissingScope  Heading = "scope"
	HeadingPause         Heading = "pause"
	HeadingLinkExpired   Heading = "link_expired"
	HeadingSlackDenied   Heading = "slack_denied"
	HeadingSlackExchange Heading = "slack_exchange"
	HeadingSlackTaken    Heading = "slack_taken"
	HeadingSlackOrgWide  Heading = "slack_org_wide"
	HeadingSlackEnds     Heading = "slack_ends"
	HeadingSlackBrowser  Heading = "slack_browser"
	HeadingSlackSilent   Heading = "slack_silent"
)

// ProblemTexts are what a caller is told of each problem. They never hold what
// another service said.
type ProblemTexts struct {
	Texts    map[Problem]string
	Headings map[Heading]string
}

// Problem is the sentence about a problem.
func (l *Language) Problem(p Problem) string { return l.Problems.Texts[p] }

// Heading is what stands over a problem.
func (l *Language) Heading(h Heading) string { return l.Problems.Headings[h] }
