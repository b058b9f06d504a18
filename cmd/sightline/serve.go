package main

import (
	"context"
	"errors"

	"github.com/sightline-go/sightline/internal/app"
)

// serveCmd runs the app.
type serveCmd struct {
	app.ServeFlags `embed:""`
}

// Help follows the flags' own.
func (serveCmd) Help() string {
	return "OpenTelemetry's standard variables, such as OTEL_EXPORTER_OTLP_ENDPOINT, have traces sent to a collector, as OTLP over HTTP; without them none are made."
}

// Run checks every setting before anything is opened.
func (s serveCmd) Run(ctx context.Context, con console) error {
	s.Environ = con.env
	set, err := s.Parse(con.stderr)
	if err != nil {
		return err
	}
	p, err := app.New(ctx, set)
	if err != nil {
		return err
	}
	go app.TendMemory(ctx)
	return errors.Join(p.Listen(ctx), p.Close())
}
