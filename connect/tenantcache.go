package connect

import (
	"cmp"
	"context"
	"time"

	"github.com/sightline-go/sightline/connect/internal/kept"
)

const (
	// tenantTime is how long a [TenantCache] believes what it has read.
	tenantTime = 30 * time.Second
	// tenantRead bounds one reading, which no single request can give up.
	tenantRead = 10 * time.Second
)

// TenantCache remembers active tenants, at most 10,000, so that a signed
// request needs no database. Each caller gets a copy. A change that another
// process made is noticed when a signature does not match, or after TTL; tell
// the cache of this process's own changes with [TenantCache.Forget]. It is
// safe for concurrent use.
type TenantCache struct {
	// Source finds tenants that are not remembered. All who wait for a tenant
	// share one call, which may take 10 seconds.
	Source TenantFinder
	// TTL is how long a tenant is remembered; 0 means 30 seconds.
	TTL time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	tenants kept.Values[ClientKey, *Tenant]
}

// TenantByClientKey implements [TenantFinder]. It remembers active tenants
// only, and never that a tenant is unknown.
func (c *TenantCache) TenantByClientKey(ctx context.Context, key ClientKey) (*Tenant, error) {
	t, ok := c.tenants.Peek(clock(c.Now)(), key)
	if !ok {
		var err error
		if t, err = c.tenants.Get(ctx, clock(c.Now), key, c.read(key)); err != nil {
			return nil, err
		}
	}
	own := *t
	return &own, nil
}

// Reload asks the source, whether or not the tenant is remembered.
func (c *TenantCache) Reload(ctx context.Context, key ClientKey) (*Tenant, error) {
	t, err := c.tenants.Load(ctx, clock(c.Now), key, c.read(key))
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
		t, err := c.Source.TenantByClientKey(ctx, key)
		if err != nil || t.State != StateActive {
			return t, time.Time{}, err
		}
		own := *t // the source may change its own
		return &own, clock(c.Now)().Add(cmp.Or(c.TTL, tenantTime)), nil
	}
}

// Forget drops a tenant. A reading that is under way is not remembered either.
func (c *TenantCache) Forget(key ClientKey) {
	c.tenants.Drop(func(k ClientKey) bool { return k == key })
}
