package glance_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/store"
)

// givenUp is storage that a caller gives up while it claims: what it has leased
// is leased, and the caller does not hear of it.
type givenUp struct {
	*store.Glances
	giveUp func()
}

func (g *givenUp) Claim(ctx context.Context, c glance.Claim) ([]glance.Row, error) {
	rows, err := g.Glances.Claim(context.WithoutCancel(ctx), c)
	if len(rows) > 0 {
		g.giveUp()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return rows, nil
}

func (g *givenUp) ClaimKey(ctx context.Context, k glance.Key, c glance.Claim) (glance.Row, bool, error) {
	row, ok, err := g.Glances.ClaimKey(context.WithoutCancel(ctx), k, c)
	g.giveUp()
	if err == nil {
		err = ctx.Err()
	}
	return row, ok && err == nil, err
}

// TestNobodyKeepsALease: whoever is told to stop, or leaves, while rows are being
// claimed gives their leases back.
func TestNobodyKeepsALease(t *testing.T) {
	t.Parallel()
	for name, work := range map[string]func(ctx context.Context, r *glance.Reconciler){
		"stopped":  func(ctx context.Context, r *glance.Reconciler) { r.Run(ctx) },
		"has left": func(ctx context.Context, r *glance.Reconciler) { _ = r.PushNow(ctx, glanceKey, setupKey) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				b.begin(t, glanceKey, setupKey)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				b.r.Rows = &givenUp{b.store.Glances, cancel}
				pass(2 * time.Second)
				work(ctx, b.r)
				for _, key := range []glance.Key{glanceKey, setupKey} {
					row, err := b.store.Glances.Glance(t.Context(), key)
					if err != nil {
						t.Fatal(err)
					}
					if row.Lease != "" {
						t.Errorf("%s: leased until %s, and nobody is at work", key.Kind, row.LeaseUntil)
					}
				}
			})
		})
	}
}
