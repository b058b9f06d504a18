//go:build !race

package budgets

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

// mostAllocs is how many allocations a page may take whose view is in the cache.
// 24 of them are the test's own request and recorder.
const mostAllocs = 90

// TestCachedPageAllocates: what a page allocates is time that all others wait for.
func TestCachedPageAllocates(t *testing.T) { //nolint:paralleltest // counts the allocations of the whole process
	r, dashboard, item := harness.Configured(t, func(f *app.ServeFlags) { f.LogLevel = "warn" })
	signed, err := r.Site.ModuleURL(harness.AppKey, "workload", dashboard.Owner, dashboard.ID, item)
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	for _, encoding := range encodings {
		get := func() {
			w := httptest.NewRecorder()
			r.Handler.ServeHTTP(w, pageRequest("", address, encoding))
			if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != encoding {
				t.Fatalf("status %d, encoding %q", w.Code, w.Header().Get("Content-Encoding"))
			}
		}
		get()
		if got := testing.AllocsPerRun(200, get); got > mostAllocs {
			t.Errorf("%q: %v allocations, want at most %d", encoding, got, mostAllocs)
		}
	}
}
