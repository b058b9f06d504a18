package timelog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

var (
	ada = workload.Person{AccountID: "a", Name: "Ada"}
	ben = workload.Person{AccountID: "b", Name: "ben"}
	cy  = workload.Person{AccountID: "c", Name: "Cy"}
	bot = workload.Person{AccountID: "x", Name: "Bot", App: true}
)

func log(id string, who workload.Person, started time.Time, hours float64) workload.Worklog {
	return workload.Worklog{ID: id, Author: who, Started: started, Spent: time.Duration(hours * float64(time.Hour))}
}

// lines are the rows in a form that is easy to compare: only days with time.
func lines(s timelog.Sheet, rows []timelog.Row) []string {
	out := []string{}
	for _, r := range rows {
		var b strings.Builder
		fmt.Fprintf(&b, "%s %v/%d:", r.Person.Name, r.Total.Spent.Hours(), r.Total.Entries)
		for i, c := range r.Cells {
			if c.Entries > 0 {
				fmt.Fprintf(&b, " %s=%v", s.Days[i], c.Spent.Hours())
			}
		}
		out = append(out, b.String())
	}
	return out
}

func TestMakeCountsByPersonAndDay(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-03-10T15:00:00Z")
	s := timelog.Make(timelog.Input{
		Now: now, Window: workload.Week,
		Worklogs: []workload.Worklog{
			log("1", ben, at(t, "2026-03-10T08:00:00Z"), 2),
			log("2", ada, at(t, "2026-03-09T08:00:00Z"), 3),
			log("3", ada, at(t, "2026-03-09T10:00:00Z"), 1.5),
			log("3", ada, at(t, "2026-03-09T10:00:00Z"), 1.5),             // read twice
			log("4", ada, at(t, "2026-03-03T23:59:59Z"), 8),               // before the window
			log("5", ada, at(t, "2026-03-04T00:00:00Z"), 1),               // its first moment
			log("6", ada, at(t, "2026-03-11T00:00:00Z"), 8),               // tomorrow
			log("7", bot, at(t, "2026-03-10T08:00:00Z"), 5),               // no person's
			log("8", ben, at(t, "2026-03-10T09:00:00Z"), -1),              // worth nothing
			log("9", workload.Person{}, at(t, "2026-03-10T09:00:00Z"), 1), // nobody's
		},
	})
	if diff := cmp.Diff([]string{"Ada 5.5/3: 2026-03-04=1 2026-03-09=4.5", "ben 2/2: 2026-03-10=2"}, lines(s, s.Rows)); diff != "" {
		t.Errorf("people (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Bot 5/1: 2026-03-10=5"}, lines(s, s.Apps)); diff != "" {
		t.Errorf("apps (-want +got)\n%s", diff)
	}
	if s.Unknown.Total.Spent != time.Hour || s.Unknown.Cells[6].Entries != 1 || s.Others.Total.Entries != 0 {
		t.Errorf("unknown %+v, others %+v", s.Unknown, s.Others)
	}
	if s.Total.Spent != 8*time.Hour+30*time.Minute || s.Total.Entries != 6 || s.AppTotal().Spent != 5*time.Hour {
		t.Errorf("total %+v, apps %+v", s.Total, s.AppTotal())
	}
	var sum timelog.Cell
	for _, c := range s.Sums {
		sum.Spent, sum.Entries = sum.Spent+c.Spent, sum.Entries+c.Entries
	}
	if sum != s.Total {
		t.Errorf("the days add up to %+v, the rows to %+v", sum, s.Total)
	}
	if len(s.Days) != 7 || s.Days[6].String() != "2026-03-10" || s.Zone != "UTC" {
		t.Errorf("days %v in %s", s.Days, s.Zone)
	}
}

// The same instant is of another day elsewhere.
func TestMakeUsesTheViewersDays(t *testing.T) {
	t.Parallel()
	logs := []workload.Worklog{log("1", ada, at(t, "2026-03-10T11:30:00Z"), 1)}
	for name, want := range map[string]string{
		"Pacific/Auckland": "Ada 1/1: 2026-03-11=1", "Pacific/Pago_Pago": "Ada 1/1: 2026-03-10=1",
		"Pacific/Kiritimati": "Ada 1/1: 2026-03-11=1", "Asia/Kolkata": "Ada 1/1: 2026-03-10=1",
	} {
		s := timelog.Make(timelog.Input{Worklogs: logs, Now: at(t, "2026-03-10T12:00:00Z"), Zone: zone(t, name), Window: workload.Week})
		if diff := cmp.Diff([]string{want}, lines(s, s.Rows)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// Days of 23, 25 and no hours are days like others.
func TestMakeOverChangesOfTheClocks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, zone, now, started, want string }{
		{"last minute of the short day", "Europe/Berlin", "2026-03-30T10:00:00+02:00", "2026-03-29T23:59:00+02:00", "2026-03-29"},
		{"first minute after it", "Europe/Berlin", "2026-03-30T10:00:00+02:00", "2026-03-30T00:00:00+02:00", "2026-03-30"},
		{"last minute of the long day", "Europe/Berlin", "2026-10-26T10:00:00+01:00", "2026-10-25T23:59:00+01:00", "2026-10-25"},
		{"midnight that is skipped", "America/Santiago", "2026-09-06T12:00:00-03:00", "2026-09-06T01:00:00-03:00", "2026-09-06"},
		{"just before it", "America/Santiago", "2026-09-06T12:00:00-03:00", "2026-09-05T23:59:59-04:00", "2026-09-05"},
		{"first day of the window, long day", "Europe/Berlin", "2026-10-31T10:00:00+01:00", "2026-10-25T00:00:00+02:00", "2026-10-25"},
	} {
		s := timelog.Make(timelog.Input{
			Worklogs: []workload.Worklog{log("1", ada, at(t, tt.started), 1)},
			Now:      at(t, tt.now), Zone: zone(t, tt.zone), Window: workload.Week,
		})
		if diff := cmp.Diff([]string{"Ada 1/1: " + tt.want + "=1"}, lines(s, s.Rows)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
		seen := map[workload.Date]bool{}
		for _, d := range s.Days {
			seen[d] = true
		}
		if len(seen) != 7 {
			t.Errorf("%s: %d different days: %v", tt.name, len(seen), s.Days)
		}
	}
}

func TestMakeWithATeam(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-03-10T15:00:00Z")
	logs := []workload.Worklog{log("1", ben, now, 2), log("2", cy, now, 3), log("3", bot, now, 4)}
	s := timelog.Make(timelog.Input{Worklogs: logs, Team: []workload.Person{ada, {AccountID: "b"}, {}}, Now: now})
	if diff := cmp.Diff([]string{"ben 2/1: 2026-03-10=2", "Ada 0/0:"}, lines(s, s.Rows)); diff != "" {
		t.Errorf("people (-want +got)\n%s", diff)
	}
	if len(s.Apps) != 0 || s.Total.Spent != 5*time.Hour || len(s.Days) != int(workload.Fortnight) {
		t.Errorf("apps %v, total %v, %d days", s.Apps, s.Total, len(s.Days))
	}
	if diff := cmp.Diff([]string{" 3/1: 2026-03-10=3"}, lines(s, []timelog.Row{s.Others})); diff != "" {
		t.Errorf("others (-want +got)\n%s", diff)
	}
	empty := timelog.Make(timelog.Input{Worklogs: logs[:2], Team: []workload.Person{}, Now: now})
	if len(empty.Rows) != 0 || empty.Total != empty.Others.Total || empty.Total.Entries != 2 {
		t.Errorf("a team of nobody has rows: %v", empty.Rows)
	}
	member := timelog.Make(timelog.Input{Team: []workload.Person{ada, bot}, Now: now})
	if len(member.Rows) != 1 || len(member.Apps) != 0 {
		t.Errorf("an app with no time has a row: %v %v", member.Rows, member.Apps)
	}
}

func TestSorted(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-03-10T15:00:00Z")
	s := timelog.Make(timelog.Input{Now: now, Worklogs: []workload.Worklog{log("1", ada, now, 1), log("2", ben, now, 3), log("3", cy, now, 2)}})
	for _, tt := range []struct {
		order timelog.Order
		want  string
	}{
		{timelog.Order{}, "ben Cy Ada"},
		{timelog.Order{Reverse: true}, "Ada Cy ben"},
		{timelog.Order{ByName: true}, "Ada ben Cy"},
		{timelog.Order{ByName: true, Reverse: true}, "Cy ben Ada"},
		{timelog.Order{Pins: []string{"c", "gone", "a"}}, "Cy Ada ben"},
	} {
		var names []string
		for _, r := range s.Sorted(tt.order) {
			names = append(names, r.Person.Name)
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.order, got, tt.want)
		}
	}
}

func TestOnDay(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	entry := func(id, account, started string) timelog.Entry {
		return timelog.Entry{ID: id, Author: workload.Person{AccountID: account}, Started: at(t, started)}
	}
	got := timelog.OnDay([]timelog.Entry{
		entry("late", "a", "2026-03-29T21:59:00Z"), entry("next", "a", "2026-03-29T22:00:00Z"), entry("early", "a", "2026-03-28T23:00:00Z"),
		entry("before", "a", "2026-03-28T22:59:59Z"), entry("other", "b", "2026-03-29T10:00:00Z"), entry("late", "a", "2026-03-29T21:59:00Z"),
	}, func(account string) bool { return account == "a" }, workload.Date{Year: 2026, Month: time.March, Day: 29}, berlin)
	if len(got) != 2 || got[0].ID != "early" || got[1].ID != "late" {
		t.Errorf("got %+v", got)
	}
}
