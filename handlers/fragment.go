package handlers

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"sightline/connect"
	"sightline/web"
)

// fragment keeps a view's workload as it was last rendered. What it shows
// besides the view itself, its age in words and whether it is stale, changes
// once a minute at most.
type fragment struct {
	mu    sync.Mutex
	age   string
	stale bool
	html  []byte
}

// workload is the view as a component that renders at most once for each age.
func (s *Server) workload(v view, t *connect.Tenant, stale bool) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		now := s.Now()
		html, err := v.fragment.render(ctx, v.language.Age(now.Sub(v.readAt)), stale, func() templ.Component {
			return web.WorkloadView(present(v, t, stale, now))
		})
		if err != nil {
			return err
		}
		_, err = w.Write(html)
		return err
	})
}

// render draws the view unless it was drawn with the same words for its age.
func (f *fragment) render(ctx context.Context, words string, stale bool, draw func() templ.Component) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.html != nil && f.age == words && f.stale == stale {
		return f.html, nil
	}
	var buf bytes.Buffer
	if err := draw().Render(ctx, &buf); err != nil {
		return nil, err
	}
	f.age, f.stale, f.html = words, stale, buf.Bytes()
	return f.html, nil
}
