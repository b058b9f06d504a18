package handlers

import (
	"context"
	"errors"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/web"
)

// firstLook is the body of a page, or what stands in its place until the
// script has fetched it.
func (s *Server) firstLook(r *edge.Request, g gadget, body func(context.Context) (templ.Component, error)) (templ.Component, error) {
	whole := r.Request.Context()
	ctx, cancel := context.WithTimeout(whole, s.Patience.FirstLook)
	defer cancel()
	found, err := body(ctx)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && whole.Err() == nil {
		l := r.Language()
		return web.LoadingView(l, s.face(g).title(l.Texts)), nil
	}
	return found, err
}
