package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"
)

const maxTokenBody = 64 << 10

var (
	plainWord = regexp.MustCompile(`\A[A-Za-z0-9_.-]{1,64}\z`)
	bearer    = regexp.MustCompile(`\A[A-Za-z0-9._~+/-]+=*\z`)
)

// IsBearer reports whether text is what RFC 6750 allows as a bearer token.
func IsBearer(text string) bool { return bearer.MatchString(text) }

// TokenError says that a token endpoint gave no token.
type TokenError struct {
	// Status is the HTTP status of its answer. It is 200 for an answer that
	// holds no token.
	Status int
	// Code is the OAuth error, such as invalid_grant or access_denied, if the
	// endpoint sent one plain word of at most 64 characters; else empty.
	Code string
}

// Error names status and code.
func (e *TokenError) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("token refused: status %d", e.Status)
	}
	return fmt.Sprintf("token refused: status %d %s", e.Status, e.Code)
}

// Temporary reports whether a later try may succeed: whatever is not a refusal,
// which has a status of 4xx, but neither 408 nor 429.
func (e *TokenError) Temporary() bool {
	return e.Status/100 != 4 || e.Status == http.StatusRequestTimeout || e.Status == http.StatusTooManyRequests
}

// ReadToken reads the answer of an OAuth 2.0 token endpoint to a call with that
// context, at most 64 KiB of it. life is how long the token is valid, see [Life].
// An answer without a usable token is a [*TokenError]; nothing else that the
// endpoint says goes further.
func ReadToken(ctx context.Context, resp *http.Response) (token string, life time.Duration, err error) {
	data, err := io.ReadAll(io.LimitReader(Body(ctx, resp.Body), maxTokenBody))
	if err != nil {
		return "", 0, err
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   Life   `json:"expires_in"`
		Error       string `json:"error"`
	}
	err = json.Unmarshal(data, &answer)
	if err == nil && resp.StatusCode == http.StatusOK && IsBearer(answer.AccessToken) {
		return answer.AccessToken, time.Duration(answer.ExpiresIn), nil
	}
	refused := &TokenError{Status: resp.StatusCode}
	if plainWord.MatchString(answer.Error) {
		refused.Code = answer.Error
	}
	return "", 0, refused
}
