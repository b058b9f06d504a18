package main

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// serveCmd runs the app.
type serveCmd struct {
	serveFlags `embed:""`
}

// Run checks every setting before anything is opened.
func (s serveCmd) Run(ctx context.Context, con console) error {
	set, err := s.parse(con)
	if err != nil {
		return err
	}
	p, err := newProgram(ctx, set)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", set.addr)
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), p.Close())
	}
	return errors.Join(p.run(ctx, listener), p.Close())
}
