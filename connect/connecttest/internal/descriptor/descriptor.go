// Package descriptor is what the descriptors of Jira and of the chat have in
// common: keys, texts, and a list of everything that is wrong.
package descriptor

import (
	"errors"
	"fmt"
	"regexp"
)

// Text is an i18n property.
type Text struct {
	Value string `json:"value"`
}

// KeyPattern is what the key of an app must match.
var KeyPattern = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,64}$`)

// Faults collects what is wrong, each with the JSON path.
type Faults struct{ list []error }

// Add notes what is wrong at a JSON path.
func (f *Faults) Add(path, format string, args ...any) {
	f.list = append(f.list, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

// Need notes the problem unless ok.
func (f *Faults) Need(ok bool, path, problem string) {
	if !ok {
		f.Add(path, "%s", problem)
	}
}

// Err has a line for everything that is wrong; nil if nothing is.
func (f *Faults) Err() error { return errors.Join(f.list...) }
