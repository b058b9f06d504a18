package main

import (
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/sightline-go/sightline/internal/app"
)

// console is what a command gets from its surroundings.
type console struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	// terminal says that stdout is one.
	terminal bool
	env      app.Environment
}

func systemConsole() console {
	return console{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, terminal: isTerminal(os.Stdout), env: os.LookupEnv}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// environment gives every flag the value of its environment variable.
func environment(env app.Environment) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if flag.Name == "help" || flag.Name == "version" {
			return nil, nil
		}
		value, ok, err := env.Setting(flag.Name)
		if err != nil || !ok {
			return nil, err
		}
		return value, nil
	})
}

// describe shows each flag's environment variable in the help.
func describe(value *kong.Value) string {
	if value.Flag == nil || value.Name == "help" || value.Name == "version" {
		return kong.DefaultHelpValueFormatter(value)
	}
	return strings.TrimSpace(kong.DefaultHelpValueFormatter(value)) + " [$" + app.Variable(value.Name) + "]"
}
