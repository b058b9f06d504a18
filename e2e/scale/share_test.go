package scale

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/store"
)

const (
	// pushTakes is how long the platform takes for each push.
	pushTakes = 200 * time.Millisecond
	// shared is how much more three replicas do than one, at least.
	shared = 2.5
	// dueIn is how long before they are due rows are marked: whoever sleeps has looked
	// by then.
	dueIn = 10 * time.Second
)

// TestShared: ten thousand rooms have new numbers at once. Three replicas show them at
// least two and a half times as fast as one does.
func TestShared(t *testing.T) {
	harness.Minutes(t)
	database := harness.PostgresURL(t)
	s := newScale(t, scaleSize{tenants: 200, rooms: 50, projects: 5, replicas: 3}, database)
	st := harness.OpenStore(t, database)
	s.platform.quiet = true
	s.replicas[0].start(t)
	s.waitFor(t, 0)
	s.platform.slow(pushTakes)
	one := s.allAtOnce(t, st)
	s.replicas[1].start(t)
	s.replicas[2].start(t)
	three := s.allAtOnce(t, st)
	t.Logf("%d rooms: one replica took %s, three took %s: %.2f times as fast", len(s.want), one.Round(time.Millisecond), three.Round(time.Millisecond), one.Seconds()/three.Seconds())
	if one.Seconds() < shared*three.Seconds() {
		t.Errorf("want %.1f times", shared)
	}
	for _, r := range s.replicas {
		r.stop(t)
		t.Logf("%s of a processor", r.used.Round(10*time.Millisecond))
	}
}

// allAtOnce changes every number, and returns how long it takes until all rooms show
// theirs.
func (s *scale) allAtOnce(t *testing.T, st *store.Store) time.Duration {
	t.Helper()
	for tenant := range s.size.tenants {
		for project := range s.size.projects {
			s.grow(tenant, project)
		}
	}
	due := time.Now().Add(dueIn)
	marked, err := st.Glances.MarkOlder(t.Context(), due, due)
	if err != nil || marked != len(s.want) {
		t.Fatalf("marked %d rows, %v", marked, err)
	}
	s.waitFor(t, 0)
	return time.Since(due)
}
