package connect

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect/internal/kept"
)

const (
	// tenantTime is how long a [TenantCache] believes what it has read.
	tenantTime = 30 * time.Second
	// tenantRead bounds one reading, which no single request can give up.
	tenantRead = 10 * time.Second
	// tenantEvery is the shortest time between two readings of one tenant.
	tenantEvery = time.Second
	// Client keys that nobody has may cost so many readings at once and a second;
	// keys that were not found before wait so long for their turn.
	strangerBurst, strangerRate = 100, 50
	strangerWait                = 2 * time.Second
	// foundTime is how long a tenant needs no turn after it was found.
	foundTime = 24 * time.Hour
)

var errManyStrangers = errors.New("too many unknown client keys")

// TenantCache remembers active tenants, at most 16 MiB, so that a signed
// request needs no database. Each caller gets a copy. A change that another
// process made is noticed when a signature does not match, or after TTL; tell
// the cache of this process's own changes with [TenantCache.Forget]. It is
// safe for concurrent use.
type TenantCache struct {
	// Source finds tenants that are not remembered. All who wait for a tenant
	// share one call, which may take 10 seconds. A tenant is read at most once a
	// second: whoever needs it sooner waits for the next reading, so that bad
	// signatures cost no more than that and new secrets work within a second. Keys
	// that nobody has cost 100 readings at once and 50 a second at most: a key that
	// was not found in the last day waits up to two seconds for its turn, and is an
	// [UnavailableError] then.
	Source TenantFinder
	// TTL is how long a tenant is remembered; 0 means 30 seconds.
	TTL time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	tenants kept.Values[ClientKey, *Tenant]
	turns   kept.Turns[ClientKey, *Tenant]
	// found are the keys that somebody has; others take turns.
	found kept.Values[ClientKey, struct{}]
	lane  kept.Lanes[struct{}]
}

// TenantByClientKey implements [TenantFinder]. It remembers active tenants
// only, and never that a tenant is unknown.
func (c *TenantCache) TenantByClientKey(ctx context.Context, key ClientKey) (*Tenant, error) {
	if t, ok := c.tenants.Peek(clock(c.Now)(), key); ok {
		own := *t
		return &own, nil
	}
	return c.Reload(ctx, key)
}

// Reload asks the source, whether or not the tenant is remembered, at most once a
// second.
func (c *TenantCache) Reload(ctx context.Context, key ClientKey) (*Tenant, error) {
	t, err := c.turns.Get(ctx, clock(c.Now), tenantEvery, key, func(ctx context.Context) (*Tenant, error) {
		return c.tenants.Load(ctx, clock(c.Now), key, c.read(key))
	})
	if err != nil {
		return nil, err
	}
	own := *t
	return &own, nil
}

func (c *TenantCache) read(key ClientKey) kept.Fetch[*Tenant] {
	return func(ctx context.Context) (*Tenant, time.Time, error) {
		ctx, cancel := context.WithTimeout(ctx, tenantRead)
		defer cancel()
		t, err := c.find(ctx, key)
		if err != nil || t.State != StateActive {
			return t, time.Time{}, err
		}
		own := *t // the source may change its own
		return &own, clock(c.Now)().Add(cmp.Or(c.TTL, tenantTime)), nil
	}
}

// find reads a tenant; only keys that nobody has count against the rate.
func (c *TenantCache) find(ctx context.Context, key ClientKey) (*Tenant, error) {
	_, found := c.found.Peek(clock(c.Now)(), key)
	if !found && !c.lane.Wait(ctx, kept.Rate{Burst: strangerBurst, PerSecond: strangerRate}, strangerWait, struct{}{}, false) {
		return nil, &UnavailableError{Reason: "busy", RetryAfter: time.Second, Err: errManyStrangers}
	}
	t, err := c.Source.TenantByClientKey(ctx, key)
	if !found && !errors.Is(err, ErrNotFound) {
		c.lane.Refund()
	}
	if err == nil {
		c.noteFound(key)
	}
	return t, err
}

func (c *TenantCache) noteFound(key ClientKey) {
	now := clock(c.Now)()
	c.found.Put(now, key, struct{}{}, now.Add(foundTime))
}

// Forget drops a tenant that has changed. A reading that is under way is not
// remembered either.
func (c *TenantCache) Forget(key ClientKey) {
	c.noteFound(key)
	c.tenants.Drop(func(k ClientKey) bool { return k == key })
	c.turns.Forget(key)
}
