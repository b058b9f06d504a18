package forge

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/glance"
)

// door is one of the two ways on which Jira tells that an issue has changed.
type door struct {
	*watched
	// tell tells it, with the id of the delivery where the door has one.
	tell func(t *testing.T, body, delivery string)
	body string // %s is what changed
}

// atDoors runs a test behind each door of a site with a room.
func atDoors(t *testing.T, test func(t *testing.T, d door)) {
	t.Run("Forge", func(t *testing.T) {
		t.Parallel()
		w, f := onForge(t, "sqlite://"+filepath.Join(t.TempDir(), "x.db"))
		test(t, door{w, func(t *testing.T, body, _ string) {
			t.Helper()
			if got := f.SendBody(t, forge.EndpointEvents, forge.PathEvents, body); got != http.StatusNoContent {
				t.Fatalf("event: %d", got)
			}
		}, `{"eventType":"avi:jira:updated:issue","timestamp":"2026-11-29T12:00:00.000Z","issue":{"id":"1","key":"` + w.project + `-1"},"changelog":{"items":[{"field":"%s"}]}}`})
	})
	t.Run("Connect", func(t *testing.T) {
		t.Parallel()
		f := harness.NewForger(t)
		w := &watched{Running: f.Running, project: f.Site.Objects().Projects[0].Key, room: f.Site.Objects().Conversations[0]}
		w.SetUpRoom(t, harness.AppKey, w.room, w.project)
		test(t, door{w, func(t *testing.T, body, delivery string) {
			t.Helper()
			req := harness.NewRequest(t, http.MethodPost, f.URL+"/webhooks/issue", strings.NewReader(body))
			req.Header.Set("Authorization", "JWT "+f.Sign(t, f.Claims(http.MethodPost, "/webhooks/issue")))
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("X-Atlassian-Webhook-Identifier", delivery)
			if status, answer := harness.Fetch(t, req); status != http.StatusOK {
				t.Fatalf("webhook: %d %s", status, answer)
			}
		}, `{"webhookEvent":"jira:issue_updated","timestamp":1764417600000,"issue":{"id":"1","key":"` + w.project + `-1"},"changelog":{"items":[{"field":"%s"}]}}`})
	})
}

// glance is the row of the room's glance.
func (d door) glance(t *testing.T) glance.Row {
	t.Helper()
	row, err := d.Store.Glances.Glance(t.Context(), glance.Key{
		Surface: glance.SurfaceChat, Site: d.Site.CloudID(), Conversation: d.room.ID, Kind: glance.KindGlance, Module: "workload",
	})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// computed waits until nothing is left to compute, and returns how often the app
// has counted issues for the room since a request.
func (d door) computed(t *testing.T, since int) (n int) {
	t.Helper()
	harness.Eventually(t, "the glance is computed", func() bool {
		row := d.glance(t)
		return !row.NeedsCompute() && !row.NeedsPush() && row.Lease == ""
	})
	for _, q := range d.Site.Requests(since) {
		if strings.HasSuffix(q.Path, "/rest/api/3/search/jql") && q.From != "site" {
			n++
		}
	}
	return n
}

// TestEventsToldAgain: the same event five times costs one count more, and a
// second one on top if it came while the first was under way.
func TestEventsToldAgain(t *testing.T) {
	t.Parallel()
	atDoors(t, func(t *testing.T, d door) {
		d.computed(t, 0)
		seen := d.Seen()
		d.tell(t, fmt.Sprintf(d.body, "summary"), "one")
		each := d.computed(t, seen)
		if each == 0 {
			t.Fatal("an event has no effect")
		}
		seen = d.Seen()
		begun := time.Now()
		for range 5 {
			d.tell(t, fmt.Sprintf(d.body, "summary"), "one")
		}
		// A count begins a second after its first event: a machine that takes
		// longer to tell all of them sees more.
		most := (2 + int(time.Since(begun)/time.Second)) * each
		if got := d.computed(t, seen); got > most {
			t.Errorf("the same event five times: counted %d times, want at most %d", got, most)
		}
	})
}

// TestEventsThatLookAlike: two events about the same issue in the same second are
// two, whether they differ in anything else or not.
func TestEventsThatLookAlike(t *testing.T) {
	t.Parallel()
	atDoors(t, func(t *testing.T, d door) {
		for i, field := range []string{"status", "summary", "summary"} {
			d.computed(t, 0)
			before, seen := d.glance(t), d.Seen()
			d.tell(t, fmt.Sprintf(d.body, field), fmt.Sprint("delivery ", i))
			if after := d.glance(t); after.DirtyRev == before.DirtyRev {
				t.Errorf("event %d is dropped", i+1)
			}
			if d.computed(t, seen) == 0 {
				t.Errorf("event %d is not counted", i+1)
			}
		}
	})
}

// TestForgeEventsWhileJiraHangs: what Forge tells is answered while the app's calls
// of Jira are still open, and what must not be lost is stored by then.
func TestForgeEventsWhileJiraHangs(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)
	hangs := connecttest.Fault{Path: "/ex/jira/*", DelayMs: 3_600_000}
	r.Fault(t, hangs)
	f := r.InstallForge(t, forge.StageForge, "")
	tenant := r.OnlyTenant(t)
	if _, _, err := r.Store.Forge.ForgeToken(t.Context(), tenant.ID); err != nil || f.App.Status != http.StatusNoContent {
		t.Errorf("installed: answered %d, the token: %v", f.App.Status, err)
	}

	r.Site.ClearFaults()
	w := &watched{Running: r}
	w.settle(t, f)
	d := door{watched: w}
	d.computed(t, 0)
	w.Fault(t, hangs)
	wants(t, http.StatusNoContent, f.SendBody(t, forge.EndpointEvents, forge.PathEvents, "{}"))
	harness.Eventually(t, "a worker waits for Jira", func() bool { return d.glance(t).Lease != "" })
	before := d.glance(t)
	wants(t, http.StatusNoContent, f.SendBody(t, forge.EndpointEvents, forge.PathEvents, "{}"), lifecycle(t, f, "", unchanged))
	wants(t, http.StatusOK, tick(t, f))
	if after := d.glance(t); after.DirtyRev < before.DirtyRev+3 || after.ComputedRev != before.ComputedRev || after.Lease != before.Lease {
		t.Errorf("while Jira hangs: got %+v after %+v, want three marks and the same worker", after, before)
	}
	wants(t, http.StatusNoContent, uninstalls(t, f, unchanged))
	if got := w.OnlyTenant(t); got.State != "uninstalled" {
		t.Errorf("uninstalled: got %+v", got)
	}
}
