package glance

import (
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// ErrLeaseLost means that another worker has claimed the row meanwhile.
var ErrLeaseLost = errors.New("lease lost")

// The errors of a [Source] that are not Jira's.
var (
	// ErrNoTenant means that the site's Jira does not have the app.
	ErrNoTenant = errors.New("the site's jira does not have the app")
	// ErrHidden means that the app may see none of the glance's projects: no
	// number would be true.
	ErrHidden = errors.New("none of the projects may be seen in jira")
	// ErrNarrowed means that the app may see nothing of what the issues are narrowed
	// by, for example a saved filter that is not shared with it.
	ErrNarrowed = errors.New("what narrows the issues may not be seen in jira")
)

func isLeaseLost(err error) bool { return errors.Is(err, ErrLeaseLost) }

// Stage is what the reconciler was doing when a row failed.
type Stage string

// The two stages.
const (
	// StageCompute is reading the numbers from Jira.
	StageCompute Stage = "compute"
	// StagePush is showing the state on the chat platform.
	StagePush Stage = "push"
)

// StageError says at which stage a row failed. The chat platform's
// refusals are final; an admin may fix one of Jira's at any time.
type StageError struct {
	Stage Stage
	Err   error
}

// Error names the stage.
func (e *StageError) Error() string { return string(e.Stage) + " state: " + e.Err.Error() }

// Unwrap returns what failed.
func (e *StageError) Unwrap() error { return e.Err }

func isPush(err error) bool {
	var failed *StageError
	return errors.As(err, &failed) && failed.Stage == StagePush
}

// isFinal reports whether a retry cannot succeed until the conversation is
// installed or configured again.
func isFinal(err error) bool { return isPush(err) && errors.Is(err, ErrGone) }

// isAmbiguous reports whether a failed push may have arrived, or may still
// arrive. An answer of the platform, whatever it is, is not ambiguous.
func isAmbiguous(err error) bool {
	var answered *rest.Error
	var busy waiter
	return isPush(err) && !errors.Is(err, ErrGone) && !errors.Is(err, ErrUnsupported) &&
		!errors.As(err, &answered) && !errors.As(err, &busy)
}

// retryAfter is how long the service asked us to wait.
func retryAfter(err error) time.Duration {
	var service *rest.Error
	if errors.As(err, &service) {
		return service.RetryAfter
	}
	var other waiter
	if errors.As(err, &other) {
		return other.RetryAfter()
	}
	return 0
}
