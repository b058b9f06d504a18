package faults

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/workload"
)

// hostGivesUp is how long Atlassian waits for a lifecycle call.
const hostGivesUp = 10 * time.Second

// TestLocked: while another program holds the database, an install is told to
// come again long before its caller gives up, a page that Jira can fill is shown,
// and all is well as soon as the lock is gone.
func TestLocked(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		s, address := page(t, on(database))
		s.Seen(t, "workload")
		before, work := s.OnlyTenant(t), s.Work(t)
		held := lock(t, database, tenantTables)
		status, took := install(t, s.Running)
		if status != http.StatusServiceUnavailable || took > hostGivesUp {
			t.Errorf("install: %d after %s, want %d", status, took, http.StatusServiceUnavailable)
		}
		if got := get(t, address); got.status != http.StatusOK {
			t.Errorf("page of a known tenant: %+v, want %d", got, http.StatusOK)
		}
		held.open()
		if after := s.OnlyTenant(t); after.Generation != before.Generation {
			t.Errorf("a refused install left generation %d, want %d", after.Generation, before.Generation)
		}
		if status, _ := install(t, s.Running); status/100 != 2 {
			t.Errorf("install after the lock: %d", status)
		}
		if got := get(t, s.Address(t, "workload")); got.status != http.StatusOK {
			t.Errorf("page after the lock: %+v", got)
		}
		if got := strings.Count(s.Logs.String(), `level=WARN msg="keep copies of gadget configurations"`); got > 1 {
			t.Errorf("the log says %d times that copies fail", got)
		}
		s.Rests(t, work)
	})
}

// TestFrozenServer: a server that says nothing more is found out within a second,
// holds nothing up, and is used again once it answers.
func TestFrozenServer(t *testing.T) {
	t.Parallel()
	l, address := link(t, harness.PostgresURL(t))
	s, _ := page(t, on(address))
	if got := probe(t, s.Running); got != http.StatusOK {
		t.Errorf("ready: %d", got)
	}
	work := s.Work(t)
	l.Freeze()
	harness.Eventually(t, "not ready", func() bool { return probe(t, s.Running) == http.StatusServiceUnavailable })
	if status, took := install(t, s.Running); status != http.StatusServiceUnavailable || took > hostGivesUp {
		t.Errorf("install: %d after %s, want %d", status, took, http.StatusServiceUnavailable)
	}
	l.Cut()
	l.Thaw()
	harness.Eventually(t, "ready", func() bool { return probe(t, s.Running) == http.StatusOK })
	if status, _ := install(t, s.Running); status/100 != 2 {
		t.Errorf("install after the server answers again: %d", status)
	}
	if got := strings.Count(s.Logs.String(), "the database is not ready"); got != 1 {
		t.Errorf("the log says %d times that the database is not ready, want 1", got)
	}
	s.Rests(t, work)
}

// TestOneConnection: everything works with one connection, and one that listens.
func TestOneConnection(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		l, address := (interface{ Open() int })(nil), database
		if strings.HasPrefix(database, "postgres") {
			l, address = link(t, database)
		}
		one := on(address)
		s, gadget := page(t, one, withOneConnection)
		s.Seen(t, "workload")
		done := make(chan posted)
		const people = 20
		for range people {
			go func() { done <- get(t, gadget) }()
		}
		for range people {
			if got := <-done; got.status != http.StatusOK {
				t.Errorf("page: %+v", got)
			}
		}
		if status, _ := install(t, s.Running); status/100 != 2 {
			t.Errorf("install: %d", status)
		}
		// What was found while all waited for the connection may be five seconds old.
		harness.Eventually(t, "ready", func() bool { return probe(t, s.Running) == http.StatusOK })
		if l != nil && l.Open() > 2 {
			t.Errorf("%d connections", l.Open())
		}
	})
}

// forgeWaits is how long Forge waits for the answer to an event.
const forgeWaits = time.Second

// TestLockedForge: an event of Forge that cannot be stored is refused within a
// second, for Forge to send again, and is taken once the lock is gone.
func TestLockedForge(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		site := connecttest.NewSite(t, connecttest.Options{Timeout: time.Minute, RetryDelay: time.Minute})
		r := harness.Start(t, site, on(database), harness.OnForge(site), harness.WithoutConnect, harness.AsPeople)
		f := r.InstallForge(t, forge.StageForge, "")
		room, owner := site.Objects().Conversations[0], site.Objects().Dashboards[0].Owner
		site.SetForgeSettings(connecttest.ForgeSettings{Impersonation: true})
		r.SetUpRoom(t, harness.AppKey, room, "HARB")
		r.Rested(t, room.ID)
		work := r.Work(t)
		held, seen := lock(t, database, "tenants, conversations, glances IN ACCESS EXCLUSIVE MODE"), r.Seen()
		r.FinishOneIssue(t, owner, "HARB")
		var event connecttest.Request
		harness.Eventually(t, "the event is answered", func() bool {
			i := slices.IndexFunc(site.Requests(seen), func(q connecttest.Request) bool { return q.From == "site" && strings.HasSuffix(q.Path, "/events") })
			if i >= 0 {
				event = site.Requests(seen)[i]
			}
			return i >= 0
		})
		// A busy machine may take longer, but not as long as the database.
		if took := event.End.Sub(event.Start); event.Status != http.StatusServiceUnavailable || took > 2*forgeWaits {
			t.Errorf("event: %d after %s, want %d", event.Status, took, http.StatusServiceUnavailable)
		}
		held.open()
		if status := f.InstalledAgain(t); status/100 != 2 {
			t.Errorf("after the lock: %d", status)
		}
		r.FinishOneIssue(t, owner, "HARB")
		r.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", r.Count(t, owner, workload.OpenIssues("HARB"))))
		r.Rests(t, work)
	})
}
