package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

func BenchmarkTenantByClientKey(b *testing.B) {
	w := newWorld(b, "sqlite://"+filepath.Join(b.TempDir(), "x.db"))
	for i := range 1000 {
		w.installed(b, fmt.Sprintf("k%d", i), "")
	}
	for i := 0; b.Loop(); i++ {
		must(w.TenantByClientKey(b.Context(), connect.ClientKey(fmt.Sprintf("k%d", i%1000))))(b)
	}
}

// BenchmarkClaim claims one due row among 2000 and delivers it.
func BenchmarkClaim(b *testing.B) {
	w := newWorld(b, "sqlite://"+filepath.Join(b.TempDir(), "x.db"))
	tenant := w.installed(b, "k", "site")
	for i := range 1000 {
		room := fmt.Sprintf("r%d", i)
		w.begun(b, "site", room)
		w.configured(b, "site", room, fmt.Sprintf("P%d", i))
	}
	for range 20 {
		w.settle(b, glance.State{})
	}
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		now := w.clock.forward(time.Second)
		must(w.MarkDirty(b.Context(), tenant.ID, fmt.Sprintf("P%d", i%1000), "", now))(b)
		b.StartTimer()
		rows := must(w.Claim(b.Context(), wanted(now, 4)))(b)
		if len(rows) != 1 {
			b.Fatalf("got %d rows, want 1", len(rows))
		}
		check(b, w.Deliver(b.Context(), w.desire(b, rows[0], glance.State{Label: fmt.Sprint(i)})))
	}
}

// BenchmarkBacklog claims 36 rows while 20,000 (on PostgreSQL 2,000) of 200
// tenants are due, and delivers them.
func BenchmarkBacklog(b *testing.B) {
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return "sqlite://" + filepath.Join(b.TempDir(), "x.db") },
		"postgres": func() string { return postgresURL(b) },
	} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, url())
			rooms := map[bool]int{false: 50, true: 5}[w.core.db.OnPostgres()] // it is slow to fill
			w.crowd(b, 200, rooms)
			now := w.clock.forward(time.Second)
			var claims, work time.Duration
			n := 0
			for b.Loop() {
				begun := time.Now()
				c := wanted(now, 36)
				c.PerTenant = 6
				rows := must(w.Claim(b.Context(), c))(b)
				claims += time.Since(begun)
				begun = time.Now()
				for _, row := range rows {
					if row.NeedsCompute() {
						row = w.desire(b, row, glance.State{Label: "1 open"})
					}
					check(b, w.Deliver(b.Context(), row))
					n++
				}
				work += time.Since(begun)
			}
			b.ReportMetric(float64(claims.Microseconds())/float64(b.N), "µs/claim")
			b.ReportMetric(float64(work.Microseconds())/float64(max(n, 1)), "µs/row")
		})
	}
}

// crowd sets up many conversations of many tenants.
func (w *world) crowd(tb testing.TB, tenants, rooms int) {
	tb.Helper()
	for i := range tenants {
		site := fmt.Sprintf("site-%d", i)
		w.installed(tb, fmt.Sprintf("k-%d", i), site)
		for j := range rooms {
			room := fmt.Sprintf("r%d", j)
			w.begun(tb, site, room)
			w.configured(tb, site, room, "ABC")
		}
	}
}
