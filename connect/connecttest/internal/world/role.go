package world

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ErrExists is wrapped by methods that are asked to create something whose name
// is taken.
var ErrExists = errors.New("exists already")

// Role is a project role. Roles are the same for all projects.
type Role struct {
	ID          string
	Name        string
	Description string
	Admin       bool
	Default     bool
}

// The ids of the project roles that every site has.
const (
	RoleDevelopers     = "10000"
	RoleViewers        = "10001"
	RoleAdministrators = "10002"
	RoleApps           = "10003"
	firstOwnRole       = 10004
)

func roles() []Role {
	return []Role{
		{ID: RoleAdministrators, Name: "Administrators", Description: "People who administer a project.", Admin: true},
		{ID: RoleDevelopers, Name: "Developers", Description: "People who work on a project's issues.", Default: true},
		{ID: RoleViewers, Name: "Viewers", Description: "People who only look at a project."},
		{ID: RoleApps, Name: "atlassian-addons-project-access", Description: "A project role that represents Connect add-ons declaring a scope that requires more than read issue permissions"},
	}
}

// Roles lists the project roles.
func (w *World) Roles() []Role {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.roles)
}

// Role finds a project role by its id.
func (w *World) Role(id string) (Role, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	i := slices.IndexFunc(w.state.roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return Role{}, false
	}
	return w.state.roles[i], true
}

// CreateRole makes a project role without actors. Names are unique, ignoring
// case; otherwise the error wraps ErrExists.
func (w *World) CreateRole(name, description string) (Role, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.ContainsFunc(w.state.roles, func(r Role) bool { return strings.EqualFold(r.Name, name) }) {
		return Role{}, fmt.Errorf("create role %s: %w", name, ErrExists)
	}
	next := firstOwnRole
	for _, o := range w.state.roles {
		n, _ := strconv.Atoi(o.ID) // ids are made here
		next = max(next, n+1)
	}
	r := Role{ID: strconv.Itoa(next), Name: name, Description: description}
	w.state.roles = append(w.state.roles, r)
	return r, nil
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

// PutRole replaces a role. Names are unique, ignoring case; otherwise the error
// wraps ErrExists.
func (w *World) PutRole(r Role) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.ContainsFunc(w.state.roles, func(o Role) bool { return o.ID != r.ID && strings.EqualFold(o.Name, r.Name) }) {
		return fmt.Errorf("change role %s to %s: %w", r.ID, r.Name, ErrExists)
	}
	w.state.roles = replace(w.state.roles, r, func(o Role) bool { return o.ID == r.ID })
	return nil
}

// RoleInUse tells whether anybody has the role in a project.
func (w *World) RoleInUse(id string) bool {
	return slices.ContainsFunc(w.Projects(), func(p Project) bool { return len(p.Actors[id]) > 0 })
}

// DeleteRole removes a role. Its people get the role swap, "" is none.
func (w *World) DeleteRole(id, swap string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.roles = without(w.state.roles, func(r Role) bool { return r.ID == id })
	w.state.projects = slices.Clone(w.state.projects)
	for i := range w.state.projects {
		p := &w.state.projects[i]
		actors := maps.Clone(p.Actors)
		for _, account := range actors[id] {
			if swap != "" && !slices.Contains(actors[swap], account) {
				actors[swap] = append(slices.Clip(actors[swap]), account)
			}
		}
		delete(actors, id)
		p.Actors = actors
	}
}
