package slackapp

import "github.com/sightline-go/sightline/internal/glance"

// Code is Slack's own word for why it refused a call. It may be one that has no
// constant here.
// See https://docs.slack.dev/reference/methods/chat.postMessage#errors
type Code string

// The codes that put a channel out of reach until the app is installed, invited
// or set up again.
const (
	CodeChannelNotFound      Code = "channel_not_found" // also a private channel that the app is not in
	CodeNotInChannel         Code = "not_in_channel"
	CodeIsArchived           Code = "is_archived"
	CodeRestricted           Code = "restricted_action"
	CodeRestrictedReadOnly   Code = "restricted_action_read_only_channel"
	CodeAccountInactive      Code = "account_inactive"
	CodeTokenRevoked         Code = "token_revoked"
	CodeTokenExpired         Code = "token_expired"
	CodeInvalidRefreshToken  Code = "invalid_refresh_token"
	CodeInvalidAuth          Code = "invalid_auth"
	CodeNotAuthed            Code = "not_authed"
	CodeMissingScope         Code = "missing_scope"
	CodeNoPermission         Code = "no_permission"
	CodeOrgLoginRequired     Code = "org_login_required"
	CodeTeamAccessNotGranted Code = "team_access_not_granted"
	CodeAccessDenied         Code = "access_denied"
	CodeEKMAccessDenied      Code = "ekm_access_denied"
	CodeTeamNotFound         Code = "team_not_found"
)

// The codes of a message, bookmark or modal that is gone or cannot be changed.
const (
	CodeMessageNotFound  Code = "message_not_found"
	CodeCantUpdate       Code = "cant_update_message"
	CodeEditWindow       Code = "edit_window_closed"
	CodeNotFound         Code = "not_found"
	CodeBookmarkNotFound Code = "bookmark_not_found"
	CodeTriggerExpired   Code = "expired_trigger_id"
	CodeTriggerUsed      Code = "exchanged_trigger_id"
	CodeTriggerInvalid   Code = "invalid_trigger_id"
)

// The codes of a Slack that is failing or overloaded.
const (
	CodeInternalError      Code = "internal_error"
	CodeFatalError         Code = "fatal_error"
	CodeServiceUnavailable Code = "service_unavailable"
	CodeRequestTimeout     Code = "request_timeout"

	codeRateLimited Code = "ratelimited"
)

// The codes that are ours, not Slack's.
const (
	codeNoBotToken   Code = "no_bot_token"  // the answer to an authorization code has no bot token
	codeNotInstalled Code = "not_installed" // the app is not in the workspace
)

// Reason is what the code means for a conversation: ReasonRefused for a code
// without a meaning of its own here. What may pass is never told as a refusal.
func (c Code) Reason() glance.Reason {
	switch c {
	case CodeIsArchived:
		return glance.ReasonArchived
	case CodeChannelNotFound, CodeNotInChannel:
		return glance.ReasonAbsent
	case CodeAccountInactive, CodeTokenRevoked, CodeTokenExpired, CodeInvalidRefreshToken, CodeInvalidAuth, CodeNotAuthed, CodeTeamAccessNotGranted, CodeTeamNotFound, codeNotInstalled:
		return glance.ReasonRevoked
	case CodeRestricted, CodeRestrictedReadOnly, CodeMissingScope, CodeNoPermission, CodeOrgLoginRequired, CodeAccessDenied, CodeEKMAccessDenied:
		return glance.ReasonForbidden
	}
	if c.passing() {
		return glance.ReasonUnreachable
	}
	return glance.ReasonRefused
}

// gone reports whether the channel is out of reach.
func (c Code) gone() bool { return c.Reason() != glance.ReasonRefused && !c.passing() }

// passing reports whether the same call may succeed later.
func (c Code) passing() bool {
	switch c {
	case CodeInternalError, CodeFatalError, CodeServiceUnavailable, CodeRequestTimeout:
		return true
	}
	return false
}
