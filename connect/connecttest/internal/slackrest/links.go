package slackrest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Unfurl is what the app has said of a link in a message.
type Unfurl struct {
	URL    string          `json:"url"`
	Blocks json.RawMessage `json:"blocks"`
}

var address = regexp.MustCompile(`https?://[^\s<>|]+`)

// linksIn are the addresses in a text on the app's domains, each once.
func (a App) linksIn(text string) (links []map[string]string) {
	for _, found := range address.FindAllString(text, -1) {
		at, err := url.Parse(found)
		if err != nil || slices.ContainsFunc(links, func(l map[string]string) bool { return l["url"] == found }) {
			continue
		}
		for _, domain := range a.UnfurlDomains {
			if host := strings.ToLower(at.Hostname()); host == domain || strings.HasSuffix(host, "."+domain) {
				links = append(links, map[string]string{"domain": domain, "url": found})
				break
			}
		}
	}
	return links
}

// shared tells the app of the links that a person has posted, if it may know.
// See https://docs.slack.dev/reference/events/link_shared
func (s *Server) shared(ctx context.Context, c *channel, m *message) error {
	s.mu.Lock()
	app, err := s.running()
	if err != nil || !s.installed.has("links:read") {
		s.mu.Unlock()
		return nil //nolint:nilerr // nobody to tell
	}
	links := app.linksIn(m.Text)
	event := map[string]any{
		"type": "link_shared", "channel": c.id, "is_bot_user_member": c.bot, "user": m.User, "message_ts": m.TS,
		"unfurl_id": s.id("Uf"), "source": "conversations_history", "links": links, "event_ts": m.TS,
	}
	s.mu.Unlock()
	if len(links) == 0 {
		return nil
	}
	return s.event(ctx, app, event)
}

// unfurl attaches to a message what the app says of its links. The same again changes
// it. See https://docs.slack.dev/reference/methods/chat.unfurl
func (s webAPI) unfurl(_ *http.Request, a arguments) (map[string]any, *failure) {
	c := s.team.channel(a["channel"])
	if c == nil {
		return nil, fail("cannot_find_channel")
	}
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.TS == a["ts"] && m.For == "" && !m.Bot })
	if i < 0 {
		return nil, fail("cannot_unfurl_message")
	}
	var unfurls map[string]struct {
		Blocks []json.RawMessage `json:"blocks"`
	}
	if a["unfurls"] == "" {
		return nil, fail("missing_unfurls")
	}
	if json.Unmarshal([]byte(a["unfurls"]), &unfurls) != nil || len(unfurls) == 0 {
		return nil, fail("cannot_parse_attachment")
	}
	m := c.messages[i]
	links := s.app.linksIn(m.Text)
	for link, said := range unfurls {
		blocks, _ := json.Marshal(said.Blocks) // they were JSON
		switch {
		case !slices.ContainsFunc(links, func(l map[string]string) bool { return l["url"] == link }):
			return nil, fail("cannot_unfurl_url")
		case len(said.Blocks) == 0 || len(said.Blocks) > maxBlocks || !validBlocks(said.Blocks, false) || !fits(blocks):
			return nil, fail("invalid_blocks")
		}
		m.say(Unfurl{link, blocks})
	}
	s.Changed(c.id)
	return nil, nil
}

// say keeps what is said of a link.
func (m *message) say(u Unfurl) {
	i := slices.IndexFunc(m.Unfurls, func(old Unfurl) bool { return old.URL == u.URL })
	if i >= 0 {
		m.Unfurls[i] = u
		return
	}
	m.Unfurls = append(m.Unfurls, u)
}
