package viewer

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/swr"
)

// The times and sizes of what is kept in memory.
const (
	// viewFresh is the age up to which a view is shown without a background
	// refresh; DefaultMaxAge is the age up to which it is shown at all.
	viewFresh     = 30 * time.Second
	DefaultMaxAge = 10 * time.Minute
	// valueKeep is the same for any other value.
	valueKeep = 12 * time.Hour
	// viewIdle is how long what nobody asks for is kept: a dashboard that is open
	// asks at least every hour, unless its gadgets are never to refresh.
	viewIdle = 2 * time.Hour
	// maxViews bounds the memory of one cache of views with their drawings, in
	// bytes, and maxValues that of any other cache.
	maxViews  = 24 << 20
	maxValues = 4 << 20
	// loadTime bounds one reading, pageTime one that a person's page makes: each of
	// its steps takes two more trips.
	loadTime = 25 * time.Second
	pageTime = time.Minute
)

// Cache keeps views of type V for a while, each for one person at one place,
// together with the last drawing of it, of type D. Make one with [NewCache].
type Cache[V, D any] struct {
	kept *swr.Cache[placeKey, cached[V, D]]
	// outdated reports whether a tenant's Jira changed since a time.
	outdated func(id connect.TenantID, since time.Time) bool
	// wait is how long an outdated view waits for a newer one.
	wait time.Duration
	// paged says that there are views that pages have read.
	paged atomic.Bool
}

type cached[V, D any] struct {
	view  V
	drawn *Slot[D]
	since time.Time // of the oldest reading that the view rests on; zero: when it was read
}

// Seen is what one person sees at one place.
type Seen[V, D any] struct {
	View V
	// Stale says that newer numbers are being read.
	Stale bool
	// Drawn keeps the last drawing of the view. All who get the same view share
	// it.
	Drawn *Slot[D]
}

// NewCache makes a cache with the times that all views share. v clears and
// closes it together with all others, so make it once, when the program starts.
func NewCache[V, D any](v *Views) *Cache[V, D] {
	c := &Cache[V, D]{
		kept:     newKept[placeKey, cached[V, D]](v.now, viewFresh),
		outdated: v.changes.since,
		wait:     v.Patience.Changed,
	}
	c.kept.Keep, c.kept.Max, c.kept.Weigh, c.kept.Timeout = v.maxAge, maxViews, cached[V, D].size, pageTime
	c.kept.Since = func(c cached[V, D]) time.Time { return c.since }
	v.caches = append(v.caches, c)
	return c
}

// newKept makes a cache with the limits that all caches share.
func newKept[K comparable, V any](now func() time.Time, fresh time.Duration) *swr.Cache[K, V] {
	return &swr.Cache[K, V]{Fresh: fresh, Keep: valueKeep, Idle: viewIdle, Max: maxValues, Timeout: loadTime, Now: now}
}

// Get returns what a person sees at a place, and calls load if that is not
// kept. If the view is known to be out of date, Get waits a little for a newer
// one. With fresh it waits for fresh numbers, however long that takes.
func (c *Cache[V, D]) Get(ctx context.Context, p Place, fresh bool, load swr.Load[V]) (Seen[V, D], error) {
	if p.Page != nil {
		return c.getInPage(ctx, p, fresh, load)
	}
	key := p.key()
	read := c.withSlot(key, within(loadTime, load))
	if fresh {
		found, _, stale, err := c.kept.GetFresh(ctx, key, read)
		return seen(found, stale), err
	}
	if found, ok := c.fromPage(key); ok {
		return seen(found, true), nil
	}
	found, at, stale, err := c.kept.Get(ctx, key, read)
	if err != nil || !c.outdated(p.Tenant.ID, at) {
		return seen(found, stale), err
	}
	wait, cancel := context.WithTimeout(ctx, c.wait)
	defer cancel()
	c.Expire(p)
	if newer, _, _, err := c.kept.GetFresh(wait, key, read); err == nil {
		return seen(newer, false), nil
	}
	return seen(found, true), nil
}

// Peek returns what a person sees at a place if it is kept and nothing newer has to
// be read. Called before Get, it saves the allocations of what reads.
func (c *Cache[V, D]) Peek(p Place) (Seen[V, D], bool) {
	found, at, stale, ok := c.kept.Peek(p.key())
	if !ok || stale || c.outdated(p.Tenant.ID, at) {
		return Seen[V, D]{}, false
	}
	return seen(found, false), true
}

func seen[V, D any](c cached[V, D], stale bool) Seen[V, D] {
	return Seen[V, D]{View: c.view, Stale: stale, Drawn: c.drawn}
}

// withSlot gives each view that is read a slot for its drawing.
func (c *Cache[V, D]) withSlot(key placeKey, load swr.Load[V]) swr.Load[cached[V, D]] {
	return func(ctx context.Context) (cached[V, D], error) {
		view, err := load(ctx)
		kept := cached[V, D]{view: view, drawn: &Slot[D]{grown: func() { c.kept.Grown(key) }}}
		if v, ok := any(view).(interface{ restsOn() time.Time }); ok {
			kept.since = v.restsOn()
		}
		return kept, err
	}
}

// Expire makes what a person saw at a place stale: whoever waits for fresh
// numbers gets them read anew.
func (c *Cache[V, D]) Expire(p Place) {
	key := p.key()
	c.kept.Expire(func(k placeKey) bool { return k == key || k == key.other() })
}

func (c *Cache[V, D]) forget(id connect.TenantID) {
	c.kept.Drop(func(k placeKey) bool { return k.tenant == id })
}

func (c *Cache[V, D]) forgetPlace(id connect.TenantID, name string) {
	c.kept.Drop(func(k placeKey) bool {
		return k.tenant == id && (k.name == name || strings.HasPrefix(k.name, name+"/"))
	})
}

func (c *Cache[V, D]) sweep() { c.kept.Sweep() }

func (c *Cache[V, D]) asked() swr.Asked { return c.kept.Asked() }

func (c *Cache[V, D]) close() { c.kept.Close() }

// Slot keeps the last drawing of a view, in the form that its drawer uses. The
// zero value is empty; it is safe for concurrent use.
type Slot[D any] struct {
	grown func() // called after a drawing of another size; may be nil
	bytes atomic.Int64

	mu    sync.Mutex
	full  bool
	look  Look
	drawn D
}

// Look is what a drawing depends on, besides the view itself. While the viewer
// changes nothing, it changes at most once a minute.
type Look struct {
	// Age is the view's age in words.
	Age   string
	Stale bool
	// Until is when Jira takes calls again; zero: it does.
	Until  time.Time
	Chosen Chosen
}

func (l Look) equal(o Look) bool {
	return l.Age == o.Age && l.Stale == o.Stale && l.Until.Equal(o.Until) && l.Chosen.equal(o.Chosen)
}

// Draw returns the drawing kept for the same look, or calls draw for a new one.
// Of several callers at once one draws and the others wait.
func (s *Slot[D]) Draw(look Look, draw func() (D, error)) (D, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full && s.look.equal(look) {
		return s.drawn, nil
	}
	drawn, err := draw()
	if err != nil {
		return drawn, err
	}
	s.full, s.look, s.drawn = true, look, drawn
	if bytes := int64(sizeOf(drawn)); s.bytes.Swap(bytes) != bytes && s.grown != nil {
		s.grown()
	}
	return drawn, nil
}
