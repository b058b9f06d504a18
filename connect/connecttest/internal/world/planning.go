package world

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Component is a part of a project.
type Component struct {
	ID          string
	Name        string
	Description string
	Project     string // key
	LeadID      string // account id, "": nobody
}

// Version is a release of a project. Start and Release are days like
// 2006-01-02, "": not set.
type Version struct {
	ID             string
	Name           string
	Description    string
	Project        string // key
	Start, Release string
	Released       bool
	Archived       bool
}

// Board is a board of one project. Team-managed projects have simple boards, the
// others scrum boards.
type Board struct {
	ID      string
	Name    string
	Project string // key
}

// SprintState is how far a sprint is.
type SprintState string

// The states of a sprint.
const (
	SprintFuture SprintState = "future"
	SprintActive SprintState = "active"
	SprintClosed SprintState = "closed"
)

// Sprint is a period in which a team does a set of issues. A future one has no
// times.
type Sprint struct {
	ID                string
	Name              string
	Goal              string
	Board             string // id
	State             SprintState
	Start, End, Ended time.Time
}

// Team is one of Atlassian's teams, which a field of issues can name. Who is in it
// cannot be read through Jira.
type Team struct {
	ID   string // a UUID
	Name string
}

// The ids of the custom fields of the agile and teams apps.
const (
	TeamField          = "customfield_10001"
	PointEstimateField = "customfield_10016" // of team-managed projects
	SprintField        = "customfield_10020"
	StoryPointsField   = "customfield_10026" // of company-managed projects
)

// PointsField is the field that holds the points of a project's issues.
func (p Project) PointsField() string {
	if p.TeamManaged {
		return PointEstimateField
	}
	return StoryPointsField
}

// Components lists a project's components by name; "" is those of all projects.
func (w *World) Components(project string) []Component {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return ofProject(w.state.components, project, func(c Component) string { return c.Project })
}

// Versions lists a project's versions, oldest first; "" is those of all projects.
func (w *World) Versions(project string) []Version {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return ofProject(w.state.versions, project, func(v Version) string { return v.Project })
}

// Boards lists all boards, regardless of who may see them.
func (w *World) Boards() []Board {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.boards)
}

// Sprints lists a board's sprints, oldest first; "" is those of all boards.
func (w *World) Sprints(board string) []Sprint {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return ofProject(w.state.sprints, board, func(s Sprint) string { return s.Board })
}

// Teams lists the site's teams.
func (w *World) Teams() []Team {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.teams)
}

// Team finds a team by its id.
func (w *World) Team(id string) (Team, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	i := slices.IndexFunc(w.state.teams, func(t Team) bool { return strings.EqualFold(t.ID, id) })
	if i < 0 {
		return Team{}, false
	}
	return w.state.teams[i], true
}

func ofProject[T any](list []T, owner string, of func(T) string) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return owner != "" && of(v) != owner })
}

// Labels lists the labels that issues of the projects have, by name.
func (w *World) Labels(sees func(project string) bool) []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []string
	for project, issues := range w.state.byProject {
		if !sees(project) {
			continue
		}
		for _, i := range issues {
			all = append(all, i.Labels...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// component adds a component unless the project has one of that name.
func (s *state) component(c Component) {
	if !slices.ContainsFunc(s.components, func(o Component) bool { return o.Project == c.Project && o.Name == c.Name }) {
		c.ID = strconv.Itoa(firstCatalogID + len(s.components))
		s.components = append(s.components, c)
	}
}

// version adds a version unless the project has one of that name.
func (s *state) version(v Version) {
	if !slices.ContainsFunc(s.versions, func(o Version) bool { return o.Project == v.Project && o.Name == v.Name }) {
		v.ID = strconv.Itoa(firstCatalogID + len(s.versions))
		s.versions = append(s.versions, v)
	}
}

// team finds or adds a team.
func (s *state) team(name string) Team {
	t := Team{ID: madeUUID("team " + name), Name: name}
	if !slices.Contains(s.teams, t) {
		s.teams = append(s.teams, t)
	}
	return t
}

// board gives a project its board.
func (s *state) board(p Project) Board {
	b := Board{ID: strconv.Itoa(1 + len(s.boards)), Name: p.Key + " board", Project: p.Key}
	s.boards = append(s.boards, b)
	return b
}

func (s *state) sprint(v Sprint) Sprint {
	v.ID = strconv.Itoa(1 + len(s.sprints))
	s.sprints = append(s.sprints, v)
	return v
}

// madeUUID is the same on every start.
func madeUUID(of string) string {
	h := sha256.Sum256([]byte(of))
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
