package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	const leak = "eyJhbGciOi.secret"
	status := func(n int) error {
		return &rest.Error{Status: n, Messages: []string{leak}, RetryAfter: 90 * time.Second}
	}
	english := lang.New().English()
	for name, tc := range map[string]struct {
		err    error
		status int
		says   string
		retry  time.Duration
	}{
		"refused":                  {&connect.AuthError{Code: connect.CodeSignature, Err: errors.New(leak)}, 401, english.Problem(lang.ProblemUnverified), 0},
		"wrong lifecycle body":     {&connect.BodyError{Detail: leak}, 401, english.Problem(lang.ProblemUnverified), 0},
		"too large":                {&bodyReadError{&http.MaxBytesError{Limit: 1}}, 413, "too large", 0},
		"too large for a verifier": {fmt.Errorf("read form: %w", &http.MaxBytesError{Limit: 1}), 413, "too large", 0},
		"cut off":                  {&bodyReadError{io.ErrUnexpectedEOF}, 400, "was cut off", 0},
		"not found":                {Refuse(lang.ProblemNotFound), 404, "nothing here", 0},
		"wrong method":             {wrongMethod(nil), 405, "method", 0},
		"no impersonation":         {fmt.Errorf("%w: %w: %w", rest.ErrNoAnswer, connect.ErrImpersonation, &connect.TokenError{Status: 400, Code: leak}), 403, "Ask a Jira admin", 0},
		"a scope is missing":       {&rest.Error{Status: 401, MissingScope: true}, 403, "Ask a Jira admin to approve", 0},
		"no consent on Forge":      {fmt.Errorf("%w: %w", rest.ErrNoAnswer, connect.ErrNoConsent), 403, "Allow access", 0},
		"no token of the app":      {fmt.Errorf("%w: %w", rest.ErrNoAnswer, connect.ErrNoAppToken), 502, "could not answer", 0},
		"Forge: another endpoint":  {undecided(&connect.DeniedError{Code: connect.CodeModule, Detail: leak}), 403, "", 0},
		"Forge: refused":           {undecided(&connect.AuthError{Code: connect.CodeAPIURL, Detail: leak}), 401, english.Problem(lang.ProblemUnverified), 0},
		"Forge: no keys":           {undecided(fmt.Errorf("%w: "+leak, connect.ErrKeysUnavailable)), 503, "", 10 * time.Second},
		"Forge: the store is down": {undecided(errors.New("SELECT: " + leak)), 503, "", 10 * time.Second},
		"Forge: so at a page":      {(&Edge{}).notReady(errors.New("SELECT: " + leak)), 503, "", 10 * time.Second},
		"Forge: a page refuses":    {(&Edge{}).notReady(Refuse(lang.ProblemNotFound)), 404, "nothing here", 0},
		"token endpoint down":      {fmt.Errorf("%w: %w", rest.ErrNoAnswer, &connect.TokenError{Status: 503}), 502, "could not answer", 0},
		"token endpoint busy":      {&connect.TokenError{Status: 429}, 502, "could not answer", 0},
		"token endpoint: HTML":     {fmt.Errorf("%w: %w", connect.ErrImpersonation, &connect.TokenError{Status: 200}), 502, "could not answer", 0},
		"token endpoint: redirect": {fmt.Errorf("%w: %w", connect.ErrImpersonation, &connect.TokenError{Status: 302}), 502, "could not answer", 0},
		"token endpoint: nothing":  {fmt.Errorf("%w: %w", connect.ErrTokenUnavailable, io.EOF), 502, "cannot be reached", 0},
		"no install keys":          {fmt.Errorf("get key: %w: "+leak, connect.ErrKeysUnavailable), 503, "cannot be verified", 10 * time.Second},
		"rate limited":             {status(429), 429, "no more requests", 90 * time.Second},
		"jira says 400":            {status(400), 502, "could not answer", 0},
		"jira says 401":            {status(401), 502, "could not answer", 0},
		"jira says 403":            {status(403), 502, "could not answer", 0},
		"jira says 302":            {status(302), 502, "could not answer", 0},
		"jira says 500":            {status(500), 502, "could not answer", 0},
		"unreadable":               {fmt.Errorf("GET /x: %w: %s", rest.ErrUnreadable, leak), 502, "cannot be reached", 0},
		"no connection":            {fmt.Errorf("GET /x: %w: %w", rest.ErrNoAnswer, io.EOF), 502, "cannot be reached", 0},
		"redirected away":          {fmt.Errorf("GET /x: %w: %w", rest.ErrNoAnswer, connect.ErrForeignOrigin), 502, "cannot be reached", 0},
		"too slow":                 {fmt.Errorf("GET /x: %w: %w", rest.ErrNoAnswer, context.DeadlineExceeded), 504, "too long", 0},
		"client gone":              {fmt.Errorf("GET /x: %w: %w", rest.ErrNoAnswer, context.Canceled), 499, "was cancelled", 0},
		"our own":                  {errors.New("SELECT * FROM tenants: " + leak), 500, "on our side", 0},
		"our own network":          {fmt.Errorf("open database: %w", io.EOF), 500, "on our side", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := (&Edge{}).Explain(tc.err)
			if p.Status() != tc.status || !strings.Contains(english.Problem(p.Code), tc.says) || p.Retry != tc.retry {
				t.Errorf("got %d %q %s, want %d %q %s", p.Status(), english.Problem(p.Code), p.Retry, tc.status, tc.says, tc.retry)
			}
			if strings.Contains(english.Problem(p.Code), leak) || len(p.Details) > 0 {
				t.Errorf("tells too much: %q %q", english.Problem(p.Code), p.Details)
			}
		})
	}
}
