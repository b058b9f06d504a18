package app

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/store"
)

// The times of the background work.
const (
	// cloudIDEvery is when cloud ids that could not be looked up are tried again.
	cloudIDEvery = time.Minute
	// eraseEvery is how often data past its retention is erased.
	eraseEvery = time.Hour
	// retention is how long an uninstalled tenant's data is kept: the app may
	// be installed again, or the site imported.
	retention = 30 * 24 * time.Hour
)

// cloudIDs looks up the cloud ids of tenants after their install is answered,
// and tries again later if that fails.
type cloudIDs struct {
	store  *store.Store
	client *http.Client
	log    *slog.Logger
	due    chan struct{}
}

func newCloudIDs(st *store.Store, network http.RoundTripper, log *slog.Logger) *cloudIDs {
	return &cloudIDs{store: st, log: log, due: make(chan struct{}, 1), client: &http.Client{Transport: network}}
}

// wake never blocks.
func (c *cloudIDs) wake() {
	select {
	case c.due <- struct{}{}:
	default:
	}
}

func (c *cloudIDs) run(ctx context.Context) {
	c.wake()
	ticker := time.NewTicker(cloudIDEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.due:
		case <-ticker.C:
		}
		c.lookUp(ctx)
	}
}

func (c *cloudIDs) lookUp(ctx context.Context) {
	tenants, err := c.store.Tenants.TenantsWithoutCloudID(ctx)
	if err != nil && ctx.Err() == nil {
		c.log.ErrorContext(ctx, "list tenants without cloud id", "error", err)
	}
	for _, t := range tenants {
		if err := c.lookUpOne(ctx, t); err != nil && ctx.Err() == nil {
			c.log.WarnContext(ctx, "look up cloud id", "tenant", string(t.ID), "error", err)
		}
	}
}

func (c *cloudIDs) lookUpOne(ctx context.Context, t connect.Tenant) error {
	id, err := connect.LookupCloudID(ctx, c.client, t.BaseURL)
	if err != nil {
		return err
	}
	return c.store.Tenants.SetCloudID(ctx, t.ID, id)
}

// erase removes data past its retention.
func (p *Program) erase(ctx context.Context) {
	ticker := time.NewTicker(eraseEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		n, err := p.store.Erase(ctx, time.Now().Add(-retention))
		if err != nil && ctx.Err() == nil {
			p.log.ErrorContext(ctx, "erase", "error", err)
		}
		if n > 0 {
			p.log.InfoContext(ctx, "erased tenants past their retention", "tenants", n)
		}
	}
}
