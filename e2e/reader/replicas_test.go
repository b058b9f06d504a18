package reader

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
)

// inTurns is an address behind which programs take turns.
func inTurns(t *testing.T) (address string, join func(*harness.Running)) {
	t.Helper()
	var proxies []http.Handler
	var next atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxies[int(next.Add(1))%len(proxies)].ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, func(r *harness.Running) {
		target, err := url.Parse(r.URL)
		if err != nil {
			t.Fatal(err)
		}
		proxies = append(proxies, httputil.NewSingleHostReverseProxy(target))
	}
}

// TestReplicas: two programs behind one address take turns within one reading. Each
// goes on with what the other has begun, without calling Jira.
func TestReplicas(t *testing.T) {
	t.Parallel()
	site, database := connecttest.NewSite(t), harness.PostgresURL(t)
	address, join := inTurns(t)
	changes := []func(*app.ServeFlags){harness.OnForge(site), harness.WithoutConnect, harness.On(database), harness.InBrowser}
	one, two := harness.Start(t, site, changes...), harness.Start(t, site, changes...)
	join(one)
	join(two)
	one.URL = address // the manifest's
	f := one.InstallForge(t, forge.StageForge, "")
	for _, gadget := range gadgets() {
		f.Configure(t, gadget, "HARB", "LANT", "VALT")
	}
	for _, person := range []int{0, 9} {
		viewer := f.Person(person)
		seen := f.Meter().Seq
		page, log := f.Reader(viewer, "workload"), f.Reader(viewer, "timelog")
		team, hours := harness.ReadTeam(t, page.View(t)), harness.ReadSheet(t, log.View(t))
		if calls := own(f, seen); len(calls) > 0 {
			t.Errorf("a program called Jira: %+v", calls)
		}
		t.Logf("%d and %d calls, %d and %d waves", page.Calls, log.Calls, page.Waves, log.Waves)
		served := f.Call(t, viewer, "workload", "/view?fresh=1").HTML
		if diff := cmp.Diff(harness.ReadTeam(t, served), team); diff != "" {
			t.Errorf("workload (-server +page):\n%s", diff)
		}
		served = f.Call(t, viewer, "timelog", "/view?fresh=1").HTML
		if diff := cmp.Diff(harness.ReadSheet(t, served), hours); diff != "" {
			t.Errorf("timelog (-server +page):\n%s", diff)
		}
	}
}
