package handlers

import (
	"context"
	"errors"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/web"
)

// firstLook is the body of a page, or what stands in its place until the
// script has fetched it.
func (s *Server) firstLook(c *gin.Context, g gadget, body func(context.Context) (templ.Component, error)) (templ.Component, error) {
	whole := c.Request.Context()
	ctx, cancel := context.WithTimeout(whole, s.Patience.FirstLook)
	defer cancel()
	found, err := body(ctx)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && whole.Err() == nil {
		l := s.language(c)
		return web.LoadingView(l, s.face(g).title(l.Texts)), nil
	}
	return found, err
}
