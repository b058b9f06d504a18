package refusals

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// TestBoardsComeBack plays the waits that Jira may demand: a wall board tries again
// after ten minutes at most. (What a quota asks for depends on the
// clock, see the tests of rest.RetryAfter.)
func TestBoardsComeBack(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "LANT")
	for name, tc := range map[string]struct {
		headers     map[string]string
		least, most int // seconds
	}{
		"a day":            {map[string]string{"Retry-After": "86400"}, 600, 600},
		"beyond 64 bits":   {map[string]string{"Retry-After": "92233720368547758080"}, 600, 600},
		"a date next year": {map[string]string{"Retry-After": time.Now().AddDate(1, 0, 0).UTC().Format(time.ANSIC)}, 600, 600},
		"a fraction":       {map[string]string{"Retry-After": "120.5"}, 121, 121},
		"the other header": {map[string]string{"Retry-After": "soon", "X-RateLimit-Reset": time.Now().Add(4 * time.Minute).UTC().Format("2006-01-02T15:04:05Z")}, 60, 240},
	} {
		r.Fault(t, connecttest.Fault{Path: harness.SearchPath, Status: http.StatusTooManyRequests, Headers: tc.headers})
		got := b.Look(t, r.Person(2))
		r.Site.ClearFaults()
		header, shown := got.Header.Get("Retry-After"), harness.Attribute(t, got.Body, "data-retry")
		seconds, err := strconv.Atoi(shown)
		if got.Status != http.StatusTooManyRequests || err != nil || header != shown || seconds < tc.least || seconds > tc.most {
			t.Errorf("%s: status %d, Retry-After %q, data-retry %q, want %d to %d", name, got.Status, header, shown, tc.least, tc.most)
		}
	}
}
