package chatrest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// What can happen to a conversation, as its webhooks name it.
const (
	actionCreate    = "create"
	actionUpdate    = "update"
	actionDelete    = "delete"
	actionArchive   = "archive"
	actionUnarchive = "unarchive"
	actionAdd       = "add"
	actionRemove    = "remove"
)

// errNoPrivacy says that a conversation is neither public nor private.
var errNoPrivacy = errors.New("privacy: must be public or private")

// NewConversation is a conversation to create. Account is its creator and first
// member; empty: the site's admin. Privacy is public, the default, or private.
type NewConversation struct {
	Name    string `json:"name"`
	Topic   string `json:"topic"`
	Privacy string `json:"privacy"`
	Account string `json:"account"`
}

// ConversationChange changes what is not nil. Account is the person who does
// it; empty: the site's admin.
type ConversationChange struct {
	Name     *string `json:"name"`
	Topic    *string `json:"topic"`
	Archived *bool   `json:"archived"`
	Account  string  `json:"account"`
}

// RosterChange adds people to a conversation and removes others. Account is as
// in ConversationChange.
type RosterChange struct {
	Add     []string `json:"add"`
	Remove  []string `json:"remove"`
	Account string   `json:"account"`
}

// CreateConversation makes a conversation without apps and returns its id. No
// webhook is sent: no app is in it.
func (s *Server) CreateConversation(in NewConversation) (string, error) {
	account, err := s.initiator(in.Account)
	if err != nil {
		return "", fmt.Errorf("create conversation: %w", err)
	}
	in.Account = account
	id, err := s.createRoom(in)
	if err != nil {
		return "", fmt.Errorf("create conversation: %w", err)
	}
	return id, nil
}

func (s *Server) createRoom(in NewConversation) (string, error) {
	in.Name = strings.TrimSpace(in.Name)
	switch {
	case in.Name == "":
		return "", errors.New("name: is missing")
	case in.Privacy != "" && in.Privacy != "public" && in.Privacy != "private":
		return "", errNoPrivacy
	}
	r := &room{
		id: sign.UUID(), name: in.Name, topic: in.Topic, private: in.Privacy == "private",
		created: s.Now(), modified: s.Now(), installs: map[string]*roomApp{},
	}
	if _, human := s.World.Person(in.Account); human {
		r.members = []string{in.Account}
	}
	s.chat.mu.Lock()
	s.chat.rooms = append(s.chat.rooms, r)
	s.chat.mu.Unlock()
	s.Journal.Events.Send("chat", change{Conversation: r.id})
	return r.id, nil
}

// UpdateConversation renames, archives or unarchives a conversation and tells
// its apps.
func (s *Server) UpdateConversation(id string, change ConversationChange) error {
	account, err := s.initiator(change.Account)
	if err != nil {
		return fmt.Errorf("update conversation: %w", err)
	}
	if change.Name != nil && strings.TrimSpace(*change.Name) == "" {
		return errors.New("update conversation: name: must not be empty")
	}
	var actions []string
	found := s.chat.change(id, func(r *room) {
		if change.Name != nil || change.Topic != nil {
			r.name, r.topic = orElse(change.Name, r.name), orElse(change.Topic, r.topic)
			actions = append(actions, actionUpdate)
		}
		if change.Archived != nil && *change.Archived != r.archived {
			r.archived = *change.Archived
			actions = append(actions, map[bool]string{true: actionArchive, false: actionUnarchive}[r.archived])
		}
		r.modified = s.Now()
	})
	if !found {
		return fmt.Errorf("update conversation %q: %w", id, errNoConversation)
	}
	s.tellConversation(id, account, actions...)
	return nil
}

func orElse(text *string, otherwise string) string {
	if text == nil {
		return otherwise
	}
	return strings.TrimSpace(*text)
}

// DeleteConversation deletes a conversation with everything in it, and tells
// the apps that were there. account is the person who does it; empty: the
// site's admin.
func (s *Server) DeleteConversation(id, account string) error {
	account, err := s.initiator(account)
	if err != nil {
		return fmt.Errorf("delete conversation: %w", err)
	}
	told := s.conversationNews(id, account, actionDelete)
	s.chat.mu.Lock()
	gone := s.chat.find(id) != nil
	s.chat.rooms = slices.DeleteFunc(s.chat.rooms, func(r *room) bool { return r.id == id })
	s.chat.mu.Unlock()
	if !gone {
		return fmt.Errorf("delete conversation %q: %w", id, errNoConversation)
	}
	s.Journal.Events.Send("chat", change{Conversation: id})
	s.post(told)
	return nil
}

// ChangeRoster adds people to a conversation and removes others, and tells its
// apps of each real change.
func (s *Server) ChangeRoster(id string, change RosterChange) error {
	account, err := s.initiator(change.Account)
	if err != nil {
		return fmt.Errorf("change roster: %w", err)
	}
	for _, one := range slices.Concat(change.Add, change.Remove) {
		if _, known := s.World.Person(one); !known {
			return fmt.Errorf("change roster: %q is not an account of this site", one)
		}
	}
	var added, removed []string
	found := s.chat.change(id, func(r *room) {
		for _, one := range change.Add {
			if !slices.Contains(r.members, one) {
				r.members, added = append(slices.Clip(r.members), one), append(added, one)
			}
		}
		for _, one := range change.Remove {
			if i := slices.Index(r.members, one); i >= 0 {
				r.members, removed = slices.Delete(slices.Clone(r.members), i, i+1), append(removed, one)
			}
		}
	})
	if !found {
		return fmt.Errorf("change roster of conversation %q: %w", id, errNoConversation)
	}
	s.tellRoster(id, account, actionAdd, added)
	s.tellRoster(id, account, actionRemove, removed)
	return nil
}

// initiator checks the account of the person or app behind a change.
func (s *Server) initiator(account string) (string, error) {
	if account == "" {
		return s.World.AdminID(), nil
	}
	if _, known := s.World.Person(account); known {
		return account, nil
	}
	if key, isApp := strings.CutPrefix(account, world.AppAccount("")); isApp {
		s.chat.mu.Lock()
		defer s.chat.mu.Unlock()
		if s.chat.apps[key] != nil {
			return account, nil
		}
	}
	return "", fmt.Errorf("account: %q is not an account of this site", account)
}

// change runs do on a conversation and reports whether it exists.
func (c *chat) change(id string, do func(*room)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.find(id)
	if r != nil {
		do(r)
	}
	return r != nil
}
