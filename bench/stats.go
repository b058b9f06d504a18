package main

import (
	"math"
	"slices"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// summary is the median of some values and their spread.
type summary struct {
	median float64
	// spread is half the distance between the quartiles, as a share of the
	// median: roughly half of the values lie within it.
	spread float64
	// count is how many values there were; with 0 the rest means nothing.
	count int
}

func summarize(values []float64) summary {
	if len(values) == 0 {
		return summary{}
	}
	sorted := slices.Sorted(slices.Values(values))
	s := summary{median: quantile(sorted, 0.5), count: len(sorted)}
	if s.median != 0 {
		s.spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / math.Abs(s.median)
	}
	return s
}

// quantile interpolates between the sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// values are a metric's values in the samples that have it.
func values(samples []measure.Sample, m measure.Metric) []float64 {
	var list []float64
	for _, s := range samples {
		if v, ok := s[m]; ok {
			list = append(list, v)
		}
	}
	return list
}

// ratios divide measurements of the same round, so that a passing load of the
// machine affects both.
func ratios(of, by []measure.Sample, m measure.Metric) []float64 {
	var list []float64
	for i := range min(len(of), len(by)) {
		a, ok1 := of[i][m]
		b, ok2 := by[i][m]
		if ok1 && ok2 && b != 0 {
			list = append(list, a/b)
		}
	}
	return list
}
