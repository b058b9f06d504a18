package rest

import (
	"context"
	"net/http"
)

// operationKey is where a call's context has its [operation].
type operationKey struct{}

type operation struct{ template, method, target string }

// Operation is the path template of a request that a [Client] has made, such as
// /rest/api/3/issue/{issueIdOrKey}, for the transports that it goes through; "" for any
// other, such as one for a token that the call needs. Unlike the address it holds no id
// and no query, so that it can be shown where calls are counted or traced.
func Operation(r *http.Request) string {
	made, _ := r.Context().Value(operationKey{}).(operation)
	if r.Method != made.method || r.URL.String() != made.target {
		return ""
	}
	return made.template
}

// withOperation tells transports which call this is.
func withOperation(ctx context.Context, r Request, target string) context.Context {
	return context.WithValue(ctx, operationKey{}, operation{r.Path, r.Method, target})
}
