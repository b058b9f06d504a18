package slackrest

import (
	"net/http"
	"strings"
)

func (s webAPI) authTest(*http.Request, arguments) (map[string]any, *failure) {
	return map[string]any{
		"url": "https://" + s.team.domain + ".slack.com/", "team": s.team.name, "team_id": s.team.id,
		"user": strings.ToLower(s.app.Name), "user_id": s.installed.botUser, "bot_id": s.installed.botID,
	}, nil
}

func (s webAPI) authRevoke(*http.Request, arguments) (map[string]any, *failure) {
	s.drop(tokenRevoked)
	return map[string]any{"revoked": true}, nil
}

func (s webAPI) conversationInfo(_ *http.Request, a arguments) (map[string]any, *failure) {
	c := s.team.channel(a["channel"])
	if c == nil || c.private && !c.bot {
		return nil, fail("channel_not_found")
	}
	return map[string]any{"channel": map[string]any{
		"id": c.id, "name": c.name, "is_channel": !c.private, "is_private": c.private,
		"is_archived": c.archived, "is_member": c.bot,
	}}, nil
}

// joinConversation adds the bot to a public channel; to a private one only a
// member can invite it.
func (s webAPI) joinConversation(_ *http.Request, a arguments) (map[string]any, *failure) {
	c := s.team.channel(a["channel"])
	switch {
	case c == nil, c.private && !c.bot:
		return nil, fail("channel_not_found")
	case c.private:
		return nil, fail("method_not_supported_for_channel_type")
	case c.archived:
		return nil, fail("is_archived")
	}
	c.bot = true
	s.Changed(c.id)
	return map[string]any{"channel": map[string]any{"id": c.id, "name": c.name, "is_member": true}}, nil
}

func (s webAPI) userInfo(_ *http.Request, a arguments) (map[string]any, *failure) {
	p, ok := s.team.person(a["user"])
	if !ok {
		return nil, fail("user_not_found")
	}
	return map[string]any{"user": map[string]any{
		"id": p.id, "team_id": s.team.id, "name": p.name, "real_name": p.realName,
		"profile": map[string]any{"real_name": p.realName, "display_name": p.name},
	}}, nil
}
