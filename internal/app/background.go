package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/store"
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

// attendEvery is how often a program says that it is at work: three times within the
// lease.
const attendEvery = store.ProgramLease / 3

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

// self is what the program says of itself.
func self(now time.Time) store.Program {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return store.Program{Name: fmt.Sprintf("%s/%d-%s", host, os.Getpid(), rand.Text()[:6]), Version: sightline.Version, StartedAt: now}
}

// attend says that this program is at work, so that nobody moves the database away
// under it, and at the end that it is not.
func (p *Program) attend(ctx context.Context) {
	say := func() {
		p.outages.Note(ctx, outage.Subject{What: "say that the program is at work"}, p.store.Attend(ctx, p.self))
	}
	say()
	every(ctx, attendEvery, say)
	if err := p.store.Leave(context.WithoutCancel(ctx), p.self.Name); err != nil {
		p.log.WarnContext(ctx, "it is not known that the program has ended", "error", err)
	}
}

// sweep lets go of views that nobody asks for any more.
func (p *Program) sweep(ctx context.Context) { every(ctx, sweepEvery, p.server.Sweep) }

// erase removes data past its retention, now and then.
func (p *Program) erase(ctx context.Context) {
	every(ctx, eraseEvery, func() { p.eraseOnce(ctx) })
}

// eraseOnce removes data past its retention, if this program is the one of all at work
// that does so: the one that began first. One that was killed is at work until its lease
// is over.
func (p *Program) eraseOnce(ctx context.Context) {
	programs, err := p.store.Programs(ctx)
	n := 0
	if err == nil && (len(programs) == 0 || programs[0].Name == p.self.Name) {
		n, err = p.store.Erase(ctx, p.settings.now().Add(-p.settings.retention))
	}
	p.outages.Note(ctx, outage.Subject{What: "erase tenants past their retention"}, err)
	if n > 0 {
		p.log.InfoContext(ctx, "erased tenants past their retention", "tenants", n)
	}
}
