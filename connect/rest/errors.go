package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

// The sentinels that an [Error] matches by its status, for errors.Is.
var (
	ErrBadRequest       = errors.New("bad request")         // 400
	ErrUnauthorized     = errors.New("unauthorized")        // 401
	ErrForbidden        = errors.New("forbidden")           // 403
	ErrNotFound         = errors.New("not found")           // 404
	ErrMethodNotAllowed = errors.New("method not allowed")  // 405
	ErrTimeout          = errors.New("took too long")       // 408
	ErrConflict         = errors.New("conflict")            // 409
	ErrGone             = errors.New("gone")                // 410
	ErrTooLarge         = errors.New("too large")           // 413
	ErrRateLimited      = errors.New("rate limited")        // 429
	ErrServer           = errors.New("server out of order") // 500 and above
)

// ErrMissingScope says that the token is good but the app lacks a scope: an
// [Error] with status 401 or 403 matches it if the API says so. On Forge an
// admin has to approve the app's new version.
var ErrMissingScope = errors.New("the app lacks a scope")

const (
	maxErrorBody = 64 << 10
	maxRequestID = 128
)

// Error is an answer with a status other than 2xx.
type Error struct {
	Status int
	Method string
	// Path is the template of the call, without its values.
	Path string
	// Messages are the API's general complaints. They may quote data that only
	// the caller may see, so the method Error leaves them out.
	Messages []string
	// Fields are the API's complaints about single fields, by field. The method
	// Error leaves them out too.
	Fields map[string]string
	// RetryAfter is how long to wait before the next try; zero if the API does
	// not say. It is at most ten minutes, or for a quota the time to the next
	// full hour, see the function RetryAfter.
	RetryAfter time.Duration
	// MissingScope says that the app lacks a scope; see ErrMissingScope.
	MissingScope bool
	// Reason says why a call was rate limited, as one of the Reason constants;
	// empty if the API does not say.
	Reason string
	// RequestID is the API's own id of the request, to name to its support.
	RequestID string
}

// Error names the call and the status, never what the API said.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s %s: status %d", e.Method, e.Path, e.Status)
	if e.RequestID != "" {
		text += " (request " + e.RequestID + ")"
	}
	return text
}

// Scope is what the refusal concerns, ScopeNone if it is not about a limit.
func (e *Error) Scope() Scope { return scopeOf(e.Status, e.Reason) }

// Is matches the sentinel for the status, and ErrMissingScope.
func (e *Error) Is(target error) bool {
	return target == sentinel(e.Status) || e.MissingScope && target == ErrMissingScope
}

func sentinel(status int) error {
	switch status {
	case http.StatusBadRequest:
		return ErrBadRequest
	case http.StatusUnauthorized:
		return ErrUnauthorized
	case http.StatusForbidden:
		return ErrForbidden
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusMethodNotAllowed:
		return ErrMethodNotAllowed
	case http.StatusRequestTimeout:
		return ErrTimeout
	case http.StatusConflict:
		return ErrConflict
	case http.StatusGone:
		return ErrGone
	case http.StatusRequestEntityTooLarge:
		return ErrTooLarge
	case http.StatusTooManyRequests:
		return ErrRateLimited
	}
	if status >= http.StatusInternalServerError {
		return ErrServer
	}
	return nil
}

func readError(r Request, resp *http.Response, now time.Time) *Error {
	e := &Error{
		Status: resp.StatusCode, MissingScope: wire.LacksScope(resp), Method: r.Method, Path: r.Path,
		Reason: readReason(resp.Header), RequestID: requestID(resp.Header),
	}
	e.RetryAfter, _ = RetryAfter(resp.Header, now)
	if isJSON(resp.Header) {
		data, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
		e.Messages, e.Fields = readMessages(data)
	}
	return e
}

// readMessages understands Jira's {"errorMessages":[],"errors":{}}, and the
// {"message":""} of the chat platform, of Confluence and of app properties.
// What does not fit is left out: the status has been said already.
func readMessages(data []byte) ([]string, map[string]string) {
	var body struct {
		ErrorMessages []string                   `json:"errorMessages"`
		Errors        map[string]json.RawMessage `json:"errors"`
		Message       string                     `json:"message"`
	}
	_ = json.Unmarshal(data, &body)
	if body.Message != "" {
		body.ErrorMessages = append(body.ErrorMessages, body.Message)
	}
	fields := make(map[string]string, len(body.Errors))
	for name, raw := range body.Errors {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			fields[name] = text
		}
	}
	return body.ErrorMessages, fields
}

func requestID(h http.Header) string {
	for _, name := range []string{"Atl-Request-Id", "Atl-Traceid", "X-Arequestid"} {
		if id := h.Get(name); id != "" && len(id) <= maxRequestID {
			return id
		}
	}
	return ""
}
