package slackapp_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/slackapp"
)

const signingSecret = "signing-secret-0123456789abcdef"

var testStart = time.Unix(1700000060, 0)

// sign makes the signature with the test's own code.
func sign(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// request is a request as Slack makes it.
func request(kind, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/slack/command", strings.NewReader(body))
	stamp := strconv.FormatInt(testStart.Unix(), 10)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", sign(signingSecret, stamp, body))
	return r
}

func verifier() *slackapp.Verifier {
	return &slackapp.Verifier{SigningSecret: connect.NewSecret(signingSecret), First: once(), Now: func() time.Time { return testStart }}
}

// once remembers signatures in memory.
func once() func(context.Context, string) (bool, error) {
	var seen sync.Map
	return func(_ context.Context, signature string) (bool, error) {
		_, before := seen.LoadOrStore(signature, true)
		return !before, nil
	}
}

const (
	formType = "application/x-www-form-urlencoded"
	command  = "team_id=T1&user_id=U1&channel_id=C1&command=%2Fsightline"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ kind, body, team, user string }{
		"command":     {formType, command, "T1", "U1"},
		"interaction": {formType, url.Values{"payload": {`{"type":"view_submission","team":{"id":"T2"},"user":{"id":"U2"}}`}}.Encode(), "T2", "U2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := verifier().Verify(request(test.kind, test.body), []byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if c.Team() != test.team || c.User() != test.user {
				t.Errorf("got %q %q, want %q %q", c.Team(), c.User(), test.team, test.user)
			}
		})
	}
}

// The vector is from Slack's own documentation.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func TestSignatureAsDocumented(t *testing.T) {
	t.Parallel()
	const (
		secret = "8f742231b10e8888abcd99yyyzzz85a5"
		body   = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
		want   = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	)
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", formType)
	r.Header.Set("X-Slack-Request-Timestamp", "1531420618")
	r.Header.Set("X-Slack-Signature", want)
	v := &slackapp.Verifier{SigningSecret: connect.NewSecret(secret), Now: func() time.Time { return time.Unix(1531420700, 0) }}
	c, err := v.Verify(r, []byte(body))
	if err != nil || c.Team() != "T1DC2JH3J" || c.Form().Get("command") != "/webhook-collect" {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	stamp := func(d time.Duration) string { return strconv.FormatInt(testStart.Add(d).Unix(), 10) }
	resign := func(r *http.Request, at, body string) {
		r.Header.Set("X-Slack-Request-Timestamp", at)
		r.Header.Set("X-Slack-Signature", sign(signingSecret, at, body))
	}
	for name, test := range map[string]struct {
		kind, body string
		change     func(r *http.Request)
		want       string
	}{
		"no signature":      {formType, command, func(r *http.Request) { r.Header.Del("X-Slack-Signature") }, connect.CodeMissing},
		"no timestamp":      {formType, command, func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, connect.CodeMissing},
		"two signatures":    {formType, command, func(r *http.Request) { r.Header.Add("X-Slack-Signature", "v0=00") }, connect.CodeTwoTokens},
		"another secret":    {formType, command, func(r *http.Request) { r.Header.Set("X-Slack-Signature", sign("no", stamp(0), command)) }, connect.CodeSignature},
		"another body":      {formType, command, func(r *http.Request) { r.Header.Set("X-Slack-Signature", sign(signingSecret, stamp(0), "x")) }, connect.CodeSignature},
		"another timestamp": {formType, command, func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", stamp(time.Second)) }, connect.CodeSignature},
		"another version": {formType, command, func(r *http.Request) {
			r.Header.Set("X-Slack-Signature", "v1"+strings.TrimPrefix(r.Header.Get("X-Slack-Signature"), "v0"))
		}, connect.CodeSignature},
		"old":           {formType, command, func(r *http.Request) { resign(r, stamp(-5*time.Minute-time.Second), command) }, connect.CodeExpired},
		"of the future": {formType, command, func(r *http.Request) { resign(r, stamp(5*time.Minute+time.Second), command) }, connect.CodeExpired},
		"no number":     {formType, command, func(r *http.Request) { resign(r, "soon", command) }, connect.CodeMalformed},
		"padded number": {formType, command, func(r *http.Request) { resign(r, "0"+stamp(0), command) }, connect.CodeMalformed},
		"huge number":   {formType, command, func(r *http.Request) { resign(r, "99999999999999999999", command) }, connect.CodeMalformed},
		"no workspace":  {formType, "user_id=U1", nil, slackapp.RefusedBody},
		"no person":     {formType, "team_id=T1", nil, slackapp.RefusedBody},
		"bad payload":   {formType, "payload=%7B", nil, slackapp.RefusedBody},
		"bad escape":    {formType, "team_id=%zz&user_id=U1", nil, slackapp.RefusedBody},
		"JSON":          {"application/json", `{"team_id":"T1"}`, nil, slackapp.RefusedBody},
		"another type":  {"text/plain", command, nil, slackapp.RefusedBody},
		"empty":         {formType, "", nil, slackapp.RefusedBody},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request(test.kind, test.body)
			if test.change != nil {
				test.change(r)
			}
			c, err := verifier().Verify(r, []byte(test.body))
			var refused *connect.AuthError
			if !errors.As(err, &refused) || refused.Code != test.want || c != nil {
				t.Errorf("got %v, %v, want %s", c, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), signingSecret) {
				t.Error("the error holds the secret")
			}
		})
	}
	if _, err := new(slackapp.Verifier).Verify(request(formType, command), []byte(command)); err == nil {
		t.Error("a verifier without a secret accepts a request")
	}
}

func TestVerifyOnce(t *testing.T) {
	t.Parallel()
	v := verifier()
	var took sync.Map
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			if _, err := v.VerifyOnce(request(formType, command), []byte(command)); err == nil {
				took.Store(i, true)
			}
		})
	}
	done.Wait()
	n := 0
	took.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("got %d of the same request through, want 1", n)
	}
	v.First = func(context.Context, string) (bool, error) { return false, io.ErrUnexpectedEOF }
	unknown := command + "&text=y"
	if _, err := v.VerifyOnce(request(formType, unknown), []byte(unknown)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("while nothing can be recorded: got %v", err)
	}
	v.First = once()
	other := command + "&text=x"
	if _, err := v.VerifyOnce(request(formType, other), []byte(other)); err != nil {
		t.Errorf("another request: %v", err)
	}
}
