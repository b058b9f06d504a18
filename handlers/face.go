package handlers

import (
	"context"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// face is in what the gadgets differ.
type face struct {
	title func(*lang.Texts) string
	// body is the view of an item, or what stands in its place.
	body func(ctx context.Context, p spot, fresh bool) (templ.Component, error)
	// sample is shown in the gadget directory.
	sample func(l *lang.Language) templ.Component
}

func (s *Server) face(g gadget) face {
	if g == gadgetTimelog {
		return face{
			title:  func(t *lang.Texts) string { return t.Product.Timelog },
			body:   s.timelogBody,
			sample: func(l *lang.Language) templ.Component { return web.TimelogView(s.timelogSample(l)) },
		}
	}
	return face{
		title:  func(t *lang.Texts) string { return t.Product.Workload },
		body:   s.workloadBody,
		sample: func(l *lang.Language) templ.Component { return web.WorkloadView(s.sample(l)) },
	}
}
