package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// variable is the environment variable of a flag.
func variable(flag string) string {
	return "SIGHTLINE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// environment gives every flag the value of its environment variable, or of
// the file that the variable with _FILE after its name points to.
func environment(env func(string) (string, bool)) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if flag.Name == "help" {
			return nil, nil
		}
		name := variable(flag.Name)
		value, ok := env(name)
		path, file := env(name + "_FILE")
		switch {
		case ok && file:
			return nil, fmt.Errorf("%s and %s_FILE are both set", name, name)
		case ok:
			return value, nil
		case file:
			return readSetting(name, path)
		}
		return nil, nil
	})
}

func readSetting(name, path string) (any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// describe shows each flag's environment variable in the help.
func describe(value *kong.Value) string {
	if value.Flag == nil || value.Name == "help" {
		return kong.DefaultHelpValueFormatter(value)
	}
	return strings.TrimSpace(kong.DefaultHelpValueFormatter(value)) + " [$" + variable(value.Name) + "]"
}
