package world

import (
	"fmt"
	"slices"
	"strconv"
)

// Filter is a saved query.
type Filter struct {
	ID          string
	Name        string
	Description string
	OwnerID     string
	JQL         string
	Shares      []Share // whom it is shared with; none: nobody
	// Favourites are the account ids of those who have it as a favourite.
	Favourites []string
}

// Share is a group of people with whom something is shared.
type Share struct {
	// Kind is one of the kinds below. With is the id of the user or the group, or the
	// key of the project.
	Kind string
	With string
}

// The kinds of shares.
const (
	ShareGlobal   = "global"
	ShareLoggedIn = "loggedin"
	ShareUser     = "user"
	ShareGroup    = "group"
	ShareProject  = "project"
)

// firstFilterID is where the ids of filters start.
const firstFilterID = 10200

// Filters lists all filters by id, regardless of who may see them.
func (w *World) Filters() []Filter {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.filters)
}

// Filter finds a filter by its id.
func (w *World) Filter(id string) (Filter, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	i := slices.IndexFunc(w.state.filters, func(f Filter) bool { return f.ID == id })
	if i < 0 {
		return Filter{}, false
	}
	return w.state.filters[i], true
}

// SeesFilter tells whether the account ("" is nobody) may see the filter: its
// owner, and those with whom it is shared.
func (w *World) SeesFilter(account string, f Filter) bool {
	p, known := w.Person(account)
	return known && p.Active && f.OwnerID == account || w.sharedWith(account, f.Shares)
}

// sharedWith tells whether an account ("" is nobody) is among those with whom
// something is shared.
func (w *World) sharedWith(account string, shares []Share) bool {
	p, known := w.Person(account)
	known = known && p.Active
	return slices.ContainsFunc(shares, func(s Share) bool {
		switch s.Kind {
		case ShareGlobal:
			return true
		case ShareLoggedIn:
			return known
		case ShareUser:
			return known && s.With == account
		case ShareProject:
			return w.CanBrowse(account, s.With)
		}
		return known && slices.ContainsFunc(w.GroupsOf(p), func(g Group) bool { return g.ID == s.With })
	})
}

// PutFilter replaces a filter that exists, else the error wraps ErrNotFound. One
// owner's filters have different names, else it wraps ErrExists.
func (w *World) PutFilter(f Filter) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.IndexFunc(w.state.filters, func(o Filter) bool { return o.ID == f.ID })
	if at < 0 {
		return fmt.Errorf("change filter %s: %w", f.ID, ErrNotFound)
	}
	if slices.ContainsFunc(w.state.filters, func(o Filter) bool { return o.ID != f.ID && o.OwnerID == f.OwnerID && o.Name == f.Name }) {
		return fmt.Errorf("change filter %s to %q: %w", f.ID, f.Name, ErrExists)
	}
	w.state.filters = slices.Clone(w.state.filters)
	w.state.filters[at] = f
	return nil
}

// DeleteFilter removes a filter, if it exists.
func (w *World) DeleteFilter(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.filters = without(w.state.filters, func(f Filter) bool { return f.ID == id })
}

// addFilter gives a filter the next id.
func (s *state) addFilter(f Filter) {
	next := firstFilterID
	for _, o := range s.filters {
		n, _ := strconv.Atoi(o.ID) // ids are made here
		next = max(next, n+1)
	}
	f.ID = strconv.Itoa(next)
	s.filters = append(s.filters, f)
}
