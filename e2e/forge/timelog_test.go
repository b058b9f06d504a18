package forge

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

var (
	removes = regexp.MustCompile(`data-open="[^"]*/remove\?([^"]*issue=HARB-1&[^"]*)"`)
	base    = regexp.MustCompile(`name="base" value="([^"]*)"`)
)

// TestForgeWorklogs: on Forge a person logs work and deletes it again; one that has
// changed since they saw it stays, and so does one that Jira keeps.
func TestForgeWorklogs(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Configure(t, "timelog", "HARB")
	who := f.Dashboard.Owner
	before := harness.ReadSheet(t, f.View(t, who, "timelog"))
	day := url.Values{"person": {who}, "day": {time.Now().UTC().AddDate(0, 0, -3).Format(time.DateOnly)}}
	logged := f.Post(t, who, "timelog", "/log?"+day.Encode(), url.Values{"issue": {"HARB-1"}, "spent": {"7h 30m"}, "day": {day.Get("day")}, "clock": {"10:00"}})
	place := removes.FindStringSubmatch(logged.HTML)
	if logged.Code != http.StatusOK || !strings.Contains(logged.HTML, "Logged.") || place == nil {
		t.Fatalf("log: %+v", logged)
	}
	path := "/remove?" + html.UnescapeString(place[1])
	ask := func() url.Values {
		t.Helper()
		asked := f.Call(t, who, "timelog", path)
		version := base.FindStringSubmatch(asked.HTML)
		if asked.Code != http.StatusOK || version == nil || !strings.Contains(asked.HTML, "7 h 30 min, started") {
			t.Fatalf("ask: %+v", asked)
		}
		return url.Values{"base": {version[1]}}
	}
	old := url.Values{"base": {"1"}}
	if got := f.Post(t, who, "timelog", path, old); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.HTML, "has changed in Jira") {
		t.Errorf("of another version: %+v", got)
	}
	for status, said := range map[int]string{http.StatusBadRequest: "Jira did not delete it.", http.StatusForbidden: "Jira did not delete it."} {
		f.Fault(t, connecttest.Fault{Method: http.MethodDelete, Path: "/ex/jira/*/worklog/*", Status: status, Times: 1})
		if got := f.Post(t, who, "timelog", path, ask()); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.HTML, said) {
			t.Errorf("Jira answers %d: %+v", status, got)
		}
	}
	if got := f.Call(t, f.Person(9), "timelog", path); got.Code != http.StatusForbidden || !strings.Contains(got.HTML+got.Detail, "Only the author") {
		t.Errorf("somebody else: %+v", got)
	}
	gone := f.Post(t, who, "timelog", path, ask())
	if gone.Code != http.StatusOK || !strings.Contains(gone.HTML, "Deleted.") || strings.Contains(gone.HTML, html.EscapeString(place[1])) {
		t.Errorf("delete: %+v", gone)
	}
	if again := f.Post(t, who, "timelog", path, old); again.Code != http.StatusNotFound {
		t.Errorf("once more: %+v", again)
	}
	if after := harness.ReadSheet(t, f.View(t, who, "timelog")); after.Total != before.Total {
		t.Errorf("the total is %s after %s", after.Total, before.Total)
	}
}
