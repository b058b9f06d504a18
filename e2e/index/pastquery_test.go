package index

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/workload"
)

// queried is a gadget that looks at a query or a filter, and how it was.
func queried(change func(*workload.GadgetConfig)) workload.GadgetConfig {
	c := workload.GadgetConfig{Window: workload.Fortnight, Unit: workload.UnitHours, Trend: workload.TrendMonth}
	change(&c)
	return c
}

// burnupRow finds the rows of the trend's table: open, overdue and done.
var burnupRow = regexp.MustCompile(`(?s)<tr><td>[^<]*</td><td class="num">([\d,]+)</td><td class="num">([\d,]+)</td><td class="num">[^<]*</td><td class="num">([\d,]+)</td></tr>`)

// told is the trend's table as a page has it, nil without one.
func told(page string) (list [][3]int) {
	for _, m := range burnupRow.FindAllStringSubmatch(page, -1) {
		var row [3]int
		for i, text := range m[1:] {
			row[i], _ = strconv.Atoi(strings.ReplaceAll(text, ",", ""))
		}
		list = append(list, row)
	}
	return list
}

// TestTrendOfQueries: how the issues of a query or of a filter were is told from what is
// held of their projects, which nobody has named; each viewer's is that of the issues
// that they see, as Jira alone tells it.
func TestTrendOfQueries(t *testing.T) {
	t.Parallel()
	b := newBoard(t, connecttest.NewSite(t), on)
	at := harness.NewBoard(t, b.Running, "HARB")
	const labelled = `labels in (quick-win, compliance, customer-request)`
	b.changeFilter(t, "10200", "("+labelled+") AND statusCategory != Done ORDER BY updated")
	apps := map[string]bool{}
	for _, p := range b.Site.People() {
		apps[p.AccountID] = p.App
	}
	for name, config := range map[string]workload.GadgetConfig{
		"a query":  queried(func(c *workload.GadgetConfig) { c.JQL = labelled }),
		"a filter": queried(func(c *workload.GadgetConfig) { c.Filter = "10200" }),
	} {
		at.Configure(t, config)
		for _, account := range []string{b.Person(0), b.Person(9)} {
			var page string
			harness.Eventually(t, name+" is told to "+account, func() bool {
				b.feed.Survey()
				b.ForgetViews(t)
				page = at.Look(t, account).Body
				return told(page) != nil
			})
			lives := b.livesOf(t, account, labelled)
			times := workload.TrendMonth.Times(time.Now())
			var want [][3]int
			for _, when := range append(times, time.Now()) {
				var row [3]int
				for who, had := range wasAt(lives, times[0], when).By {
					if !apps[who] {
						row[0], row[1], row[2] = row[0]+had.Open, row[1]+had.Overdue, row[2]+had.Done
					}
				}
				want = append(want, row)
			}
			if got := told(page); !slices.Equal(got, want) {
				t.Errorf("%s, %s: got %v, want %v", name, account, got, want)
			}
			if want[0] == want[len(want)-1] || want[len(want)-1][2] == 0 {
				t.Errorf("%s: nothing changes: %v", name, want)
			}
		}
	}
	sees, hidden := b.livesOf(t, b.Person(0), labelled), b.livesOf(t, b.Person(9), labelled)
	if len(sees) <= len(hidden) {
		t.Errorf("both see as much: %d and %d", len(sees), len(hidden))
	}
}

// What depends on how far work is has no history, and a sentence says why.
func TestTrendThatCannotBeTold(t *testing.T) {
	t.Parallel()
	b := newBoard(t, connecttest.NewSite(t), on)
	at := harness.NewBoard(t, b.Running, "HARB")
	b.changeFilter(t, "10200", "project = HARB AND sprint in openSprints()")
	for text, config := range map[string]workload.GadgetConfig{
		"chosen by “status”":   queried(func(c *workload.GadgetConfig) { c.JQL = `project = HARB AND status = "To Do"` }),
		"chosen by “assignee”": queried(func(c *workload.GadgetConfig) { c.JQL = `project = HARB AND NOT (assignee = currentUser())` }),
		"chosen by “updated”":  queried(func(c *workload.GadgetConfig) { c.JQL = `project = HARB AND updated > -5d` }),
		"chosen by “sprint”":   queried(func(c *workload.GadgetConfig) { c.Filter = "10200" }),
		"chosen by “sprint”,": queried(func(c *workload.GadgetConfig) {
			c.Projects, c.Narrow.Sprint = []string{"HARB"}, workload.SprintActive
		}),
	} {
		at.Configure(t, config)
		b.ForgetViews(t)
		page := harness.PlainText(at.Look(t, b.Person(0)).Body)
		if !strings.Contains(page, "cannot be told: the issues are "+strings.TrimSuffix(text, ",")+", which changes while people work on them") {
			t.Errorf("no %q in\n%s", text, page)
		}
	}
}

// A gadget on Forge alone has its projects held, too: what it shows came with a call.
func TestTrendOnForge(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	b := newBoard(t, site, on, harness.OnForge(site))
	f := b.InstallForge(t, forge.StageForge, "")
	saved := f.Post(t, f.Dashboard.Owner, "workload", "/form", url.Values{"projects": {"HARB"}, "window": {"14"}, "unit": {"hours"}, "trend": {"28"}})
	if saved.Submit == nil {
		t.Fatalf("form: %+v", saved)
	}
	if err := site.ForgeSubmit(f.Dashboard.Owner, f.Dashboard.ID, f.Item(t, "workload"), saved.Submit); err != nil {
		t.Fatal(err)
	}
	harness.Eventually(t, "the past is told on Forge", func() bool {
		b.App.Feed().Survey()
		b.ForgetViews(t)
		return told(f.View(t, f.Dashboard.Owner, "workload")) != nil
	})
}

// changeFilter gives a saved filter another query, as its owner.
func (b *board) changeFilter(t *testing.T, id, jql string) {
	t.Helper()
	var filter struct {
		Name  string
		Owner struct{ AccountID string }
	}
	b.Rest(t, b.Person(0), http.MethodGet, "/rest/api/3/filter/"+id, nil, &filter)
	b.Rest(t, filter.Owner.AccountID, http.MethodPut, "/rest/api/3/filter/"+id, map[string]any{
		"name": filter.Name, "jql": jql, "sharePermissions": []map[string]string{{"type": "loggedin"}},
	}, nil)
}

// livesOf reads, with their changelogs, the issues that a query finds for somebody.
func (b *board) livesOf(t *testing.T, account, jql string) (list []life) {
	t.Helper()
	b.projects = []string{"HARB", "LANT", "VALT"}
	all := map[string]life{}
	for _, l := range b.lives(t) {
		all[l.ID] = l
	}
	for start := ""; ; {
		var page struct {
			Issues        []struct{ ID string }
			NextPageToken string
		}
		q := url.Values{"jql": {jql}, "maxResults": {"100"}}
		if start != "" {
			q.Set("nextPageToken", start)
		}
		b.Rest(t, account, http.MethodGet, "/rest/api/3/search/jql?"+q.Encode(), nil, &page)
		for _, i := range page.Issues {
			list = append(list, all[i.ID])
		}
		if start = page.NextPageToken; start == "" {
			return list
		}
	}
}
