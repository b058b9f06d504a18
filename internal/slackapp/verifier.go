package slackapp

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// window is how far the timestamp of a request may be off our clock, as
// Slack recommends.
const window = 5 * time.Minute

// The reasons for a refusal that only this package has; [connect] has the rest.
// They are the Code of a [connect.AuthError].
const (
	RefusedBody   = "slack.body"   // not one of the bodies that Slack sends
	RefusedReplay = "slack.replay" // a command or interaction that came before
	RefusedTicket = "slack.ticket" // made for another use or tenant, or used before
)

// Verifier checks Slack's requests, which are signed with the app's signing
// secret. All fields are set before the first use. It is safe for concurrent
// use.
//
// See https://docs.slack.dev/authentication/verifying-requests-from-slack
type Verifier struct {
	SigningSecret connect.Secret
	// First records a signature for at least ten minutes and reports whether it is
	// the first of its kind, for all programs that serve the app. While it fails,
	// commands and interactions are refused with its error.
	First func(ctx context.Context, signature string) (bool, error)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Caller is the workspace and person behind a verified request. Only a
// [Verifier] makes one.
type Caller struct {
	team, user, locale string
	form               url.Values
	payload            json.RawMessage
}

// Team is the id of the workspace.
func (c *Caller) Team() string { return c.team }

// User is the id of the acting person.
func (c *Caller) User() string { return c.user }

// Locale is the person's, such as de-DE, if the request carries one; most do
// not.
func (c *Caller) Locale() string { return c.locale }

// Form is what came with a slash command.
func (c *Caller) Form() url.Values { return c.form }

// Payload is the JSON of an interaction; nil for a command.
func (c *Caller) Payload() json.RawMessage { return c.payload }

// Verify checks the signature over the whole body and its age. A refusal is
// an [*connect.AuthError].
func (v *Verifier) Verify(r *http.Request, body []byte) (*Caller, error) {
	if _, err := v.check(r, body); err != nil {
		return nil, err
	}
	return read(r, body)
}

// VerifyOnce is Verify for what Slack never sends twice, commands and
// interactions: a repeated request is refused, and any if that cannot be found
// out.
func (v *Verifier) VerifyOnce(r *http.Request, body []byte) (*Caller, error) {
	signature, err := v.check(r, body)
	if err != nil {
		return nil, err
	}
	first, err := v.First(r.Context(), signature)
	if err != nil {
		return nil, err
	}
	if !first {
		return nil, refuse(RefusedReplay, "seen before")
	}
	return read(r, body)
}

func (v *Verifier) check(r *http.Request, body []byte) (signature string, err error) {
	stamp, signature := r.Header.Get("X-Slack-Request-Timestamp"), r.Header.Get("X-Slack-Signature")
	if stamp == "" || signature == "" {
		return "", refuse(connect.CodeMissing, "no timestamp or no signature")
	}
	if len(r.Header.Values("X-Slack-Request-Timestamp")) > 1 || len(r.Header.Values("X-Slack-Signature")) > 1 {
		return "", refuse(connect.CodeTwoTokens, "two timestamps or signatures")
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != stamp {
		return "", refuse(connect.CodeMalformed, "the timestamp is not a number of seconds")
	}
	if v.SigningSecret.IsZero() {
		return "", refuse(connect.CodeSignature, "")
	}
	mac := hmac.New(sha256.New, []byte(v.SigningSecret.Reveal()))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	if !hmac.Equal([]byte(signature), []byte(want)) {
		return "", refuse(connect.CodeSignature, "")
	}
	if age := clock(v.Now)().Sub(time.Unix(seconds, 0)); age > window || age < -window {
		return "", refuse(connect.CodeExpired, "the timestamp is "+age.Abs().Round(time.Second).String()+" off, at most five minutes are allowed")
	}
	return signature, nil
}

// Event checks the signature of an event and reads it. A refusal is an
// [*connect.AuthError]; a signed event that cannot be read is an
// [*connect.IgnoredError]: Slack would send it again if it were refused.
//
// Slack may send an event twice, and somebody else a copy within five minutes:
// what an event ends is compared with the time in it. Its signature is not
// recorded, because a repetition within the same second has the same one.
func (v *Verifier) Event(r *http.Request, body []byte) (Event, error) {
	if _, err := v.check(r, body); err != nil {
		return Event{}, err
	}
	return readEvent(body)
}

// ids are where a payload names workspace and person.
type ids struct {
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID     string `json:"id"`
		Locale string `json:"locale"`
	} `json:"user"`
}

// read finds out who is calling: an interaction is JSON in a form, a command is a
// form.
func read(r *http.Request, body []byte) (*Caller, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(body))
	if kind != "application/x-www-form-urlencoded" || err != nil {
		return nil, refuse(RefusedBody, "not a form")
	}
	if payload := form.Get("payload"); payload != "" {
		return readPayload([]byte(payload))
	}
	c := &Caller{team: form.Get("team_id"), user: form.Get("user_id"), locale: form.Get("locale"), form: form}
	if c.team == "" || c.user == "" {
		return nil, refuse(RefusedBody, "no workspace or no person")
	}
	return c, nil
}

func readPayload(payload []byte) (*Caller, error) {
	var who ids
	if json.Unmarshal(payload, &who) != nil {
		return nil, refuse(RefusedBody, "not the expected JSON")
	}
	c := &Caller{team: who.Team.ID, user: who.User.ID, locale: who.User.Locale, payload: payload}
	if c.team == "" {
		return nil, refuse(RefusedBody, "no workspace")
	}
	return c, nil
}

func refuse(code, detail string) error { return &connect.AuthError{Code: code, Detail: detail} }
