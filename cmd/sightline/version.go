package main

import (
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/sightline-go/sightline/internal/app"
)

// versionCmd prints which program this is.
type versionCmd struct{}

// Run prints one line that starts with the version, for scripts.
func (versionCmd) Run(con console) error {
	_, err := fmt.Fprintln(con.stdout, app.ThisBuild())
	return err
}

// versionFlag does the same, as other programs have it.
type versionFlag bool

// BeforeReset comes before kong misses a command.
func (versionFlag) BeforeReset(k *kong.Kong) error {
	_, err := fmt.Fprintln(k.Stdout, app.ThisBuild())
	k.Exit(0)
	return err
}
