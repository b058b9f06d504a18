package handlers

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"

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
		html, err := v.fragment.render(ctx, v, p, s.taste(ctx, p.who), stale, s.Now())
		if err != nil {
			return err
		}
		_, err = w.Write(html)
		return err
	})
}

func (f *fragment) render(ctx context.Context, v view, p spot, own taste, stale bool, now time.Time) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	words := v.language.Age(now.Sub(v.readAt))
	if f.html != nil && f.age == words && f.stale == stale && f.taste.equal(own) {
		return f.html, nil
	}
	var buf bytes.Buffer
	if err := web.WorkloadView(present(v, p, own, stale, now)).Render(ctx, &buf); err != nil {
		return nil, err
	}
	f.age, f.stale, f.taste, f.html = words, stale, own, buf.Bytes()
	return f.html, nil
}
