package main

import (
	"fmt"
	"strings"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
)

// descriptorCmd prints the descriptor as it is served.
type descriptorCmd struct {
	Product string `enum:"jira,chat" default:"jira" help:"jira or chat."`
	BaseURL string `name:"base-url" help:"Public base URL." default:"https://sightline.example"`
	Check   bool   `help:"Check it against the rules of the protocol and print what is wrong."`
}

// Run prints the descriptor, or with --check that it is right; a wrong one is
// an error either way.
func (d descriptorCmd) Run(con console) error {
	render := renderDescriptor
	if d.Product == "chat" {
		render = renderChatDescriptor
	}
	data, err := render(strings.TrimSuffix(d.BaseURL, "/"))
	if err != nil {
		return err
	}
	if d.Check {
		fmt.Fprintln(con.stdout, "The descriptor is right.")
		return nil
	}
	_, err = fmt.Fprintln(con.stdout, string(data))
	return err
}

// renderDescriptor renders and checks the Jira descriptor.
func renderDescriptor(base string) ([]byte, error) {
	_, data, err := connect.RenderDescriptor(sightline.ConnectDescriptor, base)
	if err != nil {
		return nil, fmt.Errorf("atlassian-connect.json: %w", err)
	}
	return data, nil
}

// renderChatDescriptor does the same for the chat.
func renderChatDescriptor(base string) ([]byte, error) {
	_, data, err := connect.RenderChatDescriptor(sightline.ChatDescriptor, base)
	if err != nil {
		return nil, fmt.Errorf("atlassian-chat.json: %w", err)
	}
	return data, nil
}
