package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// resting are the contestants that do nothing for a while, after all their tenants
// called once: what a program takes at rest.
func resting(ctx context.Context, b *bench) ([]contestant, error) {
	floor, err := b.bareGin(ctx, "/readyz")
	if err != nil {
		return nil, err
	}
	list := []contestant{&rest{start: func(context.Context) (*process, func(context.Context) error, func(), error) {
		return floor.process, func(context.Context) error { return nil }, func() {}, nil
	}, end: func() { _ = floor.close() }}}
	for _, side := range b.sides {
		c, err := b.restingApp(ctx, side)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("start %s: %w", side.name, err), closeAll(list))
		}
		list = append(list, c)
	}
	return list, nil
}

// restingApp installs a side's program for the tenants, and starts it anew for
// each measurement.
func (b *bench) restingApp(ctx context.Context, s *side) (*rest, error) {
	h, err := b.host(ctx, s)
	if err != nil {
		return nil, err
	}
	p, base, _, err := h.serve(ctx)
	if err != nil {
		h.close()
		return nil, err
	}
	err = h.crowd.install(ctx, base, b.tenants)
	said := p.said.String()
	p.stop()
	if err != nil {
		h.close()
		return nil, fmt.Errorf("%w\n%s", err, said)
	}
	return &rest{start: func(ctx context.Context) (*process, func(context.Context) error, func(), error) {
		p, base, _, err := h.serve(ctx)
		if err != nil {
			return nil, nil, nil, err
		}
		return p, func(ctx context.Context) error { return h.crowd.events(ctx, base, b.tenants) }, p.stop, nil
	}, end: h.close}, nil
}

// rest is a contestant whose memory is measured.
type rest struct {
	start func(ctx context.Context) (p *process, call func(context.Context) error, stop func(), err error)
	end   func()
}

// measure starts the process, has it called and looks at its memory after the
// time of one measurement.
func (r *rest) measure(ctx context.Context, l measure.Limits) (measure.Sample, error) {
	p, call, stop, err := r.start(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	if err := call(ctx); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, p.said.String())
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(l.Time):
	}
	bytes, ok := measure.ResidentMemory(p.cmd.Process.Pid)
	if !ok {
		return nil, errors.New("the memory of another process is known on Linux only")
	}
	return measure.Sample{measure.Resident: float64(bytes)}, nil
}

func (r *rest) close() error {
	r.end()
	return nil
}
