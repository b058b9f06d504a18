package app

import "testing"

func TestMemoryIsGivenBackWhenQuiet(t *testing.T) {
	t.Parallel()
	var m memory
	for i, step := range []struct {
		allocated uint64 // MiB since the last look
		free      bool
		percent   int
	}{
		{30, false, idlePercent}, // the start
		{1, true, idlePercent},
		{1, false, idlePercent}, // nothing to give back
		{7, true, idlePercent},  // several quiet times add up
		{63, false, idlePercent},
		{64, false, busyPercent},
		{5000, false, busyPercent},
		{7, true, idlePercent},
		{0, false, idlePercent},
	} {
		got := m.next(m.allocated+step.allocated<<20, 0)
		if got.free != step.free || got.percent != step.percent {
			t.Errorf("step %d: got %+v, want %+v", i, got, step)
		}
	}
}

// The limit never comes close to what is in use.
func TestMemoryLimitGrows(t *testing.T) {
	t.Parallel()
	var m memory
	for live, want := range map[uint64]int64{0: memoryLimit, 20 << 20: memoryLimit, 200 << 20: 300 << 20} {
		if limit := m.next(0, live).limit; limit != want {
			t.Errorf("%d in use: got a limit of %d, want %d", live, limit, want)
		}
	}
}
