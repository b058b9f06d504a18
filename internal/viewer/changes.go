package viewer

import (
	"maps"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// changes holds when each tenant's Jira last reported a change. It forgets
// changes older than every kept view.
type changes struct {
	now func() time.Time

	mu    sync.Mutex
	last  map[connect.TenantID]time.Time
	swept time.Time
}

func newChanges(now func() time.Time) *changes {
	return &changes{now: now, last: map[connect.TenantID]time.Time{}, swept: now()}
}

// note records a change just now.
func (c *changes) note(id connect.TenantID) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last[id] = now
	if now.Sub(c.swept) < valueKeep {
		return
	}
	c.swept = now
	maps.DeleteFunc(c.last, func(_ connect.TenantID, at time.Time) bool { return now.Sub(at) > valueKeep })
}

// since reports whether something changed at a time or after it.
func (c *changes) since(id connect.TenantID, at time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, ok := c.last[id]
	return ok && !last.Before(at)
}

func (c *changes) forget(id connect.TenantID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.last, id)
}
