package connecttest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Security says who may see single issues of projects that they may browse. The zero
// value hides nothing.
type Security struct {
	Levels []SecurityLevel `json:"levels"`
	// Issues are the names of levels, by keys of issues. An issue that is not named has
	// none.
	Issues map[string]string `json:"issues"`
}

// SecurityLevel lets some people see the issues that have it, and nobody else, not
// even administrators.
type SecurityLevel struct {
	Name string `json:"name"`
	// People are account ids.
	People []string `json:"people"`
	// Apps lets the users of apps see them, too.
	Apps bool `json:"apps"`
}

// SetSecurity puts security levels in force until the next Reset. Nobody is told, as
// Jira tells nobody when a level lets other people. Whoever gives an issue another
// level through the REST API (field security) sends the issue's event. The error
// names what is not there.
func (s *Site) SetSecurity(security Security) error {
	levels := make([]world.SecurityLevel, 0, len(security.Levels))
	for _, l := range security.Levels {
		if l.Name == "" || slices.ContainsFunc(levels, func(o world.SecurityLevel) bool { return o.Name == l.Name }) {
			return fmt.Errorf("set security: level %q: %w", l.Name, errLevelName)
		}
		levels = append(levels, world.SecurityLevel{Name: l.Name, People: l.People, Apps: l.Apps})
	}
	if err := s.world.SetSecurityLevels(levels, security.Issues); err != nil {
		return fmt.Errorf("set security: %w", err)
	}
	return nil
}

var errLevelName = errors.New("a level needs a name of its own")

// Security is what is in force.
func (s *Site) Security() Security {
	out := Security{Levels: []SecurityLevel{}, Issues: map[string]string{}}
	levels, issues := s.world.SecurityLevels()
	for _, l := range levels {
		out.Levels = append(out.Levels, SecurityLevel{Name: l.Name, People: append([]string{}, l.People...), Apps: l.Apps})
	}
	for key, level := range issues {
		out.Issues[key] = level
	}
	return out
}

func (s *Site) serveSecurity(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.Security())
}

func (s *Site) serveSetSecurity(w http.ResponseWriter, r *http.Request) {
	var security Security
	if err := reply.Decode(w, r, &security); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := s.SetSecurity(security); err != nil {
		reply.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	s.serveSecurity(w, r)
}
