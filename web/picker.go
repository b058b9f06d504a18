package web

import (
	"fmt"

	"github.com/sightline-go/sightline/internal/lang"
)

// ProjectPicker chooses projects by searching for them.
type ProjectPicker struct {
	// URL is the GET address that answers ProjectsView for the form in its
	// query, the typed text included.
	URL    string
	Typed  string
	Chosen []Project
	Found  Projects
	// Max is how many projects can be chosen.
	Max int
}

// Project is one project as the picker shows it.
type Project struct {
	Key string
	// Name is "" for a project that the person may not browse, or whose name is
	// not known now.
	Name string
	// Hidden says that the person may not browse it.
	Hidden bool
}

// Projects are the result of a search.
type Projects struct {
	L *lang.Language
	// Typed is the text of the search.
	Typed string
	Found []Project
	// More says that the search has more results.
	More bool
	// Problem says why the search failed.
	Problem string
}

// label is the project's name and key.
func (p Project) label() string {
	if p.Name == "" {
		return p.Key
	}
	return fmt.Sprintf("%s (%s)", p.Name, p.Key)
}

func optionID(key string) string { return "sl-option-" + key }
