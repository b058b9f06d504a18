package wire_test

import (
	"errors"
	"io"
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
		_, life, err := wire.ReadToken(w.Result())
		var got wire.TokenError
		if refused := (*wire.TokenError)(nil); errors.As(err, &refused) {
			got = *refused
		}
		if got != tc.want || life != tc.life {
			t.Errorf("%s: got %v, %+v, want %v, %+v", name, life, got, tc.life, tc.want)
		}
	}
}
