package world

import (
	"slices"
	"strings"
)

// Group is a group of people. The sample's groups follow from its people: everybody,
// the administrators of Jira, and those who have a role in a project.
type Group struct {
	ID      string // a UUID
	Name    string
	Members []string // account ids, in the order of [World.People]
}

// Groups lists the groups by name.
func (w *World) Groups() []Group {
	w.mu.RLock()
	defer w.mu.RUnlock()
	members := map[string][]string{}
	for _, p := range w.state.people {
		for _, name := range w.state.groupsOf(p) {
			members[name] = append(members[name], p.AccountID)
		}
	}
	var out []Group
	for name, people := range members {
		out = append(out, Group{ID: groupID(name), Name: name, Members: people})
	}
	slices.SortFunc(out, func(a, b Group) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Group finds a group by its id, or by its name in any case.
func (w *World) Group(idOrName string) (Group, bool) {
	groups := w.Groups()
	i := slices.IndexFunc(groups, func(g Group) bool { return g.ID == idOrName || strings.EqualFold(g.Name, idOrName) })
	if i < 0 {
		return Group{}, false
	}
	return groups[i], true
}

// GroupsOf lists the groups that a person is in, without their members.
func (w *World) GroupsOf(p Person) []Group {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var out []Group
	for _, name := range w.state.groupsOf(p) {
		out = append(out, Group{ID: groupID(name), Name: name})
	}
	return out
}

func groupID(name string) string { return madeUUID("group " + name) }

func (s *state) groupsOf(p Person) []string {
	if p.App {
		return nil
	}
	names := []string{"confluence-users", "jira-users"}
	if p.Admin {
		names = append(names, "site-admins")
	}
	for _, project := range s.projects {
		for _, actors := range project.Actors {
			if slices.Contains(actors, p.AccountID) {
				names = append(names, "team-"+project.Key)
				break
			}
		}
	}
	return names
}
