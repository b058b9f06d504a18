package connect_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

const slackSecret = "signing-secret-0123456789abcdef"

// slackSign makes the signature with the test's own code.
func slackSign(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// slackRequest is a request as Slack makes it.
func slackRequest(kind, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/slack/command", strings.NewReader(body))
	stamp := strconv.FormatInt(testStart.Unix(), 10)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", slackSign(slackSecret, stamp, body))
	return r
}

func slackVerifier() *connect.SlackVerifier {
	return &connect.SlackVerifier{SigningSecret: connect.NewSecret(slackSecret), Now: func() time.Time { return testStart }}
}

const (
	slackForm    = "application/x-www-form-urlencoded"
	slackCommand = "team_id=T1&user_id=U1&channel_id=C1&command=%2Fsightline"
)

func TestSlackVerify(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ kind, body, team, user string }{
		"command":     {slackForm, slackCommand, "T1", "U1"},
		"interaction": {slackForm, url.Values{"payload": {`{"type":"view_submission","team":{"id":"T2"},"user":{"id":"U2"}}`}}.Encode(), "T2", "U2"},
		"event":       {"application/json; charset=utf-8", `{"type":"event_callback","team_id":"T3","event":{}}`, "T3", ""},
		"challenge":   {"application/json", `{"type":"url_verification","challenge":"x"}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := slackVerifier().Verify(slackRequest(test.kind, test.body), []byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if c.Team() != test.team || c.User() != test.user {
				t.Errorf("got %q %q, want %q %q", c.Team(), c.User(), test.team, test.user)
			}
		})
	}
}

// The vector is the one of Slack's own documentation.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func TestSlackSignatureAsDocumented(t *testing.T) {
	t.Parallel()
	const (
		secret = "8f742231b10e8888abcd99yyyzzz85a5"
		body   = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
		want   = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	)
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", slackForm)
	r.Header.Set("X-Slack-Request-Timestamp", "1531420618")
	r.Header.Set("X-Slack-Signature", want)
	v := &connect.SlackVerifier{SigningSecret: connect.NewSecret(secret), Now: func() time.Time { return time.Unix(1531420700, 0) }}
	c, err := v.Verify(r, []byte(body))
	if err != nil || c.Team() != "T1DC2JH3J" || c.Form().Get("command") != "/webhook-collect" {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestSlackVerifyRefuses(t *testing.T) {
	t.Parallel()
	stamp := func(d time.Duration) string { return strconv.FormatInt(testStart.Add(d).Unix(), 10) }
	resign := func(r *http.Request, at, body string) {
		r.Header.Set("X-Slack-Request-Timestamp", at)
		r.Header.Set("X-Slack-Signature", slackSign(slackSecret, at, body))
	}
	for name, test := range map[string]struct {
		kind, body string
		change     func(r *http.Request)
		want       string
	}{
		"no signature":      {slackForm, slackCommand, func(r *http.Request) { r.Header.Del("X-Slack-Signature") }, connect.CodeMissing},
		"no timestamp":      {slackForm, slackCommand, func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, connect.CodeMissing},
		"two signatures":    {slackForm, slackCommand, func(r *http.Request) { r.Header.Add("X-Slack-Signature", "v0=00") }, connect.CodeTwoTokens},
		"another secret":    {slackForm, slackCommand, func(r *http.Request) { r.Header.Set("X-Slack-Signature", slackSign("no", stamp(0), slackCommand)) }, connect.CodeSignature},
		"another body":      {slackForm, slackCommand, func(r *http.Request) { r.Header.Set("X-Slack-Signature", slackSign(slackSecret, stamp(0), "x")) }, connect.CodeSignature},
		"another timestamp": {slackForm, slackCommand, func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", stamp(time.Second)) }, connect.CodeSignature},
		"another version": {slackForm, slackCommand, func(r *http.Request) {
			r.Header.Set("X-Slack-Signature", "v1"+strings.TrimPrefix(r.Header.Get("X-Slack-Signature"), "v0"))
		}, connect.CodeSignature},
		"old":           {slackForm, slackCommand, func(r *http.Request) { resign(r, stamp(-5*time.Minute-time.Second), slackCommand) }, connect.CodeExpired},
		"of the future": {slackForm, slackCommand, func(r *http.Request) { resign(r, stamp(5*time.Minute+time.Second), slackCommand) }, connect.CodeExpired},
		"no number":     {slackForm, slackCommand, func(r *http.Request) { resign(r, "soon", slackCommand) }, connect.CodeMalformed},
		"padded number": {slackForm, slackCommand, func(r *http.Request) { resign(r, "0"+stamp(0), slackCommand) }, connect.CodeMalformed},
		"huge number":   {slackForm, slackCommand, func(r *http.Request) { resign(r, "99999999999999999999", slackCommand) }, connect.CodeMalformed},
		"no workspace":  {slackForm, "user_id=U1", nil, connect.CodeSlackBody},
		"no person":     {slackForm, "team_id=T1", nil, connect.CodeSlackBody},
		"bad payload":   {slackForm, "payload=%7B", nil, connect.CodeSlackBody},
		"bad escape":    {slackForm, "team_id=%zz&user_id=U1", nil, connect.CodeSlackBody},
		"bad event":     {"application/json", "[]", nil, connect.CodeSlackBody},
		"no team":       {"application/json", `{"type":"event_callback"}`, nil, connect.CodeSlackBody},
		"another type":  {"text/plain", slackCommand, nil, connect.CodeSlackBody},
		"empty":         {slackForm, "", nil, connect.CodeSlackBody},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := slackRequest(test.kind, test.body)
			if test.change != nil {
				test.change(r)
			}
			c, err := slackVerifier().Verify(r, []byte(test.body))
			var refused *connect.AuthError
			if !errors.As(err, &refused) || refused.Code != test.want || c != nil {
				t.Errorf("got %v, %v, want %s", c, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), slackSecret) {
				t.Error("the error holds the secret")
			}
		})
	}
	if _, err := new(connect.SlackVerifier).Verify(slackRequest(slackForm, slackCommand), []byte(slackCommand)); err == nil {
		t.Error("a verifier without a secret takes a request")
	}
}

func TestSlackVerifyOnce(t *testing.T) {
	t.Parallel()
	v := slackVerifier()
	var took sync.Map
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			if _, err := v.VerifyOnce(slackRequest(slackForm, slackCommand), []byte(slackCommand)); err == nil {
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
	if _, err := v.Verify(slackRequest(slackForm, slackCommand), []byte(slackCommand)); err != nil {
		t.Errorf("an event may come again: %v", err)
	}
	other := slackCommand + "&text=x"
	if _, err := v.VerifyOnce(slackRequest(slackForm, other), []byte(other)); err != nil {
		t.Errorf("another request: %v", err)
	}
}

func TestSlackTickets(t *testing.T) {
	t.Parallel()
	now := testStart
	tickets := &connect.SlackTickets{Keys: [][]byte{[]byte(strings.Repeat("k", 32))}, Now: func() time.Time { return now }}
	want := connect.SlackTicket{
		Use: connect.SlackTicketPerson, Tenant: "t1", Generation: 3, Team: "T1", TeamName: "Harbour", User: "U1", UserName: "ann",
	}
	text, err := tickets.Issue(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tickets.Open(connect.SlackTicketPerson, text)
	if err != nil || got.ID == "" {
		t.Fatalf("got %+v, %v", got, err)
	}
	want.ID = got.ID
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if again, _ := tickets.Issue(want); again == text {
		t.Error("two tickets are the same")
	}
	refuses := func(name, use, text, code string, by *connect.SlackTickets) {
		t.Helper()
		var refused *connect.AuthError
		if _, err := by.Open(use, text); !errors.As(err, &refused) || refused.Code != code {
			t.Errorf("%s: got %v, want %s", name, err, code)
		}
	}
	foreign := &connect.SlackTickets{Keys: [][]byte{[]byte(strings.Repeat("x", 32))}, Now: tickets.Now}
	refuses("another use", connect.SlackTicketInstall, text, connect.CodeTicket, tickets)
	refuses("another key", connect.SlackTicketPerson, text, connect.CodeSignature, foreign)
	refuses("none", connect.SlackTicketPerson, "", connect.CodeMissing, tickets)
	refuses("no token", connect.SlackTicketPerson, "a.b", connect.CodeMalformed, tickets)
	now = testStart.Add(10*time.Minute + time.Second)
	refuses("expired", connect.SlackTicketPerson, text, connect.CodeExpired, tickets)
	if _, err := new(connect.SlackTickets).Issue(want); err == nil {
		t.Error("without a key: got no error")
	}
}

// A session of the app is signed with another key and says another use; with
// the same key it is still no ticket.
func TestSessionIsNoTicket(t *testing.T) {
	t.Parallel()
	a := newApp()
	tickets := &connect.SlackTickets{Keys: a.Verifier.Sessions.Keys, Now: a.clock}
	_, err := tickets.Open(connect.SlackTicketInstall, mint(t, a, connect.DashboardItem{}))
	wantCode(t, err, connect.CodeTicket)
	ticket, err := tickets.Issue(connect.SlackTicket{Use: connect.SlackTicketInstall, Tenant: "tenant-1", Generation: 1})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Session(call("GET", "/connect/api", ticket, ""))
	wantCode(t, err, connect.CodeNotSession)
}
