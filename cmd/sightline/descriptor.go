package main

import (
	"fmt"
	"strings"

	"github.com/sightline-go/sightline/internal/app"
)

// descriptorCmd prints the descriptor as it is served.
type descriptorCmd struct {
	Product string `enum:"jira,chat" default:"jira" help:"jira or chat."`
	BaseURL string `name:"base-url" help:"Public base URL." default:"https://sightline.example"`
	Check   bool   `help:"Check it against the rules of the protocol and print what is wrong."`
}

// Run prints the descriptor, or with --check that it is valid; an invalid one
// is an error either way.
func (d descriptorCmd) Run(con console) error {
	render := app.RenderDescriptor
	if d.Product == "chat" {
		render = app.RenderChatDescriptor
	}
	data, err := render(strings.TrimSuffix(d.BaseURL, "/"))
	if err != nil {
		return err
	}
	if d.Check {
		data = []byte("The descriptor is right.")
	}
	_, err = fmt.Fprintln(con.stdout, string(data))
	return err
}
