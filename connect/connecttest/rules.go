// Package descriptor is what the descriptors of Jira and of the chat have in
// common: keys, texts, and a list of all that is wrong.
package connecttest

import (
	"errors"
	"fmt"
	"regexp"
)

// text is an i18n property.
type text struct {
	Value string `json:"value"`
}

// appKeyPattern is what the key of an app must match.
var appKeyPattern = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,64}$`)

// faultList collects what is wrong, each with the JSON path.
type faultList struct{ list []error }

func (f *faultList) add(path, format string, args ...any) {
	f.list = append(f.list, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

func (f *faultList) need(ok bool, path, problem string) {
	if !ok {
		f.add(path, "%s", problem)
	}
}

func (f *faultList) err() error { return errors.Join(f.list...) }
