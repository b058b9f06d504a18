package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"golang.org/x/sync/errgroup"
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
	return errors.Join(p.listen(ctx), p.Close())
}

// listen opens the listeners and serves until the context ends or one fails.
func (p *program) listen(ctx context.Context) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", p.settings.addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	if p.settings.metricsAddr != "" {
		metrics, err := config.Listen(ctx, "tcp", p.settings.metricsAddr)
		if err != nil {
			return errors.Join(fmt.Errorf("listen for metrics: %w", err), listener.Close())
		}
		g.Go(func() error { return p.serveMetrics(ctx, metrics) })
	}
	g.Go(func() error { return p.run(ctx, listener) })
	return g.Wait()
}
