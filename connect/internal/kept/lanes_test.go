package kept_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/connect/internal/kept"
)

// A flood in one lane passes at the rate, and delays neither another lane, nor those
// who ask again, nor who comes after it in the same lane.
func TestLanes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lanes kept.Lanes[string]
		rate := kept.Rate{Burst: 5, PerSecond: 10}
		var passed, refused atomic.Int64
		var all sync.WaitGroup
		wait := func(key string, again bool) (took time.Duration, ok bool) {
			began := time.Now()
			ok = lanes.Wait(t.Context(), rate, 2*time.Second, key, again)
			return time.Since(began), ok
		}
		for range 100 {
			all.Go(func() {
				if _, ok := wait("flooded", false); ok {
					passed.Add(1)
				} else {
					refused.Add(1)
				}
			})
		}
		synctest.Wait()
		if got := passed.Load(); got != 5 {
			t.Errorf("%d passed at once, want 5", got)
		}
		for _, one := range []struct {
			key   string
			again bool
		}{{"quiet", false}, {"flooded", true}, {"flooded", false}} {
			if took, ok := wait(one.key, one.again); !ok || took > 250*time.Millisecond {
				t.Errorf("%+v: got %v after %s, want one of the next turns", one, ok, took)
			}
		}
		all.Wait()
		if got := passed.Load(); got < 20 || got > 25 {
			t.Errorf("%d of 100 passed in two seconds, want 5 at once and 10 a second", got)
		}
		if got := passed.Load() + refused.Load(); got != 100 {
			t.Errorf("%d ended, want 100", got)
		}
		<-time.After(time.Second)
		if took, ok := wait("flooded", false); !ok || took > 0 {
			t.Errorf("after the flood: got %v after %s, want at once", ok, took)
		}
	})
}

// TestLanesInOrder: while all who wait can pass in their time, nobody passes before
// who came earlier, so that none waits in vain.
func TestLanesInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lanes kept.Lanes[string]
		var all sync.WaitGroup
		for range 24 {
			all.Go(func() { // comes again as soon as it has passed
				for range 10 {
					if !lanes.Wait(t.Context(), kept.Rate{Burst: 1, PerSecond: 25}, 2*time.Second, "flooded", false) {
						t.Error("waited in vain")
					}
				}
			})
		}
		all.Wait()
	})
}

// TestLanesOfRepeats: a flood of calls that ask again leaves every second turn to
// those who ask for the first time, and one of many lanes does not wait for the
// others.
func TestLanesOfRepeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lanes kept.Lanes[int]
		rate := kept.Rate{Burst: 1, PerSecond: 10}
		var all sync.WaitGroup
		for i := range 1500 { // more than may wait
			all.Go(func() { lanes.Wait(t.Context(), rate, 2*time.Second, i%300, i%3 > 0) })
		}
		synctest.Wait()
		for _, again := range []bool{false, true} {
			began := time.Now()
			if !lanes.Wait(t.Context(), rate, 2*time.Second, 1000, again) || time.Since(began) > 250*time.Millisecond {
				t.Errorf("asks again %t: passed after %s, want one of the next turns", again, time.Since(began))
			}
		}
		all.Wait()
	})
}

// A refund lets another pass, and whoever gives up makes room.
func TestLanesGiveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lanes kept.Lanes[int]
		rate := kept.Rate{Burst: 1, PerSecond: 0.001}
		if !lanes.Wait(t.Context(), rate, 0, 1, false) {
			t.Error("the first waits")
		}
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		var passed atomic.Int64
		for i := range 1000 {
			all.Go(func() {
				if lanes.Wait(ctx, rate, time.Hour, i%7, i%2 == 0) {
					passed.Add(1)
				}
			})
		}
		synctest.Wait()
		lanes.Refund()
		synctest.Wait()
		if got := passed.Load(); got != 1 {
			t.Errorf("after a refund %d passed, want 1", got)
		}
		cancel()
		all.Wait()
		if lanes.Wait(t.Context(), rate, time.Second, 1, false) {
			t.Error("passed without a turn")
		}
		lanes.Refund()
		if !lanes.Wait(t.Context(), rate, time.Second, 1, false) {
			t.Error("did not pass though nobody waits any more")
		}
	})
}
