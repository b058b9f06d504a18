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
	Retry          bool `help:"Retry at once what failed or stopped."`
}

// Run prints one line per state. With --retry it makes every failed or stopped
// state due and says how many.
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
