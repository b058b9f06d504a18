package app

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/store"
)

const (
	// cloudIDEvery is how often to look for cloud ids that are due.
	cloudIDEvery = time.Minute
	// cloudIDMin and cloudIDMax bound the wait for a site that did not tell its
	// id, which doubles each time.
	cloudIDMin = time.Minute
	cloudIDMax = 6 * time.Hour
	// maxLookUps is how many sites are asked at once, maxRepeats how many of them
	// failed before: the rest is for new ones.
	maxLookUps = 16
	maxRepeats = 8
)

// cloudIDs looks up the cloud ids of tenants after their install is answered, side
// by side. A site that does not tell its id is asked again ever more rarely; an
// install makes it be asked at once. The waits are in memory: a restart asks each
// such site once more, at most maxLookUps at a time.
//
// All tenants without a cloud id are listed once a minute; in between, only those are
// read that were installed, so that thousands of installs at once stay cheap.
type cloudIDs struct {
	store   *store.Store
	client  *http.Client
	outages *outage.Log
	now     func() time.Time
	rand    func() float64 // in [0,1)

	once sync.Once
	due  chan struct{}

	mu sync.Mutex
	of map[connect.TenantID]*lookUp
	// installed are tenants that were installed and not read since.
	installed []connect.TenantID
	// fresh and failed are those that are due, without and with failures before, in
	// their order.
	fresh, failed []*lookUp
	// under and repeats count the look-ups under way.
	under, repeats int
}

// lookUp is what is known of a tenant without a cloud id.
type lookUp struct {
	tenant   connect.TenantID
	site     string
	failures int
	next     time.Time
	// waiting says that it is due, under that it is under way.
	waiting, under bool
}

func (c *cloudIDs) wakened() chan struct{} {
	c.once.Do(func() { c.due = make(chan struct{}, 1) })
	return c.due
}

// wake makes a tenant due that was installed. It never blocks.
func (c *cloudIDs) wake(installed connect.TenantID) {
	c.mu.Lock()
	delete(c.of, installed) // one under way asks the address of before
	c.installed = append(c.installed, installed)
	c.mu.Unlock()
	c.signal()
}

func (c *cloudIDs) signal() {
	select {
	case c.wakened() <- struct{}{}:
	default:
	}
}

func (c *cloudIDs) run(ctx context.Context) {
	var flight sync.WaitGroup
	defer flight.Wait()
	ticker := time.NewTicker(cloudIDEvery)
	defer ticker.Stop()
	c.all(ctx, &flight)
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wakened():
			c.started(ctx, &flight)
		case <-ticker.C:
			c.all(ctx, &flight)
		}
	}
}

// all looks up the tenants that are due, as far as there is room.
func (c *cloudIDs) all(ctx context.Context, flight *sync.WaitGroup) {
	c.mu.Lock()
	c.installed = nil // they are among all
	c.mu.Unlock()
	tenants, err := c.list(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.keep(tenants)
		c.queue(tenants)
	}
	c.begin(ctx, flight)
}

// installedAtOnce is how many tenants one statement names.
const installedAtOnce = 100

// started looks up those that were installed, and those that waited for room.
func (c *cloudIDs) started(ctx context.Context, flight *sync.WaitGroup) {
	c.mu.Lock()
	installed := c.installed
	c.installed = nil
	c.mu.Unlock()
	for some := range slices.Chunk(installed, installedAtOnce) {
		tenants, err := c.list(ctx, some...)
		if err != nil {
			break // they are among all, within a minute
		}
		c.mu.Lock()
		c.queue(tenants)
		c.mu.Unlock()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begin(ctx, flight)
}

func (c *cloudIDs) list(ctx context.Context, among ...connect.TenantID) ([]connect.Tenant, error) {
	tenants, err := c.store.Tenants.TenantsWithoutCloudID(ctx, among...)
	c.outages.Note(ctx, outage.Subject{What: "list tenants without cloud id"}, err)
	return tenants, err
}

// keep forgets all but these tenants.
func (c *cloudIDs) keep(tenants []connect.Tenant) {
	of := make(map[connect.TenantID]*lookUp, len(tenants))
	for _, t := range tenants {
		if one := c.of[t.ID]; one != nil {
			of[t.ID] = one
		}
	}
	c.of = of
	listed := make(map[connect.TenantID]bool, len(tenants))
	for _, t := range tenants {
		listed[t.ID] = true
	}
	c.outages.Forget(func(s outage.Subject) bool {
		return s.What == lookUpCloudID && !listed[connect.TenantID(s.Of)]
	})
}

// queue puts those of the tenants in line that are due.
func (c *cloudIDs) queue(tenants []connect.Tenant) {
	for _, t := range tenants {
		one := c.of[t.ID]
		if one == nil {
			one = &lookUp{}
			if c.of == nil {
				c.of = map[connect.TenantID]*lookUp{}
			}
			c.of[t.ID] = one
		}
		one.tenant, one.site = t.ID, t.BaseURL
		switch {
		case one.waiting || one.under || c.now().Before(one.next):
			continue
		case one.failures > 0:
			c.failed = append(c.failed, one)
		default:
			c.fresh = append(c.fresh, one)
		}
		one.waiting = true
	}
}

// begin looks up those that are due, as far as there is room.
func (c *cloudIDs) begin(ctx context.Context, flight *sync.WaitGroup) {
	for c.under < maxLookUps {
		one := c.take(&c.fresh)
		if one == nil && c.repeats < maxRepeats {
			one = c.take(&c.failed)
		}
		if one == nil {
			return
		}
		one.under = true
		c.under++
		repeat := one.failures > 0
		if repeat {
			c.repeats++
		}
		tenant, site := one.tenant, one.site
		flight.Go(func() { c.end(one, repeat, c.lookUp(ctx, tenant, site)) })
	}
}

// take is the first of a line that is still wanted; nil: none.
func (c *cloudIDs) take(line *[]*lookUp) *lookUp {
	for len(*line) > 0 {
		one := (*line)[0]
		*line = (*line)[1:]
		one.waiting = false
		if c.of[one.tenant] == one {
			return one
		}
	}
	return nil
}

const lookUpCloudID = "look up cloud id"

func (c *cloudIDs) lookUp(ctx context.Context, tenant connect.TenantID, site string) error {
	id, err := connect.LookupCloudID(ctx, c.client, site)
	c.outages.Note(ctx, outage.Subject{What: lookUpCloudID, Of: string(tenant)}, err, "tenant", string(tenant), "site", site)
	if err != nil {
		return err
	}
	err = c.store.Tenants.SetCloudID(ctx, tenant, id)
	if errors.Is(err, connect.ErrNotFound) {
		err = nil // the tenant was erased meanwhile
	}
	c.outages.Note(ctx, outage.Subject{What: "keep cloud id"}, err)
	return err
}

// end says when a tenant is due again, and makes room for another.
func (c *cloudIDs) end(one *lookUp, repeat bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.under--
	if repeat {
		c.repeats--
	}
	one.under = false
	if err != nil {
		wait := min(cloudIDMin<<min(one.failures, 10), cloudIDMax)
		one.failures++
		one.next = c.now().Add(time.Duration(float64(wait) * (0.7 + 0.6*c.rand())))
	}
	if len(c.fresh)+len(c.failed) > 0 {
		c.signal()
	}
}
