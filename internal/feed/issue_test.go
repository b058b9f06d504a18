package feed_test

import (
	"testing"

	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/index"
)

// What an event is about is told only if nothing else may have changed.
func TestEventIssue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		event feed.Event
		want  string
	}{
		{"an issue", feed.Event{What: index.IssueUpdated, IssueID: "10"}, "10"},
		{"a deleted issue", feed.Event{What: index.IssueDeleted, IssueID: "10"}, "10"},
		{"a work log", feed.Event{What: index.WorklogDeleted, IssueID: "11", Worklog: feed.Worklog{ID: "1", IssueID: "10"}}, "10"},
		{"a work log of no issue", feed.Event{What: index.WorklogCreated, Worklog: feed.Worklog{ID: "1"}}, ""},
		{"odd", feed.Event{What: index.IssueUpdated, IssueID: "10", Odd: true}, ""},
		{"not known what", feed.Event{IssueID: "10"}, ""},
		{"no id", feed.Event{What: index.IssueUpdated, IssueID: "HARB-1"}, ""},
		{"no number of an issue", feed.Event{What: index.IssueUpdated, IssueID: "-1"}, ""},
	} {
		if got := tt.event.Issue(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
