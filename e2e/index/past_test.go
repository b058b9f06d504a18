package index

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// lookedBack is what a look at a gadget with a trend leaves behind.
func (b *board) lookedBack(t *testing.T) {
	t.Helper()
	value, err := json.Marshal(workload.GadgetConfig{Projects: b.projects, Trend: workload.TrendMonth})
	if err == nil {
		at := connect.DashboardItem{Dashboard: "1", Item: "3"}
		err = b.Store.Gadgets.SaveGadgetConfig(t.Context(), connect.TenantID(b.tenant), at, value, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	b.feed.Survey()
}

// life is an issue with its changelog.
type life struct {
	jira.Issue
	changes []jira.Changelog
}

// lives reads all issues of the projects with their changelogs.
func (b *board) lives(t *testing.T) (list []life) {
	t.Helper()
	asks, names := b.asks(t), []string(nil)
	opts := jira.SearchOptions{
		JQL: "project in (" + strings.Join(b.projects, ", ") + ") ORDER BY key", MaxResults: 100,
		Fields: []string{"assignee", "status", "duedate", "timeestimate", "created"},
	}
	for issue, err := range asks.Search.All(t.Context(), opts) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, life{Issue: issue})
		names = append(names, issue.ID)
	}
	changes := map[string][]jira.Changelog{}
	for found, err := range asks.Changelogs.BulkAll(t.Context(), jira.BulkChangelogOptions{Issues: names}) {
		if err != nil {
			t.Fatal(err)
		}
		changes[found.IssueID] = append(changes[found.IssueID], found.Changes...)
	}
	for i := range list {
		list[i].changes = changes[list[i].ID]
	}
	return list
}

// was is the value of a field at a time: what it was before the first change after it.
func (l life) was(field, now string, at time.Time) string {
	for _, change := range l.changes {
		for _, item := range change.Items {
			if item.FieldID == field && change.Created.After(at) {
				return item.From
			}
		}
	}
	return now
}

// wasAt counts, from Jira alone, how it was, and what was done since a time before.
func wasAt(list []life, since, at time.Time) workload.Moment {
	m := workload.Moment{At: at, By: map[string]workload.Carried{}}
	for _, l := range list {
		f := l.Fields
		done, assignee, left := f.Status.ID, "", ""
		if f.Assignee != nil {
			assignee = f.Assignee.AccountID
		}
		if f.TimeEstimate != nil {
			left = strconv.FormatInt(*f.TimeEstimate, 10)
		}
		isDone := func(at time.Time) bool { return l.was("status", done, at) == doneStatus(list) }
		if f.Created.After(at) {
			continue
		}
		if isDone(at) {
			if f.Created.After(since) || !isDone(since) {
				who := l.was("assignee", assignee, at)
				had := m.By[who]
				had.Done++
				m.By[who] = had
			}
			continue
		}
		seconds, _ := strconv.ParseInt(l.was("timeestimate", left, at), 10, 64)
		who := l.was("assignee", assignee, at)
		had := m.By[who]
		had.Open, had.Remaining = had.Open+1, had.Remaining+time.Duration(seconds)*time.Second
		if due := l.was("duedate", f.DueDate, at); due != "" && due < at.Format(time.DateOnly) {
			had.Overdue++
		}
		m.By[who] = had
	}
	return m
}

// doneStatus is the id of the sample's only status that is done.
func doneStatus(list []life) string {
	for _, l := range list {
		if l.Fields.Status.StatusCategory.Key == "done" {
			return l.Fields.Status.ID
		}
	}
	return ""
}

// remembers waits until the past is held, and compares it with Jira.
func (b *board) remembers(t *testing.T, when string) {
	t.Helper()
	var ids []string
	lives := b.lives(t)
	for _, l := range lives {
		ids = append(ids, l.ID)
	}
	times := workload.TrendMonth.Times(time.Now().UTC().Truncate(time.Millisecond))
	var got []workload.Moment
	harness.Eventually(t, "the past is told "+when, func() bool {
		got = b.feed.Facts(b.tenant).Past(t.Context(), source.PastScope{Projects: b.projects, Issues: ids, At: times})
		return len(got) == len(times)
	})
	apps := map[string]bool{}
	for _, p := range b.Site.People() {
		apps[p.AccountID] = p.App
	}
	for i, at := range times {
		want := wasAt(lives, times[0], at)
		for account := range want.By {
			if apps[account] {
				delete(want.By, account)
			}
		}
		if diff := gocmp.Diff(want, got[i], cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s, at %s: (-Jira +index)\n%s", when, at, diff)
		}
	}
	if first := got[0].By; len(first) < 3 || first[""].Open == 0 {
		t.Errorf("nothing to compare: %+v", first)
	}
}

// The past is read from changelogs as far as they were not told, on Connect issue by
// issue and on Forge many at once; then events go on with it, and a restart forgets
// nothing.
func TestPast(t *testing.T) {
	t.Parallel()
	t.Run("connect", func(t *testing.T) {
		t.Parallel()
		harness.OnEachDatabase(t, func(t *testing.T, database string) {
			b := newBoard(t, connecttest.NewSite(t), harness.On(database), on)
			b.remembersChanges(t)
		})
	})
	t.Run("forge", func(t *testing.T) {
		t.Parallel()
		site := connecttest.NewSite(t)
		b := newBoard(t, site, on, harness.OnForge(site))
		b.InstallForge(t, forge.StageForge, "")
		b.remembersChanges(t)
		called := slices.ContainsFunc(site.Requests(0), func(r connecttest.Request) bool { return r.Operation == "getBulkChangelogs" })
		if !called {
			t.Error("changelogs were not read many at once")
		}
	})
}

func (b *board) remembersChanges(t *testing.T) {
	t.Helper()
	b.filled(t)
	b.lookedBack(t)
	b.remembers(t, "at first")
	lives := b.lives(t)
	asks := b.asks(t)
	for n, l := range lives[:6] {
		fields := map[string]any{"duedate": "2020-01-0" + strconv.Itoa(n+1)}
		if n%2 == 0 {
			fields["assignee"] = map[string]string{"accountId": b.Person(n)}
		}
		if err := asks.Issues.Edit(t.Context(), l.ID, fields); err != nil {
			t.Fatal(err)
		}
	}
	b.rest(t, http.MethodDelete, "/rest/api/3/issue/"+lives[7].ID+"?deleteSubtasks=true", nil, nil)
	if err := b.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.remembers(t, "after changes")
	b.Restart(t, on)
	b.feed = b.App.Feed()
	b.remembers(t, "after a restart")
}

// A trend counts what its viewer sees: a private project that is hidden from somebody
// changes no line of theirs, though its facts are held.
func TestTrendIsTheViewers(t *testing.T) {
	t.Parallel()
	b := newBoard(t, connecttest.NewSite(t), on)
	b.projects = []string{"HARB", "VALT"}
	b.looked(t, b.projects...)
	b.lookedBack(t)
	at := harness.NewBoard(t, b.Running, b.projects...)
	at.Configure(t, workload.GadgetConfig{Projects: b.projects, Window: workload.Fortnight, Unit: workload.UnitHours, Trend: workload.TrendMonth})
	b.remembers(t, "of both projects")
	for _, tt := range []struct {
		name     string
		account  string
		projects []string
	}{{"sees both", b.Person(0), b.projects}, {"sees one", b.Person(9), []string{"HARB"}}} {
		b.projects = tt.projects
		lives := b.lives(t)
		day := workload.TrendMonth.Times(time.Now())[0]
		before, now := total(wasAt(lives, day, day)), total(wasAt(lives, day, time.Now()))
		want := fmt.Sprintf("%d open issue", max(now-before, before-now))
		page := at.Look(t, tt.account).Body
		line := page[strings.Index(page, "team-trend")+1:]
		if !strings.Contains(page, "team-trend") || !strings.Contains(line[:strings.Index(line, "</p>")], want) {
			t.Errorf("%s: %d before, %d now, want %q in the team's line:\n%s", tt.name, before, now, want, page)
		}
	}
}

// total is how many issues count for a team: those of apps do not.
func total(m workload.Moment) (open int) {
	for _, had := range m.By {
		open += had.Open
	}
	return open
}
