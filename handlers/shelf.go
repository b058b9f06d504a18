package handlers

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/swr"
)

// sight is something that was read for one person at one place.
type sight interface {
	// since is from before the first question to Jira.
	since() time.Time
}

// viewKey names what one person sees at one place of one installation. The
// generation keeps what was read under an older installation apart.
type viewKey struct {
	tenant     connect.TenantID
	generation int64
	account    connect.AccountID
	place      string
}

// shelf keeps sights of one kind, for a while.
type shelf[V sight] struct {
	kept *swr.Cache[viewKey, V]
	// outdated reports whether a tenant's Jira changed since a time.
	outdated func(id connect.TenantID, since time.Time) bool
	// wait is how long a sight that is outdated waits for a newer one.
	wait time.Duration
}

// newShelf makes a shelf with the times that all views share.
func newShelf[V sight](v *views) shelf[V] {
	return shelf[V]{
		kept:     &swr.Cache[viewKey, V]{Fresh: viewFresh, Keep: viewKeep, Max: maxViews, Timeout: loadTime, Now: v.server.Now},
		outdated: v.isOutdated,
		wait:     v.server.Patience.Changed,
	}
}

// get returns what a person sees at a place, and whether fresher numbers are
// on their way. With fresh it waits for those.
func (s shelf[V]) get(ctx context.Context, w who, place string, fresh bool, load swr.Load[V]) (V, bool, error) {
	key := w.at(place)
	if fresh {
		seen, _, stale, err := s.kept.GetFresh(ctx, key, load)
		return seen, stale, err
	}
	seen, _, stale, err := s.kept.Get(ctx, key, load)
	if err != nil || !s.outdated(w.tenant.ID, seen.since()) {
		return seen, stale, err
	}
	wait, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	s.kept.Expire(func(k viewKey) bool { return k == key })
	if newer, _, _, err := s.kept.GetFresh(wait, key, load); err == nil {
		return newer, false, nil
	}
	return seen, true, nil
}

// expire makes what a person saw at a place stale, so that who waits for fresh
// numbers gets them read anew.
func (s shelf[V]) expire(w who, place string) {
	key := w.at(place)
	s.kept.Expire(func(k viewKey) bool { return k == key })
}

// forget drops everything of one tenant.
func (s shelf[V]) forget(id connect.TenantID) {
	s.kept.Drop(func(k viewKey) bool { return k.tenant == id })
}

// forgetPlace drops what anybody of a tenant saw at a place.
func (s shelf[V]) forgetPlace(id connect.TenantID, place string) {
	s.kept.Drop(func(k viewKey) bool { return k.tenant == id && k.place == place })
}
