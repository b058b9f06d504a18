package main

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// tenantsCmd groups the commands about tenants.
type tenantsCmd struct {
	List    tenantsListCmd    `cmd:"" default:"withargs" help:"List them; never a secret."`
	Show    tenantsShowCmd    `cmd:"" help:"Print what is known of one, and how much is stored."`
	Disable tenantsDisableCmd `cmd:"" help:"Serve one no more, whatever Jira says, until it is enabled."`
	Enable  tenantsEnableCmd  `cmd:"" help:"Serve a disabled one again."`
	Remove  tenantsRemoveCmd  `cmd:"" help:"Erase one and all its data, at once and for good."`
	Export  tenantsExportCmd  `cmd:"" help:"Print all that is stored of one as JSON; never a secret."`
	Erase   tenantsEraseCmd   `cmd:"" help:"Erase a person wherever the account is held."`
}

// tenantsListCmd lists the tenants.
type tenantsListCmd struct {
	app.StoreFlags `embed:""`
	JSON           bool `name:"json" help:"Print one JSON document."`
}

// Run prints one line per tenant.
func (t tenantsListCmd) Run(ctx context.Context, con console) error {
	st, err := t.Open(ctx)
	if err != nil {
		return err
	}
	listing := operator.Listing{Terminal: con.terminal, JSON: t.JSON}
	return errors.Join(listing.Tenants(ctx, con.stdout, st, time.Now()), st.Close())
}
