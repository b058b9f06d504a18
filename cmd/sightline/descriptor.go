package main

import (
	"fmt"
	"strings"

	"sightline"
	"sightline/connect"
)

// descriptorCmd prints the descriptor as it is served.
type descriptorCmd struct {
	Product string `enum:"jira,chat" default:"jira" help:"jira or chat."`
	BaseURL string `name:"base-url" help:"Public base URL." default:"https://sightline.example"`
	Check   bool   `help:"Check it against the rules of the protocol and print what is wrong."`
}

// Run prints the descriptor, or with --check what is wrong with it.
func (d descriptorCmd) Run(con console) error {
	render := func(base string) ([]byte, error) {
		r, err := renderDescriptor(base)
		return r.json, err
	}
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

// rendered is the Jira descriptor under its base URL.
type rendered struct {
	json []byte
	key  string
}

// renderDescriptor renders and checks the embedded descriptor.
func renderDescriptor(base string) (rendered, error) {
	d, err := connect.ParseDescriptor(sightline.ConnectDescriptor)
	if err != nil {
		return rendered{}, fmt.Errorf("atlassian-connect.json: %w", err)
	}
	data, err := d.Render(base)
	if err != nil {
		return rendered{}, fmt.Errorf("atlassian-connect.json: %w", err)
	}
	out, err := connect.ParseDescriptor(data)
	if err != nil {
		return rendered{}, fmt.Errorf("atlassian-connect.json: %w", err)
	}
	return rendered{data, out.Key}, out.Check()
}

// renderChatDescriptor does the same for the chat.
func renderChatDescriptor(base string) ([]byte, error) {
	d, err := connect.ParseChatDescriptor(sightline.ChatDescriptor)
	if err != nil {
		return nil, fmt.Errorf("atlassian-chat.json: %w", err)
	}
	data, err := d.Render(base)
	if err != nil {
		return nil, fmt.Errorf("atlassian-chat.json: %w", err)
	}
	out, err := connect.ParseChatDescriptor(data)
	if err != nil {
		return nil, fmt.Errorf("atlassian-chat.json: %w", err)
	}
	return data, out.Check()
}
