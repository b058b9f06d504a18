//go:build serveonly

package main

import (
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/sightline-go/sightline/internal/app"
)

// localCommands are left out of a production build, and the local site with
// them.
type localCommands struct {
	Dev   leftOutCmd `cmd:"" help:"Not in this build."`
	Site  leftOutCmd `cmd:"" help:"Not in this build."`
	Judge leftOutCmd `cmd:"" help:"Not in this build."`
}

// leftOutCmd takes any arguments, so that the error names the missing command.
type leftOutCmd struct {
	Args []string `arg:"" optional:"" passthrough:"all" hidden:""`
}

// Run says so.
func (leftOutCmd) Run(command *kong.Context) error {
	name := command.Selected().Name
	return app.SettingsError{fmt.Errorf("%s is not in this build, which was made with the tag serveonly; build without it to have %s", name, name)}
}
