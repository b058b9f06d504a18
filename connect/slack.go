package connect

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// slackWindow is how far the timestamp of a request may be off our clock, as
// Slack recommends.
const slackWindow = 5 * time.Minute

// ErrTaken says that a Slack workspace serves another tenant.
var ErrTaken = errors.New("the workspace serves another tenant")

// SlackInstall is the app in one Slack workspace, which serves one tenant.
type SlackInstall struct {
	// Team is the workspace's id.
	Team     string
	TeamName string
	Tenant   TenantID
	// Token is the bot token; empty when Slack has revoked it.
	Token Secret
	// BotUser is the id of the app's user there.
	BotUser string
	// Scopes are those that the workspace granted.
	Scopes []string
	// InstalledBy is the Slack user who put the app there.
	InstalledBy string
}

// SlackVerifier checks the requests of Slack, which signs them with the app's
// signing secret. All fields are set before the first use. It is safe for
// concurrent use.
//
// See https://docs.slack.dev/authentication/verifying-requests-from-slack
type SlackVerifier struct {
	SigningSecret Secret
	// Now is the clock, time.Now when nil.
	Now func() time.Time

	mu   sync.Mutex
	seen map[string]time.Time
}

// SlackCaller is the workspace and person behind a verified request. Only a
// [SlackVerifier] makes one.
type SlackCaller struct {
	team, user, locale string
	form               url.Values
	payload            json.RawMessage
}

// Team is the id of the workspace; empty of the one request that Slack makes
// before there is any, url_verification.
func (c *SlackCaller) Team() string { return c.team }

// User is the id of the acting person; empty of an event.
func (c *SlackCaller) User() string { return c.user }

// Locale is the person's, such as de-DE, where the request carries one; most
// do not.
func (c *SlackCaller) Locale() string { return c.locale }

// Form is what came with a slash command.
func (c *SlackCaller) Form() url.Values { return c.form }

// Payload is the JSON of an interaction or of an event; nil of a command.
func (c *SlackCaller) Payload() json.RawMessage { return c.payload }

// Verify checks the signature over the whole body and its age. A refusal is
// an [*AuthError].
func (v *SlackVerifier) Verify(r *http.Request, body []byte) (*SlackCaller, error) {
	if _, err := v.check(r, body); err != nil {
		return nil, err
	}
	return readSlack(r, body)
}

// VerifyOnce is Verify for what Slack never sends twice, commands and
// interactions: the same request is refused when it comes again.
func (v *SlackVerifier) VerifyOnce(r *http.Request, body []byte) (*SlackCaller, error) {
	signature, err := v.check(r, body)
	if err != nil {
		return nil, err
	}
	if !v.first(signature) {
		return nil, refuse(CodeSlackReplay, "seen before")
	}
	return readSlack(r, body)
}

func (v *SlackVerifier) check(r *http.Request, body []byte) (signature string, err error) {
	stamp, signature := r.Header.Get("X-Slack-Request-Timestamp"), r.Header.Get("X-Slack-Signature")
	if stamp == "" || signature == "" {
		return "", refuse(CodeMissing, "no timestamp or no signature")
	}
	if len(r.Header.Values("X-Slack-Request-Timestamp")) > 1 || len(r.Header.Values("X-Slack-Signature")) > 1 {
		return "", refuse(CodeTwoTokens, "two timestamps or signatures")
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != stamp {
		return "", refuse(CodeMalformed, "the timestamp is no number of seconds")
	}
	if v.SigningSecret.IsZero() {
		return "", refuse(CodeSignature, "")
	}
	mac := hmac.New(sha256.New, []byte(v.SigningSecret.Reveal()))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	if !hmac.Equal([]byte(signature), []byte(want)) {
		return "", refuse(CodeSignature, "")
	}
	if age := clock(v.Now)().Sub(time.Unix(seconds, 0)); age > slackWindow || age < -slackWindow {
		return "", refuse(CodeExpired, "the timestamp is more than five minutes off")
	}
	return signature, nil
}

// maxSlackSeen bounds the memory of signatures; beyond it the oldest half of
// the window is forgotten early.
const maxSlackSeen = 50_000

// first records a signature for as long as its timestamp can be taken.
func (v *SlackVerifier) first(signature string) bool {
	now := clock(v.Now)()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.seen == nil {
		v.seen = map[string]time.Time{}
	}
	if until, ok := v.seen[signature]; ok && now.Before(until) {
		return false
	}
	if len(v.seen) >= maxSlackSeen {
		for old, until := range v.seen {
			if until.Before(now.Add(slackWindow)) {
				delete(v.seen, old)
			}
		}
	}
	v.seen[signature] = now.Add(2 * slackWindow)
	return true
}

// slackIDs are where a payload names workspace and person.
type slackIDs struct {
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

// readSlack finds out who calls: an event is JSON, an interaction JSON in a
// form, a command a form.
func readSlack(r *http.Request, body []byte) (*SlackCaller, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		return readSlackPayload(body)
	}
	form, err := url.ParseQuery(string(body))
	if kind != "application/x-www-form-urlencoded" || err != nil {
		return nil, refuse(CodeSlackBody, "neither JSON nor a form")
	}
	if payload := form.Get("payload"); payload != "" {
		return readSlackPayload([]byte(payload))
	}
	c := &SlackCaller{team: form.Get("team_id"), user: form.Get("user_id"), locale: form.Get("locale"), form: form}
	if c.team == "" || c.user == "" {
		return nil, refuse(CodeSlackBody, "no workspace or no person")
	}
	return c, nil
}

func readSlackPayload(payload []byte) (*SlackCaller, error) {
	var ids slackIDs
	if json.Unmarshal(payload, &ids) != nil {
		return nil, refuse(CodeSlackBody, "not the expected JSON")
	}
	c := &SlackCaller{team: ids.TeamID, user: ids.User.ID, locale: ids.User.Locale, payload: payload}
	if c.team == "" {
		c.team = ids.Team.ID
	}
	if c.team == "" && ids.Type != "url_verification" {
		return nil, refuse(CodeSlackBody, "no workspace")
	}
	return c, nil
}
