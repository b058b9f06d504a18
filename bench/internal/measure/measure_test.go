package measure

import (
	"errors"
	"os"
	"testing"
	"time"
)

func TestAddTimes(t *testing.T) {
	t.Parallel()
	var times []time.Duration
	for i := range 100 {
		times = append(times, time.Duration(100-i)*time.Millisecond)
	}
	s := Sample{}
	s.AddTimes(times)
	for metric, want := range map[Metric]float64{Mean: 0.0505, P50: 0.050, P95: 0.095, P99: 0.099} {
		if got := s[metric]; got < want-1e-9 || got > want+1e-9 {
			t.Errorf("%s: got %v, want %v", metric, got, want)
		}
	}
	none := Sample{}
	none.AddTimes(nil)
	if len(none) != 0 {
		t.Errorf("got %v for no times", none)
	}
}

func TestLoop(t *testing.T) {
	t.Parallel()
	calls := 0
	s, err := Loop(Limits{Time: time.Minute, Count: 10}, func() error {
		calls++
		return nil
	})
	if err != nil || s[PerSecond] <= 0 || s[P50] > s[P99] {
		t.Errorf("got %v, %v", s, err)
	}
	// The count ends it, long before the time does.
	warmed := 1<<21 - 1
	if calls < 10 || calls > 10+warmed {
		t.Errorf("got %d calls", calls)
	}
}

func TestLoopEndsWithTime(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	if _, err := Loop(Limits{Time: 5 * time.Millisecond, Count: 1 << 40}, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestLoopEndsWithFailure(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, after := range []int{0, 1, 1000} {
		calls := 0
		_, err := Loop(Limits{Time: time.Second, Count: 1 << 40}, func() error {
			if calls++; calls > after {
				return broken
			}
			return nil
		})
		if !errors.Is(err, broken) {
			t.Errorf("after %d calls: got %v", after, err)
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc")
	}
	if _, ok := CPUTime(os.Getpid()); !ok {
		t.Error("the test's own processor time is not known")
	}
	if bytes, ok := ResidentMemory(os.Getpid()); !ok || bytes < 1<<16 || bytes > 4<<30 {
		t.Errorf("own memory: got %d, %v", bytes, ok)
	}
	if _, ok := CPUTime(-1); ok {
		t.Error("a process that does not exist has processor time")
	}
	if _, ok := ResidentMemory(-1); ok {
		t.Error("a process that does not exist has memory")
	}
}
