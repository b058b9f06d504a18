package rest

import (
	"net/http"
	"regexp"
	"strconv"
	"time"
)

const (
	// maxBelieved is how long a wait may be that is asked for without a quota's
	// reason: a wrong header must not silence a client for a day.
	maxBelieved = 10 * time.Minute
	// lateAnswer is for how long after a full hour an answer may still be about
	// the hour before.
	lateAnswer = time.Minute
)

// RetryAfter reads how long an API asks to wait before the next try, and reports
// false when it does not ask or the time has passed: Retry-After in seconds, also
// with a fraction, or as an instant; else X-RateLimit-Reset, RateLimit-Reset, or
// a used-up budget of RateLimit. An instant is an HTTP date in any of its three
// forms, RFC 3339 with or without seconds, or a Unix time in seconds.
//
// The wait is at most ten minutes. Only RateLimit-Reason can name a reason to wait
// longer: a quota, which is full again at the next full hour, whatever else the
// answer says. A reason that is not known counts as a quota.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	said := askedWait(h, now)
	if isQuota(readReason(h)) {
		return quotaWait(said, now), true
	}
	return min(said, maxBelieved), said > 0
}

// isQuota reports whether a reason concerns all calls of a tenant or app.
func isQuota(reason string) bool {
	scope := scopeOf(0, reason)
	return scope == ScopeApp || scope == ScopeTenant
}

// quotaWait is the time to the next full hour. In an hour's first minute an answer
// that asks for less is believed: it may be about the hour before, or the clocks
// differ.
func quotaWait(said time.Duration, now time.Time) time.Duration {
	hour := now.Truncate(time.Hour).Add(time.Hour).Sub(now)
	if said > 0 && said < hour && hour > time.Hour-lateAnswer {
		return said
	}
	return hour
}

// askedWait is the first wait that a header asks for; 0 stands for none.
func askedWait(h http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-RateLimit-Reset", "RateLimit-Reset"} {
		if d := readWait(h.Get(name), now); d > 0 {
			return d
		}
	}
	var longest time.Duration
	for _, quota := range readForms(h, "") {
		if quota.Remaining == 0 {
			longest = max(longest, quota.Reset)
		}
	}
	return longest
}

// plainNumber leaves out signs, exponents, infinities and other bases.
var plainNumber = regexp.MustCompile(`\A[0-9]+(\.[0-9]*)?\z`)

const (
	// firstInstant is the number from which on seconds are a Unix time, not a
	// wait: it is in 2001, and a wait of 31 years.
	firstInstant = 1e9
	// lastInstant is the year 10889. What is later, or too long for a number,
	// counts as that.
	lastInstant = 1 << 48
)

// readWait reads seconds or an instant; 0 or less stands for no wait.
func readWait(text string, now time.Time) time.Duration {
	if seconds, ok := readSeconds(text); ok && seconds < firstInstant {
		return time.Duration(seconds * float64(time.Second))
	}
	if at := readInstant(text); !at.IsZero() {
		return at.Sub(now)
	}
	return 0
}

func readSeconds(text string) (float64, bool) {
	if !plainNumber.MatchString(text) {
		return 0, false
	}
	// The error is that of a number beyond all: +Inf then.
	seconds, _ := strconv.ParseFloat(text, 64)
	return min(seconds, lastInstant), true
}

// readInstant reads an instant; zero stands for anything else.
func readInstant(text string) time.Time {
	if seconds, ok := readSeconds(text); ok && seconds >= firstInstant {
		return time.Unix(int64(seconds), 0).UTC()
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	if at, err := http.ParseTime(text); err == nil {
		return at
	}
	return time.Time{}
}
