package connect

import (
	"regexp"
	"strconv"
)

// The codes of an [AuthError], one word each, as they appear in logs.
const (
	CodeMissing        = "jwt.missing"
	CodeMalformed      = "jwt.malformed"
	CodeTwoTokens      = "jwt.two_tokens"
	CodeAlg            = "jwt.alg"
	CodeExpired        = "jwt.expired"
	CodeNotYet         = "jwt.not_yet"
	CodeNoExpiry       = "jwt.no_expiry"
	CodeLifetime       = "jwt.lifetime" // expires more than a day from now
	CodeSignature      = "jwt.signature"
	CodeIssuer         = "jwt.issuer"
	CodeAudience       = "jwt.audience"
	CodeUnknownTenant  = "jwt.unknown_tenant"
	CodeInactiveTenant = "jwt.inactive_tenant"
	CodeQSHMissing     = "jwt.qsh_missing"
	CodeQSHMismatch    = "jwt.qsh_mismatch"
	CodeQSHContext     = "jwt.qsh_context"     // context-qsh where a computed one is due
	CodeQSHNotContext  = "jwt.qsh_not_context" // a computed one where context-qsh is due
	CodeKid            = "jwt.kid"
	CodeKey            = "jwt.key_unknown"
	CodeNotSession     = "jwt.not_session"
	CodeSession        = "jwt.session_ended"
	CodeHost           = "install.host_not_allowed"
	CodeClientKey      = "install.client_key"
	CodeAppKey         = "install.app_key"
	CodeIsolated       = "forge.isolated_cloud"
	CodeAPIURL         = "forge.api_url"     // not below the one origin that is served
	CodeModule         = "forge.module"      // made for another module; with a DeniedError
	CodeOtherSite      = "forge.other_site"  // an installation of another site; with a DeniedError
	CodeEnvironment    = "forge.environment" // not served; with a DeniedError
	CodeChatContext    = "chat.context"
	CodeChatBody       = "chat.body"
)

// AuthError says why a request was refused. Answer it with 401. Any other error
// of a verifier is not the caller's fault: storage or a key host is down.
type AuthError struct {
	// Code is one of the Code constants, or one of a package that verifies
	// what another service signs.
	Code string
	// Detail says more, in words for a log; it may be empty. It never holds a
	// token or a secret.
	Detail string
	// Got is the hash that the token carries and Want the canonical request
	// as it arrived; only with CodeQSHMismatch.
	Got, Want string
	// Err is the cause, or nil. It may quote what the sender wrote: use it with
	// errors.Is, and keep it out of logs.
	Err error
}

// Error gives "code: detail".
func (e *AuthError) Error() string {
	if e.Detail == "" {
		return e.Code
	}
	return e.Code + ": " + e.Detail
}

// Unwrap gives the cause.
func (e *AuthError) Unwrap() error { return e.Err }

// maxSeen is how much of what a sender wrote goes into an error, in bytes.
const maxSeen = 200

// likeToken is a JSON object in base64, as tokens have it, with what is around it.
var likeToken = regexp.MustCompile(`[A-Za-z0-9_.-]*eyJ[A-Za-z0-9_-]{12,}[A-Za-z0-9_.-]*`)

// seen quotes for a log what a sender wrote, where it should hold no secret. What
// looks like a token is left out all the same.
func seen(text string) string {
	text = likeToken.ReplaceAllString(text, "[token]")
	if len(text) > maxSeen {
		text = text[:maxSeen] + "…"
	}
	return strconv.Quote(text)
}

// refuse is an AuthError without a cause.
func refuse(code, detail string) error { return &AuthError{Code: code, Detail: detail} }

// The reasons of an [IgnoredError].
const (
	IgnoredShape   = "shape"   // not of the shape that is documented
	IgnoredForeign = "foreign" // about an app, an installation or a user that is not ours
	IgnoredOld     = "old"     // issued before what it would end
	IgnoredUnknown = "unknown" // of a kind that is not acted upon
)

// IgnoredError says that a verified event changed nothing, because it is not
// understood, about something else, or late. Acknowledge it with 2xx: sent
// again, it would be ignored again.
type IgnoredError struct {
	// Reason is one of the Ignored constants.
	Reason string
	// Detail says more, in words for a log. It does not quote the event.
	Detail string
}

// Error gives "ignored, reason: detail".
func (e *IgnoredError) Error() string { return "ignored, " + e.Reason + ": " + e.Detail }

// ErrOldEvent is the [IgnoredError] of a call that was issued before what it
// would end. Storage returns it.
var ErrOldEvent error = &IgnoredError{Reason: IgnoredOld, Detail: "issued before what it would end"}

// BodyError says what is wrong with the body of a lifecycle call. Answer it with
// 401: nobody who may make the call sends such a body. It does not quote the body.
type BodyError struct {
	// Field is the JSON member that is wrong; empty for the body as a whole.
	Field string
	// Detail says what is wrong with it, in words for a log.
	Detail string
}

// Error gives "body: detail" or "body field: detail".
func (e *BodyError) Error() string {
	if e.Field == "" {
		return "body: " + e.Detail
	}
	return "body " + e.Field + ": " + e.Detail
}
