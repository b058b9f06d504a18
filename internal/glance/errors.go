package glance

import (
	"errors"
	"time"

	"sightline/connect/rest"
)

// ErrLeaseLost says that a row was claimed by somebody else meanwhile.
var ErrLeaseLost = errors.New("lease lost")

func isLeaseLost(err error) bool { return errors.Is(err, ErrLeaseLost) }

// pushError marks an error of the chat platform, whose refusals are final; a
// refusal of Jira may be mended by an admin at any time.
type pushError struct{ err error }

func (e *pushError) Error() string { return "push state: " + e.err.Error() }

func (e *pushError) Unwrap() error { return e.err }

// isFinal reports whether trying again cannot help until the conversation is
// installed or configured again: the platform forbids it or knows no such
// conversation.
func isFinal(err error) bool {
	var push *pushError
	return errors.As(err, &push) && errors.Is(err, ErrGone)
}

// retryAfter is how long the service asked to be left alone.
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
