package faults

import (
	"net/http"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// viewers is how many people look at the same time.
const viewers = 50

// TestStorm: while Jira turns every call away and fifty people look, the calls
// stay bounded; all see a sentence, and after it all see the numbers.
func TestStorm(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		retryAfter float64
		tries      int // of a call at most
	}{
		"without Retry-After": {0, 3},
		"for a second":        {1, 3},
		"for two minutes":     {120, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := moved{Running: harness.Start(t, connecttest.NewSite(t, connecttest.Options{Large: true}))}
			m.Install(t)
			b := harness.NewBoard(t, m.Running, "LANT")
			people := m.lookers(t)
			seen := m.Seen()
			looksAt(t, b, people[0], m.Count(t, people[0], workload.OpenIssues("LANT")))
			calm := m.called(seen)
			before := m.Work(t)
			m.ForgetViews(t)

			m.Fault(t, connecttest.Fault{Path: "/rest/*", Status: http.StatusTooManyRequests, RetryAfter: tc.retryAfter})
			seen = m.Seen()
			allLook(people, func(account string) {
				if got := b.Look(t, account); got.Status != http.StatusTooManyRequests {
					t.Errorf("status %d, want 429\n%s", got.Status, got.Body)
				}
			})
			if got, most := m.called(seen), viewers*calm*tc.tries; got == 0 || got > most {
				t.Errorf("%d calls for %d viewers, want at most %d", got, viewers, most)
			}
			m.Site.ClearFaults()
			m.Rests(t, before) // what began in the storm is told in the storm's words

			allLook(people, func(account string) {
				if got := b.Look(t, account); got.Status != http.StatusOK {
					t.Errorf("after it: status %d\n%s", got.Status, got.Body)
				}
			})
			m.Rests(t, before)
		})
	}
}

// allLook has everybody look at once.
func allLook(people []string, look func(account string)) {
	var all sync.WaitGroup
	for _, account := range people {
		all.Go(func() { look(account) })
	}
	all.Wait()
}

// lookers are people who may see a board.
func (m moved) lookers(t *testing.T) (people []string) {
	t.Helper()
	for _, p := range m.Site.People() {
		if p.Active && !p.App && len(people) < viewers {
			people = append(people, p.AccountID)
		}
	}
	if len(people) < viewers {
		t.Fatalf("%d people, want %d", len(people), viewers)
	}
	return people
}

// called counts the calls of Jira's API since a time of the site's log that
// were not the test's own.
func (m moved) called(seen int) (n int) {
	for _, q := range m.Site.Requests(seen) {
		if len(q.Path) > len("/rest/") && q.Path[:len("/rest/")] == "/rest/" && q.From != "site" {
			n++
		}
	}
	return n
}
