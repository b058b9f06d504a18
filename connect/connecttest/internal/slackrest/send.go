package slackrest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// answerTime is how long an app may take to answer.
const answerTime = 3 * time.Second

// ErrNoApp says that the workspace has no app.
var ErrNoApp error = reply.Absent("the app is not installed in the workspace")

// Sign makes the headers that prove a call's origin.
// See https://docs.slack.dev/authentication/verifying-requests-from-slack
func Sign(secret string, at time.Time, body []byte) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	h := http.Header{}
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return h
}

// send signs a call and makes it, within Slack's three seconds. The lock must
// not be held: the app may call back before it answers.
func (s *Server) send(ctx context.Context, a App, c Call, kind string) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	headers := Sign(a.SigningSecret, s.Now(), c.Body)
	headers.Set("Content-Type", kind)
	for name, values := range c.Header {
		headers[name] = values
	}
	c.Header = headers
	reply, err := s.Send(ctx, c)
	if err != nil {
		return Reply{}, err
	}
	if reply.Status != http.StatusOK {
		return reply, fmt.Errorf("the app answered %d", reply.Status)
	}
	return reply, nil
}

func (s *Server) sendForm(ctx context.Context, a App, operation, address, user string, form url.Values) (Reply, error) {
	return s.send(ctx, a, Call{Operation: operation, URL: address, User: user, Body: []byte(form.Encode())},
		"application/x-www-form-urlencoded")
}

// sendPayload sends an interaction: a form with one JSON member.
func (s *Server) sendPayload(ctx context.Context, a App, operation, address, user string, payload map[string]any) (Reply, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return Reply{}, fmt.Errorf("encode payload: %w", err)
	}
	return s.sendForm(ctx, a, operation, address, user, url.Values{"payload": {string(body)}})
}

// eventTries is how often an event is sent until the app takes it.
const eventTries = 3

// event sends an event, and again with the retry headers if it is refused.
func (s *Server) event(ctx context.Context, a App, event map[string]any) error {
	s.mu.Lock()
	id, team := s.id("Ev"), s.team.id
	s.mu.Unlock()
	body, err := json.Marshal(map[string]any{
		"type": "event_callback", "team_id": team, "api_app_id": appID, "event": event,
		"event_id": id, "event_time": s.Now().Unix(),
	})
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	for try := range eventTries {
		h := http.Header{}
		if try > 0 {
			h.Set("X-Slack-Retry-Num", strconv.Itoa(try))
			h.Set("X-Slack-Retry-Reason", "http_error")
		}
		_, err = s.send(ctx, a, Call{Operation: "slack.event", URL: a.EventsURL, Header: h, Body: body}, "application/json")
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("send event %v: %w", event["type"], err)
}

// Challenge asks the app to prove that the events address is its own.
func (s *Server) Challenge(ctx context.Context) error {
	s.mu.Lock()
	app := s.app
	s.mu.Unlock()
	if app == nil {
		return ErrNoApp
	}
	challenge := encode(int(s.Now().UnixNano() % 1_000_000_007))
	body, err := json.Marshal(map[string]string{"type": "url_verification", "challenge": challenge})
	if err != nil {
		return fmt.Errorf("encode challenge: %w", err)
	}
	reply, err := s.send(ctx, *app, Call{Operation: "slack.challenge", URL: app.EventsURL, Body: body}, "application/json")
	if err != nil {
		return err
	}
	var out struct {
		Challenge string `json:"challenge"`
	}
	if string(reply.Body) == challenge || json.Unmarshal(reply.Body, &out) == nil && out.Challenge == challenge {
		return nil
	}
	return errors.New("the app did not answer the challenge")
}

// running returns the app; it needs the lock.
func (s *Server) running() (App, error) {
	if s.app == nil || s.installed == nil {
		return App{}, ErrNoApp
	}
	return *s.app, nil
}
