package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// The tenant of the measurements: a third of its issues is open, half of what is
// open is assigned, and each week of the last 400 days has as many work logs.
const (
	benchProjects = 20
	benchIssues   = 100_000
	benchWorklogs = 200_000
	benchChanges  = 3 // an issue
	benchPeople   = 200
	benchTenant   = "client-key"
)

func benchIssue(n int, now time.Time) index.Issue {
	i := index.Issue{
		ID: int64(10_000 + n), Project: fmt.Sprintf("PRJ%d", n%benchProjects), Number: int64(1 + n/benchProjects),
		Category: workload.CategoryDone, Updated: now.Add(-time.Duration(benchIssues-n) * 5 * time.Minute),
		PointEstimate: index.Points{Value: float64(1 + n%8), Set: n%4 == 0}, StoryPoints: index.Points{Value: float64(n % 13), Set: n%4 == 1},
		Parent: int64(10_000 + n - n%7), Team: fmt.Sprintf("36885b3c-1bf0-4f85-a357-%012d", n%benchProjects),
	}
	i.Created = i.Updated.Add(-time.Duration(n%90) * 7 * time.Hour)
	if n%3 == 0 {
		i.Category = []workload.Category{workload.CategoryNew, workload.CategoryInProgress}[n%2]
		i.Due = workload.DateOf(now, nil).AddDays(n%40 - 20)
		i.Remaining = time.Duration(n%30) * time.Hour
	}
	if n%4 != 0 {
		i.Assignee = benchPerson(n)
	}
	return i
}

// benchPerson is a person of the issue's or work log's project.
func benchPerson(n int) string {
	return fmt.Sprintf("557058:0f9b8e55-1111-4222-8333-%012d", n%benchProjects*10+n/benchProjects%10)
}

func benchWorklog(n int, now time.Time) index.Worklog {
	started := now.Add(-time.Duration(benchWorklogs-n) * (400 * 24 * time.Hour / benchWorklogs))
	return index.Worklog{
		ID: int64(500_000 + n), Issue: int64(10_000 + n%benchIssues), Author: benchPerson(n), Started: started,
		Spent: time.Duration(1+n%16) * 30 * time.Minute, Updated: started.Add(time.Hour),
	}
}

func benchChange(n, c int, now time.Time) index.Change {
	out := index.Change{Issue: int64(10_000 + n), History: int64(900_000 + n*benchChanges + c), At: now.Add(-time.Duration(benchIssues-n)*5*time.Minute + time.Duration(c)*time.Hour)}
	switch c {
	case 0:
		out.Field, out.To = index.FieldAssignee, benchPerson(n)
	case 1:
		out.Field, out.From, out.To = index.FieldCategory, "new", "indeterminate"
	default:
		out.Field, out.From, out.To = index.FieldRemaining, "3600", "7200"
	}
	return out
}

// benchIndex fills the index and, for the floors, tables with a row for each fact.
func benchIndex(b *testing.B, url string) (*world, *index.Index, string) {
	b.Helper()
	w, x, tenant := fullIndex(b, url)
	w.bareRows(b, w.clock.Now())
	return w, x, tenant
}

func fullIndex(b testing.TB, url string) (*world, *index.Index, string) {
	b.Helper()
	w := newWorld(b, url)
	tenant := string(w.installed(b, benchTenant, "site").ID)
	x, now := index.New(w.Index, w.clock.Now), w.clock.Now()
	const batch = 1000
	for from := 0; from < benchIssues; from += batch {
		var in index.Batch
		for n := from; n < from+batch; n++ {
			in.Issues = append(in.Issues, benchIssue(n, now))
			for c := range benchChanges {
				in.Changes = append(in.Changes, benchChange(n, c, now))
			}
		}
		must(x.Put(b.Context(), tenant, in))(b)
	}
	for from := 0; from < benchWorklogs; from += batch {
		var in index.Batch
		for n := from; n < from+batch; n++ {
			in.Worklogs = append(in.Worklogs, benchWorklog(n, now))
		}
		must(x.Put(b.Context(), tenant, in))(b)
	}
	return w, x, tenant
}

// maxIndexMiB is how much room the facts of the tenant of the measurements may take.
const maxIndexMiB = 60

// TestIndexSize: on PostgreSQL as after VACUUM, which the server runs by itself.
func TestIndexSize(t *testing.T) {
	if os.Getenv("SIGHTLINE_TEST_ALL") != "1" {
		t.Skip("it takes a minute; SIGHTLINE_TEST_ALL=1 runs it")
	}
	onBothURLs(t, func(t *testing.T, url string) {
		w, _, _ := fullIndex(t, url)
		t.Logf("as filled: %.1f MiB", w.indexSize(t))
		if w.core.db.OnPostgres() {
			check(t, w.db.Exec("VACUUM FULL index_pages").Error)
		}
		if size := w.indexSize(t); size < 5 || size > maxIndexMiB {
			t.Errorf("got %.1f MiB, want 5 to %d", size, maxIndexMiB)
		} else {
			t.Logf("%.1f MiB", size)
		}
	})
}

// bareRows makes the tables of the floors.
func (w *world) bareRows(b *testing.B, now time.Time) {
	b.Helper()
	for _, statement := range []string{
		"CREATE TABLE bare_issues (project bigint, open bigint, id bigint, assignee bigint, category bigint, due bigint, remaining bigint)",
		"CREATE TABLE bare_worklogs (project bigint, started bigint, id bigint, issue bigint, author bigint, seconds bigint)",
	} {
		check(b, w.db.Exec(statement).Error)
	}
	const batch = 1000
	insert := func(table string, count int, row func(n int) string) {
		for from := 0; from < count; from += batch {
			rows := make([]string, 0, batch)
			for n := from; n < from+batch; n++ {
				rows = append(rows, row(n))
			}
			check(b, w.db.Exec("INSERT INTO "+table+" VALUES "+strings.Join(rows, ",")).Error)
		}
	}
	insert("bare_issues", benchIssues, func(n int) string {
		i := benchIssue(n, now)
		open := map[bool]int{true: 1}[i.Open()]
		return fmt.Sprintf("(%d,%d,%d,%d,%d,%d,%d)", n%benchProjects, open, i.ID, n%benchPeople, n%3, n%40, int(i.Remaining.Seconds()))
	})
	insert("bare_worklogs", benchWorklogs, func(n int) string {
		l := benchWorklog(n, now)
		return fmt.Sprintf("(%d,%d,%d,%d,%d,%d)", n%benchProjects, l.Started.Unix(), l.ID, l.Issue, n%benchPeople, int(l.Spent.Seconds()))
	})
	for _, statement := range []string{
		"CREATE INDEX bare_open ON bare_issues (project, open)", "CREATE INDEX bare_started ON bare_worklogs (project, started)",
	} {
		check(b, w.db.Exec(statement).Error)
	}
	if w.core.db.OnPostgres() {
		check(b, w.db.Exec("VACUUM ANALYZE bare_issues").Error)
		check(b, w.db.Exec("VACUUM ANALYZE bare_worklogs").Error)
	}
}

// BenchmarkIndex compares what is read and counted of a scope with a bare count of
// the same rows, and of the whole tenant with a bare scan of all of them.
func BenchmarkIndex(b *testing.B) {
	for name, url := range map[string]func(*testing.B) string{
		"sqlite":   func(b *testing.B) string { return "sqlite://" + filepath.Join(b.TempDir(), "index.db") },
		"postgres": func(b *testing.B) string { return postgresURL(b) },
	} {
		b.Run(name, func(b *testing.B) {
			w, x, tenant := benchIndex(b, url(b))
			now := w.clock.Now()
			fortnight := index.Scope{Projects: []string{"PRJ7"}, From: now.Add(-14 * 24 * time.Hour), To: now}
			whole := index.Scope{From: now.Add(-400 * 24 * time.Hour), To: now}
			for _, scope := range []struct {
				name  string
				scope index.Scope
				logs  string
			}{
				{"scope", fortnight, fmt.Sprintf("project = 7 AND started >= %d", fortnight.From.Unix())},
				{"tenant", whole, "project >= 0"},
			} {
				b.Run(scope.name, func(b *testing.B) { w.benchScope(b, x, tenant, scope.scope, scope.logs) })
			}
		})
	}
}

func (w *world) benchScope(b *testing.B, x *index.Index, tenant string, s index.Scope, logs string) {
	issues := strings.Split(logs, " AND ")[0] + " AND open = 1"
	count := "SELECT (SELECT count(*) FROM bare_issues WHERE " + issues + ") + (SELECT count(*) FROM bare_worklogs WHERE " + logs + ")"
	summary := func() {
		in := workload.Input{Now: w.clock.Now(), Window: workload.Fortnight}
		in.Tally = workload.NewTally(in)
		check(b, must(x.Work(b.Context(), tenant, s))(b).Count(in.Tally, person, nil))
		workload.Summarize(in)
	}
	for _, m := range []struct {
		name       string
		run, floor func()
	}{
		{"list", func() {
			work := must(x.Work(b.Context(), tenant, s))(b)
			must(work.Issues())(b)
			must(work.Worklogs())(b)
		}, func() {
			w.scanRows(b, "SELECT id, assignee, category, due, remaining, project FROM bare_issues WHERE "+issues)
			w.scanRows(b, "SELECT id, issue, author, started, seconds, project FROM bare_worklogs WHERE "+logs)
		}},
		{"pages", func() { must(x.Work(b.Context(), tenant, s))(b) }, func() { check(b, w.read.Raw(count).Row().Scan(new(int))) }},
		{"summary", summary, func() { check(b, w.read.Raw(count).Row().Scan(new(int))) }},
	} {
		b.Run(m.name, func(b *testing.B) { besideFloor(b, m.run, m.floor) })
	}
}

// besideFloor takes turns with a floor, so that a busy machine is as busy for both, and
// reports the medians and their ratio.
func besideFloor(b *testing.B, run, floor func()) {
	var times, floors []float64
	took := func(f func()) float64 {
		start := time.Now()
		f()
		return float64(time.Since(start).Nanoseconds()) / 1000
	}
	for b.Loop() {
		times, floors = append(times, took(run)), append(floors, took(floor))
	}
	slices.Sort(times)
	slices.Sort(floors)
	time, least := times[len(times)/2], floors[len(floors)/2]
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(time, "µs")
	b.ReportMetric(least, "floor-µs")
	b.ReportMetric(time/least, "ratio")
}

func person(account string) workload.Person { return workload.Person{AccountID: account} }

// scanRows reads rows and does nothing with them.
func (w *world) scanRows(b *testing.B, text string) {
	rows := must(w.read.Raw(text).Rows())(b)
	defer rows.Close()
	var columns [6]int64
	for rows.Next() {
		check(b, rows.Scan(&columns[0], &columns[1], &columns[2], &columns[3], &columns[4], &columns[5]))
	}
	check(b, rows.Err())
}

// indexSize is what all pages take up, with their keys, in MiB.
func (w *world) indexSize(tb testing.TB) float64 {
	tb.Helper()
	query := "SELECT sum(pgsize) FROM dbstat WHERE name IN ('index_pages', 'sqlite_autoindex_index_pages_1')"
	if w.core.db.OnPostgres() {
		query = "SELECT pg_total_relation_size('index_pages')"
	}
	var size int64
	check(tb, w.read.Raw(query).Row().Scan(&size))
	return float64(size) / (1 << 20)
}
