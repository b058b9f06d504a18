package budgets

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// points counts what a site's answers cost of Jira's quota: one for each call and
// one for each issue, two for a person.
// https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
type points struct {
	mu  sync.Mutex
	sum int
}

func (p *points) count(r *http.Request, _ []byte, _ int, _ http.Header, body []byte) {
	if !strings.Contains(r.URL.Path, "/rest/api/3/") {
		return
	}
	var found struct {
		Issues, Values []json.RawMessage
		Matches        []struct{ MatchedIssues []int64 }
	}
	_ = json.Unmarshal(body, &found) // other answers are one object
	cost := 1 + len(found.Issues)
	for _, m := range found.Matches { // the dearer of the two ways that it may be counted in
		cost += max(1, len(m.MatchedIssues))
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/myself"):
		cost = 3
	case strings.HasSuffix(r.URL.Path, "/user/bulk"):
		cost = 1 + 2*len(found.Values)
	case found.Issues == nil && r.Method == http.MethodGet:
		cost = 2
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sum += cost
}

func (p *points) take() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := p.sum
	p.sum = 0
	return sum
}

// TestTripsOfWideBoards holds how long people wait for Jira: the longest chain of
// calls of a view of one project, with its points. Without an index a second viewer
// waits as long as the first: whoever reads for them knows nothing yet of what they
// see.
func TestTripsOfWideBoards(t *testing.T) {
	harness.Long(t)
	for _, tt := range []struct {
		index                         string
		issues, first, gadget, person int
	}{
		{"off", 120, 3, 1, 3},
		{"off", 1437, 5, 1, 5},
		{"off", 5000, 8, 1, 8},
		{"on", 120, 3, 1, 2},
		{"on", 1437, 3, 1, 2},
		{"on", 5000, 3, 1, 2},
	} {
		t.Run(fmt.Sprint(tt.issues, " ", tt.index), func(t *testing.T) {
			var spent points
			s := harness.Scene{
				Site:     connecttest.Options{Data: strings.NewReader(harness.WideData(tt.issues)), KeepDates: true, Check: spent.count},
				Settings: []func(*app.ServeFlags){func(f *app.ServeFlags) { f.Index = tt.index }},
			}.Stage(t)
			config := workload.NewGadgetConfig()
			config.Projects = []string{"WIDE"}
			s.SetUp(t, "workload", config)
			s.SetUp(t, "timelog", config)
			if tt.index == "on" {
				fill(t, s)
			}
			slowBy(t, s.Running, 1500*time.Millisecond) // the machine may be busy
			look := func(what, module, account string, most int) {
				t.Helper()
				s.Viewer = account
				spent.take()
				m := s.Meter()
				s.Seen(t, module)
				calls := m.Calls()
				got := trips(calls)
				t.Logf("%d issues, %s: %d trips, %d calls, %d points", tt.issues, what, got, len(calls), spent.take())
				if what == "after one change" && !slices.ContainsFunc(calls, func(c connecttest.Request) bool { return c.Operation == "matchIssues" }) {
					t.Errorf("everything was read again:\n%s", listCalls(calls))
				}
				if got > most {
					t.Errorf("%s: %d trips, want at most %d:\n%s", what, got, most, listCalls(calls))
				}
			}
			owner := s.Dashboard.Owner
			look("never seen", "workload", owner, tt.first)
			look("second gadget", "timelog", owner, tt.gadget)
			look("warm", "workload", owner, 0)
			look("second viewer", "workload", s.Account(t, "person7"), tt.person)
			changeOne(t, s)
			spent.take()
			if tt.index == "on" {
				look("after one change", "workload", owner, tt.person)
			} else {
				look("after a change", "workload", owner, tt.first)
			}
		})
	}
}

// changeOne changes an issue, and waits until the program has heard of it.
func changeOne(t *testing.T, s *harness.Stage) {
	t.Helper()
	body := map[string]any{"fields": map[string]any{"duedate": time.Now().AddDate(0, 0, -3).Format(time.DateOnly)}}
	s.Rest(t, s.Dashboard.Owner, http.MethodPut, "/rest/api/3/issue/WIDE-1", body, nil)
	if err := s.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// fill waits until the index has what the gadgets show.
func fill(t *testing.T, s *harness.Stage) {
	t.Helper()
	tenant, err := s.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(s.Site.CloudID()))
	if err != nil {
		t.Fatal(err)
	}
	item := connect.DashboardItem{Dashboard: "1", Item: "2"}
	if err := s.Store.Gadgets.SaveGadgetConfig(t.Context(), tenant.ID, item, []byte(`{"projects":["WIDE"]}`), time.Now()); err != nil {
		t.Fatal(err)
	}
	s.App.Feed().Survey()
	facts := s.App.Feed().Facts(string(tenant.ID))
	harness.Eventually(t, "the index is filled", func() bool {
		_, ok := facts.Held(t.Context(), source.Scope{Projects: []string{"WIDE"}})
		return ok
	})
}

// TestTripsOnForge: on Forge the person's token and the configuration come with the
// call, and reading issues in bulk needs no right to write.
func TestTripsOnForge(t *testing.T) {
	harness.Long(t)
	s := harness.Scene{Site: connecttest.Options{Data: strings.NewReader(harness.WideData(1437))}}.OnForge(t, nil)
	config := workload.NewGadgetConfig()
	config.Projects = []string{"WIDE"}
	s.SetUp(t, "workload", config)
	slowBy(t, s.Running, 1500*time.Millisecond)
	before := s.Site.Requests(0)
	s.Seen(t, "workload")
	var calls []connecttest.Request
	fetched := 0
	for _, q := range s.Site.Requests(before[len(before)-1].Seq) {
		if q.To == "site" && strings.Contains(q.Path, "/rest/api/3/") {
			calls = append(calls, q)
		}
		if q.Operation == "bulkFetchIssues" && q.Status == http.StatusOK {
			fetched++
		}
	}
	t.Logf("%d trips, %d calls, %d of them fetch issues", trips(calls), len(calls), fetched)
	if trips(calls) > 4 || fetched == 0 {
		t.Errorf("%d trips, %d fetches:\n%s", trips(calls), fetched, listCalls(calls))
	}
}
