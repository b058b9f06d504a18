package index

import (
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// What is shown is filled in the background, and then counts as Jira does.
func TestFilled(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		b := newBoard(t, connecttest.NewSite(t), harness.On(database), on)
		b.filled(t)
		b.same(t, "filled")
		if got := b.asked(t); got.Totals.Open == 0 || len(got.Rows) < 3 || got.Totals.Logged == 0 {
			t.Errorf("nothing to compare: %+v", got.Totals)
		}
		harness.Eventually(t, "what is held is counted", func() bool {
			full := b.feed.Standing().Full
			return full.Issues >= b.asked(t).Totals.Open && full.Worklogs > 0
		})
	})
}
