package main

import (
	"fmt"

	"github.com/sightline-go/sightline"
)

// versionCmd prints the version.
type versionCmd struct{}

// Run prints only the version on a line, for scripts.
func (versionCmd) Run(con console) error {
	_, err := fmt.Fprintln(con.stdout, sightline.Version)
	return err
}
