package slackapp_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

// FuzzRequest: a signed command or interaction is read, with a workspace and a
// person, or refused; one with another signature or timestamp is always refused.
func FuzzRequest(f *testing.F) {
	for _, body := range []string{
		command,
		url.Values{"payload": {`{"type":"view_submission","team":{"id":"T2"},"user":{"id":"U2"}}`}}.Encode(),
		url.Values{"payload": {`{"type":"block_actions","team":null,"user":{"id":["U2"]}}`}}.Encode(),
		"team_id=T1&team_id=T2&user_id=U1",
	} {
		f.Add(formType, body, "", "")
		f.Add("application/json", body, "", "")
		f.Add(formType, body, "1700000060", "v0=00")
		f.Add(formType, body, "-1", "")
	}
	f.Fuzz(func(t *testing.T, kind, body, stamp, signature string) {
		r := request(kind, body)
		own := stamp == "" && signature == ""
		if stamp != "" {
			r.Header.Set("X-Slack-Request-Timestamp", stamp)
		}
		if signature != "" {
			r.Header.Set("X-Slack-Signature", signature)
		}
		own = own || r.Header.Get("X-Slack-Signature") == sign(signingSecret, r.Header.Get("X-Slack-Request-Timestamp"), body)
		c, err := verifier().VerifyOnce(r, []byte(body))
		var refused *connect.AuthError
		switch {
		case err != nil && !errors.As(err, &refused):
			t.Errorf("got %v, which is no refusal", err)
		case err == nil && !own:
			t.Errorf("a signature of somebody else passes: %q", body)
		case err == nil && (c.Team() == "" || c.User() == ""):
			t.Errorf("got team %q, user %q", c.Team(), c.User())
		}
	})
}
