package rest

import (
	"errors"
	"fmt"
)

// ErrLimit says that a call was not sent because it would have exceeded a
// documented limit of the API. The error is a [*LimitError].
var ErrLimit = errors.New("over the limit")

// LimitError names the limit that a call would have exceeded.
type LimitError struct {
	// Name says what is limited, for example "property key characters".
	Name string
	// Limit is the most that the API accepts, Got what the call would have
	// sent.
	Limit, Got int
}

// Error names the limit and both numbers.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s: %d is not from 0 to %d", e.Name, e.Got, e.Limit)
}

// Is matches [ErrLimit].
func (e *LimitError) Is(target error) bool { return target == ErrLimit }

// CheckLimit returns a [*LimitError] unless got is from 0 to limit.
func CheckLimit(name string, limit, got int) error {
	if got < 0 || got > limit {
		return &LimitError{Name: name, Limit: limit, Got: got}
	}
	return nil
}
