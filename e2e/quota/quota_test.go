package quota

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/operator"
)

// hour is a program at a site that counts, early in an hour of their own clock.
type hour struct {
	*harness.Running
	clock  *harness.Clock
	jira   *connecttest.Quota
	tenant connect.TenantID
}

// begin starts a program on a database at a site with so many points an hour.
func begin(t *testing.T, database string, points int) hour {
	t.Helper()
	h := hour{clock: &harness.Clock{}}
	now := h.clock.Now()
	h.clock.Forward(now.Truncate(time.Hour).Add(time.Hour + time.Minute).Sub(now))
	h.jira = &connecttest.Quota{Global: points, Burst: -1, Now: h.clock.Now}
	site := connecttest.NewSite(t, connecttest.Options{Quota: h.jira, Now: h.clock.Now})
	h.Running = harness.Start(t, site, harness.By(h.clock), harness.On(database))
	h.Install(t)
	tenant, err := h.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(site.CloudID()))
	if err != nil {
		t.Fatal(err)
	}
	h.tenant = tenant.ID
	return h
}

// next moves the clock into the next hour.
func (h hour) next() {
	now := h.clock.Now()
	h.clock.Forward(now.Truncate(time.Hour).Add(time.Hour + time.Minute).Sub(now))
}

// counted is what the program's database says that the app has spent.
func (h hour) counted(t *testing.T, tenant string) int {
	t.Helper()
	got, err := h.Store.Quota.Points(t.Context(), h.clock.Now().UTC().Truncate(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return got[tenant].Sum()
}

// spent is what the site says.
func (h hour) spent() int {
	points := 0
	for _, app := range h.jira.Report().Apps {
		points += app.Points
	}
	return points
}

// givenUp is how many points the program may have counted more than the site: a call
// that its caller gave up, for example the app's own look at a configuration, counts
// as sent, and the site may not have begun it.
const givenUp = 4

// agree waits until the program has counted what the site has.
func (h hour) agree(t *testing.T) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Logf("the program counted %d, the site %d: %+v", h.counted(t, ""), h.spent(), h.jira.Report().Apps)
		}
	}()
	harness.Eventually(t, "the program counts as the site does", func() bool {
		spent, counted := h.spent(), h.counted(t, "")
		return spent > 0 && counted >= spent && counted <= spent+givenUp && h.counted(t, string(h.tenant)) == counted
	})
}

// listed is what an operator reads of the tenant.
func (h hour) listed(t *testing.T) (points int, older string) {
	t.Helper()
	var out bytes.Buffer
	if err := (operator.Listing{JSON: true}).Tenants(t.Context(), &out, h.Store, h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Points     int    `json:"points"`
		OlderUntil string `json:"olderUntil"`
	}
	if err := json.Unmarshal(out.Bytes(), &list); err != nil || len(list) != 1 {
		t.Fatalf("%v: %s", err, out.String())
	}
	return list[0].Points, list[0].OlderUntil
}

// What the program counts by the formula is what the site, with code of its own,
// counts by the operation; a restart keeps it.
func TestPointsAgree(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		h := begin(t, database, 0)
		room := h.Site.Objects().Conversations[0]
		h.SetUpRoom(t, harness.AppKey, room, "HARB")
		board := harness.NewBoard(t, h.Running, "HARB", "LANT")
		for person := range 4 {
			if page := board.Look(t, h.Person(person)); page.Status != http.StatusOK {
				t.Fatalf("person %d: got %d", person, page.Status)
			}
		}
		h.agree(t)
		if points, older := h.listed(t); points != h.counted(t, "") || older != "" {
			t.Errorf("listed: got %d points, older until %q, want %d", points, older, h.counted(t, ""))
		}
		h.Restart(t)
		board.Look(t, h.Person(5))
		h.agree(t)
	})
}

// At the wall Jira refuses, and nobody was refused before. Who has seen numbers sees
// them again, with the time when new ones come; in the next hour all is as before.
func TestWall(t *testing.T) {
	t.Parallel()
	h := begin(t, file(t), 900)
	board := harness.NewBoard(t, h.Running, "HARB", "LANT")
	before := h.Work(t)
	first := board.Look(t, h.Person(0))
	if first.Status != http.StatusOK || strings.Contains(first.Body, older) {
		t.Fatalf("got %d", first.Status)
	}
	refused := 0
	for range 10 {
		for person := 1; person < 9; person++ {
			page := board.Look(t, h.Person(person))
			if page.Status == http.StatusOK {
				continue
			}
			if h.jira.Report().Refused["jira-quota-global-based"] == 0 {
				t.Fatalf("person %d was refused with %d before Jira refused", person, page.Status)
			}
			refused++
		}
		if refused > 0 {
			break
		}
		h.clock.Forward(time.Minute) // the views are read again
		h.agree(t)
	}
	if refused == 0 {
		t.Fatalf("there is no wall: %+v", h.jira.Report())
	}
	h.clock.Forward(time.Minute)
	again := board.Look(t, h.Person(0))
	if again.Status != http.StatusOK || !strings.Contains(again.Body, older) {
		t.Errorf("kept numbers: got %d, no note in\n%s", again.Status, again.Body)
	}
	until := h.clock.Now().UTC().Truncate(time.Hour).Add(time.Hour).Format(time.RFC3339)
	harness.Eventually(t, "the tenants' list says until when", func() bool {
		_, got := h.listed(t)
		return got == until
	})
	h.Rests(t, before) // what is refused now is not of the next hour
	h.next()
	if page := board.Look(t, h.Person(8)); page.Status != http.StatusOK || strings.Contains(page.Body, older) {
		t.Errorf("the next hour: got %d", page.Status)
	}
	if _, got := h.listed(t); got != "" {
		t.Errorf("the next hour: older until %s", got)
	}
}

// older begins the note of the gadget.
const older = "These numbers are older"

// While points run low a room's label waits and people go on; it comes with the next
// hour.
func TestBackgroundRests(t *testing.T) {
	t.Parallel()
	h := begin(t, file(t), 1000)
	room := h.Site.Objects().Conversations[0]
	h.SetUpRoom(t, harness.AppKey, room, "HARB")
	board := harness.NewBoard(t, h.Running, "HARB")
	before := h.Shown(t, room.ID)
	for person := 1; h.spent() < 800; person = person%8 + 1 {
		if page := board.Look(t, h.Person(person)); page.Status != http.StatusOK {
			t.Fatalf("person %d: got %d after %d points", person, page.Status, h.spent())
		}
		h.clock.Forward(5 * time.Second)
	}
	h.agree(t)
	h.FinishOneIssue(t, h.Person(0), "HARB")
	harness.Eventually(t, "the label waits for points", func() bool {
		list, err := h.Store.Glances.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range list {
			if row.Reason() == glance.ReasonQuota {
				return true
			}
		}
		return false
	})
	if got := h.Shown(t, room.ID); got.Label != before.Label {
		t.Errorf("got %q, want %q", got.Label, before.Label)
	}
	if page := board.Look(t, h.Person(0)); page.Status != http.StatusOK {
		t.Errorf("a person: got %d", page.Status)
	}
	h.next()
	harness.Eventually(t, "the label comes with the next hour", func() bool { return h.Shown(t, room.ID).Label != before.Label })
	if diff := cmp.Diff(map[string]int{}, h.jira.Report().Refused); diff != "" {
		t.Errorf("Jira refused: %s", diff)
	}
}

// file is a new SQLite database.
func file(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "sightline.db") }
