package web

import (
	"fmt"

	"github.com/sightline-go/sightline/internal/lang"
)

// ProjectPicker chooses projects by searching for them.
type ProjectPicker struct {
	// URL is a GET address that answers ProjectsView for the form sent with
	// it, what was typed included.
	URL    string
	Typed  string
	Chosen []Project
	Found  Projects
	// Max is how many may be chosen.
	Max int
}

// Project is one project as the picker shows it.
type Project struct {
	Key string
	// Name is "" of a project that this person may not browse.
	Name string
	// Hidden says so; else the name is merely not known now.
	Hidden bool
}

// Projects are those that a search found.
type Projects struct {
	L *lang.Language
	// Typed is what was searched for.
	Typed string
	Found []Project
	// More says that there are others.
	More bool
	// Problem says why nothing could be searched.
	Problem string
}

// label is the project in one line.
func (p Project) label() string {
	if p.Name == "" {
		return p.Key
	}
	return fmt.Sprintf("%s (%s)", p.Name, p.Key)
}

func optionID(key string) string { return "sl-option-" + key }
