package measure

import (
	"os"
	"runtime"
	"time"
)

// batchTime is how long a batch of a loop takes: next to it, the 50 ns of
// reading the clock do not matter.
const batchTime = 200 * time.Microsecond

// Loop runs an operation over and over, on this goroutine, and measures it.
// Times are those of batches, divided by their number of operations.
func Loop(l Limits, op func() error) (Sample, error) {
	size, err := batchSize(op)
	if err != nil {
		return nil, err
	}
	var times []time.Duration
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu, cpuKnown := CPUTime(os.Getpid())
	begun, done := time.Now(), 0
	for last := begun; done < l.Count && last.Sub(begun) < l.Time; {
		n := min(size, l.Count-done)
		for range n {
			if err := op(); err != nil {
				return nil, err
			}
		}
		now := time.Now()
		times = append(times, now.Sub(last)/time.Duration(n))
		last, done = now, done+n
	}
	took := time.Since(begun)
	cpuAfter, _ := CPUTime(os.Getpid())
	runtime.ReadMemStats(&after)
	s := Sample{
		PerSecond: float64(done) / took.Seconds(),
		Allocs:    float64(after.Mallocs-before.Mallocs) / float64(done),
	}
	s.AddTimes(times)
	if cpuKnown {
		s[CPU] = (cpuAfter - cpu).Seconds() / float64(done)
	}
	return s, nil
}

// batchSize warms the operation up and finds out how many fill a batch.
func batchSize(op func() error) (int, error) {
	for n := 1; ; n *= 2 {
		begun := time.Now()
		for range n {
			if err := op(); err != nil {
				return 0, err
			}
		}
		if time.Since(begun) >= batchTime || n >= 1<<20 {
			return n, nil
		}
	}
}
