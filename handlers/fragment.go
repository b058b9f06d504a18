package handlers

import (
	"context"
	"sync"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/web"
)

// fragment keeps a view's workload as it was last rendered. What it shows
// besides the view itself, its age in words and whether it is stale, changes
// once a minute at most.
type fragment struct {
	mu    sync.Mutex
	age   string
	stale bool
	taste taste
	drawn drawn
}

// workload is the view as a component.
func (s *Server) workload(ctx context.Context, v view, p spot, stale bool) (templ.Component, error) {
	return s.drawn(ctx, v, p, stale, func(own taste, now time.Time) templ.Component {
		return web.WorkloadView(present(v, p, own, stale, now))
	})
}

// drawn is a view as a component that is rendered at most once for each age and
// each choice of its viewer.
func (s *Server) drawn(ctx context.Context, v view, p spot, stale bool, draw func(own taste, now time.Time) templ.Component) (templ.Component, error) {
	own, now := s.taste(ctx, p.who), s.Now()
	f, words := v.fragment, v.language.Age(now.Sub(v.readAt))
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.drawn.html != nil && f.age == words && f.stale == stale && f.taste.equal(own) {
		return f.drawn, nil
	}
	d, err := s.compressors.draw(ctx, draw(own, now))
	if err != nil {
		return nil, err
	}
	f.age, f.stale, f.taste, f.drawn = words, stale, own, d
	return d, nil
}
