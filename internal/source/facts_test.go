package source_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// facts are held as somebody who sees everything once read them.
type facts struct {
	held  source.Held
	asked int
}

// Held implements source.Facts.
func (f *facts) Held(context.Context, source.Scope) (source.Held, bool) {
	f.asked++
	return f.held, f.held.Issues != nil
}

// Past implements source.Facts.
func (*facts) Past(context.Context, source.PastScope) []workload.Moment { return nil }

// nameless is a person of whom only the account is known.
func nameless(p *workload.Person) *workload.Person {
	if p == nil {
		return nil
	}
	return &workload.Person{AccountID: p.AccountID}
}

// factsOf holds what somebody sees of projects.
func (s siteOf) factsOf(p connecttest.Person, projects []string) *facts {
	s.t.Helper()
	f := &facts{held: source.Held{Issues: map[string]source.HeldIssue{}, Worklogs: map[string][]workload.Worklog{}, Lately: 10 * time.Minute}}
	reading, err := s.reader(p).Open(s.t.Context(), projects)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, i := range reading.Issues {
		i.Assignee = nameless(i.Assignee)
		i.Summary = ""
		f.held.Issues[i.ID] = source.HeldIssue{Issue: i}
	}
	for _, project := range projects {
		for _, logs := range s.logs(p, project) {
			for _, l := range logs {
				at, err := l.started()
				if err != nil {
					s.t.Fatal(err)
				}
				spent := time.Duration(l.TimeSpentSeconds) * time.Second
				f.held.Worklogs[l.IssueID] = append(f.held.Worklogs[l.IssueID], workload.Worklog{ID: l.ID, Author: workload.Person{AccountID: l.Author.AccountID}, Started: at, Spent: spent})
			}
		}
	}
	return f
}

// knowing reads with facts, and names from the site.
func (s siteOf) knowing(p connecttest.Person, f *facts) source.Reader {
	r := s.reader(p)
	r.Facts = f
	r.Names = func(ctx context.Context, accounts []string) (map[string]workload.Person, error) {
		found := map[string]workload.Person{}
		users, err := r.Jira.Users.ByIDs(ctx, accounts)
		for _, u := range users {
			found[u.AccountID] = source.PersonOf(u)
		}
		return found, err
	}
	return r
}

// summary is what is counted of the last days.
func (s siteOf) summary(r source.Reader, projects []string) (workload.Summary, source.Reading) {
	s.t.Helper()
	now := time.Now()
	today := workload.DateOf(now, time.UTC)
	reading, err := r.Work(s.t.Context(), projects, today.AddDays(-29), today)
	if err != nil {
		s.t.Fatal(err)
	}
	return workload.Summarize(workload.Input{Issues: reading.Issues, Worklogs: reading.Worklogs, Now: now, Zone: time.UTC, Window: workload.Month, Gaps: reading.Gaps}), reading
}

// same fails unless a person sees with facts what they see without.
func (s siteOf) same(what string, p connecttest.Person, f *facts, projects []string) {
	s.t.Helper()
	want, all := s.summary(s.reader(p), projects)
	got, reading := s.summary(s.knowing(p, f), projects)
	if diff := gocmp.Diff(want, got); diff != "" {
		s.t.Errorf("%s: %s sees (-from Jira +with facts)\n%s", what, p.Username, diff)
	}
	if !slices.Equal(all.Hidden, reading.Hidden) || all.Untracked != reading.Untracked {
		s.t.Errorf("%s: %s: hidden %v, want %v", what, p.Username, reading.Hidden, all.Hidden)
	}
	if want.Totals.Open == 0 || want.Totals.Logged == 0 {
		s.t.Errorf("%s: nothing to compare: %+v", what, want.Totals)
	}
}

// Everybody sees with facts, which have everything, what Jira shows them.
func TestFactsShowWhatJiraShows(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	projects := site.keys()
	f := site.factsOf(site.named(lead), projects)
	for _, who := range []string{lead, outsider} {
		site.same("all held", site.named(who), f, projects)
	}
	if f.asked != 2 {
		t.Errorf("facts were asked for %d times, want once a reading", f.asked)
	}
}

// What is held is not read again: only ids are, and what changed lately.
func TestFactsSaveCalls(t *testing.T) {
	t.Parallel()
	site := board(t, 450)
	ann := site.People()[0]
	f := site.factsOf(ann, []string{"WIDE"})
	before := site.calls()
	if got, _ := site.summary(site.knowing(ann, f), []string{"WIDE"}); got.Totals.Open != 450 || got.Rows[0].Person.Name == "" {
		t.Errorf("got %+v", got)
	}
	after := site.calls()
	if searches, fetches := after[opSearch]-before[opSearch], after[opFetch]-before[opFetch]; searches != 4 || fetches != 0 {
		t.Errorf("%d searches and %d fetches, want 4 and 0", searches, fetches)
	}
}

// Facts that are missing, have no name or changed without a word are read from Jira.
func TestFactsThatDoNotSuffice(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p, projects := site.named(lead), []string{"HARB", "LANT"}
	f := site.factsOf(site.named(lead), projects)
	ids := slices.Sorted(maps.Keys(f.held.Issues))
	delete(f.held.Issues, ids[0])
	for _, id := range slices.Sorted(maps.Keys(f.held.Worklogs))[:3] {
		delete(f.held.Worklogs, id)
	}
	stranger := f.held.Issues[ids[1]]
	stranger.Assignee = &workload.Person{AccountID: "5b10ac8d82e05b22cc7d4ef5"}
	f.held.Issues[ids[1]] = stranger
	site.same("missing", p, f, projects)

	changed := f.held.Issues[ids[2]]
	site.send(p, http.MethodPut, "/rest/api/3/issue/"+changed.Key, mustJSON(t, map[string]any{"fields": map[string]any{"assignee": map[string]string{"accountId": p.AccountID}, "duedate": "2020-01-01"}}))
	site.send(p, http.MethodPost, "/rest/api/3/issue/"+changed.Key+"/worklog", mustJSON(t, map[string]any{"timeSpentSeconds": 5400, "started": time.Now().UTC().Format("2006-01-02T15:04:05.000-0700")}))
	site.same("changed without a word", p, f, projects)

	f.held.Issues = nil
	site.same("not to be believed", p, f, projects)
}

// Where names cannot be asked for, or a list breaks off, Jira is asked for everything.
func TestFactsWithoutNames(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p, projects := site.named(lead), []string{"HARB"}
	f := site.factsOf(site.named(lead), projects)
	site.fault(connecttest.Fault{Method: "GET", Path: "/rest/api/3/user/bulk", Status: http.StatusForbidden, Times: 2})
	site.same("no names", p, f, projects)
	site.fault(connecttest.Fault{Method: "GET", Path: "/rest/api/3/user/bulk", Status: http.StatusInternalServerError})
	if _, err := site.knowing(p, f).Open(t.Context(), projects); err == nil {
		t.Error("a failure is not told")
	}
}

// Who has just written sees what they wrote: search is late, and so may facts be.
func TestFactsAfterWriting(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	f := site.factsOf(site.named(lead), []string{"HARB"})
	r := site.knowing(site.named(lead), f)
	r.Written = []int64{1}
	site.summary(r, []string{"HARB"})
	if f.asked != 0 {
		t.Error("facts were used")
	}
}

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
