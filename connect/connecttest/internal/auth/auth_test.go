package auth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
)

// knows is a way that accepts one text.
func knows(scheme, text, account string) auth.Way {
	return auth.Way{Scheme: scheme, Caller: func(_ *http.Request, c auth.Credentials) (auth.Identity, error) {
		if c.Text != text {
			return auth.Identity{App: "seen by " + account}, errors.New("unknown to " + account)
		}
		return auth.Identity{Account: account + " by " + c.Where}, nil
	}}
}

func TestGate(t *testing.T) {
	t.Parallel()
	gate := auth.Gate{knows("bearer", "a", "first"), knows("bearer", "b", "second"), knows("jwt", "c", "third")}
	for name, test := range map[string]struct {
		query, header  string
		account, wrong string
	}{
		"nothing":            {},
		"first of a scheme":  {header: "Bearer a", account: "first by header"},
		"second of a scheme": {header: "bearer b", account: "second by header"},
		"neither":            {header: "Bearer c", wrong: "unknown to second"},
		"another scheme":     {header: "JWT c", account: "third by header"},
		"in the query":       {query: "?jwt=c", account: "third by query"},
		"both":               {query: "?jwt=c", header: "JWT c", wrong: "more than one token"},
		"unknown scheme":     {header: "Digest a", wrong: "unknown scheme in Authorization"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/"+test.query, nil)
		if test.header != "" {
			r.Header.Set("Authorization", test.header)
		}
		id, err := gate.Caller(r)
		wrong := ""
		if err != nil {
			wrong = err.Error()
		}
		if wrong != test.wrong || err == nil && id.Account != test.account {
			t.Errorf("%s: got %+v, %v, want %q or the error %q", name, id, err, test.account, test.wrong)
		}
		if test.wrong == "unknown to second" && id.App != "seen by second" {
			t.Errorf("%s: what is known about a refused caller is lost: %+v", name, id)
		}
	}
}
