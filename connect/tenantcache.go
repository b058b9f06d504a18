package connect

import (
	"context"
	"sync"
	"time"
)

// tenantTime is how long a [TenantCache] believes what it has read.
const tenantTime = 30 * time.Second

// TenantCache remembers active tenants, so that a signed request needs no
// database. Each caller gets a copy. A tenant that was changed elsewhere is
// noticed when a signature does not match, or after TTL; changes of this
// process are told with Forget. It is safe for concurrent use.
type TenantCache struct {
	// Source is asked for what is not remembered.
	Source TenantFinder
	// TTL is how long a tenant is remembered; 0: 30 seconds.
	TTL time.Duration
	// Now is the clock, time.Now when nil.
	Now func() time.Time

	mu      sync.RWMutex
	tenants map[ClientKey]cachedTenant
	forgets uint64 // how often Forget was called: a load that spans one is not kept
}

type cachedTenant struct {
	tenant Tenant
	until  time.Time
}

// TenantByClientKey implements [TenantFinder]. Only active tenants are
// remembered, never their absence.
func (c *TenantCache) TenantByClientKey(ctx context.Context, key ClientKey) (*Tenant, error) {
	c.mu.RLock()
	cached, found := c.tenants[key]
	c.mu.RUnlock()
	if found && clock(c.Now)().Before(cached.until) {
		return &cached.tenant, nil
	}
	return c.Reload(ctx, key)
}

// Reload asks the source whatever is remembered.
func (c *TenantCache) Reload(ctx context.Context, key ClientKey) (*Tenant, error) {
	c.mu.RLock()
	forgets := c.forgets
	c.mu.RUnlock()
	t, err := c.Source.TenantByClientKey(ctx, key)
	if err != nil {
		return nil, err
	}
	c.keep(key, *t, forgets)
	return t, nil
}

func (c *TenantCache) keep(key ClientKey, t Tenant, forgets uint64) {
	ttl := c.TTL
	if ttl == 0 {
		ttl = tenantTime
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tenants, key)
	if t.State != StateActive || forgets != c.forgets {
		return
	}
	if c.tenants == nil {
		c.tenants = make(map[ClientKey]cachedTenant)
	}
	c.tenants[key] = cachedTenant{t, clock(c.Now)().Add(ttl)}
}

// Forget drops a tenant, and what is being read at this moment.
func (c *TenantCache) Forget(key ClientKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tenants, key)
	c.forgets++
}
