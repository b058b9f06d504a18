package glance

import (
	"context"
	"testing"
	"time"
)

type limited int

func (limited) PutGlance(context.Context, Place, State) (string, error) { return "", nil }
func (limited) PutConfigured(context.Context, Place, bool) error        { return nil }
func (l limited) Abilities() Abilities                                  { return Abilities{CallsAMinute: int(l)} }

// TestPacesStayBelowTheLimit: calling as often as the paces allow, starting
// with a full burst, stays within the shares in every minute.
func TestPacesStayBelowTheLimit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		calls  int
		people bool
		most   int
	}{{0, false, 60}, {100, false, 60}, {100, true, 90}, {50, false, 30}, {50, true, 45}, {20, false, 12}, {1000, true, 900}} {
		r := Reconciler{Surfaces: map[SurfaceName]Surface{SurfaceChat: limited(tc.calls)}}
		paces := r.paces(tc.people)
		if len(paces) != 2 {
			t.Fatalf("got %d paces, want one per kind", len(paces))
		}
		most := 0
		for _, p := range paces {
			most += busiestMinute(p)
		}
		if most > tc.most {
			t.Errorf("limit %d, people %v: %d calls in a minute, want at most %d", tc.calls, tc.people, most, tc.most)
		}
	}
}

// busiestMinute calls whenever the store would allow it, for five minutes after
// a long rest, and returns the most calls in a minute.
func busiestMinute(p Pace) int {
	ahead := time.Duration(p.Burst-1) * p.Every
	var paid time.Duration
	var calls []time.Duration
	for now := time.Duration(0); now < 5*time.Minute; now += 10 * time.Millisecond {
		for paid <= now+ahead {
			paid = max(paid, now) + p.Every
			calls = append(calls, now)
		}
	}
	most := 0
	for i, first := range calls {
		n := 0
		for _, call := range calls[i:] {
			if call < first+time.Minute {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
