package feed

import (
	"time"

	"github.com/sightline-go/sightline/internal/index"
)

const (
	// checkEvery is how often the numbers of open issues are compared, readEvery how
	// often all that has changed is read although nothing seems to be lost.
	checkEvery = 24 * time.Hour
	readEvery  = 7 * 24 * time.Hour
	// readAtMost is how far back changes are read. What was lost before, is filled
	// anew.
	readAtMost = 14 * 24 * time.Hour
)

// startAt is up to when all changes are held, at least.
func startAt(s *index.State, at time.Time) {
	for _, cursor := range []*time.Time{&s.Issues, &s.Worklogs, &s.Deleted} {
		if cursor.IsZero() || at.Before(*cursor) {
			*cursor = at
		}
	}
}

// since is from when on changes have to be read.
func since(s index.State) time.Time {
	at := s.Issues
	for _, other := range []time.Time{s.Worklogs, s.Deleted, s.Lost} {
		if !other.IsZero() && other.Before(at) {
			at = other
		}
	}
	return at.Add(-overlap)
}

// begins is from when on changes are read now: once a week all since they were last
// read, else those that may have been lost, or that Jira's search was late with.
func begins(s index.State, n notes, now time.Time) time.Time {
	all := since(s)
	if weekly(s, now) {
		return all
	}
	at := s.Lost
	if !n.Again.IsZero() && !now.Before(n.Again) {
		if again := n.Again.Add(-searchLag); at.IsZero() || again.Before(at) {
			at = again
		}
	}
	if at.IsZero() {
		return all
	}
	return at.Add(-overlap)
}

// weekly reports whether all that has changed is to be read.
func weekly(s index.State, now time.Time) bool {
	return now.Sub(s.Reconciled) >= readEvery || s.Reconciled.After(now.Add(readEvery))
}

// due says what has to be done about changes that no event has told.
func due(s index.State, n notes, now time.Time) (read, check bool) {
	switch {
	case s.Filled.IsZero():
		return false, false
	case !s.Lost.IsZero(), !n.Again.IsZero() && !now.Before(n.Again), weekly(s, now):
		return true, true
	}
	return false, now.Sub(n.Checked) >= checkEvery || n.Checked.After(now.Add(checkEvery))
}

// next is when due will next have something to say, if nothing is lost.
func next(s index.State, n notes) time.Time {
	at := s.Reconciled.Add(readEvery)
	if check := n.Checked.Add(checkEvery); check.Before(at) {
		at = check
	}
	if !n.Again.IsZero() && n.Again.Before(at) {
		at = n.Again
	}
	return at
}
