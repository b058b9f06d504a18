package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// bench is one run of the load program.
type bench struct {
	// sides are this working tree and, if one was asked for, another commit.
	sides []*side
	// temp is a folder that is removed at the end.
	temp string
	// postgres is the server whose schemas are used; "" for SQLite.
	postgres string
	// tenants is how many tenants know the program.
	tenants int
	// notes are a case's remarks about its numbers.
	notes []string
}

func (b *bench) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
}

// result is a case's measurements: the samples of each contestant, by round.
type result struct {
	of      benchCase
	samples [][]measure.Sample
	notes   []string
}

// measureCase opens a case, measures it and closes what it needed.
func (b *bench) measureCase(ctx context.Context, c benchCase, runs int, l measure.Limits) (result, error) {
	b.notes = nil
	list, err := c.open(ctx, b)
	if err != nil {
		return result{}, fmt.Errorf("case %s: %w", c.name, err)
	}
	samples, err := rounds(ctx, list, runs, l)
	if err := errors.Join(err, closeAll(list)); err != nil {
		return result{}, fmt.Errorf("case %s: %w", c.name, err)
	}
	return result{of: c, samples: samples, notes: b.notes}, nil
}

// rounds measures each contestant once per round. Each round starts with a
// different one, so that none always follows the same one.
func rounds(ctx context.Context, list []contestant, runs int, l measure.Limits) ([][]measure.Sample, error) {
	samples := make([][]measure.Sample, len(list))
	for round := range runs {
		for turn := range list {
			i := (round + turn) % len(list)
			s, err := list[i].measure(ctx, l)
			if err != nil {
				return nil, err
			}
			samples[i] = append(samples[i], s)
		}
	}
	return samples, ctx.Err()
}

func closeAll(list []contestant) error {
	var errs []error
	for _, c := range list {
		errs = append(errs, c.close())
	}
	return errors.Join(errs...)
}
