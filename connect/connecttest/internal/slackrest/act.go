package slackrest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// ErrNotFound says that the workspace has no such person, channel or message.
var ErrNotFound error = reply.Absent("there is no such thing in the workspace")

// Say writes a message as a person. A text that begins with a slash is a
// command: the app's own, or /invite, which adds the app's bot to the channel.
func (s *Server) Say(ctx context.Context, channel, user, words string) error {
	command, rest, _ := strings.Cut(words, " ")
	s.mu.Lock()
	c, who, err := s.at(channel, user)
	app, appErr := s.running()
	s.mu.Unlock()
	switch {
	case err != nil:
		return err
	case !strings.HasPrefix(words, "/"):
		m := &message{User: user, Text: words}
		s.write(c, m)
		return s.shared(ctx, c, m)
	case appErr != nil:
		return appErr
	case command == "/invite":
		return s.SetMember(ctx, channel, true)
	case command == app.Command:
		return s.command(ctx, app, c, who, rest)
	}
	return fmt.Errorf("%s is not a valid command", command)
}

// at finds a channel and a person; it needs the lock.
func (s *Server) at(channel, user string) (*channel, person, error) {
	c := s.team.channel(channel)
	who, ok := s.team.person(user)
	if c == nil || !ok {
		return nil, who, fmt.Errorf("channel %q, person %q: %w", channel, user, ErrNotFound)
	}
	return c, who, nil
}

// write adds a message.
func (s *Server) write(c *channel, m *message) {
	s.mu.Lock()
	m.TS = c.stamp(s.Now())
	c.messages = append(c.messages, m)
	s.mu.Unlock()
	s.Changed(c.id)
}

// command sends a slash command and shows the answer to its sender.
func (s *Server) command(ctx context.Context, app App, c *channel, who person, rest string) error {
	s.mu.Lock()
	form := url.Values{
		"team_id": {s.team.id}, "team_domain": {s.team.domain}, "channel_id": {c.id}, "channel_name": {c.name},
		"user_id": {who.id}, "user_name": {who.name}, "command": {app.Command}, "text": {rest},
		"api_app_id": {appID}, "trigger_id": {s.trigger(who.id, c.id)}, "is_enterprise_install": {"false"},
	}
	bot := s.installed.botUser
	s.mu.Unlock()
	reply, err := s.sendForm(ctx, app, "slack.command", app.CommandURL, who.id, form)
	if err != nil {
		s.write(c, &message{User: bot, Bot: true, For: who.id, Text: app.Command + " failed with the error \"dispatch_failed\""})
		return fmt.Errorf("command: %w", err)
	}
	if m := answered(reply); m != nil {
		m.User, m.Bot = bot, true
		if m.For == "" {
			m.For = who.id
		}
		s.write(c, m)
	}
	return nil
}

// answered is the message in an answer to a command, nil if there is none.
func answered(reply Reply) *message {
	if len(reply.Body) == 0 {
		return nil
	}
	var out struct {
		Type   string          `json:"response_type"`
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal(reply.Body, &out) != nil {
		return &message{Text: string(reply.Body)}
	}
	if out.Text == "" && len(out.Blocks) == 0 {
		return nil
	}
	return &message{Text: out.Text, Blocks: out.Blocks}
}

// Submit presses the submit button of the modal that a person has open, with
// what they entered. If the app refuses, the modal stays open and the errors
// are returned, by block.
func (s *Server) Submit(ctx context.Context, user string, entered map[string]json.RawMessage) (map[string]string, error) {
	s.mu.Lock()
	v, app, err := s.modal(user)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	values, err := v.values(entered)
	if wrong := new(inputError); errors.As(err, &wrong) {
		v.errors = map[string]string{wrong.block: wrong.text}
		s.mu.Unlock()
		return v.errors, nil
	}
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	payload := s.interaction("view_submission", user, v, values)
	s.mu.Unlock()
	reply, err := s.sendPayload(ctx, app, "slack.submit", app.InteractionsURL, user, payload)
	if err != nil {
		return nil, fmt.Errorf("submit: %w", err)
	}
	return s.submitted(user, v, reply.Body)
}

// submitted carries out the app's answer to a submission.
func (s *Server) submitted(user string, v *view, body []byte) (map[string]string, error) {
	var out struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(body) > 0 && json.Unmarshal(body, &out) != nil {
		return nil, errors.New("submit: the app's answer is not JSON")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.Changed(v.channel)
	switch out.Action {
	case "", "clear":
		delete(s.team.open, user)
		return nil, nil
	case "errors":
		v.errors = out.Errors
		return out.Errors, nil
	case "update":
		next, refused := parseView(string(out.View))
		if refused != nil {
			return nil, fmt.Errorf("submit: the app's view: %s", refused.code)
		}
		next.id, next.hash, next.channel = v.id, s.id("h"), v.channel
		s.team.open[user] = next
		return nil, nil
	}
	return nil, fmt.Errorf("submit: the app answered the unknown action %q", out.Action)
}

// modal finds the modal that a person has open; it needs the lock.
func (s *Server) modal(user string) (*view, App, error) {
	app, err := s.running()
	if err != nil {
		return nil, app, err
	}
	v := s.team.open[user]
	if v == nil {
		return nil, app, fmt.Errorf("modal of %q: %w", user, ErrNotFound)
	}
	return v, app, nil
}

// interaction is what all payloads share; it needs the lock.
func (s *Server) interaction(kind, user string, v *view, values map[string]any) map[string]any {
	who, _ := s.team.person(user)
	return map[string]any{
		"type": kind, "api_app_id": appID, "trigger_id": s.trigger(user, v.channel),
		"team":      map[string]any{"id": s.team.id, "domain": s.team.domain},
		"user":      map[string]any{"id": user, "username": who.name, "name": who.name, "team_id": s.team.id},
		"container": map[string]any{"type": "view", "view_id": v.id},
		"view":      s.viewJSON(v, values),
	}
}

// Close closes the modal that a person has open.
func (s *Server) Close(user string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, _, err := s.modal(user)
	if err != nil {
		return err
	}
	delete(s.team.open, user)
	s.Changed(v.channel)
	return nil
}
