package gadget

import (
	"context"
	"errors"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// FirstLook is the body of a page or, if body takes longer than wait, a
// placeholder until the script has fetched it.
func FirstLook(r *edge.Request, wait time.Duration, title func(*lang.Language) string, body func(context.Context) (templ.Component, error)) (templ.Component, error) {
	whole := r.Request.Context()
	ctx, cancel := context.WithTimeout(whole, wait)
	defer cancel()
	found, err := body(ctx)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && whole.Err() == nil {
		l := r.Language()
		return web.LoadingView(l, title(l)), nil
	}
	return found, err
}
