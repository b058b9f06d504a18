package slackapp

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/internal/glance"
)

// Error is a refusal of Slack, which answers it inside HTTP 200.
type Error struct {
	// Method is the Web API method, such as chat.update; "access" when the app
	// has no token to call one with.
	Method string
	Code   Code
}

// Error gives "slack method: code".
func (e *Error) Error() string { return "slack " + e.Method + ": " + string(e.Code) }

// Is makes a code that puts the channel out of reach a [glance.ErrGone].
func (e *Error) Is(target error) bool { return target == glance.ErrGone && e.Code.gone() }

// Reason is what the refusal means for the conversation.
func (e *Error) Reason() glance.Reason { return e.Code.Reason() }

// RetryAfter is always 0. Having it says that Slack has answered and that
// nothing is still on its way.
func (e *Error) RetryAfter() time.Duration { return 0 }

// ownError is a failure of the app itself: Slack was not asked.
type ownError struct{ error }

// Reason is ReasonInternal.
func (ownError) Reason() glance.Reason { return glance.ReasonInternal }

// Unwrap returns what failed.
func (e ownError) Unwrap() error { return e.error }

// waitError says how long Slack asks to wait.
type waitError struct{ wait time.Duration }

func (e *waitError) Error() string { return "rate limited for " + e.wait.String() }

// RetryAfter is how long.
func (e *waitError) RetryAfter() time.Duration { return e.wait }

// callError is a call's error in our own words, without any part of the
// request, which holds the token.
func callError(ctx context.Context, method string, err error) error {
	var (
		logical slack.SlackErrorResponse
		limited *slack.RateLimitedError
		status  slack.StatusCodeError
		network *url.Error
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &logical):
		if Code(logical.Err) == codeRateLimited {
			return fmt.Errorf("slack %s: %w", method, &waitError{time.Second})
		}
		return &Error{method, Code(logical.Err)}
	case errors.As(err, &limited):
		return fmt.Errorf("slack %s: %w", method, &waitError{limited.RetryAfter})
	case errors.As(err, &status):
		return fmt.Errorf("slack %s: http status %d", method, status.Code)
	case errors.As(err, &network):
		return fmt.Errorf("slack %s: %w", method, network.Err)
	case ctx.Err() != nil: // in the middle of an answer
		return fmt.Errorf("slack %s: %w", method, ctx.Err())
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("slack %s: %w", method, context.DeadlineExceeded)
	}
	return fmt.Errorf("slack %s: the answer could not be read", method)
}

// IsCode reports whether Slack refused with one of the codes.
func IsCode(err error, codes ...Code) bool {
	var refused *Error
	return errors.As(err, &refused) && slices.Contains(codes, refused.Code)
}

// isRetry reports whether an error is worth another attempt: Slack was busy or
// out of reach, and has not refused.
func isRetry(err error) bool {
	var refused *Error
	return err != nil && (!errors.As(err, &refused) || refused.Code.passing())
}
