package world

import "slices"

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
	// TeamManaged says that its team, not an administrator, configures it.
	TeamManaged bool
	// Statuses are those of its workflow, in order.
	Statuses []Status
	// Actors are the account ids in each role, by role id.
	Actors map[string][]string
}

// Projects lists all projects, regardless of who may see them, by key.
func (w *World) Projects() []Project {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.projects)
}

// Project finds a project by its id or its key, which is case-sensitive.
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
