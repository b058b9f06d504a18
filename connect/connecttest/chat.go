package connecttest

import (
	"context"

	"github.com/sightline-go/sightline/connect/connecttest/internal/chatrest"
)

// InstallChat installs a chat app in a conversation ("" is the first one). The
// client id and secret are those of the app's OAuth client; if both are empty,
// those of the last install are used. If the app refuses, the error is an
// *InstallError and App holds its answer.
func (s *Site) InstallChat(ctx context.Context, descriptorURL, conversation, clientID, clientSecret string) (App, error) {
	return s.chat.Install(ctx, chatrest.Install{
		DescriptorURL: descriptorURL, Conversation: conversation, ClientID: clientID, ClientSecret: clientSecret,
	})
}

// UninstallChat removes a chat app from a conversation ("" is all of them) and
// tells it. App holds the app's last answer.
func (s *Site) UninstallChat(ctx context.Context, key, conversation string) (App, error) {
	return s.chat.Uninstall(ctx, key, conversation)
}

// ChatToken is the token that a chat iframe gets from AP.auth.withToken and
// that the chat itself sends: it names the person and the conversation.
func (s *Site) ChatToken(key, conversation, account string) (string, error) {
	return s.chat.Token(key, conversation, account)
}

// SignChat signs claims of the caller's choosing with the client secret of a
// chat app, for tests that need a wrong token.
func (s *Site) SignChat(key string, claims map[string]any) (string, error) {
	return s.chat.Sign(key, claims)
}

// ChatPageURL is the address that the chat would open for a sidebar, dialog
// or configuration page of an app, signed for the account.
func (s *Site) ChatPageURL(key, module, conversation, account string) (string, error) {
	return s.chat.PageURL(key, module, conversation, account)
}

// Conversations are the ids of the chat's rooms.
func (s *Site) Conversations() []string { return s.chat.Conversations() }

// CreateConversation makes a conversation without apps and returns its id. No
// webhook is sent: no app is in it.
func (s *Site) CreateConversation(in NewConversation) (string, error) {
	return s.chat.CreateConversation(in)
}

// UpdateConversation renames, archives or unarchives a conversation and tells
// its apps.
func (s *Site) UpdateConversation(id string, change ConversationChange) error {
	return s.chat.UpdateConversation(id, change)
}

// DeleteConversation deletes a conversation with everything in it, and tells
// the apps that were there. account is the person who does it; empty: the
// site's admin.
func (s *Site) DeleteConversation(id, account string) error {
	return s.chat.DeleteConversation(id, account)
}

// ChangeRoster adds people to a conversation and removes others, and tells its
// apps of each real change.
func (s *Site) ChangeRoster(id string, change RosterChange) error {
	return s.chat.ChangeRoster(id, change)
}
