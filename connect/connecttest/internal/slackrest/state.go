package slackrest

import (
	"encoding/json"
	"maps"
	"slices"
)

// State is the workspace as a test or a page sees it.
type State struct {
	Team     Team      `json:"team"`
	People   []Person  `json:"people"`
	Channels []Channel `json:"channels"`
	// Modals are those that are open, by person.
	Modals map[string]Modal `json:"modals"`
	// App is the name of the registered app, Installed whether it is in the
	// workspace, and Command what opens it.
	App       string   `json:"app"`
	Installed bool     `json:"installed"`
	Command   string   `json:"command"`
	BotUser   string   `json:"botUser,omitempty"`
	Scopes    []string `json:"scopes,omitempty"`
}

// Team names the workspace.
type Team struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
}

// Person is somebody of the workspace.
type Person struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"realName"`
}

// Channel is a channel with all that is in it.
type Channel struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Private   bool       `json:"private"`
	Archived  bool       `json:"archived"`
	Member    bool       `json:"member"` // the app's bot
	Messages  []Message  `json:"messages"`
	Bookmarks []Bookmark `json:"bookmarks"`
}

// Message is a message; For is the only person who sees it, if there is one.
type Message struct {
	TS     string          `json:"ts"`
	User   string          `json:"user"`
	Bot    bool            `json:"bot"`
	Text   string          `json:"text"`
	Blocks json.RawMessage `json:"blocks,omitempty"`
	Edited bool            `json:"edited"`
	For    string          `json:"for,omitempty"`
	// Unfurls are what the app has said of its links.
	Unfurls []Unfurl `json:"unfurls,omitempty"`
}

// Bookmark is a chip in a channel's header.
type Bookmark struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Link  string `json:"link"`
	Emoji string `json:"emoji"`
}

// Modal is an open view: as the app sent it, with the errors next to its
// fields, by block.
type Modal struct {
	ID      string            `json:"id"`
	Channel string            `json:"channel"`
	View    json.RawMessage   `json:"view"`
	Errors  map[string]string `json:"errors,omitempty"`
}

// Option is one suggestion of an external select.
type Option struct {
	Value string `json:"value"`
	Text  string `json:"text"`
	// Heading is that of the group in which the app offers the option; empty if it is
	// in none.
	Heading string `json:"heading,omitempty"`
}

// State is the workspace as it is now.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := State{
		Team: Team{s.team.id, s.team.name, s.team.domain}, People: []Person{}, Channels: []Channel{},
		Modals: map[string]Modal{}, Installed: s.installed != nil,
	}
	if s.app != nil {
		out.App, out.Command = s.app.Name, s.app.Command
	}
	if s.installed != nil {
		out.BotUser, out.Scopes = s.installed.botUser, slices.Clone(s.installed.scopes)
	}
	for _, p := range s.team.people {
		out.People = append(out.People, Person{p.id, p.name, p.realName})
	}
	for _, c := range s.team.channels {
		out.Channels = append(out.Channels, c.state())
	}
	for user, v := range s.team.open {
		out.Modals[user] = Modal{ID: v.id, Channel: v.channel, View: v.raw, Errors: maps.Clone(v.errors)}
	}
	return out
}

func (c *channel) state() Channel {
	out := Channel{
		ID: c.id, Name: c.name, Private: c.private, Archived: c.archived, Member: c.bot,
		Messages: []Message{}, Bookmarks: []Bookmark{},
	}
	for _, m := range c.messages {
		out.Messages = append(out.Messages, Message{m.TS, m.User, m.Bot, m.Text, m.Blocks, m.Edited, m.For, slices.Clone(m.Unfurls)})
	}
	for _, b := range c.bookmarks {
		out.Bookmarks = append(out.Bookmarks, Bookmark{b.ID, b.Title, b.Link, b.Emoji})
	}
	return out
}
