package simulation

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
)

// all is how many tenants a sample stands for.
const all = 10_000

//go:embed testdata/tenants.tsv
var tenantsTable string

// stratum is a share of the tenants, in percent, with so many open issues each.
type stratum struct{ share, open int }

func strata(t *testing.T) (list []stratum) {
	t.Helper()
	for line := range strings.Lines(tenantsTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var s stratum
		if _, err := fmt.Sscanf(line, "%d\t%d", &s.share, &s.open); err != nil {
			t.Fatalf("tenants.tsv: %q: %v", line, err)
		}
		list = append(list, s)
	}
	return list
}

// sample returns the open issues of n tenants: the k-th is the one at the middle of
// the k-th n-th of all. A multiple of 50 has each stratum with its exact share.
func sample(t *testing.T, n int) (open []int) {
	t.Helper()
	list := strata(t)
	for k := range n {
		at, sum := 100*(float64(k)+0.5)/float64(n), 0
		for _, s := range list {
			if sum += s.share; at < float64(sum) {
				open = append(open, s.open)
				break
			}
		}
	}
	return open
}

const (
	project = "TEAM"
	members = 10
)

// siteData is a site with so many open issues, half as many done ones, and two weeks
// of work logs.
func siteData(rng *rand.Rand, open int, now time.Time) string {
	type object = map[string]any
	var users, issues, logs []object
	for n := range members {
		users = append(users, object{"name": fmt.Sprint("person", n), "displayName": fmt.Sprint("Person ", n), "active": true, "timeZone": "Etc/UTC"})
	}
	ago := func(days int) string {
		return now.Add(-time.Duration(1+rng.IntN(days*24*60)) * time.Minute).UTC().Format(time.RFC3339)
	}
	// A hundred changes a day leave behind when each open issue was changed last.
	changed := func() string {
		ago := time.Duration(rng.ExpFloat64() * float64(open) / changes * float64(24*time.Hour))
		return now.Add(-min(ago, 300*24*time.Hour)).UTC().Format(time.RFC3339)
	}
	for n := range open + open/2 {
		who := fmt.Sprint("person", rng.IntN(members))
		issue := object{
			"key": fmt.Sprint(project, "-", n+1), "id": strconv.Itoa(10_000 + n), "project": project, "summary": "One of many", "issuetype": "Task",
			"status": "To Do", "statusCategory": "new", "assignee": who, "reporter": "person0", "created": ago(300), "updated": changed(),
		}
		switch {
		case n >= open:
			issue["status"], issue["statusCategory"], issue["updated"] = "Done", "done", ago(300)
		case n%3 == 0:
			issue["status"], issue["statusCategory"] = "In Progress", "indeterminate"
		}
		if n%2 == 0 {
			issue["duedate"], issue["timeestimate"] = now.AddDate(0, 0, rng.IntN(40)-10).Format(time.DateOnly), 3600*rng.IntN(20)
		}
		issues = append(issues, issue)
	}
	for n := range 14 * 50 {
		key := fmt.Sprint(project, "-", 1+rng.IntN(open+open/2))
		logs = append(logs, object{"id": strconv.Itoa(500_000 + n), "issue": key, "author": fmt.Sprint("person", rng.IntN(members)), "started": ago(14), "timeSpentSeconds": 900 * (1 + rng.IntN(12))})
	}
	return harness.AsJSON(object{"projects": []object{{"key": project, "name": "Team"}}, "issues": issues, "worklogs": logs, "users": users})
}
