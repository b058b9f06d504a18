package glance

import (
	"errors"
	"slices"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
)

// Reason is a code for why a conversation does not show its newest state. The
// code is what is stored; [Reason.In] has its words.
type Reason string

// The reasons. ReasonNone means that nothing is wrong.
const (
	ReasonNone Reason = ""
	// The conversation and its chat.
	ReasonArchived    Reason = "archived"    // the conversation is archived
	ReasonEmpty       Reason = "empty"       // nobody is in it
	ReasonAbsent      Reason = "absent"      // the app is not in it, or it does not exist
	ReasonRevoked     Reason = "revoked"     // the chat has taken the app's access away
	ReasonForbidden   Reason = "forbidden"   // the app may not write there
	ReasonRefused     Reason = "refused"     // the chat answered with another error
	ReasonBusy        Reason = "busy"        // the chat asked the app to wait
	ReasonUnreachable Reason = "unreachable" // the chat gave no answer, none that could be read, or that it is out of order
	// The Jira behind it.
	ReasonNoTenant Reason = "no_tenant" // the Jira of its site does not have the app
	ReasonHidden   Reason = "hidden"    // the app may see none of its projects
	ReasonNarrowed Reason = "narrowed"  // the app may not see the filter or the values that its issues are narrowed by
	ReasonScope    Reason = "scope"     // a Jira admin has to approve the app's new version
	ReasonQuota    Reason = "quota"     // the app's points at Jira are used up, or left for people
	ReasonJira     Reason = "jira"      // Jira could not be read
	// The app itself.
	ReasonInterrupted Reason = "interrupted" // the process ended meanwhile
	ReasonInternal    Reason = "internal"    // the database failed, or the program
	// ReasonUnknown is a code that this version does not know.
	ReasonUnknown Reason = "unknown"
)

// Reasons are all reasons except ReasonNone.
func Reasons() []Reason {
	return []Reason{
		ReasonArchived, ReasonEmpty, ReasonAbsent, ReasonRevoked, ReasonForbidden, ReasonRefused, ReasonBusy, ReasonUnreachable,
		ReasonNoTenant, ReasonHidden, ReasonNarrowed, ReasonScope, ReasonQuota, ReasonJira, ReasonInterrupted, ReasonInternal, ReasonUnknown,
	}
}

// ParseReason reads a stored code. One that is not among [Reasons] is
// ReasonUnknown; an empty one is ReasonNone.
func ParseReason(code string) Reason {
	if r := Reason(code); r == ReasonNone || slices.Contains(Reasons(), r) {
		return r
	}
	return ReasonUnknown
}

// ReasonOf classifies an error of a [Surface], a [Source] or
// [Reconciler.PushNow]. A surface's error that has a method Reason decides for
// itself. Nil is ReasonNone.
func ReasonOf(err error) Reason {
	var own interface{ Reason() Reason }
	switch {
	case err == nil:
		return ReasonNone
	case errors.As(err, &own):
		return own.Reason()
	case errors.Is(err, ErrNoTenant):
		return ReasonNoTenant
	case errors.Is(err, ErrHidden):
		return ReasonHidden
	case errors.Is(err, ErrNarrowed):
		return ReasonNarrowed
	case errors.Is(err, ErrBusy):
		return ReasonBusy
	}
	var stage *StageError
	switch {
	case !errors.As(err, &stage):
		return ReasonInternal
	case stage.Stage == StageCompute && errors.Is(err, rest.ErrMissingScope):
		return ReasonScope
	case stage.Stage == StageCompute && isQuota(err):
		return ReasonQuota
	case stage.Stage == StageCompute:
		return ReasonJira
	}
	return reasonOfPush(err)
}

// isQuota reports whether Jira refused for want of points, or was not asked because
// they are left for people.
func isQuota(err error) bool {
	var refused *rest.Error
	if errors.As(err, &refused) {
		return refused.Reason != "" && (refused.Scope() == rest.ScopeApp || refused.Scope() == rest.ScopeTenant)
	}
	var held waiter
	return errors.As(err, &held)
}

// reasonOfPush classifies what a chat platform answered.
func reasonOfPush(err error) Reason {
	var answered *rest.Error
	switch {
	case errors.Is(err, ErrGone):
		return ReasonAbsent
	case retryAfter(err) > 0, errors.Is(err, rest.ErrRateLimited):
		return ReasonBusy
	case errors.Is(err, rest.ErrServer), errors.Is(err, rest.ErrTimeout):
		return ReasonUnreachable // it may pass, so it is no refusal
	case errors.As(err, &answered), errors.Is(err, ErrUnsupported):
		return ReasonRefused
	}
	return ReasonUnreachable
}

// In says the reason in a sentence; "" for ReasonNone. A chat may have its own
// words for some.
func (r Reason) In(l *lang.Language) string {
	t := l.Reason
	switch r {
	case ReasonNone:
		return ""
	case ReasonArchived:
		return t.Archived
	case ReasonEmpty:
		return t.Empty
	case ReasonAbsent:
		return t.Absent
	case ReasonRevoked:
		return t.Revoked
	case ReasonForbidden:
		return t.Forbidden
	case ReasonRefused:
		return t.Refused
	case ReasonBusy:
		return t.Busy
	case ReasonUnreachable:
		return t.Unreachable
	}
	return r.inOwn(t)
}

// inOwn words a reason that does not come from the chat.
func (r Reason) inOwn(t lang.ReasonTexts) string {
	switch r {
	case ReasonNoTenant:
		return t.NoTenant
	case ReasonHidden:
		return t.Hidden
	case ReasonNarrowed:
		return t.Narrowed
	case ReasonScope:
		return t.Scope
	case ReasonQuota:
		return t.Quota
	case ReasonJira:
		return t.Jira
	case ReasonInterrupted:
		return t.Interrupted
	case ReasonInternal:
		return t.Internal
	}
	return t.Unknown
}
