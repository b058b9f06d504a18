package slackapp_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/slackapp"
)

const jsonType = "application/json; charset=utf-8"

func TestEvent(t *testing.T) {
	t.Parallel()
	at := time.Unix(1700000001, 0)
	about := func(e slackapp.Event) slackapp.Event {
		e.Team, e.App, e.At = "T1", "A1", at
		return e
	}
	around := func(event string) string {
		return `{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_time":1700000001,"event":` + event + `}`
	}
	for body, want := range map[string]slackapp.Event{
		`{"type":"url_verification","challenge":"x"}`:                                       {Type: "url_verification", Challenge: "x"},
		around(`{"type":"channel_archive","channel":"C1","user":"U1"}`):                     about(slackapp.Event{Type: "channel_archive", Channel: "C1", User: "U1"}),
		around(`{"type":"x","channel":{"id":"C1","name":"n"},"user":{"id":"U1"}}`):          about(slackapp.Event{Type: "x", Channel: "C1", User: "U1"}),
		around(`{"type":"x","channel":{"id":7},"user":[1]}`):                                about(slackapp.Event{Type: "x"}),
		around(`{"type":"x","channel":true,"user":null,"tokens":"x"}`):                      about(slackapp.Event{Type: "x"}),
		around(`{"type":"tokens_revoked","tokens":{"bot":["U1"],"oauth":["U2"]}}`):          about(slackapp.Event{Type: "tokens_revoked", Bots: []string{"U1"}}),
		around(`{"type":"tokens_revoked","tokens":{"bot":[1]}}`):                            about(slackapp.Event{Type: "tokens_revoked", Bots: []string{""}}),
		`{"type":"event_callback","team_id":"T1","event_time":"soon","event":{"type":"x"}}`: {Type: "x", Team: "T1"},
		`{"type":"event_callback","team_id":"T1","event_time":1e99,"event":{"type":"x"}}`:   {Type: "x", Team: "T1"},
	} {
		got, err := verifier().Event(request(jsonType, body), []byte(body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func TestEventIsIgnored(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":     connect.IgnoredShape,
		"{":    connect.IgnoredShape,
		"[]":   connect.IgnoredShape,
		"null": connect.IgnoredShape,
		`"x"`:  connect.IgnoredShape,
		"\xff": connect.IgnoredShape,
		`{"type":"event_callback","event":{"type":"x"}}`:                                connect.IgnoredShape,
		`{"type":"event_callback","team_id":["T1"],"event":{"type":"x"}}`:               connect.IgnoredShape,
		`{"type":"event_callback","team_id":"T1"}`:                                      connect.IgnoredShape,
		`{"type":"event_callback","team_id":"T1","event":null}`:                         connect.IgnoredShape,
		`{"type":"event_callback","team_id":"T1","event":[{"type":"channel_deleted"}]}`: connect.IgnoredShape,
		`{"type":"event_callback","team_id":"T1","event":{"type":["app_uninstalled"]}}`: connect.IgnoredShape,
		`{"type":"app_rate_limited","team_id":"T1"}`:                                    connect.IgnoredUnknown,
		`{"type":{"a":1},"team_id":"T1"}`:                                               connect.IgnoredUnknown,
		"{}":                                                                            connect.IgnoredUnknown,
	} {
		_, err := verifier().Event(request(jsonType, body), []byte(body))
		if ignored := (*connect.IgnoredError)(nil); !errors.As(err, &ignored) || ignored.Reason != want {
			t.Errorf("%s: got %v, want it ignored: %s", body, err, want)
		}
		r := request(jsonType, body)
		r.Header.Set("X-Slack-Signature", sign("another", "1700000060", body))
		if refused := (*connect.AuthError)(nil); !errors.As(second(verifier().Event(r, []byte(body))), &refused) {
			t.Errorf("%s: signed by a stranger, it's not refused", body)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// FuzzEvent: whatever is signed is read or ignored, and what is not signed is
// refused.
func FuzzEvent(f *testing.F) {
	for _, body := range []string{
		`{"type":"url_verification","challenge":"x"}`,
		`{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_time":1,"event":{"type":"channel_left","channel":{"id":"C1"}}}`,
		`{"type":"event_callback","team_id":"T1","event":{"type":"tokens_revoked","tokens":{"bot":["U1"]}}}`,
	} {
		f.Add([]byte(body), true)
		f.Add([]byte(body), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, signed bool) {
		r := request(jsonType, string(body))
		if !signed {
			r.Header.Set("X-Slack-Signature", "v0=00")
		}
		e, err := verifier().Event(r, body)
		var ignored *connect.IgnoredError
		var refused *connect.AuthError
		switch {
		case !signed && !errors.As(err, &refused):
			t.Errorf("not signed: got %v", err)
		case signed && err != nil && !errors.As(err, &ignored):
			t.Errorf("signed: got %v", err)
		case err == nil && e.Type == "":
			t.Errorf("got %+v without a type", e)
		}
	})
}
