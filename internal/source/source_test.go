package source_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// line is everything that a workload counts in an issue, as text.
func line(i workload.Issue) string {
	who := "nobody"
	if i.Assignee != nil {
		who = i.Assignee.AccountID + "/" + i.Assignee.Name + "/" + i.Assignee.AvatarURL
	}
	return strings.Join([]string{i.Key, i.Project, i.Summary, who, string(i.Category), i.Due.String(), i.Remaining.String()}, "|")
}

func rawLine(i rawIssue) string {
	f := i.Fields
	who, due, left := "nobody", "", time.Duration(0)
	if f.Assignee != nil {
		who = f.Assignee.AccountID + "/" + f.Assignee.DisplayName + "/" + f.Assignee.AvatarURLs["24x24"]
	}
	if f.DueDate != nil {
		due = *f.DueDate
	}
	if f.TimeEstimate != nil {
		left = time.Duration(*f.TimeEstimate) * time.Second
	}
	return strings.Join([]string{i.Key, f.Project.Key, f.Summary, who, f.Status.StatusCategory.Key, due, left.String()}, "|")
}

func lines(issues []workload.Issue) []string {
	out := make([]string, 0, len(issues))
	for _, i := range issues {
		out = append(out, line(i))
	}
	slices.Sort(out)
	return out
}

// openLines are the open issues of projects, counted by hand.
func (s siteOf) openLines(p connecttest.Person, projects ...string) []string {
	s.t.Helper()
	out := []string{}
	for _, project := range projects {
		for _, i := range s.issues(p, project) {
			if i.Fields.Status.StatusCategory.Key != "done" {
				out = append(out, rawLine(i))
			}
		}
	}
	slices.Sort(out)
	return out
}

// Each person reads what Jira shows them, and learns which projects it hides.
func TestOpenIsWhatEachPersonSees(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	hidden := 0
	for _, p := range site.People() {
		if p.App || !p.Active {
			continue
		}
		got, err := site.reader(p).Open(t.Context(), site.keys())
		if err != nil {
			t.Fatalf("%s: %v", p.Username, err)
		}
		shown := site.browsable(p)
		if diff := cmp.Diff(site.openLines(p, shown...), lines(got.Issues)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", p.Username, diff)
		}
		if diff := cmp.Diff(shown, got.Shown); diff != "" {
			t.Errorf("%s, shown: (-want +got)\n%s", p.Username, diff)
		}
		if got, want := len(got.Hidden), len(site.keys())-len(shown); got != want {
			t.Errorf("%s: %d hidden, want %d", p.Username, got, want)
		}
		if got.Gaps.Issues.Limit || got.Gaps.Worklogs.Limit || got.Worklogs != nil {
			t.Errorf("%s: more %v %v, %d worklogs", p.Username, got.Gaps.Issues.Limit, got.Gaps.Worklogs.Limit, len(got.Worklogs))
		}
		hidden += len(got.Hidden)
	}
	if hidden == 0 {
		t.Error("no project is hidden from anybody, so this shows nothing")
	}
}

// cut keeps what started within the days of a calendar in zone.
func cut(started time.Time, from, to workload.Date, zone *time.Location) bool {
	y, m, d := started.In(zone).Date()
	day := fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	return day >= from.String() && day <= to.String()
}

func logLine(id, author string, started time.Time, spent time.Duration) string {
	return fmt.Sprintf("%s %s %s %s", id, author, started.UTC().Format(time.RFC3339), spent)
}

// Worklogs are complete for the days asked for in the reader's own time zone,
// also on issues with more of them than a search returns.
func TestWorkHasEveryWorklogOfItsDays(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	all := map[string]map[string][]rawLog{}
	busy := 0
	for _, key := range site.keys() {
		all[key] = site.logs(site.named(lead), key)
		for _, logs := range all[key] {
			if len(logs) > 20 {
				busy++
			}
		}
	}
	if busy == 0 {
		t.Fatal("no issue has more worklogs than a search returns")
	}
	for _, name := range []string{lead, outsider, "ytanabe", "tfaleolo", "praghunathan"} {
		p := site.named(name)
		zone, err := time.LoadLocation(p.TimeZone)
		if err != nil {
			t.Fatal(err)
		}
		to := workload.DateOf(time.Now(), zone)
		for _, days := range []int{1, 7, 30} {
			from := to.AddDays(1 - days)
			got, err := site.reader(p).Work(t.Context(), site.keys(), from, to)
			if err != nil {
				t.Fatalf("%s, %d days: %v", name, days, err)
			}
			read := map[string]bool{}
			for _, l := range got.Worklogs {
				if cut(l.Started, from, to, zone) {
					read[logLine(l.ID, l.Author.AccountID, l.Started, l.Spent)] = true
				}
			}
			want := map[string]bool{}
			for _, project := range site.browsable(p) {
				for _, logs := range all[project] {
					for _, l := range logs {
						started, err := l.started()
						if err != nil {
							t.Fatal(err)
						}
						if cut(started, from, to, zone) {
							want[logLine(l.ID, l.Author.AccountID, started, time.Duration(l.TimeSpentSeconds)*time.Second)] = true
						}
					}
				}
			}
			if diff := cmp.Diff(want, read); diff != "" {
				t.Errorf("%s, %d days: (-want +got)\n%s", name, days, diff)
			}
			if diff := cmp.Diff(site.openLines(p, got.Shown...), lines(got.Issues)); diff != "" {
				t.Errorf("%s, %d days, issues: (-want +got)\n%s", name, days, diff)
			}
			if days == 30 && len(want) == 0 {
				t.Errorf("%s: nothing logged in a month, so this shows nothing", name)
			}
		}
	}
}

func TestNoProjects(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	got, err := site.reader(site.named(lead)).Open(t.Context(), nil)
	if diff := cmp.Diff(source.Reading{}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// A project that does not exist looks hidden, and so does one that an admin may
// see but not browse.
func TestHiddenProjects(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	from := workload.DateOf(time.Now(), time.UTC)
	for _, tt := range []struct {
		name          string
		projects      []string
		shown, hidden []string
	}{
		{"one is private", []string{"HARB", "VALT"}, []string{"HARB"}, []string{"VALT"}},
		{"one is not there", []string{"NOPE", "HARB"}, []string{"HARB"}, []string{"NOPE"}},
		{"none is left", []string{"VALT", "NOPE"}, nil, []string{"VALT", "NOPE"}},
	} {
		got, err := site.reader(site.named(outsider)).Work(t.Context(), tt.projects, from, from)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff([][]string{tt.shown, tt.hidden}, [][]string{got.Shown, got.Hidden}); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
		for _, i := range got.Issues {
			if !slices.Contains(tt.shown, i.Project) {
				t.Errorf("%s: got issue %s", tt.name, i.Key)
			}
		}
	}
}

// An admin may see a project without being allowed to browse it.
func TestProjectSeenButNotBrowsed(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	site.fault(connecttest.Fault{Path: "/rest/api/3/search/jql", Status: http.StatusBadRequest})
	base := roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("action") == "browse" {
			r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "HARB", "NONE")
		}
		return site.Client().Transport.RoundTrip(r)
	})
	got, err := site.readerOver(site.named(lead), base).Open(t.Context(), []string{"HARB"})
	if err != nil || !slices.Equal(got.Hidden, []string{"HARB"}) || got.Shown != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Limits count over all projects of a view together.
func TestLimits(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p := site.named(lead)
	to := workload.DateOf(time.Now(), time.UTC)
	from := to.AddDays(-29)
	all, err := site.reader(p).Work(t.Context(), site.keys(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	issues, logs := len(all.Issues), len(all.Worklogs)
	for _, tt := range []struct {
		name                     string
		issues, logs             int
		moreIssues, moreWorklogs bool
	}{
		{"exactly enough", issues, logs, false, false},
		{"one issue too many", issues - 1, logs, true, false},
		{"one worklog too many", issues, logs - 1, false, true},
		{"very few", 3, 3, true, true},
	} {
		r := site.reader(p)
		r.Issues, r.Worklogs = tt.issues, tt.logs
		got, err := r.Work(t.Context(), site.keys(), from, to)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if len(got.Issues) != tt.issues || len(got.Worklogs) != tt.logs {
			t.Errorf("%s: got %d issues and %d worklogs, want %d and %d", tt.name, len(got.Issues), len(got.Worklogs), tt.issues, tt.logs)
		}
		if got.Gaps.Issues.Limit != tt.moreIssues || got.Gaps.Worklogs.Limit != tt.moreWorklogs {
			t.Errorf("%s: more %v and %v, want %v and %v", tt.name, got.Gaps.Issues.Limit, got.Gaps.Worklogs.Limit, tt.moreIssues, tt.moreWorklogs)
		}
	}
}

// A single issue may have more worklogs than the limit.
func TestLimitWithinOneIssue(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	site.fault(connecttest.Fault{
		Path: "/rest/api/3/search/jql", Status: http.StatusOK,
		Headers: map[string]string{"Content-Type": "application/json"},
		Body:    `{"isLast":true,"issues":[{"id":"1","key":"HARB-1","fields":{"worklog":{"total":21,"worklogs":[]}}}]}`,
	})
	var logs strings.Builder
	for id := range 6 {
		fmt.Fprintf(&logs, `{"id":"%d","author":{"accountId":"a"},"started":"2026-11-24T10:00:00.000+0000","timeSpentSeconds":60},`, id)
	}
	site.fault(connecttest.Fault{
		Path: "/rest/api/3/issue/HARB-1/worklog", Status: http.StatusOK,
		Headers: map[string]string{"Content-Type": "application/json"},
		Body:    `{"startAt":0,"maxResults":5000,"total":6,"worklogs":[` + strings.TrimSuffix(logs.String(), ",") + `]}`,
	})
	for limit, more := range map[int]bool{5: true, 6: false, 7: false} {
		r := site.reader(site.named(lead))
		r.Worklogs = limit
		day := workload.Date{Year: 2026, Month: 11, Day: 24}
		got, err := r.Work(t.Context(), []string{"HARB"}, day, day)
		if err != nil {
			t.Fatal(err)
		}
		if got.Gaps.Worklogs.Limit != more || len(got.Worklogs) != min(limit, 6) {
			t.Errorf("limit %d: got %d worklogs, more %v", limit, len(got.Worklogs), got.Gaps.Worklogs.Limit)
		}
	}
}
