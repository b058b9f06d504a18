package connecttest

import (
	"context"

	"github.com/sightline-go/sightline/connect/connecttest/internal/chatrest"
)

// InstallChat puts a chat app into a conversation ("" is the first one). The
// client id and secret are those of the app's OAuth client; both empty means
// those it was installed with before. When the app refuses, the error is an
// *InstallError and App holds what it answered.
func (s *Site) InstallChat(ctx context.Context, descriptorURL, conversation, clientID, clientSecret string) (App, error) {
	return s.chat.Install(ctx, chatrest.Install{
		DescriptorURL: descriptorURL, Conversation: conversation, ClientID: clientID, ClientSecret: clientSecret,
	})
}

// UninstallChat takes a chat app out of a conversation ("" is all of them)
// and tells it. App holds what the app answered last.
func (s *Site) UninstallChat(ctx context.Context, key, conversation string) (App, error) {
	return s.chat.Uninstall(ctx, key, conversation)
}

// ChatToken is what a chat iframe gets from AP.auth.withToken, and what the
// chat itself sends: it says who, in which conversation.
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

// CreateConversation makes a conversation without apps and answers its id. No
// app is in it that could be told.
func (s *Site) CreateConversation(in NewConversation) (string, error) {
	return s.chat.CreateConversation(in)
}

// UpdateConversation renames, archives or unarchives a conversation and tells
// its apps.
func (s *Site) UpdateConversation(id string, change ConversationChange) error {
	return s.chat.UpdateConversation(id, change)
}

// DeleteConversation takes a conversation away with everything in it, and tells
// the apps that were there. account is who does it; empty: the site's admin.
func (s *Site) DeleteConversation(id, account string) error {
	return s.chat.DeleteConversation(id, account)
}

// ChangeRoster adds people to a conversation and takes others away, and tells
// its apps of each real change.
func (s *Site) ChangeRoster(id string, change RosterChange) error {
	return s.chat.ChangeRoster(id, change)
}
