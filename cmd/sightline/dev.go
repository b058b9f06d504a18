//go:build !serveonly

package main

import (
	"context"
	"errors"
	"io"

	"github.com/sightline-go/sightline/cmd/sightline/internal/localsite"
)

// devCmd runs the app and the local site in one process.
type devCmd struct {
	localsite.DevFlags `embed:""`
}

// Run installs the app on the site, sets up its gadgets and one room as
// people would, and serves both until it is interrupted.
func (d devCmd) Run(ctx context.Context, con console) error {
	both, err := d.Start(ctx, con.stderr)
	if err != nil {
		return err
	}
	err = both.Run(ctx, func(ctx context.Context) error {
		if err := both.Furnish(ctx); err != nil {
			return err
		}
		_, err := io.WriteString(con.stdout, both.Greeting())
		return err
	})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil // interrupted while it was starting
	}
	return errors.Join(err, both.Close())
}
