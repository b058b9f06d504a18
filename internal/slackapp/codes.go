package slackapp

// Code is Slack's own word for why it refused a call. It may be one that has no
// constant here.
// See https://docs.slack.dev/reference/methods/chat.postMessage#errors
type Code string

// The codes after which a channel is out of reach until the app is installed,
// invited or set up again.
const (
	CodeChannelNotFound      Code = "channel_not_found" // also a private channel that the app is not in
	CodeNotInChannel         Code = "not_in_channel"
	CodeIsArchived           Code = "is_archived"
	CodeRestricted           Code = "restricted_action"
	CodeRestrictedReadOnly   Code = "restricted_action_read_only_channel"
	CodeAccountInactive      Code = "account_inactive"
	CodeTokenRevoked         Code = "token_revoked"
	CodeTokenExpired         Code = "token_expired"
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

// The codes of a message, bookmark or modal that is not there any more, or
// that cannot be changed.
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

// The codes of a Slack that is not well or has too much to do.
const (
	CodeInternalError      Code = "internal_error"
	CodeFatalError         Code = "fatal_error"
	CodeServiceUnavailable Code = "service_unavailable"
	CodeRequestTimeout     Code = "request_timeout"

	codeRateLimited Code = "ratelimited"
)

// codeNoBotToken is ours: the answer to an authorization code is not what it
// should be.
const codeNoBotToken Code = "no_bot_token"

// gone reports whether the channel is out of reach.
func (c Code) gone() bool {
	switch c {
	case CodeChannelNotFound, CodeNotInChannel, CodeIsArchived, CodeRestricted, CodeRestrictedReadOnly,
		CodeAccountInactive, CodeTokenRevoked, CodeTokenExpired, CodeInvalidAuth, CodeNotAuthed, CodeMissingScope, CodeNoPermission,
		CodeOrgLoginRequired, CodeTeamAccessNotGranted, CodeAccessDenied, CodeEKMAccessDenied, CodeTeamNotFound:
		return true
	}
	return false
}

// passing reports whether the same call may succeed later.
func (c Code) passing() bool {
	switch c {
	case CodeInternalError, CodeFatalError, CodeServiceUnavailable, CodeRequestTimeout:
		return true
	}
	return false
}
