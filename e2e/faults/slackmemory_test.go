package faults

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
)

// TestSlackRequestThatCannotBeRemembered: while the database does not record that a
// signed request of Slack has come, none is carried out and each is answered 503. The
// same request is accepted afterwards, once.
func TestSlackRequestThatCannotBeRemembered(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		r := harness.Start(t, connecttest.NewSite(t), on(database))
		r.RegisterSlack(t)
		payload := url.Values{"payload": {`{"type":"block_actions","team":{"id":"T0OTHER"},"user":{"id":"U1"}}`}}.Encode()
		command := url.Values{"team_id": {"T0OTHER"}, "user_id": {"U1"}, "channel_id": {"C1"}, "trigger_id": {"1.2.x"}}.Encode()
		calls := []struct {
			path, body string
			then       int
		}{
			{"/slack/command", command, http.StatusOK},
			{"/slack/interactions", payload, http.StatusOK},
			{"/slack/options", payload + "&x=1", http.StatusForbidden},
		}
		now := time.Now()
		send := func(path, body string) harness.Page {
			t.Helper()
			req := harness.NewRequest(t, http.MethodPost, r.URL+path, strings.NewReader(body))
			req.Header = connecttest.SignSlack(onsite.SlackSigningSecret, now, []byte(body))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return harness.Ask(t, req)
		}
		held := lock(t, database, "slack_signatures IN ACCESS EXCLUSIVE MODE")
		for _, call := range calls {
			got := send(call.path, call.body)
			if got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" || strings.Contains(got.Body, "slack_signatures") {
				t.Errorf("%s while it is locked: %d, Retry-After %q, %s", call.path, got.Status, got.Header.Get("Retry-After"), got.Body)
			}
		}
		held.open()
		for _, call := range calls {
			if got := send(call.path, call.body); got.Status != call.then {
				t.Errorf("%s afterwards: %d %s, want %d", call.path, got.Status, got.Body, call.then)
			}
			if got := send(call.path, call.body); got.Status != http.StatusUnauthorized {
				t.Errorf("%s again: %d %s, want 401", call.path, got.Status, got.Body)
			}
		}
	})
}
