package handlers

import (
	"context"
	"errors"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"sightline/web"
)

// firstWait is how long a page waits for data that is not kept yet. Later it
// is served without: the reading goes on, and the page's script joins it.
const firstWait = 1200 * time.Millisecond

// firstLook is the body of a page, or what stands in its place until the
// script has fetched it.
func (s *Server) firstLook(c *gin.Context, g gadget, body func(context.Context) (templ.Component, error)) (templ.Component, error) {
	whole := c.Request.Context()
	ctx, cancel := context.WithTimeout(whole, firstWait)
	defer cancel()
	found, err := body(ctx)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && whole.Err() == nil {
		l := s.language(c)
		return web.LoadingView(l, s.face(g).title(l.Texts)), nil
	}
	return found, err
}
