package web

import (
	"testing"

	"github.com/sightline-go/sightline/internal/lang"
)

func TestIssueListView(t *testing.T) {
	t.Parallel()
	issue := ListedIssue{
		Key: "ABC-1", Summary: nasty, Href: "https://site.example/browse/ABC-1", Open: "/app/issue?a=1&key=ABC-1", Status: Status{"In Review", "indeterminate"},
		Due: Due{"1 Mar 2026", true}, Priority: Priority{"High", "https://site.example/high.svg"}, Files: 2,
	}
	for name, tt := range map[string]struct {
		view IssueList
		want wanted
	}{
		"whole": {
			IssueList{L: english(), Person: nasty, Count: 1235, Groups: []IssueGroup{{Issues: []ListedIssue{issue}}}, Rest: 1234, Search: "https://site.example/issues/?jql=a"},
			wanted{yes: []string{
				`data-fragment="issues"`, `data-action="back"`, `<li class="issue issue-late" data-issue="ABC-1">`, `<a class="issue-open" id="sl-issue-ABC-1" href="https://site.example/browse/ABC-1"[^>]* data-open="/app/issue\?a=1&amp;key=ABC-1">\s*<span class="issue-key">ABC-1</span>\s*<span class="issue-summary">`,
				`<span class="lozenge status-indeterminate">In Review</span>`, `<span class="due late">Overdue, 1 Mar 2026</span>`,
				`<img src="https://site.example/high.svg" alt="" width="16" height="16"[^>]*>\s*High`, `2 files`, `<span data-rest>1,234 more in Jira</span>`,
				`<a href="https://site.example/issues/\?jql=a" target="_top"|<a href="https://site.example/issues/\?jql=a" rel="noopener" target="_top"`,
				`&lt;script&gt;`,
			}, no: []string{`<script`, ` style=`}},
		},
		"nothing": {IssueList{L: english(), Person: "Ann"}, wanted{yes: []string{"Nothing is open here."}, no: []string{`data-rest`, `class="issues"`, "Open in Jira"}}},
		"an unknown category, no more": {
			IssueList{L: english(), Count: 1235, Groups: []IssueGroup{{Issues: []ListedIssue{{Key: "A-1", Status: Status{"Odd", `x" y`}, Due: Due{Day: "5 Mar 2026"}}}}}, Search: "https://a"},
			wanted{yes: []string{`lozenge status-new`, `<span class="due">Due 5 Mar 2026</span>`}, no: []string{"issue-late", `class="priority"`, `class="files"`, `data-rest`}},
		},
		"German": {
			IssueList{L: lang.New().Of("de"), Person: "Ann", Count: 1235, Groups: []IssueGroup{{Issues: []ListedIssue{issue}}}, Rest: 1, Search: "https://a"},
			wanted{yes: []string{"Offene Vorgänge: Ann \\(1.235\\)", "Zurück", "Überfällig, 1 Mar 2026", "2 Dateien", "1 weiterer in Jira"}, no: []string{"Back", "Overdue", "files<"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.check(t, render(t, IssueListView(tt.view)))
		})
	}
}

func TestIssueView(t *testing.T) {
	t.Parallel()
	whole := IssueDetails{
		L: english(), Key: "ABC-1", Summary: nasty, Href: "https://site.example/browse/ABC-1", Status: Status{"Done", "done"},
		Due: Due{"1 Mar 2026", true}, Priority: Priority{Name: "High"}, Assignee: nasty, OriginalEstimate: "2 h", TimeSpent: "1 h", Worklogs: 3,
		Labels: []string{nasty}, Description: "a\n" + nasty, Cut: true,
		Files: []File{{Name: nasty, Size: "2 KB", Href: "https://site.example/f", Thumbnail: "https://site.example/t"}, {Name: "b", Href: "javascript:alert(1)"}},
	}
	for name, tt := range map[string]struct {
		view IssueDetails
		want wanted
	}{
		"whole": {whole, wanted{yes: []string{
			`data-fragment="issue" data-issue="ABC-1"`, `data-action="back"`, `lozenge status-done`, `aria-label="Open ABC-1 in Jira"`, `Overdue, 1 Mar 2026`,
			`<dt>Reporter</dt><dd>Nobody</dd>`, `<dd>Original estimate 2 h</dd>\s*<dd>Logged 1 h</dd>\s*<dd>3 work logs</dd>`, `Read the rest of the description in Jira`,
			`<img src="https://site.example/t" alt=""`, `2 KB`,
		}, no: []string{`<script`, "javascript:", "No description", "No due date", ` style=`}}},
		"bare":   {IssueDetails{L: english(), Key: "ABC-1"}, wanted{yes: []string{"No description.", "No due date", "<dt>Assignee</dt><dd>Nobody</dd>"}, no: []string{"<dt>Time", "<dt>Labels", "Attachments", "<dt>Priority", "lozenge"}}},
		"German": {IssueDetails{L: lang.New().Of("de"), Key: "ABC-1", Worklogs: 1}, wanted{yes: []string{"Bearbeiter", "Kein Fälligkeitsdatum", "1 Arbeitsprotokoll", "ABC-1 in Jira öffnen"}, no: []string{"Assignee", "Nobody"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.check(t, render(t, IssueView(tt.view)))
		})
	}
	hidden := wanted{yes: []string{"You cannot see this issue", `data-action="back"`, `data-fragment="issue"`}}
	hidden.check(t, render(t, HiddenView(english())))
}
