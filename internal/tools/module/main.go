// Command module gives the tree another module path: in go.mod and those in .ci, in
// all imports, in the linter's settings and wherever else
// the path is written.
//
//	make module NEW=git.example.com/team/sightline
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "module:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 || args[0] == "" {
		return errors.New("name one new path: make module NEW=git.example.com/team/sightline")
	}
	changed, err := rename(".", args[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d files changed\n", changed)
	return nil
}
