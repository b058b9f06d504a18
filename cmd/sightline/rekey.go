package main

import (
	"context"
	"errors"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// rekeyCmd seals all secrets anew.
type rekeyCmd struct {
	app.StoreFlags `embed:""`
}

// Run is safe while the app serves.
func (r rekeyCmd) Run(ctx context.Context, con console) error {
	st, err := r.Open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(operator.Rekey(ctx, con.stdout, st), st.Close())
}
