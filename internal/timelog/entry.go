package timelog

import (
	"cmp"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Entry is one worklog with the key and summary of its issue.
type Entry struct {
	ID      string
	Issue   string // key
	Summary string // of the issue
	Author  workload.Person
	Started time.Time
	Updated time.Time
	Spent   time.Duration
	Comment Comment
}

// OnDay returns the entries that somebody started on a day in a zone, without
// duplicates, in the order of their start.
func OnDay(entries []Entry, who func(account string) bool, day workload.Date, zone *time.Location) []Entry {
	seen := workload.Seen{}
	kept := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if who(e.Author.AccountID) && workload.DateOf(e.Started, zone) == day && !seen.Before(e.ID) {
			kept = append(kept, e)
		}
	}
	slices.SortStableFunc(kept, func(a, b Entry) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Issue, b.Issue))
	})
	return kept
}
