package main

import (
	"context"
	"errors"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// rekeyCmd seals all secrets anew, or removes those that nothing opens any more.
type rekeyCmd struct {
	app.StoreFlags `embed:""`
	Forget         []string `placeholder:"ID" help:"Instead list the secrets under this key, which is lost."`
	Yes            bool     `help:"With --forget: remove them."`
}

// Run is safe while the app serves.
func (r rekeyCmd) Run(ctx context.Context, con console) error {
	st, err := r.Open(ctx, r.Forget...)
	if err != nil {
		return err
	}
	if len(r.Forget) > 0 {
		err = operator.Forget(ctx, con.stdout, st, r.Yes, r.Forget...)
	} else {
		err = operator.Rekey(ctx, con.stdout, st)
	}
	return errors.Join(err, st.Close())
}
