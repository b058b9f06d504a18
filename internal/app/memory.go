package app

import (
	"context"
	"math"
	"os"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"time"
)

const (
	// memoryEvery is how often the process looks at its memory.
	memoryEvery = 15 * time.Second
	// memoryLimit is the soft limit of Go's memory: the closer to it, the more often
	// garbage is collected. It grows with what is in use, so that a program with full
	// caches does not do nothing else.
	memoryLimit = 72 << 20
	// busyBytes is how much a process allocates in that time that serves many requests.
	// While it does, garbage may pile up to busyPercent of what is in use, within the
	// limit: the little that is in use would be looked through after every hundred
	// pages.
	busyBytes                = 64 << 20
	idlePercent, busyPercent = 100, 400
	// quietBytes is how much a process allocates at most in a quiet time.
	quietBytes = 8 << 20
)

// TendMemory keeps the memory of the process small until the context ends: large
// answers cannot pile up garbage, and what a burst of requests took is given back
// to the system in the next quiet time. A busy process collects garbage less often.
// It changes settings of the whole process,
// so it is for a command, not for a program that a test starts. It does nothing if
// GOMEMLIMIT is set, and leaves GOGC alone if that is.
func TendMemory(ctx context.Context) {
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return
	}
	debug.SetMemoryLimit(memoryLimit)
	_, fixed := os.LookupEnv("GOGC")
	var m memory
	every(ctx, memoryEvery, func() {
		sample := []runtimemetrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}}
		runtimemetrics.Read(sample)
		next := m.next(sample[0].Value.Uint64(), sample[1].Value.Uint64())
		debug.SetMemoryLimit(next.limit)
		if !fixed {
			debug.SetGCPercent(next.percent)
		}
		if next.free {
			debug.FreeOSMemory()
		}
	})
}

// memory is what was seen of a process's memory.
type memory struct {
	// allocated is the count of allocated bytes, at the last look and when memory
	// was last given back.
	allocated, given uint64
}

// setting is what becomes of a process's memory until the next look.
type setting struct {
	limit   int64
	percent int // GOGC
	// free says that now is the time to give memory back.
	free bool
}

// next returns what is due for what is in use.
func (m *memory) next(allocated, live uint64) setting {
	since := allocated - m.allocated
	m.allocated = allocated
	s := setting{limit: int64(max(memoryLimit, live+live/2)), percent: idlePercent}
	if since >= busyBytes {
		s.percent = busyPercent
	}
	if s.free = since < quietBytes && allocated-m.given >= quietBytes; s.free {
		m.given = allocated
	}
	return s
}
