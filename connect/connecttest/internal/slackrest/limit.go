package slackrest

import (
	"time"
)

// window counts calls for a minute from the first one or, in the special tier,
// for a second.
type window struct {
	until time.Time
	count int
}

// The special tier of chat.postMessage: about one message a second and channel,
// with short bursts allowed.
const (
	specialPeriod = time.Second
	specialBurst  = 1
)

// limit counts a call of a method and returns after how many seconds it may be
// tried again, 0 if it is allowed. Posting is counted by channel. It needs the
// lock.
func (s webAPI) limit(name string, tier int, channel string) int {
	period, most, key := time.Minute, tier, name
	if tier == tierSpecial {
		period, most, key = specialPeriod, specialBurst, name+" "+channel
	}
	w, now := s.windows[key], s.Now()
	if w == nil || !now.Before(w.until) {
		w = &window{until: now.Add(period)}
		s.windows[key] = w
	}
	w.count++
	if w.count <= most {
		return 0
	}
	return int((w.until.Sub(now) + time.Second - 1) / time.Second)
}
