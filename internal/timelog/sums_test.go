package timelog_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// invented is a site with everything that a sum can get wrong: people inside and
// outside the team, apps that a role does not mark as apps, unknown authors,
// records that come twice, and times at the edges of days and windows.
type invented struct {
	*rand.Rand
	now  time.Time
	zone *time.Location
}

func (r invented) person() workload.Person {
	n := r.IntN(9)
	switch n {
	case 0:
		return workload.Person{}
	case 1:
		return workload.Person{AccountID: "unknown", Name: "Former user"}
	}
	return workload.Person{AccountID: strconv.Itoa(n), Name: "Person " + strconv.Itoa(n), App: n > 6}
}

func (r invented) id() string {
	if r.IntN(8) == 0 {
		return ""
	}
	return strconv.Itoa(r.IntN(150))
}

func (r invented) worklogs() []workload.Worklog {
	list := make([]workload.Worklog, r.IntN(120))
	for i := range list {
		list[i] = workload.Worklog{
			ID: r.id(), Author: r.person(),
			Started: r.now.Add(-time.Duration(r.IntN(40*24*60)-1440) * time.Minute),
			Spent:   time.Duration(r.IntN(600)-20) * time.Minute,
		}
	}
	return list
}

func (r invented) issues() []workload.Issue {
	list := make([]workload.Issue, r.IntN(60))
	for i := range list {
		who := r.person()
		list[i] = workload.Issue{ID: r.id(), Category: workload.CategoryNew, Assignee: &who}
	}
	return list
}

func (r invented) team() []workload.Person {
	if r.IntN(2) == 0 {
		return nil
	}
	team := make([]workload.Person, r.IntN(5))
	for i := range team {
		team[i] = r.person()
		team[i].App = false // a role does not say who is an app
	}
	return team
}

// Both views of the same worklogs name the same hours, row by row and in sum,
// and their sums are those of their rows.
func TestBothViewsAgree(t *testing.T) {
	t.Parallel()
	zones := []string{"UTC", "Europe/Berlin", "America/Santiago", "Pacific/Kiritimati", "Asia/Kathmandu"}
	for seed := range uint64(2000) {
		r := invented{Rand: rand.New(rand.NewPCG(seed, 1))}
		r.zone = zone(t, zones[r.IntN(len(zones))])
		r.now = at(t, "2026-03-30T00:30:00Z").Add(time.Duration(r.IntN(250*24)) * time.Hour)
		window := []workload.Window{workload.Week, workload.Fortnight, workload.Month}[r.IntN(3)]
		logs, team := r.worklogs(), r.team()
		sum := workload.Summarize(workload.Input{Issues: r.issues(), Worklogs: logs, Team: team, Now: r.now, Zone: r.zone, Window: window})
		sheet := timelog.Make(timelog.Input{Worklogs: logs, Team: team, Now: r.now, Zone: r.zone, Window: window})
		if diff := cmp.Diff(hoursOf(sum), hoursIn(sheet)); diff != "" {
			t.Fatalf("seed %d: (-workload +timelog)\n%s", seed, diff)
		}
		checkSheet(t, seed, sheet)
		checkSummary(t, seed, sum)
		if got, want := sum.Totals.Logged, byHand(logs, sheet, r.zone); got != want {
			t.Fatalf("seed %d: %s logged, counted by hand %s", seed, got, want)
		}
	}
}

// hoursOf are the hours of a summary by row; people who logged nothing are left
// out.
func hoursOf(s workload.Summary) map[string]time.Duration {
	out := map[string]time.Duration{"others": s.Others, "unknown": s.Unknown, "total": s.Totals.Logged}
	for _, row := range append(s.Rows, s.Apps...) {
		if row.Logged > 0 {
			out[row.Person.AccountID] = row.Logged
		}
	}
	return out
}

func hoursIn(s timelog.Sheet) map[string]time.Duration {
	out := map[string]time.Duration{"others": s.Others.Total.Spent, "unknown": s.Unknown.Total.Spent, "total": s.Total.Spent}
	for _, row := range append(s.Rows, s.Apps...) {
		if row.Total.Spent > 0 {
			out[row.Person.AccountID] = row.Total.Spent
		}
	}
	return out
}

func checkSheet(t *testing.T, seed uint64, s timelog.Sheet) {
	t.Helper()
	var total timelog.Cell
	for i := range s.Days {
		var day timelog.Cell
		for _, row := range append(append([]timelog.Row{}, s.Rows...), s.Others, s.Unknown) {
			day.Spent, day.Entries = day.Spent+row.Cells[i].Spent, day.Entries+row.Cells[i].Entries
		}
		if day != s.Sums[i] {
			t.Fatalf("seed %d, %s: rows add up to %v, the foot says %v", seed, s.Days[i], day, s.Sums[i])
		}
		total.Spent, total.Entries = total.Spent+day.Spent, total.Entries+day.Entries
	}
	if total != s.Total {
		t.Fatalf("seed %d: days add up to %v, the total says %v", seed, total, s.Total)
	}
}

func checkSummary(t *testing.T, seed uint64, s workload.Summary) {
	t.Helper()
	open, logged := s.Unassigned.Open, s.Others+s.Unknown
	for _, row := range s.Rows {
		open, logged = open+row.Open, logged+row.Logged
	}
	if open != s.Totals.Open || logged != s.Totals.Logged {
		t.Fatalf("seed %d: rows add up to %d open and %s, the totals say %d and %s", seed, open, logged, s.Totals.Open, s.Totals.Logged)
	}
}

// byHand adds up what people and unknown authors logged on the sheet's days.
func byHand(logs []workload.Worklog, s timelog.Sheet, zone *time.Location) (sum time.Duration) {
	apps, seen := map[string]bool{}, map[string]bool{}
	days := map[string]bool{}
	for _, d := range s.Days {
		days[d.String()] = true
	}
	var counted []workload.Worklog
	for _, w := range logs {
		if days[w.Started.In(zone).Format(time.DateOnly)] && (w.ID == "" || !seen[w.ID]) {
			seen[w.ID] = true
			counted = append(counted, w)
			apps[w.Author.AccountID] = apps[w.Author.AccountID] || w.Author.App
		}
	}
	for _, row := range s.Apps {
		apps[row.Person.AccountID] = true
	}
	for _, w := range counted {
		if !apps[w.Author.AccountID] && w.Spent > 0 {
			sum += w.Spent
		}
	}
	return sum
}

// Times near the limit of what a duration can hold add up to the longest one, in
// both views, and never to a negative time.
func TestSumsDoNotOverflow(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-11-24T12:00:00Z")
	var logs []workload.Worklog
	var issues []workload.Issue
	for _, account := range []string{"1", "1", "2", "outside", "outside", "unknown", "unknown"} {
		who := workload.Person{AccountID: account}
		logs = append(logs, workload.Worklog{Author: who, Started: now, Spent: math.MaxInt64 - 1})
		issues = append(issues, workload.Issue{Assignee: &who, Category: workload.CategoryNew, Remaining: math.MaxInt64 - 1})
	}
	team := []workload.Person{{AccountID: "1"}, {AccountID: "2"}}
	sum := workload.Summarize(workload.Input{Issues: issues, Worklogs: logs, Team: team, Now: now})
	sheet := timelog.Make(timelog.Input{Worklogs: logs, Team: team, Now: now})
	const most, one = time.Duration(math.MaxInt64), time.Duration(math.MaxInt64 - 1)
	want := map[string]time.Duration{"1": most, "2": one, "others": most, "unknown": most, "total": most}
	if diff := cmp.Diff(want, hoursOf(sum)); diff != "" {
		t.Errorf("workload (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(want, hoursIn(sheet)); diff != "" {
		t.Errorf("timelog (-want +got)\n%s", diff)
	}
	if got := sheet.Sums[len(sheet.Sums)-1].Spent; got != most || sum.Totals.Remaining != most {
		t.Errorf("%s on the day, %s remain, want %s", got, sum.Totals.Remaining, most)
	}
}
