package app

import (
	"fmt"
	"os"
	"strings"
)

// Variable is the environment variable of a flag.
func Variable(flag string) string {
	return "SIGHTLINE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Environment looks up an environment variable, as os.LookupEnv does.
type Environment func(name string) (value string, ok bool)

// Setting is the value of a flag's variable, or the content of the file that
// the variable NAME_FILE points to. ok is false if neither is set; setting both
// is an error.
func (e Environment) Setting(flag string) (value string, ok bool, err error) {
	name := Variable(flag)
	value, ok = e(name)
	path, file := e(name + "_FILE")
	switch {
	case ok && file:
		return "", false, fmt.Errorf("%s and %s_FILE are both set", name, name)
	case file:
		return readSetting(name, path)
	}
	return value, ok, nil
}

func readSetting(name, path string) (value string, ok bool, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", false, fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimRight(string(text), "\r\n"), true, nil
}
