package simulation

import (
	"syscall"
	"time"
)

// realNow is the real time, of which the simulation's clock knows nothing.
func realNow() time.Duration {
	var now syscall.Timeval
	_ = syscall.Gettimeofday(&now)
	return time.Duration(now.Nano())
}
