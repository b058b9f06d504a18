package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// loops are the contestants of a case that workers measure: one loop of this
// side's worker is the floor, and another loop of each side's worker is
// compared.
func loops(floor, compared string) func(context.Context, *bench) ([]contestant, error) {
	return func(ctx context.Context, b *bench) ([]contestant, error) {
		worker, err := b.sides[0].worker(ctx)
		if err != nil {
			return nil, err
		}
		list := []contestant{loopRun{worker, floor}, loopRun{worker, compared}}
		for _, side := range b.sides[1:] {
			worker, err := side.worker(ctx)
			if err != nil {
				// Its packages have a different shape: nothing to compare.
				b.note("%v", err)
				continue
			}
			list = append(list, loopRun{worker, compared})
		}
		return list, nil
	}
}

// loopRun is a loop of a worker; each measurement has a process of its own.
type loopRun struct{ worker, loop string }

func (r loopRun) measure(ctx context.Context, l measure.Limits) (measure.Sample, error) {
	out, err := output(ctx, "", r.worker, "loop", "-name", r.loop, "-time", l.Time.String(), "-count", strconv.Itoa(l.Count))
	if err != nil {
		return nil, err
	}
	var s measure.Sample
	if err := json.Unmarshal(out, &s); err != nil {
		return nil, fmt.Errorf("read what %s measured: %w", r.loop, err)
	}
	return s, nil
}

func (loopRun) close() error { return nil }
