package main

import (
	"fmt"
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
	// environ is the whole environment, as os.Environ returns it.
	environ []string
}

func systemConsole() console {
	return console{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, terminal: isTerminal(os.Stdout), env: os.LookupEnv, environ: os.Environ()}
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

// warn tells of variables that look like settings and are none, in the form in
// which the command logs.
func warn(command *kong.Context, con console) {
	var flags []string
	for _, node := range append([]*kong.Node{command.Model.Node}, command.Model.Leaves(false)...) {
		for _, flag := range node.Flags {
			flags = append(flags, flag.Name)
		}
	}
	say := func(text string) { fmt.Fprintln(con.stderr, "sightline:", text) }
	for _, flag := range command.Flags() {
		if format, ok := command.FlagValue(flag).(string); ok && flag.Name == "log-format" {
			if logs, err := (app.LogFlags{LogFormat: format, LogLevel: "warn"}).Logger(con.stderr); err == nil {
				say = func(text string) { logs.Warn(text) }
			}
		}
	}
	for _, text := range app.Unknown(con.environ, flags) {
		say(text)
	}
}

// describe shows each flag's environment variable in the help.
func describe(value *kong.Value) string {
	if value.Flag == nil || value.Name == "help" || value.Name == "version" {
		return kong.DefaultHelpValueFormatter(value)
	}
	return strings.TrimSpace(kong.DefaultHelpValueFormatter(value)) + " [$" + app.Variable(value.Name) + "]"
}
