package budgets

import (
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// mostBytes is how much a browser with an empty cache may load from the app for
// one gadget.
const mostBytes = 60 << 10

var own = regexp.MustCompile(`(?:src|href)="(/static/[^"]+)"`)

// weight requests an address as a browser does and returns the bytes that came
// over the wire, and the text.
func weight(t *testing.T, address string) (int, string) {
	t.Helper()
	wire := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	req := harness.NewRequest(t, http.MethodGet, address, nil)
	req.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	resp, err := wire.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", address, resp.StatusCode, err)
	}
	if said := resp.Header.Get("Content-Length"); said != "" && said != strconv.Itoa(len(body)) {
		t.Errorf("%s: Content-Length %s, and %d bytes came", address, said, len(body))
	}
	if resp.Header.Get("Content-Encoding") != "gzip" {
		return len(body), string(body)
	}
	return len(body), harness.Unzipped(t, body)
}

// TestGadgetsAreSmall weighs the gadgets of a team of eighty with all their
// static files.
func TestGadgetsAreSmall(t *testing.T) {
	t.Parallel()
	s := harness.Scene{Site: connecttest.Options{Large: true}}.Stage(t)
	config := workload.NewGadgetConfig()
	config.Projects, config.Window = []string{"FLEET"}, workload.Month
	for _, module := range []string{"workload", "timelog"} {
		s.SetUp(t, module, config)
		address := s.Address(t, module)
		harness.Eventually(t, module+" is there at once", func() bool {
			_, page := weight(t, address)
			return !strings.Contains(page, `data-fragment="loading"`)
		})
		sum, page := weight(t, address)
		if n := strings.Count(page, "data-person="); n < 75 {
			t.Errorf("%s shows %d people, want about eighty", module, n)
		}
		html, files := sum, own.FindAllStringSubmatch(page, -1)
		for _, m := range files {
			n, _ := weight(t, s.URL+m[1])
			sum += n
		}
		t.Logf("%s: %d bytes, %d of them the page, and %d files", module, sum, html, len(files))
		if sum > mostBytes {
			t.Errorf("%s: %d bytes, want %d at most", module, sum, mostBytes)
		}
	}
}

// TestFirstPaintIsOneRequest: for its first paint a page needs only itself and
// its static files, which the browser already has and never requests twice.
func TestFirstPaintIsOneRequest(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	s := harness.Scene{}.Stage(t)
	for _, module := range []string{"workload", "timelog"} {
		s.Showing(t, module, "HARB", "LANT")
		tab := browser.Open(t, s.Seen(t, module), 480, 900)
		tab.Until(harness.Loaded + `document.querySelector("[data-person]")`)
		tab.Visit(s.Address(t, module))
		tab.Until(harness.Loaded + `document.querySelector("[data-person]") && performance.getEntriesByName("first-contentful-paint").length`)
		asked := browsertest.Eval[[]string](tab, `(() => {
			const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
			// Only a page outside a frame requests an icon.
			return performance.getEntriesByType("resource").filter((r) => new URL(r.name).origin === location.origin && !r.name.endsWith("/favicon.ico"))
				.filter((r) => !r.name.includes("/static/") && r.startTime <= paint || r.transferSize > 0)
				.map((r) => r.name + " " + r.transferSize);
		})()`)
		if len(asked) > 0 {
			t.Errorf("%s asks the app for %q", module, asked)
		}
	}
}
