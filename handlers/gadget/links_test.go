package gadget

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// A link names as many people as an address has room for: the team, those who
// have such issues, or those outside. If that is too long it is not there, and the
// gadget says why.
func TestLinksFitAnAddress(t *testing.T) {
	t.Parallel()
	l := lang.New().English()
	for _, tt := range []struct {
		name                  string
		team, busy, elsewhere int
		linked                bool
	}{
		{"few", 5, 5, 0, true},
		{"a role of 175", 175, 175, 300, true},
		{"many, of whom few have work", 1000, 100, 300, true},
		{"many, and few outside", 1000, 1000, 100, true},
		{"too many", 1000, 1000, 300, false},
	} {
		v := viewer.Workload{View: viewer.View{Language: l, Reading: source.Reading{Shown: []string{"ABC"}}, Team: source.Team{Members: crowd(tt.team)}}}
		v.Summary = workload.Summarize(workload.Input{
			Team: v.Team.Members, Now: time.Now(), Issues: slices.Concat(issuesOf(crowd(tt.busy)), issuesOf(crowd(tt.team + tt.elsewhere)[tt.team:])),
		})
		p := presenter{view: v, l: l, search: "https://acme.atlassian.net/issues/?jql="}
		row := p.row("", v.Summary.Totals, workload.Everyone())
		if (row.Open.Href != "") != tt.linked || (row.DueSoon.Href != "") != tt.linked || max(len(row.Open.Href), len(row.DueSoon.Href)) > maxLink {
			t.Errorf("%s: got links of %d and %d bytes", tt.name, len(row.Open.Href), len(row.DueSoon.Href))
		}
		if notes := strings.Join(p.linkNotes(row), ""); (notes == "") != tt.linked {
			t.Errorf("%s: got notes %q", tt.name, notes)
		}
	}
}

func crowd(n int) []workload.Person {
	var people []workload.Person
	for i := range n {
		people = append(people, workload.Person{AccountID: fmt.Sprintf("712020:%08d-0000-4000-8000-000000000000", i)})
	}
	return people
}

// issuesOf gives each person an issue that is due today.
func issuesOf(people []workload.Person) []workload.Issue {
	var issues []workload.Issue
	for _, p := range people {
		issues = append(issues, workload.Issue{Assignee: &p, Category: workload.CategoryNew, Due: workload.DateOf(time.Now(), nil)})
	}
	return issues
}

// The list of issues shows at most so many and links to all of them, unless the
// link would be too long: then it says so, and how many more there are.
func TestIssueListSaysWhatIsNotLinked(t *testing.T) {
	t.Parallel()
	v := viewer.Workload{View: viewer.View{Language: lang.New().English()}}
	at := board.At{Place: viewer.Place{Person: viewer.Person{Tenant: &connect.Tenant{DisplayURL: "https://acme.atlassian.net"}}}}
	found := make([]source.Listed, maxIssues+3)
	for room, linked := range map[int]bool{100: true, maxLink: false} {
		list := presentIssues(issueSearch{Workload: v, jql: strings.Repeat("x", room)}, at, peek{by: groupings(v.Language)[0]}, found)
		page := markup(t, web.IssueListView(list))
		said := strings.Contains(page, v.Language.Issues.LongSearch)
		if (list.Search != "") != linked || said == linked || !strings.Contains(page, "3 more in Jira") {
			t.Errorf("a search of %d bytes: link %q, said %v\n%s", room, list.Search, said, page)
		}
	}
}

// An issue's files beyond the limit are counted, with the link to all of them.
func TestIssueSaysHowManyFilesAreLeftOut(t *testing.T) {
	t.Parallel()
	at := board.At{Place: viewer.Place{Person: viewer.Person{Tenant: &connect.Tenant{DisplayURL: "https://acme.atlassian.net"}}}}
	for _, l := range []*lang.Language{lang.New().English(), lang.New().Of("de")} {
		for files, want := range map[int]string{maxFiles: "", maxFiles + 1: l.Count(l.Issues.MoreFiles, 1), maxFiles + 1234: l.Count(l.Issues.MoreFiles, 1234)} {
			issue := jira.Issue{Key: "ABC-1"}
			issue.Fields.Attachments = make([]jira.IssueAttachment, files)
			page := markup(t, web.IssueView(presentIssue(viewer.Workload{View: viewer.View{Language: l}}, at, issue)))
			if strings.Contains(page, "data-more-files") != (want != "") || !strings.Contains(page, want) {
				t.Errorf("%d files: want %q\n%s", files, want, page)
			}
		}
	}
}

func markup(t *testing.T, c templ.Component) string {
	t.Helper()
	var out strings.Builder
	if err := c.Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
