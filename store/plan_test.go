package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestClaimUsesIndexes: a claim on SQLite finds what is due by the indexes for
// it, however many rows there are.
func TestClaimUsesIndexes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite://"+t.TempDir()+"/x.db")
	w.crowd(t, 3, 2)
	now := w.clock.forward(time.Second)
	var statement string
	c := wanted(now, 10)
	text := w.claimText(c)
	var plan []struct{ Detail string }
	args := with(claimArgs(c), map[string]any{"limit": 1, "late": 1, "per_tenant": 1, "skip": []string{"x"}})
	check(t, w.read.Raw("EXPLAIN QUERY PLAN "+text, args).Scan(&plan).Error)
	var scans []string
	for _, step := range plan {
		statement += step.Detail + "\n"
		if step.Detail == "SCAN g" || strings.HasPrefix(step.Detail, "SCAN glances") {
			scans = append(scans, step.Detail)
		}
	}
	for _, index := range []string{"glances_due", "glances_late"} {
		if !strings.Contains(statement, index) {
			t.Errorf("%s is not used", index)
		}
	}
	if diff := cmp.Diff([]string(nil), scans); diff != "" {
		t.Errorf("scans (-want +got):\n%s\n%s", diff, statement)
	}
}
