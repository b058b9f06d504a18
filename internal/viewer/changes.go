package viewer

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// maxTold is how many changed issues of a tenant are remembered. Where more have
// changed, all is read.
const maxTold = 50

// changes holds when each tenant's Jira last reported a change, and of watched tenants
// which issues it was about. It forgets changes older than every kept view.
type changes struct {
	now func() time.Time

	mu    sync.Mutex
	last  map[connect.TenantID]changed
	swept time.Time
}

// changed is what changed at a tenant.
type changed struct {
	at time.Time
	// unknown is when something changed last of which is not known what it was.
	unknown time.Time
	// told are issues, and when they changed last, for as long as keep; watched is until
	// when they are told.
	told    map[string]time.Time
	keep    time.Duration
	watched time.Time
}

func newChanges(now func() time.Time) *changes {
	return &changes{now: now, last: map[connect.TenantID]changed{}, swept: now()}
}

// note records a change just now: of an issue with this id, or of anything if that is
// empty.
func (c *changes) note(id connect.TenantID, issue string) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.last[id]
	l.at = now
	l.tell(issue, now)
	c.last[id] = l
	if now.Sub(c.swept) < valueKeep {
		return
	}
	c.swept = now
	maps.DeleteFunc(c.last, func(_ connect.TenantID, l changed) bool {
		return now.Sub(l.at) > valueKeep && now.After(l.watched)
	})
}

// tell remembers which issue changed, if somebody may ask for it.
func (l *changed) tell(issue string, now time.Time) {
	if len(l.told) >= maxTold {
		maps.DeleteFunc(l.told, func(_ string, at time.Time) bool { return now.Sub(at) > l.keep })
	}
	if _, again := l.told[issue]; issue == "" || now.After(l.watched) || !again && len(l.told) >= maxTold {
		l.told, l.unknown = nil, now
		return
	}
	if l.told == nil {
		l.told = map[string]time.Time{}
	}
	l.told[issue] = now
}

// watch remembers from now on which issues of a tenant change, for a while.
func (c *changes) watch(id connect.TenantID, d time.Duration) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.last[id]
	if now.After(l.watched) { // nobody has listened until now
		l.told, l.unknown = nil, l.at
	}
	l.keep, l.watched = d, now.Add(d)
	c.last[id] = l
}

// since reports whether something changed at a time or after it.
func (c *changes) since(id connect.TenantID, at time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.last[id]
	return !l.at.IsZero() && !l.at.Before(at)
}

// issues are those that changed at a time or after it. known is false if something
// else may have, too; at must be of a time when the tenant was watched.
func (c *changes) issues(id connect.TenantID, at time.Time) (ids []string, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.last[id]
	if !l.unknown.Before(at) || c.now().After(l.watched) {
		return nil, false
	}
	for issue, then := range l.told {
		if !then.Before(at) {
			ids = append(ids, issue)
		}
	}
	slices.Sort(ids)
	return ids, true
}

func (c *changes) forget(id connect.TenantID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.last, id)
}
