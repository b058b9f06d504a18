package index

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/index"
)

// Without an index nothing is kept, and what was kept is dropped at the start.
func TestOff(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		b := newBoard(t, connecttest.NewSite(t), harness.On(database), on)
		b.filled(t)
		b.Restart(t, func(f *app.ServeFlags) { f.Index = "off" })
		if b.App.Feed() != nil {
			t.Error("it is kept on")
		}
		issue := b.OpenIssue(t, b.admin.AccountID, "HARB")
		b.FinishIssue(t, b.admin.AccountID, issue)
		if err := b.Site.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		facts := index.New(b.Store.Index, nil)
		w, err := facts.Work(t.Context(), b.tenant, index.Scope{})
		if err != nil || !gocmp.Equal(w.State, index.State{}) || len(w.Needs) > 0 {
			t.Errorf("got %+v, %v", w, err)
		}
		if issues, err := w.Issues(); err != nil || len(issues) > 0 {
			t.Errorf("issues: got %+v, %v", issues, err)
		}
		if logs, err := w.Worklogs(); err != nil || len(logs) > 0 {
			t.Errorf("work logs: got %+v, %v", logs, err)
		}
		b.Restart(t, on)
		b.feed = b.App.Feed()
		b.filled(t)
		b.same(t, "on again")
	})
}

// What is not shown any more, and what was uninstalled, is dropped.
func TestDropped(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		b := newBoard(t, connecttest.NewSite(t), harness.On(database), on)
		b.filled(t)
		if _, err := b.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
			t.Fatal(err)
		}
		harness.Eventually(t, "the index is dropped", func() bool {
			states, err := index.New(b.Store.Index, nil).States(t.Context())
			return err == nil && len(states) == 0
		})
	})
}
