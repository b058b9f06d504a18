package index

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/source"
)

// looksAtLastQuarter is what a look at a gadget leaves behind that counts the work logs of
// the last quarter.
func (b *board) looksAtLastQuarter(t *testing.T) {
	t.Helper()
	value := fmt.Appendf(nil, `{"projects":[%q],"period":"lastQuarter"}`, b.projects[0])
	at := connect.DashboardItem{Dashboard: "1", Item: "4"}
	check(t, b.Store.Gadgets.SaveGadgetConfig(t.Context(), connect.TenantID(b.tenant), at, value, time.Now()))
	b.feed.Survey()
}

// loggedIn counts, from Jira alone, the seconds of each work log of a project that started
// in a time.
func (b *board) loggedIn(t *testing.T, project string, from, to time.Time) map[string]int64 {
	t.Helper()
	logs := map[string]int64{}
	asks := b.asks(t)
	for issue, err := range asks.Search.All(t.Context(), jira.SearchOptions{JQL: "project = " + project, MaxResults: 100}) {
		check(t, err)
		for log, err := range asks.Worklogs.All(t.Context(), issue.ID, jira.WorklogListOptions{}) {
			check(t, err)
			if at := log.Started.Time; !at.Before(from) && at.Before(to) {
				logs[log.ID] = log.TimeSpentSeconds
			}
		}
	}
	return logs
}

// Where a gadget shows more than a month, older work logs are read after everything else,
// and events go on with them; where none does, they are not.
func TestOldWorklogs(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		b := newBoard(t, connecttest.NewSite(t), harness.On(database), on)
		issue := "/rest/api/3/issue/" + b.projects[0] + "-2/worklog"
		logs := func(days int) {
			t.Helper()
			started := time.Now().AddDate(0, 0, -days).UTC().Format("2006-01-02T15:04:05.000-0700")
			b.rest(t, http.MethodPost, issue, map[string]any{"timeSpentSeconds": 3600 + days, "started": started}, new(map[string]any))
		}
		for n := range 25 { // more than a search returns
			logs(40 + 14*n)
		}
		b.filled(t)
		now := time.Now()
		scope := source.Scope{Projects: b.projects[:1], From: now.AddDate(0, 0, -395), To: now.Add(time.Hour)}
		facts := b.feed.Facts(b.tenant)
		if _, ok := facts.Held(t.Context(), scope); ok {
			t.Error("work logs of a year are told though nothing shows them")
		}
		b.looksAtLastQuarter(t)
		same := func(when string) {
			t.Helper()
			var held source.Held
			harness.Eventually(t, "old work logs are held "+when, func() (ok bool) {
				held, ok = facts.Held(t.Context(), scope)
				return ok
			})
			got := map[string]int64{}
			for _, list := range held.Worklogs {
				for _, l := range list {
					got[l.ID] = int64(l.Spent / time.Second)
				}
			}
			want := b.loggedIn(t, b.projects[0], scope.From, scope.To)
			if diff := gocmp.Diff(want, got); diff != "" || len(want) < 25 {
				t.Fatalf("%s: %d work logs (-Jira +index)\n%s", when, len(want), diff)
			}
		}
		same("at first")
		other := source.Scope{Projects: b.projects[1:], From: scope.From, To: scope.To}
		if _, ok := facts.Held(t.Context(), other); ok {
			t.Error("work logs of a project are told that nothing shows for so long")
		}
		logs(300)
		var page struct{ Worklogs []struct{ ID string } }
		b.rest(t, http.MethodGet, issue, nil, &page)
		b.rest(t, http.MethodPut, issue+"/"+page.Worklogs[0].ID, map[string]any{"timeSpentSeconds": 60}, nil)
		b.rest(t, http.MethodDelete, issue+"/"+page.Worklogs[1].ID, nil, nil)
		check(t, b.Site.WaitIdle(t.Context()))
		same("after changes")
		b.Restart(t, on)
		b.feed = b.App.Feed()
		facts = b.feed.Facts(b.tenant)
		same("after a restart")
	})
}
