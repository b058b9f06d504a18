package world

import (
	"fmt"
	"slices"
)

// SecurityLevel says who may see the issues that have it, of those who may browse
// their project.
type SecurityLevel struct {
	ID     string
	Name   string
	People []string // account ids
	Apps   bool     // whether the users of apps may, too
}

// Level finds a security level by its id or name.
func (w *World) Level(idOrName string) (SecurityLevel, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.state.level(idOrName)
}

func (s *state) level(idOrName string) (SecurityLevel, bool) {
	i := slices.IndexFunc(s.levels, func(l SecurityLevel) bool { return l.ID == idOrName || l.Name == idOrName })
	if i < 0 {
		return SecurityLevel{}, false
	}
	return s.levels[i], true
}

// SecurityLevels are those of the site, and the names of the levels of issues by their
// keys.
func (w *World) SecurityLevels() (levels []SecurityLevel, issues map[string]string) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	issues = map[string]string{}
	for _, i := range w.state.issues {
		if l, ok := w.state.level(i.Security); ok {
			issues[i.Key] = l.Name
		}
	}
	return w.state.levels, issues
}

// SetSecurityLevels replaces the levels, and which issues have one, by key and level's
// name, until the next Reset. A level keeps its id with its name. The error wraps
// [ErrNotFound] for a person, an issue or a level that is not there.
func (w *World) SetSecurityLevels(levels []SecurityLevel, issues map[string]string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	fresh := make([]SecurityLevel, 0, len(levels))
	for _, l := range levels {
		for _, account := range l.People {
			if _, ok := w.state.person(account); !ok {
				return fmt.Errorf("level %q: account %q: %w", l.Name, account, ErrNotFound)
			}
		}
		if before, ok := w.state.level(l.Name); ok {
			l.ID = before.ID
		} else {
			l.ID = w.state.nextID()
		}
		l.People = slices.Clone(l.People)
		fresh = append(fresh, l)
	}
	of := map[string]string{}
	for key, name := range issues {
		issue, found := w.state.issue(key)
		if !found {
			return fmt.Errorf("issue %q: %w", key, ErrNotFound)
		}
		at := slices.IndexFunc(fresh, func(l SecurityLevel) bool { return l.Name == name })
		if at < 0 {
			return fmt.Errorf("issue %q: level %q: %w", key, name, ErrNotFound)
		}
		of[issue.ID] = fresh[at].ID
	}
	w.state.levels = fresh
	for id, issue := range w.state.issues {
		if issue.Security != of[id] {
			after := *issue
			after.Security = of[id]
			w.state.putIssue(&after)
		}
	}
	return nil
}

// Sees tells whether the account ("" is nobody) may see the issue: it may browse its
// project, and the issue's security level, if it has one, lets it. A level that is
// not there any more lets nobody.
func (w *World) Sees(account string, i *Issue) bool {
	if !w.CanBrowse(account, i.Project) {
		return false
	}
	if i.Security == "" {
		return true
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	level, ok := w.state.level(i.Security)
	who, _ := w.state.person(account)
	return ok && (slices.Contains(level.People, account) || who.AppKey != "" && level.Apps)
}
