package app

import (
	"fmt"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/descriptor"
)

// RenderDescriptor renders the Jira descriptor for a base URL and checks it
// against the rules of the protocol.
func RenderDescriptor(base string) ([]byte, error) {
	_, data, err := descriptor.Render(sightline.ConnectDescriptor, base)
	if err != nil {
		return nil, fmt.Errorf("atlassian-connect.json: %w", err)
	}
	return data, nil
}

// RenderChatDescriptor does the same for the chat's descriptor.
func RenderChatDescriptor(base string) ([]byte, error) {
	_, data, err := descriptor.RenderChat(sightline.ChatDescriptor, base)
	if err != nil {
		return nil, fmt.Errorf("atlassian-chat.json: %w", err)
	}
	return data, nil
}
