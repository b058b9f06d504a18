package gadget

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/source"
)

// vastData has a few more open issues and worklogs in one project than one view
// reads.
func vastData() string {
	const when = "2026-01-02T09:00:00.000+0000"
	var issues, worklogs []any
	for i := range source.MaxIssues + 3 {
		key := fmt.Sprintf("VAST-%d", i+1)
		issues = append(issues, map[string]any{
			"key": key, "id": fmt.Sprint(100_000 + i), "project": "VAST", "summary": "One of many", "issuetype": "Task",
			"status": "To Do", "statusCategory": "new", "assignee": "one", "reporter": "one", "created": when, "updated": when,
		})
		for range 2 {
			worklogs = append(worklogs, map[string]any{
				"id": fmt.Sprint(200_000 + len(worklogs)), "issue": key, "author": "one", "started": when, "timeSpentSeconds": 60,
			})
		}
	}
	return harness.AsJSON(map[string]any{
		"projects": []any{map[string]any{"key": "VAST", "name": "Vast"}}, "issues": issues, "worklogs": worklogs,
		"users": []any{map[string]any{"name": "one", "displayName": "One Person", "active": true, "timeZone": "Etc/UTC"}},
	})
}

// TestGadgetsSayWhatTheyLeaveOut: a project beyond the limits is counted up to
// the limits, and both gadgets say so.
func TestGadgetsSayWhatTheyLeaveOut(t *testing.T) {
	t.Parallel()
	if harness.RaceDetector {
		t.Skip("with the race detector, so many issues take longer than a view may")
	}
	s := harness.Scene{Site: connecttest.Options{Data: strings.NewReader(vastData())}}.Stage(t)
	const issues, worklogs = "Only the first 5,000 open issues were counted.", "Only the first 10,000 work logs were counted."
	for module, notes := range map[string][]string{"workload": {issues, worklogs}, "timelog": {worklogs}} {
		status, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, s.Showing(t, module, "VAST"), nil))
		if status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", module, status, page)
		}
		for _, note := range notes {
			if !strings.Contains(page, note) {
				t.Errorf("%s does not say %q", module, note)
			}
		}
		if module == "workload" && !strings.Contains(page, ">5,000<") {
			t.Error("the count is not the one that the note names")
		}
	}
}
