// Package world is the data of the local site: people, projects, issues,
// worklogs, dashboards and entity properties, held in memory, with the rules
// of who may see and change them.
//
// Whatever a method returns is a copy or never changes again: an edit replaces
// the old value with a new one. Callers must not write to it.
package world

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// ErrNotFound is wrapped by methods that are asked for something that does not
// exist.
var ErrNotFound = errors.New("not found")

// firstItemID is where the ids of dashboard items start.
const firstItemID = 10100

// World is a Jira site's data. It is safe for concurrent use.
type World struct {
	permissions []Permission
	mu          sync.RWMutex
	state       state
	loaded      state
	lag         lag
}

// state is all that Reset puts back. Its maps and slices are replaced or
// cloned on writing, their elements never change.
type state struct {
	people      []Person
	personIndex map[string]int
	projects    []Project
	issueTypes  []IssueType
	statuses    []Status
	priorities  []Priority
	issues      map[string]*Issue
	keys        map[string]string
	byProject   map[string][]*Issue
	lastNumber  map[string]int
	worklogs    map[string]*Worklog
	logsOf      map[string][]*Worklog
	deletedLogs []DeletedWorklog
	changes     map[string][]Change
	dashboards  []Dashboard
	roles       []Role
	attachments []Attachment
	schemes     []NotificationScheme
	settings    Settings
	components  []Component
	versions    []Version
	boards      []Board
	sprints     []Sprint
	teams       []Team
	filters     []Filter
	levels      []SecurityLevel
	// customFields are those that administrators made.
	customFields []CustomField
	properties   map[string]map[string]Property
	lastID       int64
	lastItem     int64 // dashboard item, not put back by Reset
}

func newState() state {
	return state{
		personIndex: map[string]int{},
		issues:      map[string]*Issue{},
		keys:        map[string]string{},
		byProject:   map[string][]*Issue{},
		lastNumber:  map[string]int{},
		worklogs:    map[string]*Worklog{},
		logsOf:      map[string][]*Worklog{},
		changes:     map[string][]Change{},
		properties:  map[string]map[string]Property{},
		roles:       roles(),
		lastItem:    firstItemID,
	}
}

func (s state) clone() state {
	c := s
	c.people = slices.Clone(s.people)
	c.personIndex = maps.Clone(s.personIndex)
	c.issues = maps.Clone(s.issues)
	c.keys = maps.Clone(s.keys)
	c.byProject = make(map[string][]*Issue, len(s.byProject))
	for project, issues := range s.byProject {
		c.byProject[project] = slices.Clip(issues) // so that no two states append to one array
	}
	c.lastNumber = maps.Clone(s.lastNumber)
	c.worklogs = maps.Clone(s.worklogs)
	c.logsOf = maps.Clone(s.logsOf)
	c.deletedLogs = slices.Clone(s.deletedLogs)
	c.changes = maps.Clone(s.changes)
	c.dashboards = slices.Clone(s.dashboards)
	c.roles = slices.Clone(s.roles)
	c.filters = slices.Clone(s.filters)
	c.customFields = slices.Clone(s.customFields)
	c.attachments = slices.Clone(s.attachments)
	c.properties = make(map[string]map[string]Property, len(s.properties))
	for owner, values := range s.properties {
		c.properties[owner] = maps.Clone(values)
	}
	return c
}

func newWorld(s state) *World {
	s.schemes = notificationSchemes(s.projects)
	return &World{permissions: permissions(), state: s, loaded: s.clone(), lag: lag{now: time.Now}}
}

// Reset puts everything back as it was loaded. Installed apps stay: their app
// users and their dashboard items with the same ids, but not the items'
// properties.
func (w *World) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	fresh := w.loaded.clone()
	for _, p := range w.state.people {
		if p.AppKey != "" {
			fresh.addPerson(p)
		}
	}
	for i := range fresh.dashboards { // those that were made come after them
		fresh.dashboards[i].Items = w.state.dashboards[i].Items
	}
	fresh.lastItem = w.state.lastItem
	w.state = fresh
	w.lag.past = nil
}

// nextID returns an id that nothing else in this world has.
func (s *state) nextID() string {
	s.lastID++
	return strconv.FormatInt(s.lastID, 10)
}

// replace returns the list with the element of the same id replaced.
func replace[T any](list []T, v T, same func(T) bool) []T {
	out := slices.Clone(list)
	if i := slices.IndexFunc(out, same); i >= 0 {
		out[i] = v
	}
	return out
}

func without[T any](list []T, same func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), same)
}
