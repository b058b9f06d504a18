package source_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// dayLines are what a person logged on a day in projects, asked for issue by
// issue: id, issue, seconds.
func (s siteOf) dayLines(viewer connecttest.Person, of source.DayOf, projects ...string) []string {
	s.t.Helper()
	found := []string{}
	for _, project := range projects {
		for issue, logs := range s.logs(viewer, project) {
			for _, l := range logs {
				started, err := l.started()
				if err != nil {
					s.t.Fatal(err)
				}
				if l.Author.AccountID == of.Account && cut(started, of.Day, of.Day, of.Zone) {
					found = append(found, l.ID+" "+issue)
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// Each viewer gets every entry of a cell and no others: also on issues with
// more worklogs than a search returns, and on days that differ from UTC's.
func TestEntriesAreThoseOfTheDay(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	author := site.named(lead)
	busy := 0
	for _, name := range []string{lead, outsider} {
		viewer := site.named(name)
		for _, zoneName := range []string{"Pacific/Auckland", "America/Los_Angeles"} {
			zone, err := time.LoadLocation(zoneName)
			if err != nil {
				t.Fatal(err)
			}
			today := workload.DateOf(time.Now(), zone)
			for back := range 3 {
				of := source.DayOf{Account: author.AccountID, Day: today.AddDays(-1 - 5*back), Zone: zone}
				got, more, err := site.reader(viewer).Entries(t.Context(), site.keys(), of)
				if err != nil || more.Any() {
					t.Fatalf("%s: more %v, %v", name, more, err)
				}
				found := []string{}
				for _, e := range got {
					found = append(found, e.ID+" "+e.Issue)
					if e.Summary == "" || e.Author.Name != author.DisplayName || e.Spent <= 0 || e.Updated.IsZero() {
						t.Errorf("%s: not whole: %+v", name, e)
					}
				}
				if !slices.IsSortedFunc(got, func(a, b timelog.Entry) int { return a.Started.Compare(b.Started) }) {
					t.Errorf("%s: not in order", name)
				}
				slices.Sort(found)
				if diff := gocmp.Diff(site.dayLines(viewer, of, site.browsable(viewer)...), found); diff != "" {
					t.Errorf("%s, %s in %s (-want +got)\n%s", name, of.Day, zoneName, diff)
				}
				busy += len(found)
			}
		}
	}
	if busy == 0 {
		t.Error("nothing is logged on these days, so this shows nothing")
	}
}

// Logged reads only worklogs.
func TestLoggedReadsNoIssues(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	to := workload.DateOf(time.Now(), time.UTC)
	logged, err := site.reader(site.named(outsider)).Logged(t.Context(), site.keys(), to.AddDays(-29), to)
	if err != nil {
		t.Fatal(err)
	}
	work, err := site.reader(site.named(outsider)).Work(t.Context(), site.keys(), to.AddDays(-29), to)
	if err != nil {
		t.Fatal(err)
	}
	order := func(a, b workload.Worklog) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(logged.Worklogs, order)
	slices.SortFunc(work.Worklogs, order)
	if diff := gocmp.Diff(work.Worklogs, logged.Worklogs); diff != "" || len(logged.Issues) != 0 || len(logged.Hidden) != 1 {
		t.Errorf("%d issues, hidden %v (-want +got)\n%s", len(logged.Issues), logged.Hidden, diff)
	}
}

// Jira may refuse to search for a person it does not know: then the day is
// searched without naming them.
func TestEntriesOfSomebodyUnknown(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	of := source.DayOf{Account: "nobody-at-all", Day: workload.DateOf(time.Now(), time.UTC), Zone: time.UTC}
	got, more, err := site.reader(site.named(lead)).Entries(t.Context(), site.keys(), of)
	if err != nil || more.Any() || len(got) != 0 {
		t.Errorf("got %d, more %v, %v", len(got), more, err)
	}
}

func TestEntriesFailures(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	today := workload.DateOf(time.Now(), time.UTC)
	of := source.DayOf{Account: site.named(lead).AccountID, Day: today, Zone: time.UTC}
	for status, want := range map[int]error{500: rest.ErrServer, 400: rest.ErrBadRequest, 401: rest.ErrUnauthorized} {
		site := newSite(t)
		site.fault(connecttest.Fault{Path: "/rest/api/3/search/jql", Status: status})
		if got, _, err := site.reader(site.named(lead)).Entries(t.Context(), []string{"HARB"}, of); !errors.Is(err, want) || got != nil {
			t.Errorf("%d: got %v %v", status, got, err)
		}
	}
}

// Beyond the daily limit the reading says that there is more.
func TestEntriesLimit(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p := site.named(lead)
	noon := workload.DateOf(time.Now(), time.UTC).AddDays(-40).In(time.UTC).Add(12 * time.Hour)
	for range source.MaxDayEntries + 3 {
		site.log(p, "HARB-1", noon)
	}
	got, more, err := site.reader(p).Entries(t.Context(), []string{"HARB"}, source.DayOf{Account: p.AccountID, Day: workload.DateOf(noon, time.UTC), Zone: time.UTC})
	if err != nil || !more.Limit || more.Read != source.MaxDayEntries || len(got) != source.MaxDayEntries {
		t.Errorf("got %d, more %v, %v", len(got), more, err)
	}
}

// log logs a minute on an issue.
func (s siteOf) log(p connecttest.Person, issue string, started time.Time) {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"started": started.Format("2006-01-02T15:04:05.000-0700"), "timeSpentSeconds": 60})
	if err != nil {
		s.t.Fatal(err)
	}
	s.send(p, http.MethodPost, "/rest/api/3/issue/"+issue+"/worklog", body)
}
