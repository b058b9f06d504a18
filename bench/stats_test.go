package main

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

func TestSummarize(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		values         []float64
		median, spread float64
	}{
		"none":         {nil, 0, 0},
		"one":          {[]float64{4}, 4, 0},
		"two":          {[]float64{3, 1}, 2, 0.25},
		"odd":          {[]float64{5, 1, 3}, 3, 1.0 / 3},
		"even":         {[]float64{4, 1, 3, 2}, 2.5, 0.3},
		"an outlier":   {[]float64{10, 10, 10, 10, 1000}, 10, 0},
		"all the same": {[]float64{7, 7, 7}, 7, 0},
		"nothing":      {[]float64{0, 0}, 0, 0},
		"negative":     {[]float64{-2, -4, -3}, -3, 1.0 / 6},
	} {
		got := summarize(tt.values)
		if math.Abs(got.median-tt.median) > 1e-9 || math.Abs(got.spread-tt.spread) > 1e-9 || got.count != len(tt.values) {
			t.Errorf("%s: got %+v, want median %v, spread %v", name, got, tt.median, tt.spread)
		}
	}
}

// Summarizing does not reorder the caller's values.
func TestSummarizeKeepsOrder(t *testing.T) {
	t.Parallel()
	values := []float64{3, 1, 2}
	summarize(values)
	if diff := cmp.Diff([]float64{3, 1, 2}, values); diff != "" {
		t.Error(diff)
	}
}

func TestRatios(t *testing.T) {
	t.Parallel()
	of := []measure.Sample{{measure.P50: 2}, {measure.P50: 6}, {}, {measure.P50: 8}, {measure.P50: 1}}
	by := []measure.Sample{{measure.P50: 1}, {measure.P50: 2}, {measure.P50: 1}, {measure.P50: 0}}
	if diff := cmp.Diff([]float64{2, 3}, ratios(of, by, measure.P50)); diff != "" {
		t.Error(diff)
	}
	if got := ratios(of, by, measure.CPU); got != nil {
		t.Errorf("got %v for an unmeasured metric", got)
	}
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	for want, tt := range map[string]struct {
		metric measure.Metric
		value  float64
	}{
		"7.30 µs ±0%":  {measure.P50, 7.3e-6},
		"999 ns ±0%":   {measure.Mean, 999e-9},
		"12.3 ms ±0%":  {measure.P99, 0.01234},
		"1.00 s ±0%":   {measure.CPU, 1},
		"0 ns ±0%":     {measure.CPU, 0},
		"20.0 MiB ±0%": {measure.Resident, 20 << 20},
		"12346 ±0%":    {measure.PerSecond, 12345.6},
		"51.0 ±0%":     {measure.Allocs, 51},
	} {
		if got := amount(tt.metric, summarize([]float64{tt.value})); got != want {
			t.Errorf("%s of %v: got %q, want %q", tt.metric, tt.value, got, want)
		}
	}
	if got := amount(measure.CPU, summarize(nil)) + ratio(summarize(nil)); got != "--" {
		t.Errorf("got %q for no value", got)
	}
}
