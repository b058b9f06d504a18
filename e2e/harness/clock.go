package harness

import (
	"sync/atomic"
	"time"

	"github.com/sightline-go/sightline/internal/app"
)

// Clock runs at the speed of the real time, and can be moved forward.
type Clock struct{ ahead atomic.Int64 }

// Now returns the clock's time.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// Forward moves the clock forward.
func (c *Clock) Forward(d time.Duration) { c.ahead.Add(int64(d)) }

// By gives the program a clock. Its site needs the same one.
func By(c *Clock) func(*app.ServeFlags) {
	return func(f *app.ServeFlags) { f.Now = c.Now }
}
