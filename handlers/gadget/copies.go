package gadget

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/outage"
)

const (
	// copyTime is how long a page waits for the copy of a configuration, or for
	// its being kept. Jira has the original.
	copyTime = time.Second
	// copyPause is how long copies are left alone after one failed.
	copyPause = 10 * time.Second
	// maxOutdated bounds the items whose copy is known to be old.
	maxOutdated = 10_000
)

// copies are what the database has of configurations. They save a question to
// Jira and are never needed: one that cannot be read or kept costs a line of the
// log when that begins, and one when it ends.
type copies struct {
	store   copyStore
	now     func() time.Time
	outages *outage.Log

	mu sync.Mutex
	// paused is until when copies are left alone.
	paused time.Time
	// outdated are the items whose configuration was saved at a time and whose
	// copy was not.
	outdated map[copyKey]time.Time
}

type copyKey struct {
	tenant connect.TenantID
	item   connect.DashboardItem
}

// fresh returns the copy of an item's configuration if it may be used.
func (c *copies) fresh(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem) (value []byte, ok bool) {
	if c.resting() {
		return nil, false
	}
	within, cancel := context.WithTimeout(ctx, copyTime)
	defer cancel()
	value, at, err := c.store.GadgetConfig(within, tenant, item)
	if errors.Is(err, connect.ErrNotFound) {
		c.note(ctx, nil)
		return nil, false
	}
	c.note(ctx, err)
	return value, err == nil && string(value) != doubtful && c.now().Sub(at) < configFresh && !c.isOutdated(copyKey{tenant, item}, at)
}

// keep replaces the copy by what Jira has had since a time. A copy that stays
// behind is not used by this process.
func (c *copies) keep(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, value []byte, at time.Time) {
	c.save(ctx, copyKey{tenant, item}, at, func(ctx context.Context) error {
		return c.store.SaveGadgetConfig(ctx, tenant, item, value, at)
	})
}

// change is keep for what was just saved in Jira.
func (c *copies) change(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, value []byte, at time.Time) {
	c.save(ctx, copyKey{tenant, item}, at, func(ctx context.Context) error {
		return c.store.ChangeGadgetConfig(ctx, tenant, item, value, at)
	})
}

// found keeps of which projects the issues of an item are. What is not kept is told again
// with the next view.
func (s *Gadgets) found(tenant connect.TenantID, item connect.DashboardItem) func(context.Context, []string) {
	return func(ctx context.Context, projects []string) {
		c := s.copies
		if c.resting() {
			return
		}
		within, cancel := context.WithTimeout(ctx, copyTime)
		defer cancel()
		c.note(ctx, c.store.SaveFound(within, tenant, item, projects))
	}
}

func (c *copies) save(ctx context.Context, key copyKey, at time.Time, save func(context.Context) error) {
	err := errResting
	if !c.resting() {
		within, cancel := context.WithTimeout(ctx, copyTime)
		defer cancel()
		err = save(within)
		c.note(ctx, err)
	}
	if err != nil {
		c.outdate(key, at)
	}
}

// doubtful stands in place of a copy while the original is being changed.
const doubtful = "doubtful"

// doubt has no process use or keep what was read before a time, whatever becomes
// of this one: until then the original may change.
func (c *copies) doubt(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, until time.Time) {
	c.keep(ctx, tenant, item, []byte(doubtful), until)
}

var errResting = errors.New("copies are left alone after a failure")

func (c *copies) resting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now().Before(c.paused)
}

// note pauses after a failure. A caller who has gone says nothing about the
// database.
func (c *copies) note(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	c.outages.Note(ctx, outage.Subject{What: "keep copies of gadget configurations"}, err)
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.paused = c.now().Add(copyPause)
	}
}

func (c *copies) outdate(key copyKey, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for old, since := range c.outdated {
		if c.now().Sub(since) >= configFresh { // no copy is trusted for so long
			delete(c.outdated, old)
		}
	}
	if c.outdated == nil {
		c.outdated = map[copyKey]time.Time{}
	}
	if len(c.outdated) < maxOutdated {
		c.outdated[key] = at
	}
}

// isOutdated reports whether a copy that was read at a time is older than what
// Jira has.
func (c *copies) isOutdated(key copyKey, readAt time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	since, ok := c.outdated[key]
	return ok && readAt.Before(since)
}
