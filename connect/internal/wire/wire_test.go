package wire_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

func TestRewind(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body io.Reader
		want string
		once bool
	}{
		"none":      {nil, "", false},
		"twice":     {strings.NewReader("again"), "again", false},
		"only once": {io.MultiReader(strings.NewReader("again")), "", true},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://127.0.0.1:1/", tc.body)
		if err != nil {
			t.Fatal(err)
		}
		body, err := wire.Rewind(req)
		if (err != nil) != tc.once || wire.Rewindable(req) == tc.once {
			t.Errorf("%s: got %v, want an error: %v", name, err, tc.once)
		}
		if tc.once {
			continue
		}
		if got, _ := io.ReadAll(body); string(got) != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

func TestReadToken(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		life   time.Duration
		want   wire.TokenError
	}{
		"a token":        {200, `{"access_token":"abc","expires_in":60}`, time.Minute, wire.TokenError{}},
		"negative life":  {200, `{"access_token":"abc","expires_in":-5}`, 0, wire.TokenError{}},
		"a year":         {200, `{"access_token":"abc","expires_in":31536000}`, 24 * time.Hour, wire.TokenError{}},
		"no token":       {200, `{}`, 0, wire.TokenError{Status: 200}},
		"breaks headers": {200, `{"access_token":"a\nb"}`, 0, wire.TokenError{Status: 200}},
		"a word":         {400, `{"error":"invalid_grant"}`, 0, wire.TokenError{Status: 400, Code: "invalid_grant"}},
		"words":          {400, `{"error":"hidden words"}`, 0, wire.TokenError{Status: 400}},
	} {
		w := httptest.NewRecorder()
		w.WriteHeader(tc.status)
		_, _ = io.WriteString(w, tc.body)
		_, life, err := wire.ReadToken(t.Context(), w.Result())
		var got wire.TokenError
		if refused := (*wire.TokenError)(nil); errors.As(err, &refused) {
			got = *refused
		}
		if got != tc.want || life != tc.life {
			t.Errorf("%s: got %v, %+v, want %v, %+v", name, life, got, tc.life, tc.want)
		}
	}
}

// Only a refusal is final: whatever else an endpoint answers may pass.
func TestTemporary(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{
		200: true, 204: true, 302: true, 400: false, 401: false, 403: false, 404: false, 408: true, 429: true, 500: true, 503: true,
	} {
		if got := (&wire.TokenError{Status: status}).Temporary(); got != want {
			t.Errorf("%d: got %t, want %t", status, got, want)
		}
	}
}

// cut is an answer whose connection was closed.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, net.ErrClosed }

// Once a call's context has ended, a read fails with its error; the end of an
// answer stays the end.
func TestBody(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithDeadline(t.Context(), time.Time{})
	defer cancel()
	for name, tt := range map[string]struct {
		ctx  context.Context
		from io.Reader
		want error
	}{
		"cut":            {t.Context(), cut{}, net.ErrClosed},
		"cut, late":      {over, cut{}, context.DeadlineExceeded},
		"complete":       {t.Context(), strings.NewReader("x"), nil},
		"complete, late": {over, strings.NewReader("x"), nil},
	} {
		if _, err := io.ReadAll(wire.Body(tt.ctx, tt.from)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
	answer := &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(cut{})}
	if _, _, err := wire.ReadToken(over, answer); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a token: got %v", err)
	}
}
