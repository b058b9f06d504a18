package world

import (
	"slices"
	"strings"
)

// Access says who may browse a project.
type Access string

// Who may browse a project: anybody, anybody logged in, or the people who have
// a role in it.
const (
	AccessPublic  Access = "public"
	AccessOpen    Access = "open"
	AccessPrivate Access = "private"
)

// Project is a Jira project.
type Project struct {
	ID          string
	Key         string
	Name        string
	Description string
	Category    string
	LeadID      string
	Access      Access
	// ExcludeApps keeps app users out, as a permission scheme without the
	// role of apps does.
	ExcludeApps bool
	// Statuses are those of its workflow, in order.
	Statuses []Status
	// Actors are the account ids in each role, by role id.
	Actors map[string][]string
}

// Role is a project role. Roles are the same for all projects.
type Role struct {
	ID          string
	Name        string
	Description string
	Admin       bool
	Default     bool
}

// The ids of the project roles.
const (
	RoleDevelopers     = "10000"
	RoleViewers        = "10001"
	RoleAdministrators = "10002"
	RoleApps           = "10003"
)

// Roles lists the project roles.
func (w *World) Roles() []Role {
	return []Role{
		{ID: RoleAdministrators, Name: "Administrators", Description: "People who administer a project.", Admin: true},
		{ID: RoleDevelopers, Name: "Developers", Description: "People who work on a project's issues.", Default: true},
		{ID: RoleViewers, Name: "Viewers", Description: "People who only look at a project."},
		{ID: RoleApps, Name: "atlassian-addons-project-access", Description: "A project role that represents Connect add-ons declaring a scope that requires more than read issue permissions"},
	}
}

// Role finds a project role by its id.
func (w *World) Role(id string) (Role, bool) {
	roles := w.Roles()
	i := slices.IndexFunc(roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return Role{}, false
	}
	return roles[i], true
}

// Actors lists the people of a role in a project, sorted by display name.
// Those of the role of apps are the users of all installed apps.
func (w *World) Actors(project Project, roleID string) []Person {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var out []Person
	if roleID == RoleApps && !project.ExcludeApps {
		for _, p := range w.state.people {
			if p.AppKey != "" {
				out = append(out, p)
			}
		}
	}
	for _, id := range project.Actors[roleID] {
		if p, ok := w.state.person(id); ok {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Person) int { return strings.Compare(a.DisplayName, b.DisplayName) })
	return out
}

// Projects lists all projects, whoever may see them, in the order of their
// keys.
func (w *World) Projects() []Project {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.projects)
}

// Project finds a project by its id or, case counting, its key.
func (w *World) Project(keyOrID string) (Project, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.state.project(keyOrID)
}

func (s *state) project(keyOrID string) (Project, bool) {
	i := slices.IndexFunc(s.projects, func(p Project) bool { return p.Key == keyOrID || p.ID == keyOrID })
	if i < 0 {
		return Project{}, false
	}
	return s.projects[i], true
}
