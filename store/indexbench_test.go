package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// benchIndex fills the index and, for the floors, tables with a row for each fact.
func benchIndex(b *testing.B, url string) (*world, *index.Index, string) {
	b.Helper()
	w, x, tenant, facts := fullIndex(b, url)
	w.bareRows(b, facts)
	return w, x, tenant
}

func fullIndex(b testing.TB, url string) (*world, *index.Index, string, index.Facts) {
	b.Helper()
	w := newWorld(b, url)
	tenant := string(w.installed(b, benchTenant, "site").ID)
	x, facts := index.New(w.Index, w.clock.Now), benchFacts(w.clock.Now())
	for n, batch := range batches(facts) {
		must(x.Put(b.Context(), tenant, batch))(b)
		if n%50 == 0 && w.core.db.OnPostgres() { // as the server does by itself
			check(b, w.db.Exec("VACUUM index_pages").Error)
		}
	}
	return w, x, tenant, facts
}

// batches are the facts in the order in which they are read, a thousand at a time.
func batches(f index.Facts) (list []index.Batch) {
	const size = 1000
	for some := range slices.Chunk(f.Issues, size) {
		list = append(list, index.Batch{Issues: some})
	}
	for some := range slices.Chunk(f.Worklogs, size) {
		list = append(list, index.Batch{Worklogs: some})
	}
	for some := range slices.Chunk(f.Changes, 10*size) {
		list = append(list, index.Batch{Changes: some})
	}
	return list
}

// maxIndexMiB is how much room the facts of the tenant of the measurements may take.
const maxIndexMiB = 60

// TestIndexSize holds how much room the facts take, on PostgreSQL also as after VACUUM
// FULL.
func TestIndexSize(t *testing.T) {
	if os.Getenv("SIGHTLINE_TEST_ALL") != "1" {
		t.Skip("it takes a minute; SIGHTLINE_TEST_ALL=1 runs it")
	}
	onBothURLs(t, func(t *testing.T, url string) {
		w, _, _, facts := fullIndex(t, url)
		t.Logf("%d issues, %d work logs, %d changes", len(facts.Issues), len(facts.Worklogs), len(facts.Changes))
		size := w.indexSize(t)
		if t.Logf("%.1f MiB", size); size < 5 || size > maxIndexMiB {
			t.Errorf("got %.1f MiB, want 5 to %d", size, maxIndexMiB)
		}
		if w.core.db.OnPostgres() {
			check(t, w.db.Exec("VACUUM FULL index_pages").Error)
			t.Logf("%.1f MiB without gaps", w.indexSize(t))
		}
	})
}

// bareRows makes the tables of the floors.
func (w *world) bareRows(b *testing.B, facts index.Facts) {
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
	project := func(key string) int { return must(strconv.Atoi(strings.TrimPrefix(key, "PRJ")))(b) }
	at := map[int64]int{}
	insert("bare_issues", len(facts.Issues), func(n int) string {
		i := facts.Issues[n]
		at[i.ID] = project(i.Project)
		open := map[bool]int{true: 1}[i.Open()]
		return fmt.Sprintf("(%d,%d,%d,%d,%d,%d,%d)", at[i.ID], open, i.ID, n%benchPeople, n%3, n%40, int(i.Remaining.Seconds()))
	})
	insert("bare_worklogs", len(facts.Worklogs), func(n int) string {
		l := facts.Worklogs[n]
		return fmt.Sprintf("(%d,%d,%d,%d,%d,%d)", at[l.Issue], l.Started.Unix(), l.ID, l.Issue, n%benchPeople, int(l.Spent.Seconds()))
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
