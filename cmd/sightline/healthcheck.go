package main

import (
	"context"

	"github.com/sightline-go/sightline/internal/app"
)

// healthcheckCmd asks the app that runs on this machine, as containers do.
type healthcheckCmd struct {
	Addr    string `default:":8080" help:"Where the app listens."`
	BaseURL string `name:"base-url" help:"Its public base URL; only the path counts."`
	Live    bool   `help:"Ask only whether the process is up."`
}

// Run says nothing if all is well.
func (h healthcheckCmd) Run(ctx context.Context) error {
	return app.Healthy(ctx, h.Addr, h.BaseURL, h.Live)
}
