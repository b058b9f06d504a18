package rest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/rest"
)

type errorCase struct {
	status int
	header map[string]string
	body   string
	is     error
	want   rest.Error
}

func errorCases() []errorCase {
	return []errorCase{
		{400, nil, `{"errorMessages":["one","two"],"errors":{"jql":"three","odd":{"a":1}}}`, rest.ErrBadRequest, rest.Error{Messages: []string{"one", "two"}, Fields: map[string]string{"jql": "three"}}},
		{401, nil, ``, rest.ErrUnauthorized, rest.Error{}},
		{403, nil, `{"statusCode":403,"message":"no"}`, rest.ErrForbidden, rest.Error{Messages: []string{"no"}}},
		{404, nil, `{"errorMessages":"text","errors":["a"],"message":"gone"}`, rest.ErrNotFound, rest.Error{Messages: []string{"gone"}}},
		{405, nil, ``, rest.ErrMethodNotAllowed, rest.Error{}},
		{408, nil, ``, rest.ErrTimeout, rest.Error{}},
		{413, nil, ``, rest.ErrTooLarge, rest.Error{}},
		{501, nil, ``, rest.ErrServer, rest.Error{}},
		{409, nil, `[]`, rest.ErrConflict, rest.Error{}},
		{410, nil, `{"errorMessages":[`, rest.ErrGone, rest.Error{}},
		{
			429,
			map[string]string{"Retry-After": "7", "RateLimit-Reason": "jira-burst-based", "Atl-Request-Id": "abc"},
			`{"code":429,"message":"request has been rate limited"}`, rest.ErrRateLimited,
			rest.Error{Messages: []string{"request has been rate limited"}, RetryAfter: 7 * time.Second, Reason: rest.ReasonBurst, RequestID: "abc"},
		},
		{500, map[string]string{"Content-Type": "text/html"}, `<p>hidden</p>`, rest.ErrServer, rest.Error{}},
		{503, map[string]string{"X-Arequestid": strings.Repeat("x", 129)}, strings.Repeat(" ", 1<<20), rest.ErrServer, rest.Error{}},
		{418, nil, `{}`, nil, rest.Error{}},
	}
}

// TestMissingScope: the forms in which Atlassian says that a good token lacks a
// scope. The error is one of its status as well.
func TestMissingScope(t *testing.T) {
	t.Parallel()
	const gateway, product = "Unauthorized; scope does not match", "Access to the resource was denied due to missing scope grants."
	for name, tc := range map[string]struct {
		status        int
		failure, text string
		want          bool
	}{
		"header":         {401, "FAILURE_CLIENT_SCOPE_CHECK", "", true},
		"gateway":        {401, "", gateway, true},
		"product":        {403, "", product, true},
		"another header": {401, "FAILURE_CLIENT_AUTH_MISMATCH", "Unauthorized", false},
		"another text":   {403, "", "Forbidden", false},
		"another status": {400, "FAILURE_CLIENT_SCOPE_CHECK", gateway, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("X-Failure-Category", tc.failure)
				w.WriteHeader(tc.status)
				_, _ = fmt.Fprintf(w, `{"message":%q}`, tc.text)
			})
			_, _, err := rest.Do[thing](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x"})
			var got *rest.Error
			if !errors.As(err, &got) || got.Status != tc.status || errors.Is(err, rest.ErrMissingScope) != tc.want {
				t.Fatalf("got %v, want a missing scope: %t", err, tc.want)
			}
			if want := []string{tc.text}; tc.text != "" && !cmp.Equal(got.Messages, want) {
				t.Errorf("messages %q, want %q: the body must stay readable", got.Messages, want)
			}
		})
	}
}

func TestDoError(t *testing.T) {
	t.Parallel()
	sentinels := map[error]string{
		rest.ErrBadRequest: "bad request", rest.ErrUnauthorized: "unauthorized", rest.ErrForbidden: "forbidden",
		rest.ErrNotFound: "not found", rest.ErrConflict: "conflict", rest.ErrGone: "gone",
		rest.ErrRateLimited: "rate limited", rest.ErrServer: "server",
		rest.ErrMethodNotAllowed: "method", rest.ErrTimeout: "time", rest.ErrTooLarge: "size",
	}
	for _, tc := range errorCases() {
		t.Run(fmt.Sprint(tc.status), func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				for name, value := range tc.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			})
			_, resp, err := rest.Do[thing](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x/{id}", Params: []string{"private"}})
			var got *rest.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a *rest.Error", err)
			}
			tc.want.Status, tc.want.Method, tc.want.Path = tc.status, http.MethodGet, "/x/{id}"
			if len(got.Fields) == 0 {
				got.Fields = nil
			}
			if diff := cmp.Diff(&tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for sentinel, name := range sentinels {
				if got, want := errors.Is(err, sentinel), tc.is != nil && errors.Is(tc.is, sentinel); got != want {
					t.Errorf("is %s: got %v, want %v", name, got, want)
				}
			}
			if resp.Status != tc.status {
				t.Errorf("Response.Status: got %d, want %d", resp.Status, tc.status)
			}
			for _, said := range append(got.Messages, "hidden", "private") {
				if strings.Contains(err.Error(), said) {
					t.Errorf("error %q quotes %q", err, said)
				}
			}
		})
	}
}
