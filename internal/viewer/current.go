package viewer

import (
	"context"
	"reflect"
	"sync/atomic"

	"github.com/sightline-go/sightline/internal/swr"
)

// reading says which view to get, and how to read it.
type reading[V any] struct {
	place Place
	fresh bool
	load  swr.Load[V]
	view  func(V) View
}

// current gets a view from a cache. With fresh, a view that was read earlier, or
// by somebody's reading that had begun, is read again if its place is configured
// otherwise now: the cache only knows of changes that were made through us. The
// question runs beside the reading, which uses its answer. A reading in a page takes
// several calls of that page, so it does without.
func current[V, D any](ctx context.Context, v *Views, c *Cache[V, D], r reading[V]) (Seen[V, D], error) {
	var own atomic.Bool // this call read the view, with the configuration of now
	get := func() (Seen[V, D], error) {
		return c.Get(ctx, r.place, r.fresh, func(ctx context.Context) (V, error) {
			own.Store(true)
			return r.load(ctx)
		})
	}
	if !r.fresh || r.place.Page != nil {
		return get()
	}
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		v.askConfig(context.WithoutCancel(ctx), r.place)
	}()
	seen, err := get()
	if err != nil || own.Load() {
		return seen, err
	}
	select {
	case <-asked:
	case <-ctx.Done():
		return seen, nil
	}
	if v.asConfigured(ctx, r.place, r.view(seen.View)) {
		return seen, nil
	}
	c.Expire(r.place)
	return get()
}

// askConfig asks what a place is configured to show, for whoever asks it next.
func (v *Views) askConfig(ctx context.Context, p Place) {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	if j, err := v.Jira(p.Person); err == nil {
		_, _, _ = p.Config(ctx, j)
	}
}

// asConfigured reports whether a view shows what its place is configured to show
// now. A configuration that cannot be read changes nothing.
func (v *Views) asConfigured(ctx context.Context, p Place, view View) bool {
	j, err := v.Jira(p.Person)
	if err != nil {
		return true
	}
	config, configured, err := p.Config(ctx, j)
	return err != nil || configured == view.Configured && reflect.DeepEqual(config, view.Config)
}
