package chatrest

import (
	"net/http"
	"strconv"
	"time"
)

// rateLimit is how many calls an app may make in one conversation in a
// minute.
const rateLimit = 100

// rateWindow counts calls for a minute from the first one.
type rateWindow struct {
	until time.Time
	count int
}

// allow counts a call of the app in the conversation and writes the headers
// of the limit.
func (s platform) allow(w http.ResponseWriter, conversation, key string) bool {
	s.chat.mu.Lock()
	defer s.chat.mu.Unlock()
	in := s.chat.at(conversation).installs[key]
	if in == nil {
		return true // uninstalled meanwhile: the call itself is refused
	}
	window, now := &in.window, s.Now()
	if !now.Before(window.until) {
		*window = rateWindow{until: now.Add(time.Minute)}
	}
	window.count++
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(rateLimit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, rateLimit-window.count)))
	// The instant is in whole seconds, so it is rounded up.
	h.Set("X-RateLimit-Reset", window.until.Add(time.Second-1).UTC().Truncate(time.Second).Format(time.RFC3339))
	return window.count <= rateLimit
}
