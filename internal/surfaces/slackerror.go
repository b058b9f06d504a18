package surfaces

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/internal/glance"
)

// goneCodes are the errors after which a channel is out of reach until the
// app is installed, invited or set up again.
// See https://docs.slack.dev/reference/methods/chat.postMessage#errors
func goneCodes() []string {
	return []string{
		"channel_not_found", "is_archived", "not_in_channel", "restricted_action", "restricted_action_read_only_channel",
		"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "missing_scope", "no_permission",
		"org_login_required", "team_access_not_granted", "access_denied", "ekm_access_denied", "team_not_found",
	}
}

// SlackError is a logical error of Slack, which answers it inside HTTP 200.
type SlackError struct {
	Method, Code string
}

// Error gives "slack method: code".
func (e *SlackError) Error() string { return "slack " + e.Method + ": " + e.Code }

// Is lets a code after which the channel is out of reach be [glance.ErrGone].
func (e *SlackError) Is(target error) bool {
	return target == glance.ErrGone && slices.Contains(goneCodes(), e.Code)
}

// slackError is a call's error in our own words: nothing of the request, which
// holds the token, is in it.
func slackError(method string, err error) error {
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
		if logical.Err == "ratelimited" {
			return fmt.Errorf("slack %s: %w", method, &waitError{time.Second})
		}
		return &SlackError{method, logical.Err}
	case errors.As(err, &limited):
		return fmt.Errorf("slack %s: %w", method, &waitError{limited.RetryAfter})
	case errors.As(err, &status):
		return fmt.Errorf("slack %s: http status %d", method, status.Code)
	case errors.As(err, &network):
		return fmt.Errorf("slack %s: %w", method, network.Err)
	}
	return fmt.Errorf("slack %s: the answer could not be read", method)
}

// RetryAfter is no time in particular. That there is one says that Slack has
// answered, and that nothing is still on its way.
func (e *SlackError) RetryAfter() time.Duration { return 0 }

// waitError asks to be left alone for a while.
type waitError struct{ wait time.Duration }

func (e *waitError) Error() string { return "rate limited for " + e.wait.String() }

// RetryAfter is how long.
func (e *waitError) RetryAfter() time.Duration { return e.wait }

// isCode reports whether Slack answered with one of the codes.
func isCode(err error, codes ...string) bool {
	var logical *SlackError
	return errors.As(err, &logical) && slices.Contains(codes, logical.Code)
}

// isRetry reports whether an error is worth another attempt: Slack was busy or
// out of reach, and has not said no.
func isRetry(err error) bool {
	var logical *SlackError
	return err != nil && (!errors.As(err, &logical) || slices.Contains([]string{"internal_error", "fatal_error", "service_unavailable", "request_timeout"}, logical.Code))
}
