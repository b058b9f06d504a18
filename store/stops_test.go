package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

const chatSurface = glance.SurfaceChat

// TestStopAndResume: an archived conversation has no work, whoever was at it
// has lost its lease, events pass it by, and it shows the newest when it is
// back.
func TestStopAndResume(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		for _, room := range []string{"room", "other"} {
			w.begun(t, "site", room)
			w.configured(t, "site", room, "ABC")
		}
		w.settle(t, glance.State{Label: "one"})
		w.clock.forward(time.Minute)
		must(w.MarkDirty(t.Context(), tenant.ID, "", "", w.clock.Now()))(t)
		held := w.claim(t)
		for range 2 {
			check(t, w.StopConversation(t.Context(), chatSurface, "site", "room", "archived", time.Time{}))
		}
		for _, row := range held {
			err := w.Deliver(t.Context(), row)
			if lost := row.Key.Conversation == "room"; lost != (err != nil) {
				t.Errorf("%s: deliver: %v", row.Key.Conversation, err)
			}
		}
		w.clock.forward(10 * time.Minute)
		must(w.MarkDirty(t.Context(), tenant.ID, "", "", w.clock.Now()))(t)
		must(w.MarkOlder(t.Context(), w.clock.Now(), w.clock.Now()))(t)
		w.installed(t, "k", "site") // wakes the tenant's glances
		for _, row := range w.claim(t) {
			if row.Key.Conversation == "room" {
				t.Errorf("claimed %+v", row)
			}
		}
		key := glanceKey("site", "room")
		if got := w.row(t, key); !got.Stopped || got.StoppedFor != "archived" || got.PullLabel() != "one" {
			t.Errorf("stopped: got %+v", got)
		}
		w.clock.forward(10 * time.Minute)
		for range 2 {
			check(t, w.ResumeConversation(t.Context(), chatSurface, "site", "room", time.Time{}))
		}
		rows := w.claim(t)
		count := 0
		for _, row := range rows {
			if row.Key.Conversation == "room" && row.NeedsWork() {
				count++
			}
		}
		if got := w.row(t, key); count != 2 || got.Stopped || got.StoppedFor != "" {
			t.Errorf("resumed: got %d rows due, %+v", count, got)
		}
		// Another surface, and a room that nobody knows, are no error.
		check(t, w.StopConversation(t.Context(), glance.SurfaceSlack, "site", "room", "archived", time.Time{}))
		check(t, w.ResumeConversation(t.Context(), chatSurface, "site", "nowhere", time.Time{}))
		if w.row(t, key).Stopped {
			t.Error("stopped through another surface")
		}
	})
}

// TestStoppedIsRevived by whoever installs or configures it.
func TestStoppedIsRevived(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		for name, revive := range map[string]func(){
			"installed":  func() { w.begun(t, "site", "room") },
			"configured": func() { w.configured(t, "site", "room", "ABC") },
		} {
			check(t, w.StopConversation(t.Context(), chatSurface, "site", "room", "", time.Time{}))
			if got := w.row(t, setupKey("site", "room")); got.StoppedFor == "" {
				t.Error("stopped without a reason")
			}
			w.clock.forward(time.Hour)
			revive()
			if got := w.claim(t); len(got) == 0 {
				t.Errorf("%s: nothing is due", name)
			}
		}
	})
}

func TestRetryGlances(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		if n := must(w.Retry(t.Context()))(t); n != 0 {
			t.Errorf("nothing there: %d", n)
		}
		for _, room := range []string{"well", "failed", "gone", "archived"} {
			w.begun(t, "site", room)
			w.configured(t, "site", room, "ABC")
		}
		for _, row := range w.claim(t) {
			switch room := row.Key.Conversation; {
			case row.Key.Kind != glance.KindGlance || room == "well" || room == "archived":
				if row.NeedsCompute() {
					row = w.desire(t, row, glance.State{Label: "x"})
				}
				check(t, w.Deliver(t.Context(), row))
			case room == "failed":
				check(t, w.Fail(t.Context(), row, glance.Failed{Reason: glance.ReasonUnreachable, Detail: "down", Next: w.clock.Now().Add(time.Hour)}))
			default:
				check(t, w.Fail(t.Context(), row, glance.Failed{Reason: glance.ReasonForbidden, Detail: "forbidden"}))
			}
		}
		check(t, w.StopConversation(t.Context(), chatSurface, "site", "archived", "archived", time.Time{}))
		if got := w.claim(t); len(got) != 0 {
			t.Fatalf("due before: %+v", got)
		}
		// The archived room's two, and the glances of failed and gone.
		if n := must(w.Retry(t.Context()))(t); n != 4 {
			t.Errorf("got %d states, want 4", n)
		}
		got := map[string]int{}
		for _, row := range w.claim(t) {
			got[row.Key.Conversation]++
			if row.Stopped || row.Attempts != 0 {
				t.Errorf("got %+v", row)
			}
		}
		if diff := cmp.Diff(map[string]int{"failed": 1, "gone": 1, "archived": 2}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		if n := must(w.Retry(t.Context()))(t); n != 0 {
			t.Errorf("of an uninstalled tenant: %d", n)
		}
	})
}

// TestMarkMidnight marks each glance whose day is over once.
func TestMarkMidnight(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		now := w.clock.Now()
		for i, room := range []string{"past", "future"} {
			w.begun(t, "site", room)
			w.configured(t, "site", room, "ABC")
			for _, row := range w.claim(t) {
				if row.NeedsCompute() {
					d := w.desired(row, glance.State{Label: "x"})
					d.Midnight = now.Add(time.Duration(1+i) * time.Hour)
					row = must(w.Desire(t.Context(), row, d))(t)
				}
				check(t, w.Deliver(t.Context(), row))
			}
		}
		for _, want := range []int{0, 1, 0} {
			if got := must(w.MarkMidnight(t.Context(), w.clock.Now()))(t); got != want {
				t.Errorf("at %v: got %d, want %d", w.clock.Now(), got, want)
			}
			if want == 0 {
				w.clock.forward(time.Hour)
			}
		}
		if got := w.claim(t); len(got) != 1 || got[0].Key != glanceKey("site", "past") || !got[0].NeedsCompute() || !got[0].DirtyAt.Equal(now.Add(time.Hour)) {
			t.Errorf("got %+v, want the room whose day is over", got)
		}
	})
}

// TestPostpone: a row in its quiet hours is due at their end, events or not;
// who configures it does not wait.
func TestPostpone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		w.settle(t, glance.State{Label: "x"})
		now := w.clock.forward(time.Minute)
		end := now.Add(8 * time.Hour)
		must(w.MarkDirty(t.Context(), tenant.ID, "", "", now))(t)
		check(t, w.Postpone(t.Context(), w.claim(t)[0], end))
		w.clock.forward(time.Hour)
		must(w.MarkDirty(t.Context(), tenant.ID, "", "", w.clock.Now()))(t)
		if got := w.claim(t); len(got) != 0 {
			t.Errorf("claimed in quiet hours: %+v", got)
		}
		if next := must(w.NextDue(t.Context(), paces()))(t); !next.Equal(end) {
			t.Errorf("next due %v, want %v", next, end)
		}
		w.configured(t, "site", "room", "ABC")
		rows := w.claim(t)
		if len(rows) != 2 || !rows[0].Urgent || !rows[1].Urgent {
			t.Fatalf("configured: got %+v", rows)
		}
		// Configured while a worker postpones it: it stays due.
		w.configured(t, "site", "room", "ABC")
		check(t, w.Postpone(t.Context(), rows[1], end))
		if got := w.row(t, rows[1].Key); !got.NextAttempt.Equal(w.clock.Now()) {
			t.Errorf("due %v, want now", got.NextAttempt)
		}
		if got := must(w.Store.Glances.List(t.Context()))(t); len(got) != 2 {
			t.Errorf("got %d rows", len(got))
		}
	})
}

func TestConfigIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.begun(t, "site", "room")
		for _, c := range []glance.Config{
			{
				Projects: []string{"ABC", "D_F"}, Role: "10002", Window: 7, Zone: "Asia/Tokyo",
				Parts: glance.AllParts(), QuietFrom: "22:00", QuietTo: "06:30", Language: "de-CH",
			},
			{Projects: []string{"A"}, Query: `is assignee of "A"`, Window: 30, Zone: "UTC"},
			{Projects: []string{"A"}, Window: 14, Choices: glance.Choices{
				Narrow:  workload.Narrowing{Types: []string{"Bug"}, Sprint: workload.SprintActive, Filter: "10200", JQL: `labels = "ä"`},
				Measure: workload.MeasurePoints, Points: []string{"customfield_1"}, Period: workload.PeriodLastWeek, FirstDay: time.Saturday,
			}},
		} {
			check(t, w.Configure(t.Context(), glanceKey("site", "room"), setupKey("site", "room"), c, w.clock.Now()))
			if diff := cmp.Diff(c, w.row(t, glanceKey("site", "room")).Config); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		bad := glance.Config{Projects: []string{"A"}, Role: "1", Query: "x"}
		if err := w.Configure(t.Context(), glanceKey("site", "room"), setupKey("site", "room"), bad, w.clock.Now()); err == nil {
			t.Error("saved a role and a query")
		}
		for name, c := range map[string]glance.Choices{
			"measure": {Measure: "weight"}, "period": {Period: "lastYear"}, "range": {Period: workload.PeriodRange},
			"filter": {Narrow: workload.Narrowing{Filter: "x"}}, "query": {Narrow: workload.Narrowing{JQL: "("}}, "points": {Points: []string{"summary"}},
		} {
			bad := glance.Config{Projects: []string{"A"}, Window: 14, Choices: c}
			if err := w.Configure(t.Context(), glanceKey("site", "room"), setupKey("site", "room"), bad, w.clock.Now()); err == nil {
				t.Errorf("saved a wrong %s", name)
			}
		}
	})
}

// TestUpgrade: what the first schema holds is all there in the next.
func TestUpgrade(t *testing.T) {
	onBothURLs(t, func(t *testing.T, url string) {
		w := newWorld(t, url)
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		w.settle(t, glance.State{Label: "x"})
		want := must(w.Store.Glances.List(t.Context()))(t)
		downgrade(t, w)
		w.use(w.again(t, keyOne))
		for i := range want {
			want[i].Handle, want[i].DirtyAt = "", time.Time{} // unknown to the first schema
		}
		if diff := cmp.Diff(want, must(w.Store.Glances.List(t.Context()))(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		must(w.MarkDirty(t.Context(), tenant.ID, "ABC", "", w.clock.Now()))(t)
		c := wanted(w.clock.Now(), 5)
		c.Skip = []string{"site"}
		if got := must(w.Claim(t.Context(), c))(t); len(got) != 1 || got[0].Tenant != string(tenant.ID) {
			t.Errorf("got %+v, want it to be the tenant's turn", got)
		}
	})
}

// downgrade puts what the tables of conversations hold into the first schema.
func downgrade(t *testing.T, w *world) {
	t.Helper()
	for _, statement := range []string{
		"DROP TABLE site_choices", "ALTER TABLE gadget_configs DROP COLUMN found", "DROP TABLE weekly", "DROP TABLE slack_unasked", "DROP TABLE changes", "DROP TABLE account_reports", "DROP TABLE programs", "ALTER TABLE tenants DROP COLUMN held", "DROP TABLE rosters", "DROP TABLE index_pages", "DROP TABLE quota_points", "DROP TABLE quota_said", "DROP TABLE alive",
		"DROP TABLE readiness", "DROP TABLE slack_signatures", "DROP TABLE slack_people", "DROP TABLE slack_installs",
		"ALTER TABLE tenants DROP COLUMN environment", "ALTER TABLE forge_installs DROP COLUMN created_at",
		"ALTER TABLE forge_installs DROP COLUMN seen_at", "ALTER TABLE forge_installs DROP COLUMN refusals",
		"ALTER TABLE forge_installs DROP COLUMN refused_at", "ALTER TABLE forge_installs DROP COLUMN linked",
		"DROP INDEX glances_due", "DROP INDEX glances_late", "DROP INDEX glances_midnight",
		"ALTER TABLE conversations RENAME COLUMN site TO cloud_id",
		"ALTER TABLE connect_installs DROP COLUMN told_at", "ALTER TABLE connect_installs DROP COLUMN moved_at",
		"ALTER TABLE forge_installs DROP COLUMN told_at", "ALTER TABLE forge_installs DROP COLUMN used", "ALTER TABLE conversations DROP COLUMN told_at",
		"ALTER TABLE conversations DROP COLUMN surface", "ALTER TABLE conversations DROP COLUMN stopped_for",
		"ALTER TABLE glances RENAME COLUMN site TO cloud_id",
		"DELETE FROM schema_migrations WHERE version > 1",
	} {
		check(t, w.db.Exec(statement).Error)
	}
	for _, column := range []string{
		"role", "user_query", "parts", "quiet_from", "quiet_to", "language", "handle", "dirty_at", "midnight",
		"quiet_until", "urgent", "paid_at", "payer", "surface", "failed_for", "choices",
	} {
		check(t, w.db.Exec("ALTER TABLE glances DROP COLUMN "+column).Error)
	}
	check(t, w.db.Exec(`CREATE INDEX glances_due ON glances (next_attempt)
		WHERE computed_rev < dirty_rev OR delivered_rev < desired_rev`).Error)
}
