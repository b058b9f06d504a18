package wire

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// maxPeek bounds what is read of a refusal to understand it, in bytes.
const maxPeek = 4 << 10

// How Atlassian's gateway says that a token lacks a scope: its own header, and
// the texts of its 401 and of the products' 403.
const (
	failureHeader = "X-Failure-Category"
	scopeFailure  = "FAILURE_CLIENT_SCOPE_CHECK"
	scopeMismatch = "scope does not match"
	scopeGrants   = "missing scope grants"
)

// LacksScope reports whether a refusal, 401 or 403, says that the token is good
// but the app lacks a scope. The body can be read as before.
func LacksScope(resp *http.Response) bool {
	if resp.StatusCode != http.StatusUnauthorized && resp.StatusCode != http.StatusForbidden {
		return false
	}
	if resp.Header.Get(failureHeader) == scopeFailure {
		return true
	}
	start, _ := io.ReadAll(io.LimitReader(resp.Body, maxPeek)) // what fails fails again for who reads it
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), resp.Body), resp.Body}
	text := string(start)
	return strings.Contains(text, scopeMismatch) || strings.Contains(text, scopeGrants)
}
