package workload

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/userquery"
)

// ConfigProperty is the key of the dashboard item property that holds a
// gadget's configuration.
const ConfigProperty = "sightline.config"

// Limits of a gadget's configuration.
const (
	MaxProjects = 20
	MaxTitle    = 80   // characters
	MaxQuery    = 1000 // characters
	maxRoleName = 255  // characters
)

// Unit is how a gadget writes durations.
type Unit string

// The two units.
const (
	UnitHours Unit = "hours"
	UnitDays  Unit = "days"
)

// Refresh is the time, in minutes, after which a gadget asks for fresh numbers.
type Refresh int

// How often a gadget may refresh.
const (
	RefreshNever     Refresh = 0
	RefreshQuarterly Refresh = 15
	RefreshHourly    Refresh = 60
)

// Of is how often a gadget refreshes: a wallboard always does, because nobody is
// there to reload it.
func (r Refresh) Of(wallboard bool) Refresh {
	if wallboard && r == RefreshNever {
		return RefreshQuarterly
	}
	return r
}

// Seconds is the same time in seconds, 0 for never.
func (r Refresh) Seconds() int { return int(r) * 60 }

// GadgetConfig is what one gadget shows, the value of [ConfigProperty].
type GadgetConfig struct {
	Projects []string `json:"projects"` // keys
	// Filter, the id of a saved filter, or JQL is looked at instead of projects, and
	// Narrow leaves out issues of either.
	Filter string    `json:"filter,omitempty"`
	JQL    string    `json:"jql,omitempty"`
	Narrow Narrowing `json:"narrow,omitzero"`
	// Role, Group or Query chooses the team. At most one is set; without any, the
	// team is all assignees, also of the issues of an AtlassianTeam (see Narrow).
	Role string `json:"role,omitempty"` // id of a project role
	// RoleName is what the role was called to whoever chose it, for people to
	// whom Jira does not name it.
	RoleName string `json:"roleName,omitempty"`
	Group    Group  `json:"group,omitzero"`
	Query    string `json:"query,omitempty"` // a structured user query
	Window   Window `json:"window"`
	// Period is what counts instead of Window; From and To are the days of a range.
	Period Period `json:"period,omitempty"`
	From   Date   `json:"from,omitzero"`
	To     Date   `json:"to,omitzero"`

	Unit Unit `json:"unit"`
	// Measure is what a workload counts in. Points are the ids of the custom fields
	// that story points are taken from: the first that an issue has a value in counts.
	Measure Measure  `json:"measure,omitempty"`
	Points  []string `json:"points,omitempty"`
	Title   string   `json:"title,omitempty"`
	Refresh Refresh  `json:"refresh"`
	// Columns are those after the name in a workload, in order; nil: all of
	// [TableColumns].
	Columns []Column `json:"columns,omitempty"`
	// Wallboard is for a screen on the wall: large type, no controls.
	Wallboard bool `json:"wallboard,omitempty"`
	// Trend is how far back a workload looks, Ahead how far ahead.
	Trend Trend `json:"trend,omitempty"`
	Ahead Ahead `json:"ahead,omitempty"`
	// Missing are the hours below which a working day in who worked on what is marked;
	// 0: none is.
	Missing Missing `json:"missing,omitempty"`
	// By is how a workload groups issues, Sheet what the rows of who worked on what are.
	By
	Sheet Sheet `json:"sheet,omitempty"`
	Weighing
	// Statuses say which issues count as open.
	Statuses Statuses `json:"statuses,omitzero"`
}

// Where is what the gadget looks at, besides its projects.
func (c GadgetConfig) Where() Where {
	return Where{Filter: c.Filter, JQL: c.JQL, Narrow: c.Narrow, Statuses: c.Statuses}
}

// ParseGadgetConfig reads and validates the value of the property. It ignores
// unknown fields and fills missing ones as [NewGadgetConfig] does. The error
// wraps [FieldErrors] when a value is not allowed.
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
	// Jira lets an admin allow keys of up to 255 characters.
	projectKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,254}$`)
	roleID     = regexp.MustCompile(`^[0-9]{0,19}$`)
)

// Validate returns all wrong fields as [FieldErrors], nil without any.
func (c GadgetConfig) Validate() error {
	wrong := FieldErrors{}
	note := func(field string, w Wrong) {
		if w.Code != "" {
			wrong[field] = w
		}
	}
	c.Where().wrong(c.Projects, note)
	note(FieldTitle, titleProblem(c.Title))
	if !roleID.MatchString(c.Role) || c.Role != "" && c.Where().IsQuery() {
		note(FieldRole, Wrong{Code: WrongRole})
	}
	if titleProblem(c.RoleName).Code == WrongControl || utf8.RuneCountInString(c.RoleName) > maxRoleName {
		note(FieldRole, Wrong{Code: WrongRole})
	}
	note(FieldQuery, c.queryProblem())
	note(FieldGroup, c.Group.problem())
	note(FieldWindow, c.periodProblem())
	if !c.Window.Valid() {
		note(FieldWindow, Wrong{Code: WrongWindow})
	}
	if c.Unit != UnitHours && c.Unit != UnitDays {
		note(FieldUnit, Wrong{Code: WrongUnit})
	}
	if !slices.Contains(Measures(), c.Measure) {
		note(FieldMeasure, Wrong{Code: WrongMeasure})
	}
	if !arePointFields(c.Points) {
		note(FieldPoints, Wrong{Code: WrongPoints})
	}
	if c.Refresh != RefreshNever && c.Refresh != RefreshQuarterly && c.Refresh != RefreshHourly {
		note(FieldRefresh, Wrong{Code: WrongRefresh})
	}
	if c.Columns != nil && !areColumns(c.Columns) {
		note(FieldColumns, Wrong{Code: WrongColumns})
	}
	if !c.Trend.Valid() {
		note(FieldTrend, Wrong{Code: WrongTrend})
	}
	if !c.Ahead.Valid() {
		note(FieldAhead, Wrong{Code: WrongAhead, Limit: int(MaxAhead)})
	}
	if !c.Missing.Valid() {
		note(FieldMissing, Wrong{Code: WrongMissing})
	}
	c.By.wrong(note)
	if !slices.Contains(Sheets(), c.Sheet) {
		note(FieldSheet, Wrong{Code: WrongSheet})
	}
	c.Weighing.wrong(note)
	c.Statuses.wrong(note)
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// areColumns reports whether a table can have the columns: at least one, each once.
func areColumns(chosen []Column) bool {
	for i, c := range chosen {
		if !slices.Contains(TableColumns(), c) || slices.Contains(chosen[:i], c) {
			return false
		}
	}
	return len(chosen) > 0
}

// IsProjectKey reports whether a text can be the key of a project.
func IsProjectKey(text string) bool { return projectKey.MatchString(text) }

// projectsProblem returns what is wrong with a list of project keys, the zero
// Wrong if nothing is.
func projectsProblem(keys []string) Wrong {
	if len(keys) == 0 {
		return Wrong{Code: WrongNoProjects}
	}
	if len(keys) > MaxProjects {
		return Wrong{Code: WrongTooManyProjects, Limit: MaxProjects}
	}
	for i, key := range keys {
		if !IsProjectKey(key) {
			return Wrong{Code: WrongNotProject, Text: key}
		}
		if slices.Contains(keys[:i], key) {
			return Wrong{Code: WrongTwice, Text: key}
		}
	}
	return Wrong{}
}

func (c GadgetConfig) queryProblem() Wrong {
	chosen := 0
	for _, team := range []bool{c.Query != "", c.Role != "", c.Group != Group{}} {
		if team {
			chosen++
		}
	}
	if chosen > 1 {
		return Wrong{Code: WrongTwoTeams}
	}
	if c.Query == "" {
		return Wrong{}
	}
	return QueryProblem(c.Query)
}

// QueryProblem returns what is wrong with a structured user query, the zero
// Wrong if nothing is. Jira may still refuse the query.
func QueryProblem(query string) Wrong {
	if utf8.RuneCountInString(query) > MaxQuery {
		return Wrong{Code: WrongQueryLong, Limit: MaxQuery}
	}
	if strings.ContainsFunc(query, unicode.IsControl) {
		return Wrong{Code: WrongControl}
	}
	_, err := userquery.Parse(query)
	var syntax *userquery.SyntaxError
	if errors.As(err, &syntax) {
		return Wrong{Code: WrongQuery, Text: string([]rune(query)[syntax.Pos-1:]), At: syntax.Pos}
	}
	return Wrong{}
}

func titleProblem(title string) Wrong {
	if utf8.RuneCountInString(title) > MaxTitle {
		return Wrong{Code: WrongTitleLong, Limit: MaxTitle}
	}
	if strings.ContainsFunc(title, unicode.IsControl) {
		return Wrong{Code: WrongControl}
	}
	return Wrong{}
}

// NewGadgetConfig returns the configuration that an empty form starts with.
func NewGadgetConfig() GadgetConfig {
	return GadgetConfig{Window: Fortnight, Unit: UnitHours, Refresh: RefreshQuarterly}
}
