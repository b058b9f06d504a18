package slackrest

import (
	"context"
	"fmt"
	"slices"
)

// AddChannel makes a new channel and returns its id.
func (s *Server) AddChannel(name string, private bool) string {
	s.mu.Lock()
	c := &channel{id: s.id("C"), name: name, private: private}
	s.team.channels = append(s.team.channels, c)
	s.mu.Unlock()
	s.Changed(c.id)
	return c.id
}

// DeleteMessage deletes a message, as a person who may.
func (s *Server) DeleteMessage(channel, ts string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.team.channel(channel)
	if c == nil || !c.remove(ts) {
		return fmt.Errorf("message %q in %q: %w", ts, channel, ErrNotFound)
	}
	s.Changed(channel)
	return nil
}

// LockMessage makes chat.update of a message fail with a code from now on:
// edit_window_closed or cant_update_message.
func (s *Server) LockMessage(channel, ts, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.team.channel(channel); c != nil {
		for _, m := range c.messages {
			if m.TS == ts {
				m.locked = code
				return nil
			}
		}
	}
	return fmt.Errorf("message %q in %q: %w", ts, channel, ErrNotFound)
}

// Archive archives a channel, or unarchives it, and tells the app if its bot is
// there.
func (s *Server) Archive(ctx context.Context, channel string, archived bool) error {
	kind := "channel_unarchive"
	if archived {
		kind = "channel_archive"
	}
	return s.change(ctx, channel, kind, func(c *channelState) { c.archived = archived })
}

// DeleteChannel removes a channel for good.
func (s *Server) DeleteChannel(ctx context.Context, channel string) error {
	return s.change(ctx, channel, "channel_deleted", func(c *channelState) { c.deleted = true })
}

// SetMember adds the app's bot to a channel or removes it.
func (s *Server) SetMember(ctx context.Context, channel string, member bool) error {
	kind := "channel_left"
	if member {
		kind = "member_joined_channel"
	}
	return s.change(ctx, channel, kind, func(c *channelState) { c.bot = member })
}

// channelState is the part of a channel that can be changed.
type channelState struct{ archived, bot, deleted bool }

// change changes a channel and sends the event to the app.
func (s *Server) change(ctx context.Context, id, kind string, how func(*channelState)) error {
	s.mu.Lock()
	c := s.team.channel(id)
	if c == nil {
		s.mu.Unlock()
		return fmt.Errorf("channel %q: %w", id, ErrNotFound)
	}
	state := channelState{archived: c.archived, bot: c.bot}
	how(&state)
	told := c.bot || state.bot
	c.archived, c.bot = state.archived, state.bot
	if state.deleted {
		s.team.channels = slices.DeleteFunc(s.team.channels, func(other *channel) bool { return other == c })
	}
	event := map[string]any{"type": kind, "channel": id, "event_ts": c.stamp(s.Now())}
	if kind == "member_joined_channel" && s.installed != nil {
		event["user"], event["team"] = s.installed.botUser, s.team.id
	}
	app, err := s.running()
	s.mu.Unlock()
	s.Changed(id)
	if err != nil || !told {
		return nil //nolint:nilerr // without an app there is nobody to tell
	}
	return s.event(ctx, app, event)
}

// Uninstall removes the app from the workspace and sends it the same two events
// that Slack does.
func (s *Server) Uninstall(ctx context.Context) error {
	s.mu.Lock()
	app, err := s.running()
	if err != nil {
		s.mu.Unlock()
		return err
	}
	bot := s.installed.botUser
	s.drop(tokenInactive)
	s.mu.Unlock()
	s.Changed("")
	revoked := map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{}, "bot": []string{bot}}}
	if err := s.event(ctx, app, revoked); err != nil {
		return err
	}
	return s.event(ctx, app, map[string]any{"type": "app_uninstalled"})
}

// RevokeToken ends the bot token without telling the app.
func (s *Server) RevokeToken() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.running(); err != nil {
		return err
	}
	s.tokens[s.installed.token], s.installed.refresh = tokenRevoked, ""
	return nil
}

// RevokeScope takes a scope from the app.
func (s *Server) RevokeScope(scope string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.running(); err != nil {
		return err
	}
	s.installed.scopes = slices.DeleteFunc(s.installed.scopes, func(has string) bool { return has == scope })
	return nil
}
