package slackapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"sync"
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
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	mu   sync.Mutex
	seen map[string]time.Time
}

// Caller is the workspace and person behind a verified request. Only a
// [Verifier] makes one.
type Caller struct {
	team, user, locale string
	form               url.Values
	payload            json.RawMessage
}

// Team is the id of the workspace; empty for url_verification, the one request
// that Slack makes before there is a workspace.
func (c *Caller) Team() string { return c.team }

// User is the id of the acting person; empty for an event.
func (c *Caller) User() string { return c.user }

// Locale is the person's, such as de-DE, if the request carries one; most do
// not.
func (c *Caller) Locale() string { return c.locale }

// Form is what came with a slash command.
func (c *Caller) Form() url.Values { return c.form }

// Payload is the JSON of an interaction or event; nil for a command.
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
// interactions: a repeated request is refused.
func (v *Verifier) VerifyOnce(r *http.Request, body []byte) (*Caller, error) {
	signature, err := v.check(r, body)
	if err != nil {
		return nil, err
	}
	if !v.first(signature) {
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
		return "", refuse(connect.CodeExpired, "the timestamp is more than five minutes off")
	}
	return signature, nil
}

// maxSeen bounds how many signatures are kept; beyond it the oldest half of the
// window is forgotten early.
const maxSeen = 50_000

// first records a signature for as long as its timestamp is accepted.
func (v *Verifier) first(signature string) bool {
	now := clock(v.Now)()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.seen == nil {
		v.seen = map[string]time.Time{}
	}
	if until, ok := v.seen[signature]; ok && now.Before(until) {
		return false
	}
	if len(v.seen) >= maxSeen {
		for old, until := range v.seen {
			if until.Before(now.Add(window)) {
				delete(v.seen, old)
			}
		}
	}
	v.seen[signature] = now.Add(2 * window)
	return true
}

// ids are where a payload names workspace and person.
type ids struct {
	Type   string `json:"type"`
	TeamID string `json:"team_id"`
	Team   struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID     string `json:"id"`
		Locale string `json:"locale"`
	} `json:"user"`
}

// read finds out who is calling: an event is JSON, an interaction is JSON in a
// form, a command is a form.
func read(r *http.Request, body []byte) (*Caller, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		return readPayload(body)
	}
	form, err := url.ParseQuery(string(body))
	if kind != "application/x-www-form-urlencoded" || err != nil {
		return nil, refuse(RefusedBody, "neither JSON nor a form")
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
	c := &Caller{team: who.TeamID, user: who.User.ID, locale: who.User.Locale, payload: payload}
	if c.team == "" {
		c.team = who.Team.ID
	}
	if c.team == "" && who.Type != "url_verification" {
		return nil, refuse(RefusedBody, "no workspace")
	}
	return c, nil
}

func refuse(code, detail string) error { return &connect.AuthError{Code: code, Detail: detail} }
