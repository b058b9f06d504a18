package replicas

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestKilledUnderLoad: of three processes one is killed under load. Only what it was
// serving is lost.
func TestKilledUnderLoad(t *testing.T) {
	harness.Minutes(t)
	s := newBalanced(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	wait := s.load(ctx, t)
	within(t, "some requests", func() bool { return s.answered.Load() > 2000 })
	victim := s.backends[1]
	s.processes[1].Kill(t)
	noticed := s.answered.Load()
	within(t, "more requests", func() bool { return s.answered.Load() > noticed+2000 })
	cancel()
	wait()
	failed, refused := victim.failed.Load(), victim.refused.Load()
	t.Logf("%d requests, lost: %v; of the killed one %d, of which %d were refused a connection", s.answered.Load(), s.lost, failed, refused)
	lost := 0
	for _, n := range s.lost {
		lost += n
	}
	if int64(lost) != failed {
		t.Errorf("%d requests were lost, %d of the killed process", lost, failed)
	}
	// What it was serving, and what was sent there before the balancer knew: each at
	// most once by everybody.
	if failed-refused > people || refused > 2*people {
		t.Errorf("%d requests failed in the killed process, %d could not reach it; %d people ask at once", failed-refused, refused, people)
	}
}

// TestTakenOver: what a killed process was pushing into a room another one pushes as
// soon as its lease is over.
func TestTakenOver(t *testing.T) {
	harness.Minutes(t)
	t.Parallel()
	database := harness.PostgresURL(t)
	f := newFleet(t, database, database, database)
	r := f.whole
	r.Install(t)
	room, owner := r.Site.Objects().Conversations[0], r.Site.Objects().Dashboards[0].Owner
	label := func() string { return fmt.Sprintf("%d open", r.Count(t, owner, workload.OpenIssues("HARB"))) }
	r.SetUpRoom(t, harness.AppKey, room, "HARB")
	r.WaitForLabel(t, room.ID, label())
	r.Rested(t, room.ID)
	others := func(signal os.Signal) {
		for _, p := range f.processes[1:] {
			p.Signal(t, signal)
		}
	}
	others(syscall.SIGSTOP) // so that the first one gets the work
	r.Fault(t, connecttest.Fault{Method: http.MethodPut, Path: "/site/*", DelayMs: 600_000, Times: 1})
	r.FinishOneIssue(t, owner, "HARB")
	var pushing glance.Row
	harness.Eventually(t, "it pushes", func() bool {
		pushing = held(t, r, room.ID)
		return pushing.Lease != "" && pushing.DeliveredRev < pushing.DesiredRev
	})
	f.processes[0].Kill(t)
	pushing = held(t, r, room.ID)
	r.Site.ClearFaults()
	others(syscall.SIGCONT)
	if pushing.Lease == "" {
		t.Fatal("the push was given up before the process was killed")
	}
	harness.Eventually(t, "the room shows "+label(), func() bool { return strings.HasPrefix(r.Shown(t, room.ID).Label, label()) })
	// A process that sleeps looks again after five seconds at most.
	late := time.Since(pushing.LeaseUntil)
	t.Logf("shown %s after the end of the lease", late.Round(time.Millisecond))
	if late > 10*time.Second {
		t.Errorf("shown %s after the end of the lease", late)
	}
}

// held is the row of a room's glance.
func held(t *testing.T, r *harness.Running, room string) glance.Row {
	t.Helper()
	rows, err := r.Store.Glances.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Key.Conversation == room && row.Key.Kind == glance.KindGlance {
			return row
		}
	}
	t.Fatal("the room has no row")
	return glance.Row{}
}
