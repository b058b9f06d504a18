package store

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
)

// TestFirstStatementsDoNotLockUp makes a process's first statements at once,
// in transactions and outside of them: on SQLite's one connection for writes
// none may hold what another needs.
func TestFirstStatementsDoNotLockUp(t *testing.T) {
	t.Parallel()
	first := newWorld(t, "sqlite://"+filepath.Join(t.TempDir(), "lockup.db"))
	for range 20 {
		w := &world{url: first.url, clock: first.clock}
		w.use(first.again(t, keyOne))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		var all sync.WaitGroup
		for i := range 8 {
			room := fmt.Sprint("room-", i)
			all.Go(func() {
				if err := w.Begin(ctx, glance.Conversation{Site: "site", ID: room}, glanceKey("site", room), setupKey("site", room), w.clock.Now()); err != nil {
					t.Error(err)
				}
			})
			all.Go(func() {
				if err := w.Release(ctx, glance.Row{Key: glanceKey("site", room)}); err != nil {
					t.Error(err)
				}
			})
			all.Go(func() {
				if err := w.RemoveConversation(ctx, glance.SurfaceChat, "site", "other", time.Time{}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		cancel()
		if t.Failed() {
			return
		}
	}
}
