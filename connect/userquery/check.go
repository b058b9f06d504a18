package userquery

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxKey is how many characters the key of a Jira property has at most.
const maxKey = 255

var (
	projectKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	issueKey   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*-[1-9][0-9]*$`)
	// pathName is what can be told from the syntax around it.
	pathName = regexp.MustCompile(`^[\pL\pN_$-]+$`)
)

// ErrInvalid says that a query cannot be written in the language.
var ErrInvalid = errors.New("invalid user query")

// Check returns nil if the query can be written and read again, else an error
// that wraps [ErrInvalid].
func (q Query) Check() error {
	if len(q.Any) == 0 {
		return fmt.Errorf("%w: it is empty", ErrInvalid)
	}
	for _, all := range q.Any {
		if len(all) == 0 {
			return fmt.Errorf("%w: an alternative has no term", ErrInvalid)
		}
		for _, term := range all {
			if err := term.check(); err != nil {
				return fmt.Errorf("%w: %w", ErrInvalid, err)
			}
		}
	}
	return nil
}

func (r Role) check() error {
	switch {
	case !r.Kind.known():
		return fmt.Errorf("%q is not a kind of role", r.Kind)
	case r.Project == "" && len(r.Issues) == 0:
		return fmt.Errorf("%s of neither a project nor an issue", r.Kind)
	case r.Project != "" && len(r.Issues) > 0:
		return fmt.Errorf("%s of both a project and issues", r.Kind)
	case r.Project != "" && !projectKey.MatchString(r.Project):
		return fmt.Errorf("%q is not a project key", r.Project)
	}
	for _, key := range r.Issues {
		if !issueKey.MatchString(key) {
			return fmt.Errorf("%q is not an issue key", key)
		}
	}
	return nil
}

func (k Kind) known() bool {
	switch k {
	case Assignee, Reporter, Watcher, Voter, Commenter, Transitioner:
		return true
	}
	return false
}

func (v Value) check() error {
	switch n := utf8.RuneCountInString(v.Key); {
	case n == 0 || n > maxKey:
		return fmt.Errorf("a property key has 1 to %d characters, not %d", maxKey, n)
	case strings.Contains(v.Key, "]") || !utf8.ValidString(v.Key):
		return fmt.Errorf("property key %q cannot be written", v.Key)
	case len(v.Path) == 0:
		return fmt.Errorf("property %q has no path", v.Key)
	case !utf8.ValidString(v.Text):
		return fmt.Errorf("the text of property %q is not UTF-8", v.Key)
	}
	for _, name := range v.Path {
		if !pathName.MatchString(name) {
			return fmt.Errorf("%q in the path of property %q cannot be written", name, v.Key)
		}
	}
	return nil
}
