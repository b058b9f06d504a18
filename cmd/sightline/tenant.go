package main

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// oneTenant names a tenant of the database.
type oneTenant struct {
	app.StoreFlags `embed:""`
	ID             string `arg:"" help:"Its id as the list has it, cloud id, client key or installation id."`
}

func (t oneTenant) run(ctx context.Context, con console, do operator.Action) error {
	return operator.On(ctx, t.StoreFlags, con.stdout, t.ID, do)
}

// tenantsShowCmd prints what is known of one tenant.
type tenantsShowCmd struct {
	oneTenant `embed:""`
	JSON      bool `name:"json" help:"Print one JSON document."`
}

// Run prints one line per property.
func (t tenantsShowCmd) Run(ctx context.Context, con console) error {
	return t.run(ctx, con, operator.Listing{JSON: t.JSON}.Show(time.Now()))
}

// tenantsDisableCmd keeps a tenant from being served.
type tenantsDisableCmd struct {
	oneTenant `embed:""`
}

// Run is followed by a running program within half a minute.
func (t tenantsDisableCmd) Run(ctx context.Context, con console) error {
	return t.run(ctx, con, operator.DisableTenant)
}

// tenantsEnableCmd has it served again.
type tenantsEnableCmd struct {
	oneTenant `embed:""`
}

// Run has the tenant's rooms counted anew.
func (t tenantsEnableCmd) Run(ctx context.Context, con console) error {
	return t.run(ctx, con, operator.EnableTenant)
}

// tenantsRemoveCmd erases a tenant.
type tenantsRemoveCmd struct {
	oneTenant `embed:""`
}

// Run does not tell Jira.
func (t tenantsRemoveCmd) Run(ctx context.Context, con console) error {
	return t.run(ctx, con, operator.RemoveTenant)
}

// tenantsExportCmd prints what is stored of a tenant.
type tenantsExportCmd struct {
	oneTenant `embed:""`
}

// Run prints one JSON document.
func (t tenantsExportCmd) Run(ctx context.Context, con console) error {
	return t.run(ctx, con, operator.ExportTenant)
}

// tenantsEraseCmd erases a person.
type tenantsEraseCmd struct {
	app.StoreFlags `embed:""`
	Account        string `required:"" placeholder:"ID" help:"The person's Atlassian account id."`
}

// Run says where there was something.
func (t tenantsEraseCmd) Run(ctx context.Context, con console) error {
	return operator.On(ctx, t.StoreFlags, con.stdout, t.Account, operator.EraseAccount)
}
