package budgets

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// statement is one database statement, as logged by the program.
type statement struct {
	Msg, SQL    string
	Time        time.Time
	Transaction bool
}

func (s statement) reads() bool { return strings.HasPrefix(s.SQL, "SELECT ") }

// work is one unit of the database: a statement or a transaction.
type work []statement

func (w work) writes() bool {
	return slices.ContainsFunc(w, func(s statement) bool { return !s.reads() })
}

// isPoll reports whether all of it is the program's own periodic work, or a
// test's own question.
func (w work) isPoll() bool {
	return !slices.ContainsFunc(w, func(s statement) bool {
		return !slices.ContainsFunc([]string{
			"UPDATE glances SET lease = ", // claims what is due
			"UPDATE weekly SET lease = ",  // the same, of the weeks in Slack
			"MIN(CASE WHEN next_attempt",  // looks when something will be due
			"g.midnight <= ",              // marks those whose day is over
			"g.desired_at < ",             // marks what has not changed for long
			"tenants.cloud_id = ''",       // finds cloud ids to look up
			"c.stopped_for FROM glances",  // is these tests' own question
			"quota_points",                // counts points, once in a while
			"quota_said",                  // the same, by what Jira said
			"LEFT JOIN changes",           // reads what other programs have changed
			"DELETE FROM changes",         // and forgets it
			"programs",                    // says that it is at work, and asks who is
			"account_reports",             // looks whose accounts are to be reported
			"slack_signatures",            // forgets old requests of Slack
			"renew_at",                    // looks which of Slack's tokens end
		}, func(part string) bool { return strings.Contains(s.SQL, part) })
	})
}

// marksGlances reports whether all of it marks glances. A view never does: an install
// that was just answered still does, behind it.
func (w work) marksGlances() bool {
	return !slices.ContainsFunc(w, func(s statement) bool { return !strings.Contains(s.SQL, "UPDATE glances SET") })
}

// database is the work done in the database, except polls.
func database(t testing.TB, m harness.Meter) []work {
	t.Helper()
	var done []work
	begun := -1
	for line := range strings.Lines(m.R.Logs.String()[m.Log:]) {
		var s statement
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			continue // not complete yet
		}
		switch {
		case s.Msg == "transaction":
			begun = len(done)
			done = append(done, work{})
		case s.Msg == "statement" && s.Transaction && begun >= 0:
			// There is only one writer, so this belongs to the last transaction
			// begun.
			done[begun] = append(done[begun], s)
		case s.Msg == "statement":
			done = append(done, work{s})
		}
	}
	return slices.DeleteFunc(done, work.isPoll)
}

// trips is how many calls were made one after the other: the longest chain of calls
// each of which began after the one before it had ended. So a call that waited for
// one of the tenant's places counts after the call that it waited for.
func trips(calls []connecttest.Request) int {
	calls = slices.Clone(calls)
	slices.SortFunc(calls, func(a, b connecttest.Request) int { return a.End.Compare(b.End) })
	n, end := 0, time.Time{}
	for _, c := range calls {
		if !c.Start.Before(end) {
			n, end = n+1, c.End
		}
	}
	return n
}

// within checks a view's budget. A page that depends on an earlier answer adds
// a trip: here the worklogs of issues that have more than a search returns.
func within(t testing.TB, m harness.Meter, what string, statements, most int) {
	t.Helper()
	calls := m.Calls()
	for _, c := range calls {
		if strings.HasSuffix(c.Path, "/worklog") && most > 0 {
			most++
			break
		}
	}
	if got := trips(calls); got > most {
		t.Errorf("%s: %d trips, want at most %d:\n%s", what, got, most, listCalls(calls))
	}
	got := slices.DeleteFunc(database(t, m), work.marksGlances)
	if len(got) > statements {
		t.Errorf("%s: %d times at the database, want at most %d:\n%v", what, len(got), statements, got)
	}
	t.Logf("%s: %d times at the database, %d calls in %d trips", what, len(got), len(calls), trips(calls))
}

func listCalls(calls []connecttest.Request) string {
	var b strings.Builder
	for _, c := range calls {
		b.WriteString(c.Start.Format("05.000 ") + c.End.Format("05.000 ") + c.Method + " " + c.Path + "?" + c.Query + "\n")
	}
	return b.String()
}
