package app

import (
	"fmt"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// TestPacesAreSharedAndForgotten: a tenant's calls share one pace, which is
// forgotten once the tenant has not been called for long.
func TestPacesAreSharedAndForgotten(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := newPaces()
	p.now = func() time.Time { return now }
	busy := p.pace("busy")
	for i := range 1000 {
		p.pace(connect.TenantID(fmt.Sprint("idle-", i)))
	}
	for range 5 {
		now = now.Add(paceIdle * 3 / 4)
		if p.pace("busy") != busy {
			t.Fatal("a tenant still being called got a new pace")
		}
	}
	if len(p.of) != 1 {
		t.Errorf("%d paces are kept, want 1", len(p.of))
	}
}
