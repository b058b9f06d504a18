package app

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/internal/outage"
)

// The times of the background work.
const (
	// eraseEvery is how often data past its retention is erased.
	eraseEvery = time.Hour
	// defaultRetention is how long an uninstalled tenant's data is kept: the app may
	// be installed again, or the site imported.
	defaultRetention = 30 * 24 * time.Hour
	minRetention     = time.Hour
	maxRetention     = 10 * 365 * 24 * time.Hour
)

// sweepEvery is how often memory that nobody asks for is let go.
const sweepEvery = time.Minute

// every does something each time a period is over, until the context ends.
func every(ctx context.Context, period time.Duration, do func()) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			do()
		}
	}
}

// sweep lets go of views that nobody asks for any more.
func (p *Program) sweep(ctx context.Context) { every(ctx, sweepEvery, p.server.Sweep) }

// erase removes data past its retention.
func (p *Program) erase(ctx context.Context) {
	every(ctx, eraseEvery, func() {
		n, err := p.store.Erase(ctx, p.settings.now().Add(-p.settings.retention))
		p.outages.Note(ctx, outage.Subject{What: "erase tenants past their retention"}, err)
		if n > 0 {
			p.log.InfoContext(ctx, "erased tenants past their retention", "tenants", n)
		}
	})
}
