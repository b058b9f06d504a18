package slackrest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// response is an address at which an app may answer a click in a message, five times within
// half an hour.
// See https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
type response struct {
	channel, ts string
	left        int
	expires     time.Time
}

const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responsePath is where these addresses are, below [Prefix].
const responsePath = "response/"

// responseURL makes an address for answers; it needs the lock.
func (s *Server) responseURL(c *channel, m *message) string {
	id := strings.ToLower(s.id("R"))
	s.responses[id] = response{c.id, m.TS, responseUses, s.Now().Add(responseLife)}
	return s.URL() + Prefix + responsePath + id
}

// ClickIn presses a button in a message of the app, as a person who sees it.
func (s *Server) ClickIn(ctx context.Context, channel, ts, user, action string) error {
	s.mu.Lock()
	c, _, err := s.at(channel, user)
	app, appErr := s.running()
	if err != nil || appErr != nil {
		s.mu.Unlock()
		return cmpErr(err, appErr)
	}
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.TS == ts && (m.For == "" || m.For == user) })
	pressed := map[string]any(nil)
	if i >= 0 {
		pressed = c.messages[i].button(action)
	}
	if pressed == nil {
		s.mu.Unlock()
		return fmt.Errorf("button %q of message %q: %w", action, ts, ErrNotFound)
	}
	m := c.messages[i]
	who, _ := s.team.person(user)
	payload := map[string]any{
		"type": "block_actions", "api_app_id": appID, "trigger_id": s.trigger(user, c.id), "response_url": s.responseURL(c, m),
		"team":      map[string]any{"id": s.team.id, "domain": s.team.domain},
		"user":      map[string]any{"id": user, "username": who.name, "name": who.name, "team_id": s.team.id},
		"container": map[string]any{"type": "message", "message_ts": m.TS, "channel_id": c.id, "is_ephemeral": m.For != ""},
		"channel":   map[string]any{"id": c.id, "name": c.name},
		"actions":   []map[string]any{pressed},
	}
	s.mu.Unlock()
	if _, err := s.sendPayload(ctx, app, "slack.click", app.InteractionsURL, user, payload); err != nil {
		return fmt.Errorf("click: %w", err)
	}
	return nil
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// button is what a press of one of the message's buttons tells; nil if it has no such one.
func (m *message) button(action string) map[string]any {
	var blocks []block
	_ = json.Unmarshal(m.Blocks, &blocks)
	for _, b := range blocks {
		for _, e := range b.all() {
			if e.ActionID == action && e.Type == "button" {
				return map[string]any{"type": "button", "action_id": action, "block_id": b.BlockID, "value": e.Value}
			}
		}
	}
	return nil
}

// serveResponse replaces or deletes the message that was clicked in.
func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request, id string) {
	args, refused := readArguments(w, r)
	if refused != nil || r.Method != http.MethodPost {
		writeJSON(w, http.StatusBadRequest, map[string]any{"ok": false, "error": "invalid_payload"})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.responses[id]
	c := s.team.channel(at.channel)
	if !ok || c == nil || at.left == 0 || !s.Now().Before(at.expires) {
		writeJSON(w, http.StatusNotFound, map[string]any{"ok": false, "error": "used_url"})
		return
	}
	at.left--
	s.responses[id] = at
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.TS == at.ts })
	switch {
	case args["delete_original"] == "true" && i >= 0:
		c.remove(at.ts)
	case args["replace_original"] == "true" && i >= 0:
		if refused := c.messages[i].fill(args); refused != nil {
			writeJSON(w, http.StatusBadRequest, map[string]any{"ok": false, "error": refused.code})
			return
		}
		c.messages[i].Edited = false
	default:
		writeJSON(w, http.StatusBadRequest, map[string]any{"ok": false, "error": "invalid_payload"})
		return
	}
	s.Changed(c.id)
	writeJSON(w, http.StatusOK, map[string]any{"ok": true})
}
