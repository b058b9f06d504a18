package doctor

import (
	"testing"
	"time"
)

// A clock is wrong only by as much as a slow answer cannot explain.
func TestSkew(t *testing.T) {
	t.Parallel()
	asked := time.Date(2026, 11, 30, 12, 0, 0, 500_000_000, time.UTC)
	answered := asked.Add(9 * time.Second)
	for date, want := range map[time.Duration]time.Duration{
		-time.Second: -500 * time.Millisecond, 0: 0, 5 * time.Second: 0, 9 * time.Second: 0, 10 * time.Second: 500 * time.Millisecond,
		time.Minute: time.Minute - 9500*time.Millisecond, -time.Minute: -59500 * time.Millisecond,
	} {
		if got := skew(asked.Truncate(time.Second).Add(date), asked, answered); got != want {
			t.Errorf("written at %s: got %s, want %s", date, got, want)
		}
	}
}
