package main

import (
	"context"
	"errors"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// tenantsCmd lists the tenants.
type tenantsCmd struct {
	app.StoreFlags `embed:""`
}

// Run prints a line a tenant.
func (t tenantsCmd) Run(ctx context.Context, con console) error {
	st, err := t.Open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(operator.ListTenants(ctx, con.stdout, st), st.Close())
}
