package workload

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ConfigProperty is the key of the dashboard item property that holds a
// gadget's configuration.
const ConfigProperty = "sightline.config"

// Limits of a gadget's configuration.
const (
	MaxProjects = 20
	MaxTitle    = 80 // characters
)

// Unit is how a gadget writes durations.
type Unit string

// The two units.
const (
	UnitHours Unit = "hours"
	UnitDays  Unit = "days"
)

// GadgetConfig is what one gadget shows, the value of [ConfigProperty].
type GadgetConfig struct {
	Projects []string `json:"projects"`       // keys
	Role     string   `json:"role,omitempty"` // id of a project role, "": all assignees
	Window   Window   `json:"window"`
	Unit     Unit     `json:"unit"`
	Title    string   `json:"title,omitempty"`
}

// Fields of a [GadgetConfig] as [FieldErrors] names them.
const (
	FieldProjects = "projects"
	FieldRole     = "role"
	FieldWindow   = "window"
	FieldUnit     = "unit"
	FieldTitle    = "title"
)

// FieldErrors says, for each wrong field, what is wrong with it, in a sentence
// for the person who filled it in.
type FieldErrors map[string]string

// Error lists all of them on one line.
func (e FieldErrors) Error() string {
	var problems []string
	for _, field := range slices.Sorted(maps.Keys(e)) {
		problems = append(problems, field+": "+e[field])
	}
	return strings.Join(problems, " ")
}

// ParseGadgetConfig reads and validates the value of the property. Fields it
// does not know are ignored; an absent window is a [Fortnight], an absent unit
// [UnitHours]. A value that is not allowed is a [FieldErrors].
func ParseGadgetConfig(data []byte) (GadgetConfig, error) {
	c := NewGadgetConfig()
	if err := json.Unmarshal(data, &c); err != nil {
		return GadgetConfig{}, fmt.Errorf("parse gadget configuration: %w", err)
	}
	if err := c.Validate(); err != nil {
		return GadgetConfig{}, fmt.Errorf("parse gadget configuration: %w", err)
	}
	return c, nil
}

var (
	projectKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)
	roleID     = regexp.MustCompile(`^[0-9]{0,19}$`)
)

// Validate reports every field that is wrong as [FieldErrors], nil when none is.
func (c GadgetConfig) Validate() error {
	wrong := FieldErrors{}
	note := func(field, problem string) {
		if problem != "" {
			wrong[field] = problem
		}
	}
	note(FieldProjects, projectsProblem(c.Projects))
	note(FieldTitle, titleProblem(c.Title))
	if !roleID.MatchString(c.Role) {
		note(FieldRole, "Choose a role, or all assignees.")
	}
	if !c.Window.Valid() {
		note(FieldWindow, "Choose 7, 14 or 30 days.")
	}
	if c.Unit != UnitHours && c.Unit != UnitDays {
		note(FieldUnit, "Choose hours or days.")
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// projectsProblem says what is wrong with a list of project keys, "" when
// nothing is.
func projectsProblem(keys []string) string {
	if len(keys) == 0 {
		return "Choose at least one project."
	}
	if len(keys) > MaxProjects {
		return fmt.Sprintf("Choose at most %d projects.", MaxProjects)
	}
	for i, key := range keys {
		if !projectKey.MatchString(key) {
			return fmt.Sprintf("%q is not a project key.", key)
		}
		if slices.Contains(keys[:i], key) {
			return fmt.Sprintf("%s is chosen twice.", key)
		}
	}
	return ""
}

func titleProblem(title string) string {
	if utf8.RuneCountInString(title) > MaxTitle {
		return fmt.Sprintf("Use at most %d characters.", MaxTitle)
	}
	if strings.ContainsFunc(title, unicode.IsControl) {
		return "Use one line of plain text."
	}
	return ""
}

// NewGadgetConfig is what an empty form starts from.
func NewGadgetConfig() GadgetConfig {
	return GadgetConfig{Window: Fortnight, Unit: UnitHours}
}
