package handlers

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"sightline/web"
)

// fragment keeps a view's workload as it was last rendered. What it shows
// besides the view itself, its age in words and whether it is stale, changes
// once a minute at most.
type fragment struct {
	mu    sync.Mutex
	age   string
	stale bool
	taste taste
	html  []byte
}

// workload is the view as a component that renders at most once for each age.
func (s *Server) workload(v view, p spot, stale bool) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		now, own := s.Now(), s.taste(ctx, p.who)
		html, err := v.fragment.render(ctx, v.language.Age(now.Sub(v.readAt)), own, stale, func() templ.Component {
			return web.WorkloadView(present(v, p.tenant, own, stale, now))
		})
		if err != nil {
			return err
		}
		_, err = w.Write(html)
		return err
	})
}

// render draws the view unless it was drawn just like that: with the same words
// for its age, for the same taste.
func (f *fragment) render(ctx context.Context, words string, own taste, stale bool, draw func() templ.Component) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.html != nil && f.age == words && f.stale == stale && f.taste.equal(own) {
		return f.html, nil
	}
	var buf bytes.Buffer
	if err := draw().Render(ctx, &buf); err != nil {
		return nil, err
	}
	f.age, f.stale, f.taste, f.html = words, stale, own, buf.Bytes()
	return f.html, nil
}
