// Package measure is what the load program and its workers share: the metrics,
// and how to measure a loop, a process and its memory. It imports only the
// standard library, so that it compiles in any commit.
package measure

import (
	"math"
	"slices"
	"time"
)

// Metric names something that is measured.
type Metric string

// The metrics, in the order in which they are shown. Times and allocations are
// per operation.
const (
	PerSecond Metric = "op/s"
	Mean      Metric = "mean"
	Best      Metric = "best"
	P50       Metric = "p50"
	P95       Metric = "p95"
	P99       Metric = "p99"
	CPU       Metric = "cpu"
	Allocs    Metric = "allocs"
	Resident  Metric = "resident"
	Peak      Metric = "peak"
	Growth    Metric = "growth"
)

// Metrics are all metrics in their order.
func Metrics() []Metric {
	return []Metric{PerSecond, Mean, Best, P50, P95, P99, CPU, Allocs, Resident, Peak, Growth}
}

// Sample is one measurement. Unmeasured metrics are missing. Times are in
// seconds, Resident and Peak in bytes, Growth is a ratio.
type Sample map[Metric]float64

// Limits bound one measurement.
type Limits struct {
	// Time is the maximum duration.
	Time time.Duration
	// Count is the maximum number of operations.
	Count int
	// Clients is how many operations run at a time; loops ignore it.
	Clients int
}

// AddTimes puts the mean and the percentiles of times into a sample.
func (s Sample) AddTimes(times []time.Duration) {
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	var sum time.Duration
	for _, t := range times {
		sum += t
	}
	s[Mean] = sum.Seconds() / float64(len(times))
	s[P50] = percentile(times, 0.50).Seconds()
	s[P95] = percentile(times, 0.95).Seconds()
	s[P99] = percentile(times, 0.99).Seconds()
}

// percentile is the smallest of the sorted times that the given share of them
// does not exceed.
func percentile(sorted []time.Duration, share float64) time.Duration {
	i := int(math.Ceil(share*float64(len(sorted)))) - 1
	return sorted[max(i, 0)]
}
