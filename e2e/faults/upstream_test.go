package faults

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

// upstreamFault is one way in which a service fails.
type upstreamFault struct {
	name  string
	fault connecttest.Fault
	// status is what a person gets who needs the answer.
	status int
}

// wrongTypes has the members of all services' answers, each of a wrong type.
const wrongTypes = `{"issues":"` + harness.UpstreamWords + `","accountId":[],"timeZone":{},"value":"x","cloudId":{},"access_token":[],` +
	`"timeTrackingEnabled":"x","expires_in":"x","keys":"x","data":5,"ok":"x","channel":7,"ts":[]}`

// quick are the faults that are played when the long tests are not asked for.
var quick = []string{"500", "429 for two minutes", "half an answer", "wrong types", "endless"}

// upstreamFaults is every way to fail that ends by itself; without
// SIGHTLINE_TEST_ALL=1 only the quick ones. No redirect may be followed.
func upstreamFaults(t *testing.T) []upstreamFault {
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a stranger is asked for %s, Authorization %q", r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(stranger.Close)
	json := func(status int, body string) connecttest.Fault {
		return connecttest.Fault{Status: status, Body: body, Headers: map[string]string{"Content-Type": "application/json", "X-Internal": harness.UpstreamWords}}
	}
	says := `{"message":"` + harness.UpstreamWords + `"}`
	pause, quota := json(http.StatusServiceUnavailable, says), json(http.StatusTooManyRequests, says)
	pause.RetryAfter, quota.RetryAfter = 3600, 120
	half, endless := json(http.StatusOK, `{"x":"`+harness.UpstreamWords), json(http.StatusOK, strings.Repeat(" ", 64<<10))
	half.Headers["Content-Length"], endless.Endless = "100000", true
	html, elsewhere := json(http.StatusOK, "<script>"+harness.UpstreamWords+"</script>"), json(http.StatusTemporaryRedirect, says)
	html.Headers["Content-Type"], elsewhere.Headers["Location"] = "text/html", stranger.URL
	all := []upstreamFault{
		{"500", json(http.StatusInternalServerError, says), http.StatusBadGateway},
		{"503 for an hour", pause, http.StatusBadGateway},
		{"429 for two minutes", quota, http.StatusTooManyRequests},
		{"broken connection", connecttest.Fault{Reset: true}, http.StatusBadGateway},
		{"half an answer", half, http.StatusBadGateway},
		{"wrong types", json(http.StatusOK, wrongTypes), http.StatusBadGateway},
		{"a list", json(http.StatusOK, `["`+harness.UpstreamWords+`"]`), http.StatusBadGateway},
		{"html", html, http.StatusBadGateway},
		{"nothing", json(http.StatusOK, ""), http.StatusBadGateway},
		{"endless", endless, http.StatusBadGateway},
		{"redirect", elsewhere, http.StatusBadGateway},
	}
	if os.Getenv("SIGHTLINE_TEST_ALL") == "1" {
		return all
	}
	return slices.DeleteFunc(all, func(f upstreamFault) bool { return !slices.Contains(quick, f.name) })
}

// at is the fault at a path of the site.
func (f upstreamFault) at(path string) connecttest.Fault {
	f.fault.Path = path
	return f.fault
}

// moved is a program on a site with a clock that the test moves.
type moved struct {
	*harness.Running
	*harness.Clock
}

func startMoved(t *testing.T, changes ...func(*app.ServeFlags)) moved {
	t.Helper()
	clock := &harness.Clock{}
	site := connecttest.NewSite(t, connecttest.Options{Now: clock.Now, RetryDelay: time.Millisecond})
	changes = append([]func(*app.ServeFlags){harness.By(clock)}, changes...)
	return moved{harness.Start(t, site, changes...), clock}
}

// later moves time on, and has the reconciler look what is due.
func (m moved) later(d time.Duration) {
	m.Forward(d)
	m.App.Reconciler().Wake()
}

// TestViewUpstreams: whatever Jira or the token endpoint answers, a person whose
// view needs the answer gets a sentence, or the view without what is missing;
// the next look after it shows the numbers.
func TestViewUpstreams(t *testing.T) {
	t.Parallel()
	const shown = http.StatusOK
	for name, u := range map[string]struct {
		path    string
		differs map[string]int // the answer, where it is not the fault's
		always  int            // every answer, if it is not zero
	}{
		"search":      {path: harness.SearchPath},
		"user":        {path: "/rest/api/3/myself"},
		"settings":    {path: "/rest/api/3/configuration"},
		"preferences": {path: "/rest/api/3/user/properties/*", always: shown},
		// Its pause is not the person's: a sentence without a time.
		"token": {path: "/oauth2/token", differs: map[string]int{"429 for two minutes": http.StatusBadGateway}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := startMoved(t)
			m.Install(t)
			b := harness.NewBoard(t, m.Running, "HARB")
			viewer := m.Person(2)
			want := m.Count(t, viewer, workload.OpenIssues("HARB"))
			looksAt(t, b, viewer, want)
			before := m.Work(t)
			for _, f := range upstreamFaults(t) {
				status := f.status
				if other, ok := u.differs[f.name]; ok {
					status = other
				}
				if u.always != 0 {
					status = u.always
				}
				m.Forward(20 * time.Minute) // tokens end
				m.ForgetViews(t)
				m.Fault(t, f.at(u.path))
				failsWell(t, f.name, b.Look(t, viewer), status)
				m.Site.ClearFaults()
				m.ForgetViews(t) // what is shown without preferences is a view, too
				looksAt(t, b, viewer, want)
			}
			m.Rests(t, before)
			m.LeaksNothing(t)
			m.Unseen(t, harness.Page{})
		})
	}
}

// looksAt looks whether a person sees how many issues are open.
func looksAt(t *testing.T, b harness.Board, viewer string, want int) {
	t.Helper()
	got := b.Look(t, viewer)
	if got.Status != http.StatusOK {
		t.Fatalf("status %d\n%s", got.Status, got.Body)
	}
	if total := harness.Total(t, got.Body); total != want {
		t.Errorf("%d open, want %d", total, want)
	}
}

// failsWell checks a page that was made during a fault.
func failsWell(t *testing.T, name string, got harness.Page, want int) {
	t.Helper()
	if got.Status != want {
		t.Errorf("%s: status %d, want %d\n%s", name, got.Status, want, got.Body)
	}
	if got.Status != http.StatusOK && (strings.Contains(got.Body, "data-person") || !strings.Contains(got.Body, `data-fragment="message"`)) {
		t.Errorf("%s: numbers, or no sentence:\n%s", name, got.Body)
	}
	for _, wrong := range []string{harness.UpstreamWords, "Bearer", "eyJ0"} {
		if got.Status != http.StatusOK && strings.Contains(got.Body, wrong) {
			t.Errorf("%s: the page holds %q:\n%s", name, wrong, got.Body)
		}
	}
}

// TestSilentUpstreams: a service that never answers, or stops in the middle,
// costs a person half a minute at most, and a sentence says so.
func TestSilentUpstreams(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	for name, fault := range map[string]connecttest.Fault{
		"never answers":       {DelayMs: int(time.Hour / time.Millisecond)},
		"stops in the middle": {Status: http.StatusOK, Stall: true, Body: `{"issues":[`, Headers: map[string]string{"Content-Type": "application/json"}},
	} {
		for _, path := range []string{harness.SearchPath, "/rest/api/3/myself", "/rest/api/3/configuration", "/oauth2/token"} {
			t.Run(name+path, func(t *testing.T) {
				t.Parallel()
				m := startMoved(t)
				m.Install(t)
				b := harness.NewBoard(t, m.Running, "HARB")
				viewer, before := m.Person(2), m.Work(t)
				here := fault
				here.Path = path
				m.Fault(t, here)
				start := time.Now()
				got := b.Look(t, viewer)
				failsWell(t, name, got, http.StatusGatewayTimeout)
				if took := time.Since(start); took > 40*time.Second {
					t.Errorf("it took %s", took)
				}
				m.Site.ClearFaults()
				m.Rests(t, before) // whoever looks earlier joins what waits already
				looksAt(t, b, viewer, m.Count(t, viewer, workload.OpenIssues("HARB")))
				m.Rests(t, before)
			})
		}
	}
}

// TestLateUpstreams: an answer that takes a while is waited for.
func TestLateUpstreams(t *testing.T) {
	t.Parallel()
	m := startMoved(t)
	m.Install(t)
	b, before := harness.NewBoard(t, m.Running, "HARB"), m.Work(t)
	m.Fault(t, connecttest.Fault{Path: "*", DelayMs: 150})
	viewer := m.Person(2)
	got := b.Look(t, viewer)
	m.Site.ClearFaults()
	if want := m.Count(t, viewer, workload.OpenIssues("HARB")); got.Status != http.StatusOK || harness.Total(t, got.Body) != want {
		t.Errorf("status %d, want %d open\n%s", got.Status, want, got.Body)
	}
	m.Rests(t, before)
}
