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

// Run checks every setting before anything is opened.
func (s serveCmd) Run(ctx context.Context, con console) error {
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
