package main

import (
	"context"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/operator"
)

// apiCmd makes one signed call to a tenant's API.
type apiCmd struct {
	operator.Call  `embed:""`
	app.StoreFlags `embed:""`
}

// Run prints the answer: as it came, or indented on a terminal.
func (a apiCmd) Run(ctx context.Context, con console) error {
	a.In, a.Out, a.Terminal = con.stdin, con.stdout, con.terminal
	return a.Make(ctx, a.StoreFlags)
}
