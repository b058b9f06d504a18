package rest

import (
	"net/http"
	"strconv"
	"time"
)

// maxRetryAfter keeps an absurd header from overflowing a duration.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads how long an API asks to wait: Retry-After in seconds or as
// an HTTP date, else X-RateLimit-Reset as an instant (the chat platform gives
// seconds, Jira only minutes). It reports false when there is no such header,
// or nothing to wait for.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	d := readRetryAfter(h, now)
	return min(d, maxRetryAfter), d > 0
}

func readRetryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if text == "" {
		return readReset(h.Get("X-RateLimit-Reset"), now)
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(seconds, int64(maxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return at.Sub(now)
}

func readReset(text string, now time.Time) time.Duration {
	if at := readInstant(text); !at.IsZero() {
		return at.Sub(now)
	}
	return 0
}

// readInstant reads an instant in seconds or minutes; zero stands for anything
// else.
func readInstant(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}
