package rest

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	// firstWait is how long a refusal lasts that names no end.
	firstWait = 2 * time.Second
	// burstInterval keeps the calls apart that waited for an endpoint: as many a
	// second as the API allows by default.
	burstInterval = 10 * time.Millisecond
	// writeInterval keeps the writes to an issue apart for writesFor: Jira takes 100
	// in 30 seconds.
	writeInterval = 300 * time.Millisecond
	writesFor     = 30 * time.Second
	// maxLanes is how many endpoints and issues are held back at once.
	maxLanes = 1000
)

// Budget remembers what an API said about its limits. All Paces with the same
// Budget share it: make one for each tenant, say. The zero value is ready.
type Budget struct {
	mu     sync.Mutex
	all    lane
	single map[string]*lane // by endpoint, and by issue
}

// lane is calls that go one after the other.
type lane struct {
	interval time.Duration
	next     time.Time // when the next call may go
	until    time.Time // when all of this is forgotten
}

// turn takes the next turn of every lane that a call is in and returns how far away
// the last one is.
func (b *Budget) turn(req *http.Request, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait := b.all.turn(now)
	if len(b.single) == 0 {
		return wait
	}
	for _, key := range []string{endpoint(req), written(req)} {
		if one := b.single[key]; one != nil {
			wait = max(wait, one.turn(now))
		}
	}
	return wait
}

func (l *lane) turn(now time.Time) time.Duration {
	if !now.Before(l.until) {
		return 0
	}
	at := l.next
	if at.Before(now) {
		at = now
	}
	l.next = at.Add(l.interval)
	return at.Sub(now)
}

// learn keeps what an answer says. jitter is added to the wait for a quota, which
// ends for everybody at the same instant.
func (b *Budget) learn(req *http.Request, limit RateLimit, now time.Time, maxInterval, jitter time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait := waitOf(limit)
	switch limit.Scope {
	case ScopeApp, ScopeTenant:
		b.all.stop(now.Add(wait+jitter), maxInterval, paceFor)
	case ScopeEndpoint:
		b.lane(endpoint(req), now).stop(now.Add(wait), burstInterval, time.Second)
	case ScopeIssue:
		b.lane(written(req), now).stop(now.Add(wait), writeInterval, writesFor)
	case ScopeNone:
		b.all.learn(limit, now, maxInterval)
	}
}

// waitOf is how long a refusal lasts.
func waitOf(limit RateLimit) time.Duration {
	if limit.RetryAfter <= 0 {
		return firstWait
	}
	return limit.RetryAfter
}

// lane is that of a key, which is made where it is missing. Those that are over are
// forgotten then.
func (b *Budget) lane(key string, now time.Time) *lane {
	if one := b.single[key]; one != nil {
		return one
	}
	maps.DeleteFunc(b.single, func(_ string, one *lane) bool { return !now.Before(one.until) })
	one := &lane{}
	if b.single == nil {
		b.single = make(map[string]*lane)
	}
	if len(b.single) < maxLanes {
		b.single[key] = one
	}
	return one
}

// stop lets nothing go before a time, and then one call in each interval.
func (l *lane) stop(until time.Time, interval, after time.Duration) {
	l.interval, l.next, l.until = interval, until, until.Add(after)
}

func (l *lane) learn(limit RateLimit, now time.Time, maxInterval time.Duration) {
	switch {
	case limit.NearLimit && maxInterval > 0:
		l.slow(limit, now, maxInterval)
	case limit.Remaining > 0:
		l.until = time.Time{}
	}
}

// slow spreads what remains until the budget is full again.
func (l *lane) slow(limit RateLimit, now time.Time, maxInterval time.Duration) {
	first := !now.Before(l.until)
	l.interval, l.until = maxInterval, limit.Reset
	if left := limit.Reset.Sub(now); left <= 0 {
		l.until = now.Add(paceFor)
	} else if limit.Remaining > 0 {
		l.interval = min(maxInterval, left/time.Duration(limit.Remaining))
	}
	if first {
		l.next = now.Add(l.interval)
	}
}

// variable is a segment of a path that is a value: an id, an issue's key, an account
// id. A version is one, too.
var variable = regexp.MustCompile(`[0-9:%]`)

// endpoint names what a call asks for, without the values in its path.
func endpoint(req *http.Request) string {
	segments := strings.Split(req.URL.EscapedPath(), "/")
	for i, segment := range segments {
		if variable.MatchString(segment) {
			segments[i] = "*"
		}
	}
	return req.Method + " " + strings.Join(segments, "/")
}

// written names the issue that a call writes to; it is never that of an endpoint.
func written(req *http.Request) string {
	_, rest, _ := strings.Cut(req.URL.EscapedPath(), "/issue/")
	issue, _, _ := strings.Cut(rest, "/")
	if req.Method == http.MethodGet || req.Method == http.MethodHead {
		return "reads of " + issue
	}
	return "writes to " + issue
}
