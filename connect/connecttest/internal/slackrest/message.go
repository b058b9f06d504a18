package slackrest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// message is one message of a channel; TS is its id there.
type message struct {
	TS   string `json:"ts"`
	User string `json:"user"`
	// Bot says that the app wrote it.
	Bot    bool            `json:"bot,omitempty"`
	Text   string          `json:"text"`
	Blocks json.RawMessage `json:"blocks,omitempty"`
	// Edited is shown if a message was changed without blocks.
	Edited bool `json:"edited,omitempty"`
	// For is the only person who sees it; empty is everybody.
	For string `json:"for,omitempty"`
	// Unfurls are what the app has said of its links.
	Unfurls []Unfurl `json:"unfurls,omitempty"`
	// locked is the error with which chat.update refuses; empty if it does not.
	locked string
}

// The limits of a message.
// See https://docs.slack.dev/reference/methods/chat.postMessage
const (
	maxText   = 40_000
	maxBlocks = 50
)

func (s webAPI) postMessage(_ *http.Request, a arguments) (map[string]any, *failure) {
	c, refused := s.writable(a["channel"])
	if refused != nil {
		return nil, refused
	}
	m := &message{User: s.installed.botUser, Bot: true}
	if refused := m.fillWith(a, !s.plain); refused != nil {
		return nil, refused
	}
	m.TS = c.stamp(s.Now())
	c.messages = append(c.messages, m)
	s.Changed(c.id)
	return map[string]any{"channel": c.id, "ts": m.TS, "message": s.messageJSON(m)}, nil
}

func (s webAPI) postEphemeral(_ *http.Request, a arguments) (map[string]any, *failure) {
	c, refused := s.writable(a["channel"])
	if refused != nil {
		return nil, refused
	}
	if _, ok := s.team.person(a["user"]); !ok {
		return nil, fail("user_not_in_channel")
	}
	m := &message{User: s.installed.botUser, Bot: true, For: a["user"]}
	if refused := m.fillWith(a, !s.plain); refused != nil {
		return nil, refused
	}
	m.TS = c.stamp(s.Now())
	c.messages = append(c.messages, m)
	s.Changed(c.id)
	return map[string]any{"message_ts": m.TS}, nil
}

// writable is a channel that the bot may write to. One that it cannot see
// does not exist for it.
func (s webAPI) writable(id string) (*channel, *failure) {
	c := s.team.channel(id)
	switch {
	case c == nil, c.private && !c.bot:
		return nil, fail("channel_not_found")
	case c.archived:
		return nil, fail("is_archived")
	case !c.bot && !s.installed.has("chat:write.public"):
		return nil, fail("not_in_channel")
	}
	return c, nil
}

// fill sets text and blocks. Text without blocks drops the old blocks; a change
// with blocks is not marked as edited.
func (m *message) fill(a arguments) *failure { return m.fillWith(a, true) }

// fillWith refuses tables in a workspace that does not take them.
func (m *message) fillWith(a arguments, tables bool) *failure {
	text, blocks := a["text"], a["blocks"]
	if text == "" && blocks == "" {
		return fail("no_text")
	}
	if utf8.RuneCountInString(text) > maxText {
		return fail("msg_too_long")
	}
	var list []json.RawMessage
	if blocks != "" && (json.Unmarshal([]byte(blocks), &list) != nil || len(list) > maxBlocks || !validBlocks(list, tables) || !fits([]byte(blocks))) {
		return fail("invalid_blocks")
	}
	m.Text, m.Blocks, m.Edited = text, nil, m.TS != "" && blocks == ""
	if blocks != "" {
		m.Blocks = json.RawMessage(blocks)
	}
	return nil
}

func (s webAPI) updateMessage(_ *http.Request, a arguments) (map[string]any, *failure) {
	c, m, refused := s.own(a)
	if refused != nil {
		if refused.code == "cant_update" {
			refused.code = "cant_update_message"
		}
		return nil, refused
	}
	if m.locked != "" {
		return nil, fail(m.locked)
	}
	if refused := m.fillWith(a, !s.plain); refused != nil {
		return nil, refused
	}
	s.Changed(c.id)
	return map[string]any{"channel": c.id, "ts": m.TS, "text": m.Text, "message": s.messageJSON(m)}, nil
}

func (s webAPI) deleteMessage(_ *http.Request, a arguments) (map[string]any, *failure) {
	c, m, refused := s.own(a)
	if refused != nil {
		if refused.code == "cant_update" {
			refused.code = "cant_delete_message"
		}
		return nil, refused
	}
	c.remove(m.TS)
	s.Changed(c.id)
	return map[string]any{"channel": c.id, "ts": m.TS}, nil
}

// own finds a message of the app itself.
func (s webAPI) own(a arguments) (*channel, *message, *failure) {
	c, refused := s.writable(a["channel"])
	if refused != nil {
		return nil, nil, refused
	}
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.TS == a["ts"] && m.For == "" })
	if i < 0 {
		return nil, nil, fail("message_not_found")
	}
	if !c.messages[i].Bot || c.messages[i].User != s.installed.botUser {
		return nil, nil, fail("cant_update")
	}
	return c, c.messages[i], nil
}

func (c *channel) remove(ts string) bool {
	before := len(c.messages)
	c.messages = slices.DeleteFunc(c.messages, func(m *message) bool { return m.TS == ts })
	return len(c.messages) < before
}

func (s *Server) messageJSON(m *message) map[string]any {
	out := map[string]any{"type": "message", "user": m.User, "ts": m.TS, "text": m.Text, "team": s.team.id}
	if m.Bot && s.installed != nil {
		out["bot_id"] = s.installed.botID
	}
	if len(m.Blocks) > 0 {
		out["blocks"] = m.Blocks
	}
	return out
}

// validBlocks wants a known type in each block, unique ids and one table at most.
func validBlocks(list []json.RawMessage, tables bool) bool {
	seen := map[string]bool{}
	for _, raw := range list {
		var b struct {
			Type    string `json:"type"`
			BlockID string `json:"block_id"`
		}
		if json.Unmarshal(raw, &b) != nil || !slices.Contains(blockTypes(), b.Type) {
			return false
		}
		if b.Type == "table" {
			if !tables || !validTable(raw) {
				return false
			}
			tables = false // one a message
		}
		if b.BlockID != "" && seen[b.BlockID] || len(b.BlockID) > 255 {
			return false
		}
		seen[b.BlockID] = true
	}
	return true
}

func blockTypes() []string {
	return strings.Fields("actions context divider header image input rich_text section table")
}
