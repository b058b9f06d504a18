package source

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

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

// List reads the issues that a search finds, sorted by due date, then priority,
// and reports whether there are more than were read.
func (r Reader) List(ctx context.Context, jql string) (list []Listed, more bool, err error) {
	opts := jira.SearchOptions{
		JQL:        jql + " ORDER BY duedate ASC, priority DESC",
		Fields:     []string{"summary", "status", "duedate", "priority", "attachment"},
		MaxResults: 100,
	}
	for found, err := range r.Jira.Search.All(ctx, opts) {
		if err != nil {
			return nil, false, fmt.Errorf("search issues of a person: %w", err)
		}
		if len(list) == maxListed {
			more = true
			break
		}
		issue, err := listedOf(found)
		if err != nil {
			return nil, false, err
		}
		list = append(list, issue)
	}
	// Jira does not promise where it sorts issues without a due date.
	slices.SortStableFunc(list, compareListed)
	return list, more, nil
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

// compareListed compares only due dates and leaves the rest in Jira's order: a
// site names and ranks priorities as it likes.
func compareListed(a, b Listed) int {
	return cmp.Compare(dueKey(a.Due), dueKey(b.Due))
}

// dueKey sorts days, and a missing day last.
func dueKey(d workload.Date) string {
	return cmp.Or(d.String(), strings.Repeat("9", 10))
}
