package app

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// Memory follows what lives: a tenant that is not called any more leaves no
// pace behind, one that is called keeps its own.
func TestPacesFollowWhatLives(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	p := newPaces()
	p.now = func() time.Time { return now }
	for _, id := range []connect.TenantID{"a", "b", "c"} {
		p.pace(id)
	}
	now = now.Add(paceIdle)
	kept := p.pace("a")
	now = now.Add(time.Minute)
	p.pace("d")
	if len(p.of) != 2 || p.of["a"] != kept || p.of["d"] == nil {
		t.Errorf("got %d paces, want those of a and d", len(p.of))
	}
	if p.pace("a") != kept {
		t.Error("a's pace is another one")
	}
}
