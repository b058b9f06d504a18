package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"sightline/connect"
	"sightline/internal/glance"
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
