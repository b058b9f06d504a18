package index

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/index"
)

func points(value float64) index.Points { return index.Points{Value: value, Set: true} }

// answers makes the site answer a call with a body.
func (b *board) answers(t *testing.T, path, body string) {
	t.Helper()
	check(t, b.Site.AddFault(connecttest.Fault{
		Path: path, Status: http.StatusOK, Headers: map[string]string{"Content-Type": "application/json"}, Body: body,
	}))
}

// Story points, team and parent are held as Jira has them, whatever ids the site gave
// the fields: filled, told by events, and read where events were lost.
func TestCustomFacts(t *testing.T) {
	t.Parallel()
	clock := &harness.Clock{}
	b := newBoard(t, connecttest.NewSite(t, connecttest.Options{Now: clock.Now}), harness.By(clock))
	b.now, b.projects = clock.Now, []string{"HARB"}
	r := b.replica(t, "one")
	const form = "2006-01-02T15:04:05.000-0700"
	finds := func(custom string) {
		b.Site.ClearFaults()
		b.answers(t, "*/rest/api/3/field", `[{"id":"customfield_7","name":"Story point estimate","custom":true,"schema":{"type":"number","custom":"com.pyxis.greenhopper.jira:jsw-story-points"}},
			{"id":"customfield_8","name":"Story Points","custom":true,"schema":{"type":"number","custom":"com.atlassian.jira.plugin.system.customfieldtypes:float"}},
			{"id":"customfield_9","name":"Team","custom":true,"schema":{"type":"team","custom":"com.atlassian.teams:rm-teams-custom-field-team"}}]`)
		b.answers(t, "*/search/jql", fmt.Sprintf(`{"isLast":true,"issues":[{"id":"987654","key":"HARB-999","fields":{"project":{"key":"HARB"},
			"status":{"id":"1","statusCategory":{"key":"new"}},"created":"2026-11-01T09:00:00.000+0000","updated":%q,%s}}]}`, clock.Now().Format(form), custom))
	}
	holds := func(when string, want index.Issue) {
		t.Helper()
		held, _, err := r.Index.Issues(t.Context(), b.tenant, []int64{987654})
		check(t, err)
		if len(held) != 1 {
			t.Fatalf("%s: %d are held", when, len(held))
		}
		got := index.Issue{PointEstimate: held[0].PointEstimate, StoryPoints: held[0].StoryPoints, Team: held[0].Team, Parent: held[0].Parent}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", when, diff)
		}
	}
	finds(`"customfield_7":3,"customfield_8":0.5,"customfield_9":{"id":"crew","name":"Crew"},"parent":{"id":"10000"}`)
	check(t, r.Visit(t.Context(), b.shown()))
	holds("filled", index.Issue{PointEstimate: points(3), StoryPoints: points(0.5), Team: "crew", Parent: 10000})

	clock.Forward(time.Minute)
	check(t, r.Tell(t.Context(), b.tenant, feed.Event{
		What: index.IssueUpdated, IssueID: "987654", Key: "HARB-999", Updated: clock.Now().Format(form), History: "1",
		Items: []index.Item{{Field: "customfield_8", FromText: "0.5", ToText: "8"}}, Custom: map[string]string{"customfield_9": ""},
	}))
	holds("told", index.Issue{PointEstimate: points(3), StoryPoints: points(8), Parent: 10000})

	clock.Forward(8 * 24 * time.Hour)
	finds(`"customfield_7":0,"customfield_8":null,"customfield_9":"bare"`)
	check(t, r.Visit(t.Context(), b.shown()))
	holds("reconciled", index.Issue{PointEstimate: points(0), Team: "bare"})
}
