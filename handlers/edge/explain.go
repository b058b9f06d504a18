package edge

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
)

// Explain finds what the caller may be told.
func (e *Edge) Explain(err error) *Problem {
	var (
		known   *Problem
		refused *connect.AuthError
		body    *connect.BodyError
		read    *bodyReadError
		large   *http.MaxBytesError
		down    *connect.UnavailableError
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &down):
		return &Problem{Code: lang.ProblemNotReady, Reason: "database." + down.Reason, Retry: down.RetryAfter, Err: err}
	case errors.As(err, &large):
		return &Problem{Code: lang.ProblemTooLarge, Err: err}
	case errors.As(err, &refused):
		return e.unverified(refused)
	case errors.As(err, &body):
		return &Problem{Code: lang.ProblemUnverified, Reason: "install.body", Err: err}
	case errors.As(err, &read):
		return &Problem{Code: lang.ProblemIncomplete, Err: err}
	default:
		return upstream(err)
	}
}

func (e *Edge) unverified(refused *connect.AuthError) *Problem {
	p := &Problem{Code: lang.ProblemUnverified, Reason: refused.Code, Err: refused}
	if !e.Dev {
		return p
	}
	p.Details = []string{refused.Error()}
	if refused.Want != "" {
		p.Details = []string{"This request:\n" + refused.Want, "What the host signed:\n" + e.signed(refused.Got)}
	}
	return p
}

// signed is the canonical request behind a hash, if it is known.
func (e *Edge) signed(hash string) string {
	if e.Signed != nil {
		if canonical, ok := e.Signed(hash); ok {
			return canonical
		}
	}
	return "something else, with the hash " + hash
}

// keysRetry is when a caller may try again whose key could not be fetched.
const keysRetry = 10 * time.Second

// upstream explains Atlassian's errors, and all others.
func upstream(err error) *Problem {
	var (
		service *rest.Error
		token   *connect.TokenError
	)
	switch {
	case errors.Is(err, connect.ErrKeysUnavailable):
		return &Problem{Code: lang.ProblemNoKeys, Retry: keysRetry, Err: err}
	case errors.As(err, &token) && token.Temporary():
		return &Problem{Code: lang.ProblemTokenRefused, Err: err}
	case errors.Is(err, connect.ErrNoConsent):
		return &Problem{Code: lang.ProblemNoConsent, Err: err}
	case errors.Is(err, connect.ErrNoAppToken):
		return &Problem{Code: lang.ProblemTokenRefused, Err: err}
	case errors.Is(err, connect.ErrImpersonation):
		return &Problem{Code: lang.ProblemImpersonation, Err: err}
	case errors.Is(err, rest.ErrMissingScope):
		return &Problem{Code: lang.ProblemMissingScope, Err: err}
	case errors.Is(err, rest.ErrRateLimited):
		p := &Problem{Code: lang.ProblemRateLimited, Err: err}
		if errors.As(err, &service) {
			p.Retry = service.RetryAfter
		}
		return p
	case errors.As(err, &service):
		return &Problem{Code: lang.ProblemRefused, Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Problem{Code: lang.ProblemTimeout, Err: err}
	case errors.Is(err, context.Canceled):
		return &Problem{Code: lang.ProblemGivenUp, Err: err}
	case errors.Is(err, connect.ErrTokenUnavailable), errors.Is(err, rest.ErrNoAnswer) || errors.Is(err, rest.ErrUnreadable):
		return &Problem{Code: lang.ProblemUnreachable, Err: err}
	}
	return &Problem{Code: lang.ProblemInternal, Err: err}
}
