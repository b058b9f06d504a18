package main

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// counted is a contestant that notes its turns.
type counted struct {
	name   string
	turns  *[]string
	fails  error
	closed *int
}

func (c counted) measure(context.Context, measure.Limits) (measure.Sample, error) {
	*c.turns = append(*c.turns, c.name)
	return measure.Sample{measure.P50: float64(len(*c.turns))}, c.fails
}

func (c counted) close() error {
	*c.closed++
	return nil
}

func threeOf(turns *[]string, closed *int, fails error) benchCase {
	return benchCase{name: "three", open: func(context.Context, *bench) ([]contestant, error) {
		return []contestant{counted{"floor", turns, nil, closed}, counted{"this", turns, fails, closed}, counted{"other", turns, nil, closed}}, nil
	}}
}

func TestRoundsTakeTurns(t *testing.T) {
	t.Parallel()
	var turns []string
	closed := 0
	res, err := (&bench{}).measureCase(t.Context(), threeOf(&turns, &closed, nil), 4, measure.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"floor", "this", "other", "this", "other", "floor",
		"other", "floor", "this", "floor", "this", "other",
	}
	if diff := cmp.Diff(want, turns); diff != "" {
		t.Error(diff)
	}
	// The samples are in the order of the rounds, whoever went first.
	if got := values(res.samples[1], measure.P50); !slices.Equal(got, []float64{2, 4, 9, 11}) {
		t.Errorf("samples of this: got %v", got)
	}
	if closed != 3 {
		t.Errorf("%d of 3 are closed", closed)
	}
}

func TestFailedRoundClosesAll(t *testing.T) {
	t.Parallel()
	var turns []string
	closed, broken := 0, errors.New("broken")
	_, err := (&bench{}).measureCase(t.Context(), threeOf(&turns, &closed, broken), 4, measure.Limits{})
	if !errors.Is(err, broken) || closed != 3 || len(turns) != 2 {
		t.Errorf("got %v, %d closed after %v", err, closed, turns)
	}
}
