package app

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Variable is the environment variable of a flag.
func Variable(flag string) string {
	return "SIGHTLINE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Environment looks up an environment variable, as os.LookupEnv does.
type Environment func(name string) (value string, ok bool)

// Setting is the value of a flag's variable, or the content of the file that
// the variable NAME_FILE points to. ok is false if neither is set; setting both
// is an error. An empty variable counts as not set: compose files write
// ${NAME:-}.
func (e Environment) Setting(flag string) (value string, found bool, err error) {
	name := Variable(flag)
	value, _ = e(name)
	path, _ := e(name + "_FILE")
	ok, file := value != "", path != ""
	switch {
	case ok && file:
		return "", false, fmt.Errorf("%s and %s_FILE are both set", name, name)
	case file:
		return readSetting(name, path)
	}
	return value, ok, nil
}

// foreign are variables that start as settings do and are none: the tests' own,
// and Kubernetes' of a service that is called sightline.
var foreign = regexp.MustCompile(`^SIGHTLINE_(TEST|SERVICE|PORT)(_|$)|^SIGHTLINE_SCREENSHOTS$`)

// Unknown says of each variable of the environment ("NAME=value") that starts
// with SIGHTLINE_ and sets nothing, which setting it may have meant. flags are all
// that there are.
func Unknown(environ, flags []string) []string {
	known := map[string]bool{}
	for _, flag := range flags {
		known[Variable(flag)] = true
	}
	var found []string
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if value == "" || !strings.HasPrefix(name, "SIGHTLINE_") || known[strings.TrimSuffix(name, "_FILE")] || foreign.MatchString(name) {
			continue
		}
		text := name + " is no setting"
		bare, file := strings.CutSuffix(name, "_FILE")
		if near := nearest(bare, known); near != "" {
			if file {
				near += "_FILE"
			}
			text += "; did you mean " + near + "?"
		}
		found = append(found, text)
	}
	slices.Sort(found)
	return found
}

// nearest is the known name that the fewest changes make of a wrong one, "" if
// that would be a guess.
func nearest(name string, known map[string]bool) string {
	best, changes := "", len(name)/3
	for _, candidate := range slices.Sorted(maps.Keys(known)) {
		if n := levenshtein.ComputeDistance(name, candidate); n < changes {
			best, changes = candidate, n
		}
	}
	return best
}

func readSetting(name, path string) (value string, ok bool, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", false, fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimRight(string(text), "\r\n"), true, nil
}
