package reader

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// untimed are the parts of a message that count down to the end of an hour.
var untimed = regexp.MustCompile(`data-retry="\d+"|in \d+ (min|s)\b`)

// TestFailures: what Jira refuses a page is told in the words that the server's
// reading has for it.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]connecttest.Fault{
		"a long pause": {Path: "*" + harness.SearchPath, Status: 429, RetryAfter: 120},
		"a quota":      {Path: "*" + harness.SearchPath, Status: 429, RetryAfter: 7, Headers: map[string]string{"RateLimit-Reason": "jira-quota-tenant-based"}},
		"forbidden":    {Path: "*" + harness.SearchPath, Status: 403},
		"broken":       {Path: "*" + harness.SearchPath, Status: 500},
		"a page of a proxy": {
			Path: "*" + harness.SearchPath, Status: 200, Headers: map[string]string{"Content-Type": "text/html"}, Body: "<html>hello",
		},
		"no scope": {
			Path: "*" + harness.SearchPath, Status: 403, Headers: map[string]string{"X-Failure-Category": "FAILURE_CLIENT_SCOPE_CHECK"}, Body: `{}`,
		},
		"no zone": {Path: "*/rest/api/3/myself", Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, connecttest.Options{}, harness.InBrowser)
			f.Fault(t, fault)
			page := f.Reader(f.Person(0), "workload")
			inPage := page.Follow(t, page.First(t))
			served := f.Call(t, f.Person(3), "workload", "/view?fresh=1")
			served.HTML, inPage.HTML = untimed.ReplaceAllString(served.HTML, "N"), untimed.ReplaceAllString(inPage.HTML, "N")
			if diff := cmp.Diff(served, inPage); diff != "" || served.Code < 400 {
				t.Errorf("(-server +page):\n%s", diff)
			}
		})
	}
}

// TestAShortPause: the page waits as long as Jira asks for, and goes on.
func TestAShortPause(t *testing.T) {
	t.Parallel()
	f := start(t, connecttest.Options{}, harness.InBrowser)
	f.Fault(t, connecttest.Fault{Path: "*" + harness.SearchPath, Status: 429, RetryAfter: 1, Times: 2, Headers: map[string]string{"RateLimit-Reason": "jira-burst-based"}})
	page := f.Reader(f.Person(0), "workload")
	page.View(t)
	waits := 0
	for _, w := range page.Asked {
		if w.Wait >= 1000 && w.Wait <= 1300 {
			waits++
		}
	}
	if waits != 2 {
		t.Errorf("%d calls were put off: %+v", waits, page.Asked)
	}
}

// TestLifeInBrowser follows a viewer in a browser: a choice, a refresh after a
// change, another configuration, a pause that Jira asks for, and a bridge that
// stops working. The app itself reads nothing until then.
func TestLifeInBrowser(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	eachPage(t, func(t *testing.T, put func(harness.Forge) harness.Forge) {
		f := put(start(t, connecttest.Options{}, harness.InBrowser))
		viewer := f.Dashboard.Owner
		seen := f.Meter().Seq
		b := open(t, f, viewer)
		before := harness.ReadTeam(t, normal(shown(b.workload, team)))
		b.timelog.Until(`document.querySelector("` + sheet + `")`)

		b.workload.Click("#sl-compact")
		b.workload.Until(`document.querySelector(".compact [data-person]")`)
		for _, call := range own(f, seen) {
			if !strings.Contains(call.Path, "/user/properties/") {
				t.Errorf("a choice made the app call %s %s", call.Method, call.Path)
			}
		}

		f.FinishOneIssue(t, viewer, "HARB")
		if err := f.Site.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.Fault(t, connecttest.Fault{Path: "*" + harness.SearchPath, Status: 429, RetryAfter: 1, Times: 1, Headers: map[string]string{"RateLimit-Reason": "jira-burst-based"}})
		b.refresh(t)
		after := harness.ReadTeam(t, normal(shown(b.workload, team)))
		if after.Totals.Open != before.Totals.Open-1 {
			t.Errorf("open: %d, then %d", before.Totals.Open, after.Totals.Open)
		}

		f.Configure(t, "workload", "LANT")
		seen = f.Meter().Seq
		b.refresh(t)
		b.workload.Until(`document.querySelector("` + team + ` .scope")?.textContent.includes("LANT") && !document.querySelector(".scope").textContent.includes("HARB")`)
		if calls := own(f, seen); len(calls) > 0 {
			t.Errorf("another configuration made the app call %+v", calls)
		}
		if problems := b.Problems(); len(problems) > 0 {
			t.Errorf("problems: %q", problems)
		}

		// The bridge's call fails from now on: the server reads.
		f.Site.Handle("POST /-/ui/forge/product", http.NotFoundHandler())
		f.FinishOneIssue(t, viewer, "LANT")
		if err := f.Site.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		served := f.Meter().Seq
		b.refresh(t)
		b.workload.Until(`document.querySelector("` + team + `")`)
		if calls := own(f, served); len(calls) == 0 {
			t.Error("the server did not read")
		}
	})
}

// refresh has the host show the workload gadget anew.
func (b board) refresh(t *testing.T) {
	t.Helper()
	b.workload.Do(`document.querySelector("[data-fragment]").dataset.old = "1"`)
	b.Click("[data-item='" + b.f.Item(t, "workload") + "'] [title='More actions']")
	b.ClickText("Refresh")
	b.workload.Until(`!document.querySelector("[data-old]")`)
}

// TestClosedInTheMiddle: a page that is closed while it reads leaves nothing over,
// and the next one reads anew.
func TestClosedInTheMiddle(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	f := start(t, connecttest.Options{}, harness.InBrowser)
	before := f.Work(t)
	gone := f.Reader(f.Person(0), "workload")
	first := gone.First(t)
	if first.Read == nil {
		t.Fatalf("nothing to read: %+v", first)
	}
	gone.Fetch(t, first.Read)
	gone.Hand(t, first.Read) // and is closed
	f.Rests(t, before)
	f.Reader(f.Person(0), "workload").View(t)
}

// TestOldBundle: a page that does not say that it can read is read for.
func TestOldBundle(t *testing.T) {
	t.Parallel()
	f := start(t, connecttest.Options{}, harness.InBrowser)
	got := f.Call(t, f.Person(0), "workload", "?entry=view")
	if got.Read != nil || got.Code != http.StatusOK || !strings.Contains(got.HTML, "data-person") {
		t.Errorf("%+v", got)
	}
	f = start(t, connecttest.Options{}, harness.OnServer)
	if got := f.Reader(f.Person(0), "workload").First(t); got.Read != nil || !strings.Contains(got.HTML, "data-person") {
		t.Errorf("the server is to read: %+v", got)
	}
}
