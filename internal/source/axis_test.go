package source_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

const teamField = "customfield_10001"

// withPlans adds to what is held the ids of teams and of the issues above.
func (s siteOf) withPlans(p connecttest.Person, f *facts) {
	s.t.Helper()
	for id, held := range f.held.Issues {
		var issue struct {
			Fields struct {
				Team   *struct{ ID string } `json:"customfield_10001"`
				Parent *struct{ ID string }
			}
		}
		s.get(p, "/rest/api/3/issue/"+id, url.Values{"fields": {teamField + ",parent"}}, &issue)
		if issue.Fields.Team != nil {
			held.Team = issue.Fields.Team.ID
		}
		if issue.Fields.Parent != nil {
			held.Parent = issue.Fields.Parent.ID
		}
		f.held.Issues[id] = held
	}
}

// groups are those of an axis that a reader sees.
func (s siteOf) groups(r source.Reader, by workload.By, projects []string) []workload.Bucket {
	s.t.Helper()
	r.By = by
	reading, err := r.Open(s.t.Context(), projects)
	if err != nil {
		s.t.Fatal(err)
	}
	return workload.Summarize(workload.Input{Issues: reading.Issues, Now: time.Now(), By: by}).Groups
}

// TestGroupsAtHome: what issues are grouped by, and what that is called, is the same
// with facts and without, for who sees all and who does not, and costs no more calls
// than it must.
func TestGroupsAtHome(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	projects := site.keys()
	f := site.factsOf(site.named(lead), projects)
	site.withPlans(site.named(lead), f)
	for _, g := range workload.Groupings() {
		by := workload.By{Rows: g.Axis, TeamField: teamField}
		for _, who := range []string{lead, outsider} {
			p := site.named(who)
			before := site.calls()
			got := site.groups(site.knowing(p, f), by, projects)
			after := site.calls()
			want := site.groups(site.reader(p), by, projects)
			if diff := gocmp.Diff(want, got); diff != "" || len(want) < 2 {
				t.Errorf("%s by %s (-from Jira +with facts)\n%s", who, g.Axis, diff)
			}
			if fetches := after[opFetch] - before[opFetch]; fetches > len(projects) {
				t.Errorf("%s by %s: %d fetches of %d projects", who, g.Axis, fetches, len(projects))
			}
		}
	}
	// What is held of a team is of no use: the issues are read.
	for id, held := range f.held.Issues {
		held.Team = "gone"
		f.held.Issues[id] = held
	}
	by := workload.By{Rows: workload.AxisTeam, TeamField: teamField}
	p := site.named(lead)
	if diff := gocmp.Diff(site.groups(site.reader(p), by, projects), site.groups(site.knowing(p, f), by, projects)); diff != "" {
		t.Errorf("with wrong facts:\n%s", diff)
	}
	// Where issues cannot be fetched, Jira is asked for everything.
	site.fault(connecttest.Fault{Method: "POST", Path: "/rest/api/3/issue/bulkfetch", Status: http.StatusForbidden})
	by = workload.By{Rows: workload.AxisType}
	if diff := gocmp.Diff(site.groups(site.reader(p), by, projects), site.groups(site.knowing(p, f), by, projects)); diff != "" {
		t.Errorf("without fetching:\n%s", diff)
	}
}

// TestTeams reads teams as sites give them, and takes nothing else for one.
func TestTeams(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]workload.Value{
		`{"id":"36885b3c-1bf0-4f85-a357-c5b858c31de4","name":"Quayside"}`: {ID: "36885b3c-1bf0-4f85-a357-c5b858c31de4", Name: "Quayside"},
		`{"id":"36885b3c","title":"Quayside"}`:                            {ID: "36885b3c", Name: "Quayside"},
		`"36885b3c-1bf0"`:                                                 {ID: "36885b3c-1bf0"},
		`null`:                                                            {}, ``: {}, `7`: {}, `{"id":7}`: {}, `{"name":"No id"}`: {}, `"a \" team"`: {}, `["a"]`: {},
	} {
		if got := source.TeamIn([]byte(raw)); got != want {
			t.Errorf("%s is %+v, want %+v", raw, got, want)
		}
	}
}

// TestTitlesAtHome: the issues of work logs are called the same with facts and without,
// and each work log has one.
func TestTitlesAtHome(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	projects := site.keys()
	f := site.factsOf(site.named(lead), projects)
	today := workload.DateOf(time.Now(), time.UTC)
	for _, who := range []string{lead, outsider} {
		p := site.named(who)
		read := func(r source.Reader) source.Reading {
			r.Titled = true
			reading, err := r.Logged(t.Context(), projects, today.AddDays(-29), today)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range reading.Worklogs {
				if title := reading.Titles[l.Issue]; title.Key == "" || title.Summary == "" || title.Project.ID == "" {
					t.Errorf("%s: work log %s of issue %s is on %+v", who, l.ID, l.Issue, title)
				}
			}
			return reading
		}
		want, got := read(site.reader(p)), read(site.knowing(p, f))
		if diff := gocmp.Diff(want.Titles, got.Titles); diff != "" || len(want.Titles) < 5 {
			t.Errorf("%s (-from Jira +with facts)\n%s", who, diff)
		}
		plain, err := site.reader(p).Logged(t.Context(), projects, today.AddDays(-29), today)
		if err != nil || plain.Titles != nil {
			t.Errorf("titles nobody asked for: %v, %v", plain.Titles, err)
		}
	}
	site.fault(connecttest.Fault{Method: "POST", Path: "/rest/api/3/issue/bulkfetch", Status: http.StatusForbidden})
	r := site.knowing(site.named(lead), f)
	r.Titled = true
	if reading, err := r.Logged(t.Context(), projects, today.AddDays(-29), today); err != nil || len(reading.Titles) < 5 {
		t.Errorf("without fetching: %d titles, %v", len(reading.Titles), err)
	}
}
