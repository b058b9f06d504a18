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

// FieldErrors says, for each wrong field, what is wrong with it.
type FieldErrors map[string]Wrong

// Wrong is what is wrong with a field. Who shows it to a person puts it into
// words.
type Wrong struct {
	Code WrongCode
	// Text is what was given, where the code is about a part of it.
	Text string
	// Limit is what the code's limit is.
	Limit int
}

// WrongCode names a kind of wrong.
type WrongCode string

// The kinds of wrong.
const (
	WrongNoProjects      WrongCode = "no project"
	WrongTooManyProjects WrongCode = "too many projects" // Limit
	WrongNotProject      WrongCode = "not a project key" // Text
	WrongTwice           WrongCode = "chosen twice"      // Text
	WrongNotVisible      WrongCode = "not visible"       // Text
	WrongTitleLong       WrongCode = "title too long"    // Limit, in characters
	WrongTitleControl    WrongCode = "title has control characters"
	WrongRole            WrongCode = "not a role"
	WrongWindow          WrongCode = "not a window"
	WrongUnit            WrongCode = "not a unit"
	WrongZone            WrongCode = "not a time zone"
)

// Has reports whether something is wrong with the field.
func (e FieldErrors) Has(field string) bool { return e[field].Code != "" }

// Error lists all of them on one line.
func (e FieldErrors) Error() string {
	var problems []string
	for _, field := range slices.Sorted(maps.Keys(e)) {
		problems = append(problems, field+": "+string(e[field].Code))
	}
	return strings.Join(problems, ", ")
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
	note := func(field string, w Wrong) {
		if w.Code != "" {
			wrong[field] = w
		}
	}
	note(FieldProjects, projectsProblem(c.Projects))
	note(FieldTitle, titleProblem(c.Title))
	if !roleID.MatchString(c.Role) {
		note(FieldRole, Wrong{Code: WrongRole})
	}
	if !c.Window.Valid() {
		note(FieldWindow, Wrong{Code: WrongWindow})
	}
	if c.Unit != UnitHours && c.Unit != UnitDays {
		note(FieldUnit, Wrong{Code: WrongUnit})
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// projectsProblem says what is wrong with a list of project keys, the zero
// Wrong when nothing is.
func projectsProblem(keys []string) Wrong {
	if len(keys) == 0 {
		return Wrong{Code: WrongNoProjects}
	}
	if len(keys) > MaxProjects {
		return Wrong{Code: WrongTooManyProjects, Limit: MaxProjects}
	}
	for i, key := range keys {
		if !projectKey.MatchString(key) {
			return Wrong{Code: WrongNotProject, Text: key}
		}
		if slices.Contains(keys[:i], key) {
			return Wrong{Code: WrongTwice, Text: key}
		}
	}
	return Wrong{}
}

func titleProblem(title string) Wrong {
	if utf8.RuneCountInString(title) > MaxTitle {
		return Wrong{Code: WrongTitleLong, Limit: MaxTitle}
	}
	if strings.ContainsFunc(title, unicode.IsControl) {
		return Wrong{Code: WrongTitleControl}
	}
	return Wrong{}
}

// NewGadgetConfig is what an empty form starts from.
func NewGadgetConfig() GadgetConfig {
	return GadgetConfig{Window: Fortnight, Unit: UnitHours}
}
