package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// Growth is that of the last third beside the second: the start counts for nothing,
// and a single high look for little.
func TestMemoryGrowth(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		memory             []float64
		growth, peak, last float64
	}{
		{[]float64{1, 2, 3, 10, 10, 10, 10, 90, 10}, 1, 90, 10},
		{[]float64{9, 9, 9, 10, 10, 10, 12, 12, 12}, 1.2, 12, 12},
		{[]float64{1, 2}, 0, 0, 0}, // too few looks say nothing
		{nil, 0, 0, 0},
	} {
		s := measure.Sample{}
		addMemory(s, tt.memory)
		if s[measure.Growth] != tt.growth || s[measure.Peak] != tt.peak || s[measure.Resident] != tt.last {
			t.Errorf("%v: got %v", tt.memory, s)
		}
	}
}

func TestEach(t *testing.T) {
	t.Parallel()
	errFull := errors.New("full")
	var seen []int
	err := each(t.Context(), time.Now().Add(time.Hour), time.Millisecond, func(n int) error {
		if seen = append(seen, n); n == 3 {
			return errFull
		}
		return nil
	})
	if !errors.Is(err, errFull) || len(seen) != 4 || seen[3] != 3 {
		t.Errorf("got %v after %v", err, seen)
	}
	if err := each(t.Context(), time.Now(), time.Hour, func(int) error { return nil }); err != nil {
		t.Errorf("over: got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := each(ctx, time.Now().Add(time.Hour), time.Hour, func(int) error { cancel(); return errFull }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}
