package viewer

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/internal/swr"
)

// getInPage is Get for a person whose page reads. What is kept is shown as it is:
// the page reads what is newer by itself, and nothing is read in the background.
// A view that the server has read is as good.
func (c *Cache[V, D]) getInPage(ctx context.Context, p Place, fresh bool, load swr.Load[V]) (Seen[V, D], error) {
	c.paged.Store(true)
	key := p.key()
	found, at, stale, ok := c.newest(key)
	if ok && !stale && !fresh && c.outdated(p.Tenant.ID, at) {
		c.Expire(p)
		stale = true
	}
	if ok && (!stale || !fresh) {
		return seen(found, stale), nil
	}
	found, _, stale, err := c.kept.GetFresh(ctx, key, c.withSlot(key, load))
	return seen(found, stale), err
}

// newest is what is kept of a place, whoever read it.
func (c *Cache[V, D]) newest(key placeKey) (found cached[V, D], at time.Time, stale, ok bool) {
	found, at, stale, ok = c.kept.Peek(key)
	other, otherAt, otherStale, there := c.kept.Peek(key.other())
	if there && (!ok || stale && (!otherStale || otherAt.After(at))) {
		return other, otherAt, otherStale, true
	}
	return found, at, stale, ok
}

// fromPage is what only the person's page has read of a place. It is shown until
// the server has.
func (c *Cache[V, D]) fromPage(key placeKey) (found cached[V, D], ok bool) {
	if !c.paged.Load() {
		return found, false
	}
	if _, _, _, served := c.kept.Peek(key); served {
		return found, false
	}
	found, _, _, ok = c.kept.Peek(key.other())
	return found, ok
}

// within bounds a load.
func within[V any](d time.Duration, load swr.Load[V]) swr.Load[V] {
	return func(ctx context.Context) (V, error) {
		ctx, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		return load(ctx)
	}
}
