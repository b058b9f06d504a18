package measure

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of /proc/PID/stat. Linux shows user space 100 ticks a
// second on all its architectures, see man 5 proc.
const tick = time.Second / 100

// CPUTime returns the processor time that a process has used, with a resolution
// of 10 ms, and whether it is known, which it is only on Linux.
func CPUTime(pid int) (time.Duration, bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, false
	}
	// The name in parentheses may hold anything. After it come the third
	// field and those that follow; utime and stime are the 14th and 15th.
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(fields) < 13 {
		return 0, false
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick, err1 == nil && err2 == nil
}

// ResidentMemory returns the bytes of memory that a process holds and no file
// backs (RssAnon), and whether they are known, which they are only on Linux.
func ResidentMemory(pid int) (int64, bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kilobytes << 10, err == nil
		}
	}
	return 0, false
}
