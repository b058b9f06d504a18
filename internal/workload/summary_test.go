package workload_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sightline-go/sightline/internal/workload"
)

func people() (ann, bob, cyd workload.Person) {
	return workload.Person{AccountID: "1", Name: "Ann"},
		workload.Person{AccountID: "2", Name: "bob"},
		workload.Person{AccountID: "3", Name: "Cyd"}
}

// noon is when the tests take place, on 2026-11-24.
func noon(tb testing.TB) time.Time {
	tb.Helper()
	return instant(tb, "2026-11-24T12:00:00Z")
}

// openIssues returns n issues to do of p, with IDs of their own.
func openIssues(p workload.Person, n int) []workload.Issue {
	var issues []workload.Issue
	for i := range n {
		issues = append(issues, workload.Issue{
			ID: p.AccountID + "-" + strconv.Itoa(i), Assignee: &p, Category: workload.CategoryNew,
		})
	}
	return issues
}

func TestSummarizeNothing(t *testing.T) {
	t.Parallel()
	got := workload.Summarize(workload.Input{})
	want := workload.Summary{
		Today: date(t, "0001-01-01"), From: date(t, "0001-01-01").AddDays(-13), To: date(t, "0001-01-01"),
		Zone: "UTC", Window: workload.Fortnight, Rows: []workload.Row{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSummarize(t *testing.T) {
	t.Parallel()
	ann, bob, cyd := people()
	now := noon(t)
	got := workload.Summarize(workload.Input{
		Now: now, Window: workload.Week,
		Issues: []workload.Issue{
			{ID: "1", Assignee: &ann, Category: workload.CategoryNew, Due: date(t, "2026-11-23"), Remaining: time.Hour},
			{ID: "2", Assignee: &ann, Category: workload.CategoryInProgress, Due: date(t, "2026-11-24"), Remaining: 2 * time.Hour},
			{ID: "3", Assignee: &ann, Category: "undefined"},
			{ID: "4", Assignee: &ann, Category: workload.CategoryDone, Due: date(t, "2026-11-01"), Remaining: time.Hour},
			{ID: "5", Assignee: &bob, Category: workload.CategoryInProgress, Due: date(t, "2026-12-02")},
			{ID: "6", Category: workload.CategoryNew, Due: date(t, "2026-12-01"), Remaining: 4 * time.Hour},
			{ID: "7", Assignee: &workload.Person{Name: "Former user"}, Category: workload.CategoryNew},
			{ID: "8", Assignee: &cyd, Category: workload.CategoryDone},
		},
		Worklogs: []workload.Worklog{
			{ID: "1", Author: bob, Started: now, Spent: 30 * time.Minute},
			{ID: "2", Author: bob, Started: now.AddDate(0, 0, -3), Spent: time.Hour},
			{ID: "3", Author: cyd, Started: now, Spent: time.Hour},
			{ID: "4", Started: now, Spent: time.Hour},
		},
	})
	want := workload.Summary{
		Today: date(t, "2026-11-24"), From: date(t, "2026-11-18"), To: date(t, "2026-11-24"), Zone: "UTC", Window: workload.Week,
		Rows: []workload.Row{
			{Person: ann, Load: workload.LoadBalanced, Counts: workload.Counts{
				Open: 3, ToDo: 1, InProgress: 1, Overdue: 1, DueSoon: 1, Remaining: 3 * time.Hour,
			}},
			{Person: bob, Load: workload.LoadBalanced, Counts: workload.Counts{
				Open: 1, InProgress: 1, Logged: 90 * time.Minute,
			}},
			{Person: cyd, Load: workload.LoadLight, Counts: workload.Counts{Logged: time.Hour}},
		},
		Unassigned: workload.Counts{Open: 2, ToDo: 2, DueSoon: 1, Remaining: 4 * time.Hour},
		Unknown:    time.Hour,
		Totals: workload.Counts{
			Open: 6, ToDo: 3, InProgress: 2, Overdue: 1, DueSoon: 2, Remaining: 7 * time.Hour, Logged: 210 * time.Minute,
		},
		Median: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSummarizeDue(t *testing.T) {
	t.Parallel()
	ann, _, _ := people()
	for _, tt := range []struct {
		due              string
		overdue, dueSoon int
	}{
		{"2020-01-01", 1, 0},
		{"2026-11-23", 1, 0},
		{"2026-11-24", 0, 1},
		{"2026-12-01", 0, 1},
		{"2026-12-02", 0, 0},
		{"2030-01-01", 0, 0},
	} {
		for _, category := range []workload.Category{workload.CategoryNew, workload.CategoryInProgress, "", "undefined"} {
			got := workload.Summarize(workload.Input{Now: noon(t), Issues: []workload.Issue{
				{ID: "1", Assignee: &ann, Category: category, Due: date(t, tt.due)},
			}}).Totals
			if got.Open != 1 || got.Overdue != tt.overdue || got.DueSoon != tt.dueSoon {
				t.Errorf("due %s, %q: got %+v, want overdue %d, due soon %d", tt.due, category, got, tt.overdue, tt.dueSoon)
			}
		}
	}
}

// What is overdue depends on where the viewer is.
func TestSummarizeToday(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone, today string
		overdue     int
	}{
		{"Pacific/Pago_Pago", "2026-11-23", 0},
		{"America/New_York", "2026-11-24", 1},
		{"UTC", "2026-11-24", 1},
		{"Asia/Kathmandu", "2026-11-24", 1},
		{"Pacific/Kiritimati", "2026-11-25", 1},
	} {
		got := workload.Summarize(workload.Input{
			Now: instant(t, "2026-11-24T10:30:00Z"), Zone: zone(t, tt.zone),
			Issues: []workload.Issue{{ID: "1", Category: workload.CategoryNew, Due: date(t, "2026-11-23")}},
		})
		if got.Today != date(t, tt.today) || got.Zone != tt.zone || got.Totals.Overdue != tt.overdue {
			t.Errorf("%s: got %s in %s, %d overdue, want %s, %d", tt.zone, got.Today, got.Zone, got.Totals.Overdue, tt.today, tt.overdue)
		}
	}
}

func TestSummarizeDuplicates(t *testing.T) {
	t.Parallel()
	ann, bob, _ := people()
	now := noon(t)
	got := workload.Summarize(workload.Input{
		Now: now,
		Issues: []workload.Issue{
			{ID: "1", Assignee: &ann, Category: workload.CategoryNew, Remaining: time.Hour},
			{ID: "1", Assignee: &bob, Category: workload.CategoryInProgress, Remaining: time.Hour},
			{ID: "2", Assignee: &ann, Category: workload.CategoryDone},
			{ID: "2", Assignee: &ann, Category: workload.CategoryNew},
			{Assignee: &ann, Category: workload.CategoryNew},
			{Assignee: &ann, Category: workload.CategoryNew},
		},
		Worklogs: []workload.Worklog{
			{ID: "1", Author: ann, Started: now, Spent: time.Hour},
			{ID: "1", Author: ann, Started: now, Spent: time.Hour},
			{Author: ann, Started: now, Spent: time.Minute},
			{Author: ann, Started: now, Spent: time.Minute},
		},
	})
	want := workload.Counts{Open: 3, ToDo: 3, Remaining: time.Hour, Logged: 62 * time.Minute}
	if diff := cmp.Diff(want, got.Totals); diff != "" {
		t.Error(diff)
	}
}

func TestSummarizeNegativeDurations(t *testing.T) {
	t.Parallel()
	ann, _, _ := people()
	issues := openIssues(ann, 1)
	issues[0].Remaining = -time.Hour
	got := workload.Summarize(workload.Input{
		Now: noon(t), Issues: issues,
		Worklogs: []workload.Worklog{{ID: "1", Author: ann, Started: noon(t), Spent: -time.Hour}},
	})
	if got.Totals.Remaining != 0 || got.Totals.Logged != 0 {
		t.Errorf("got %+v, want nothing", got.Totals)
	}
}

func TestSummarizeTeam(t *testing.T) {
	t.Parallel()
	ann, bob, _ := people()
	now := noon(t)
	robot := workload.Person{AccountID: "r", Name: "Robot", App: true}
	idle := workload.Person{AccountID: "i", Name: "Idle"}
	issues := append(openIssues(ann, 2), openIssues(bob, 3)...)
	issues = append(issues, workload.Issue{ID: "u", Category: workload.CategoryInProgress})
	worklogs := []workload.Worklog{
		{ID: "1", Author: bob, Started: now, Spent: time.Hour},
		{ID: "2", Author: idle, Started: now, Spent: 2 * time.Hour},
	}
	for _, tt := range []struct {
		name   string
		team   []workload.Person
		issues []workload.Issue
		rows   []string
		others time.Duration
		totals workload.Counts
	}{
		{"no team", nil, issues, []string{"bob", "Ann", "Idle"}, 0, workload.Counts{Open: 6, ToDo: 5, InProgress: 1, Logged: 3 * time.Hour}},
		{"a member and somebody idle, twice", []workload.Person{idle, ann, idle}, issues, []string{"Ann", "Idle"}, time.Hour, workload.Counts{Open: 3, ToDo: 2, InProgress: 1, Logged: 3 * time.Hour}},
		{"nobody", []workload.Person{}, issues, nil, 3 * time.Hour, workload.Counts{Open: 1, InProgress: 1, Logged: 3 * time.Hour}},
		{"a member without account id", []workload.Person{{Name: "Nobody"}}, issues, nil, 3 * time.Hour, workload.Counts{Open: 1, InProgress: 1, Logged: 3 * time.Hour}},
		{"an idle app", []workload.Person{ann, robot}, issues, []string{"Ann"}, 3 * time.Hour, workload.Counts{Open: 3, ToDo: 2, InProgress: 1, Logged: 3 * time.Hour}},
		{"a busy app", []workload.Person{robot}, openIssues(robot, 1), nil, 3 * time.Hour, workload.Counts{Logged: 3 * time.Hour}},
	} {
		got := workload.Summarize(workload.Input{Now: now, Issues: tt.issues, Worklogs: worklogs, Team: tt.team})
		if diff := cmp.Diff(tt.rows, names(got.Rows)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.totals, got.Totals); diff != "" || got.Others != tt.others {
			t.Errorf("%s: others %s, want %s; totals %s", tt.name, got.Others, tt.others, diff)
		}
	}
}

// Whoever logged time counts in the median, and is light with nothing open.
func TestSummarizeComparesWithWhoLogged(t *testing.T) {
	t.Parallel()
	ann, bob, cyd := people()
	in := workload.Input{Now: noon(t), Issues: append(openIssues(ann, 5), openIssues(bob, 2)...)}
	if got := workload.Summarize(in); got.Median != 3.5 || got.Rows[0].Load != workload.LoadBalanced {
		t.Errorf("two people: median %v, %+v", got.Median, got.Rows)
	}
	in.Worklogs = []workload.Worklog{{ID: "1", Author: cyd, Started: noon(t), Spent: time.Minute}}
	got := workload.Summarize(in)
	if got.Median != 2 || got.Rows[0].Load != workload.LoadHeavy || got.Rows[2].Load != workload.LoadLight {
		t.Errorf("three people: median %v, %+v", got.Median, got.Rows)
	}
}

// The account id that Jira gives for lost records is nobody's.
func TestSummarizeUnknownAuthors(t *testing.T) {
	t.Parallel()
	ann, _, _ := people()
	worklogs := []workload.Worklog{
		{ID: "1", Author: workload.Person{AccountID: "unknown", Name: "Former user"}, Started: noon(t), Spent: time.Hour},
		{ID: "2", Author: workload.Person{Name: "No account"}, Started: noon(t), Spent: time.Hour},
		{ID: "3", Started: noon(t), Spent: time.Hour},
		{ID: "4", Author: ann, Started: noon(t), Spent: time.Hour},
	}
	for _, team := range [][]workload.Person{nil, {ann}, {}} {
		got := workload.Summarize(workload.Input{Now: noon(t), Worklogs: worklogs, Team: team})
		if got.Unknown != 3*time.Hour || got.Totals.Logged != 4*time.Hour || len(got.Rows) > 1 {
			t.Errorf("team %v: unknown %s of %s, rows %v", team, got.Unknown, got.Totals.Logged, names(got.Rows))
		}
	}
}

// The work of apps is shown apart and is in no total, and the people are
// compared without it.
func TestSummarizeApps(t *testing.T) {
	t.Parallel()
	ann, bob, _ := people()
	robot := workload.Person{AccountID: "r", Name: "Robot", App: true}
	logger := workload.Person{AccountID: "l", Name: "Logger", App: true}
	idle := workload.Person{AccountID: "z", Name: "Idle", App: true}
	issues := slices.Concat(openIssues(ann, 2), openIssues(bob, 3), openIssues(robot, 40))
	worklogs := []workload.Worklog{
		{ID: "1", Author: logger, Started: noon(t), Spent: time.Hour},
		{ID: "2", Author: idle, Started: noon(t).AddDate(0, 0, -60), Spent: time.Hour},
		{ID: "3", Author: ann, Started: noon(t), Spent: 2 * time.Hour},
		{ID: "4", Author: workload.Person{AccountID: "l"}, Started: noon(t), Spent: time.Hour}, // as another record knows, an app
	}
	for _, tt := range []struct {
		name       string
		team       []workload.Person
		rows, apps []string
		totals     workload.Counts
	}{
		{"everybody", nil, []string{"bob", "Ann"}, []string{"Robot", "Logger"}, workload.Counts{Open: 5, ToDo: 5, Logged: 2 * time.Hour}},
		{"a team without apps", []workload.Person{ann}, []string{"Ann"}, nil, workload.Counts{Open: 2, ToDo: 2, Logged: 2 * time.Hour}},
		{"a team with an app", []workload.Person{ann, {AccountID: "l"}}, []string{"Ann"}, []string{"Logger"}, workload.Counts{Open: 2, ToDo: 2, Logged: 2 * time.Hour}},
	} {
		got := workload.Summarize(workload.Input{Now: noon(t), Issues: issues, Worklogs: worklogs, Team: tt.team})
		if diff := cmp.Diff(tt.rows, names(got.Rows)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.apps, names(got.Apps)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.totals, got.Totals); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if got.Median > 3 {
			t.Errorf("%s: median %v counts an app", tt.name, got.Median)
		}
	}
}

// A role names its members, an issue may know more of them.
func TestSummarizeCompletesPeople(t *testing.T) {
	t.Parallel()
	assignee := workload.Person{AccountID: "1", Name: "Ann", AvatarURL: "https://example.com/ann.png"}
	got := workload.Summarize(workload.Input{
		Now: noon(t), Issues: openIssues(assignee, 1),
		Team: []workload.Person{{AccountID: "1"}},
	})
	if diff := cmp.Diff(assignee, got.Rows[0].Person); diff != "" {
		t.Error(diff)
	}
}

func TestSummarizeOrder(t *testing.T) {
	t.Parallel()
	team := []workload.Person{
		{AccountID: "9", Name: "émile"},
		{AccountID: "5", Name: "Sam"},
		{AccountID: "4", Name: "sam"},
		{AccountID: "3", Name: "alex"},
		{AccountID: "2", Name: "Bert"},
		{AccountID: "8"},
	}
	var issues []workload.Issue
	for _, p := range team {
		issues = append(issues, openIssues(p, 1)...)
	}
	issues = append(issues, openIssues(workload.Person{AccountID: "7", Name: "Zoë"}, 2)...)
	want := []string{"7", "8", "3", "2", "4", "5", "9"}
	for range 20 { // maps are in another order each time
		var got []string
		for _, row := range workload.Summarize(workload.Input{Now: noon(t), Issues: issues}).Rows {
			got = append(got, row.Person.AccountID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

// The input is not changed, so that it can be cached.
func TestSummarizeLeavesInput(t *testing.T) {
	t.Parallel()
	ann, bob, _ := people()
	input := func() workload.Input {
		return workload.Input{
			Now: noon(t), Issues: append(openIssues(ann, 1), openIssues(bob, 2)...),
			Team: []workload.Person{{AccountID: "1"}, bob},
		}
	}
	got := input()
	workload.Summarize(got)
	if diff := cmp.Diff(input(), got, cmpopts.IgnoreFields(workload.Input{}, "Zone")); diff != "" {
		t.Error(diff)
	}
}

func names(rows []workload.Row) []string {
	var names []string
	for _, row := range rows {
		names = append(names, row.Person.Name)
	}
	return names
}

func BenchmarkSummarize(b *testing.B) {
	berlin := zone(b, "Europe/Berlin")
	in := workload.Input{Now: noon(b), Zone: berlin, Window: workload.Month}
	for i := range 5000 {
		p := workload.Person{AccountID: strconv.Itoa(i % 40), Name: "Person " + strconv.Itoa(i%40)}
		in.Issues = append(in.Issues, workload.Issue{
			ID: strconv.Itoa(i), Assignee: &p, Category: workload.CategoryNew, Due: workload.DateOf(in.Now, berlin).AddDays(i%20 - 10),
		})
		in.Worklogs = append(in.Worklogs, workload.Worklog{
			ID: strconv.Itoa(i), Author: p, Started: in.Now.Add(-time.Duration(i) * time.Hour), Spent: time.Minute,
		})
	}
	b.ReportAllocs()
	for b.Loop() {
		workload.Summarize(in)
	}
}
