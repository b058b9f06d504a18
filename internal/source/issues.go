package source

import (
	"context"
	"fmt"
	"slices"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// maxListed is how many issues of one person are read; if there are more, the
// ones that Jira puts first.
const maxListed = 300

// Listed is an issue with what a list shows of it.
type Listed struct {
	Key, Summary     string
	Status, Category string
	Due              workload.Date // zero: none
	Priority         string
	PriorityIcon     string
	Files            int
}

// Order is what a list of issues is sorted by.
type Order string

// The orders.
const (
	ByDue      Order = "due"      // by due date, the earliest first, then priority
	ByPriority Order = "priority" // the highest first, then due date
	ByUpdate   Order = "updated"  // the newest first
)

// Orders are all orders, the usual one first.
func Orders() []Order { return []Order{ByDue, ByPriority, ByUpdate} }

// jql is the order as Jira knows it: it ranks priorities as the site does.
func (o Order) jql() string {
	switch o {
	case ByPriority:
		return " ORDER BY priority DESC, duedate ASC"
	case ByUpdate:
		return " ORDER BY updated DESC"
	}
	return " ORDER BY duedate ASC, priority DESC"
}

// List reads the issues that a search finds, in an order. The gap says what could
// not be read.
func (r Reader) List(ctx context.Context, jql string, by Order) ([]Listed, workload.Gap, error) {
	opts := listOptions(jql, by)
	opts.ReconcileIssues = r.Written
	var list []Listed
	missing := &gap{}
	for found, err := range r.client(missing.skipIn(listIssues)).Search.All(ctx, opts) {
		if err = missing.cut(ctx, err); err != nil {
			return nil, workload.Gap{}, fmt.Errorf("search issues of a person: %w", err)
		}
		if missing.Cut != "" {
			break
		}
		issue, err := listedOf(found)
		if err != nil {
			missing.skip(found.Key)
			continue
		}
		if len(list) == maxListed {
			missing.limit()
			break
		}
		list = append(list, issue)
	}
	if by == ByDue { // Jira does not promise where it sorts issues without a due date
		slices.SortStableFunc(list, compareListed)
	}
	return list, missing.total(len(list)), nil
}

func listOptions(jql string, by Order) jira.SearchOptions {
	return jira.SearchOptions{
		JQL:        jql + by.jql(),
		Fields:     []string{"summary", "status", "duedate", "priority", "attachment"},
		MaxResults: 100,
	}
}

// ListPage is a page of a list.
type ListPage struct {
	Issues []Listed
	// Next is what to ask for the page after this one with; empty: there is none.
	Next string
	// Gap is what could not be read.
	Gap workload.Gap
}

// ListPage reads one page of the issues that a search finds, by due date as Jira
// sorts them: the first one, or the one after a page with this Next. It bounds
// nothing: whoever takes everything along reads page after page.
func (r Reader) ListPage(ctx context.Context, jql, next string) (ListPage, error) {
	opts := listOptions(jql, ByDue)
	opts.NextPageToken = next
	missing := &gap{}
	found, err := r.client(missing.skipIn(listIssues)).Search.JQL(ctx, opts)
	if err != nil {
		return ListPage{}, fmt.Errorf("read a page of issues: %w", err)
	}
	page := ListPage{Next: found.NextPageToken}
	if found.IsLast {
		page.Next = ""
	}
	for _, i := range found.Issues {
		issue, err := listedOf(i)
		if err != nil {
			missing.skip(i.Key)
			continue
		}
		page.Issues = append(page.Issues, issue)
	}
	page.Gap = missing.total(len(page.Issues))
	return page, nil
}

func listedOf(found jira.Issue) (Listed, error) {
	f := found.Fields
	due, err := dueDate(f.DueDate)
	if err != nil {
		return Listed{}, fmt.Errorf("issue %s: %w", found.Key, err)
	}
	issue := Listed{
		Key: found.Key, Summary: f.Summary, Status: f.Status.Name, Category: f.Status.StatusCategory.Key,
		Due: due, Files: len(f.Attachments),
	}
	if f.Priority != nil {
		issue.Priority, issue.PriorityIcon = f.Priority.Name, f.Priority.IconURL
	}
	return issue, nil
}

// compareListed compares only due dates, a missing one last, and leaves the rest
// in Jira's order: a site names and ranks priorities as it likes.
func compareListed(a, b Listed) int {
	if a.Due.IsZero() || b.Due.IsZero() {
		return missing(a.Due) - missing(b.Due)
	}
	return a.Due.Compare(b.Due)
}

func missing(d workload.Date) int {
	if d.IsZero() {
		return 1
	}
	return 0
}
