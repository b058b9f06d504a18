package main

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// glancesCmd lists what conversations see.
type glancesCmd struct {
	app.StoreFlags `embed:""`
	Retry          bool `help:"Try what failed or stopped again at once."`
}

// Run prints a line a state. With --retry it makes due what is not well, and
// says how much.
func (g glancesCmd) Run(ctx context.Context, con console) error {
	st, err := g.Open(ctx)
	if err != nil {
		return err
	}
	if g.Retry {
		err = operator.RetryGlances(ctx, con.stdout, st)
	} else {
		err = operator.ListGlances(ctx, con.stdout, st, time.Now())
	}
	return errors.Join(err, st.Close())
}
