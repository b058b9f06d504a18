package realdata

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
)

// parted is an issue of the public trackers with what scopes and units are about.
type parted struct {
	Project, StatusCategory, Assignee, Issuetype string
	Components, Labels, FixVersions              []string
	Timeestimate                                 *int64
}

var realCell = regexp.MustCompile(`(?s)<td[^>]* data-count="(\w+)"[^>]*>(.*?)</td>`)

// TestRealScopes narrows the data of public trackers, in issues and in remaining time,
// and compares each row with a count made straight from the file.
func TestRealScopes(t *testing.T) {
	t.Parallel()
	site, _, _, people := publicSite(t)
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "real-jira.json"))
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Issues []parted
		Users  []struct {
			Name   string
			Active bool
		}
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	r := harness.Start(t, site)
	r.Install(t)
	dashboard := site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	session := harness.Attribute(t, r.Gadget(t, dashboard.Owner, dashboard.ID, item), "data-session")
	has := slices.Contains[[]string]
	inactive, marked := map[string]bool{}, 0
	for _, u := range data.Users {
		inactive[people[u.Name].AccountID] = !u.Active
	}
	for name, tc := range map[string]struct {
		form   url.Values
		counts func(parted) bool
	}{
		"components": {url.Values{"projects": {"ARROW"}, "components": {"Python", "R"}}, func(i parted) bool {
			return i.Project == "ARROW" && (has(i.Components, "Python") || has(i.Components, "R"))
		}},
		"labels and types": {url.Values{"projects": {"ARROW", "TIMOB"}, "labels": {"good-first-issue", "pull-request-available"}, "types": {"Bug", "Improvement"}}, func(i parted) bool {
			return (i.Project == "ARROW" || i.Project == "TIMOB") && (has(i.Labels, "good-first-issue") || has(i.Labels, "pull-request-available")) && (i.Issuetype == "Bug" || i.Issuetype == "Improvement")
		}},
		"a query": {url.Values{"scope": {"jql"}, "jql": {`project = TIMOB AND type = Bug OR project = ALOY order by key`}}, func(i parted) bool {
			return i.Project == "TIMOB" && i.Issuetype == "Bug" || i.Project == "ALOY"
		}},
	} {
		for _, measure := range []string{"", "remaining"} {
			form := url.Values{"team": {"all"}, "window": {"14"}, "unit": {"hours"}, "measure": {measure}}
			for field, values := range tc.form {
				form[field] = values
			}
			status, view := r.Save(t, session, dashboard.ID, item, form)
			if status != http.StatusOK {
				t.Fatalf("%s: %d\n%s", name, status, harness.PlainText(view))
			}
			left, open, blank, hours := 0, map[string]int{}, map[string]int{}, map[string]float64{}
			for _, i := range data.Issues {
				if i.StatusCategory == "done" || !tc.counts(i) {
					continue
				}
				who := people[i.Assignee].AccountID
				open[who]++
				if inactive[who] {
					left++
				}
				if i.Timeestimate == nil || *i.Timeestimate == 0 {
					blank[who]++
				} else {
					hours[who] += float64(*i.Timeestimate) / 3600
				}
			}
			seen := 0
			for _, m := range harness.TableRow.FindAllStringSubmatch(view, -1) {
				who, cells := html.UnescapeString(m[1]), map[string]string{}
				for _, c := range realCell.FindAllStringSubmatch(m[2], -1) {
					cells[c[1]] = strings.ReplaceAll(harness.PlainText(c[2]), ",", "")
				}
				want := fmt.Sprint(open[who])
				if measure == "remaining" {
					want = strings.TrimSuffix(fmt.Sprintf("%.1f", hours[who]), ".0")
					if cells["blank"] != fmt.Sprint(blank[who]) {
						t.Errorf("%s, %q: %s not estimated, want %d", name, who, cells["blank"], blank[who])
					}
				}
				if cells["open"] != want {
					t.Errorf("%s, %q in %q: %s open, want %s", name, who, measure, cells["open"], want)
				}
				if open[who] > 0 {
					seen++
				}
				if got := strings.Contains(m[2], "Deactivated"); got != inactive[who] {
					t.Errorf("%s, %q: marked as deactivated: %t", name, who, got)
				}
			}
			marked += left
			if got := leftOf(t, r, dashboard.Owner, view); got != left {
				t.Errorf("%s: %d open issues of people who left, want %d", name, got, left)
			}
			if seen != len(open) || len(open) < 5 {
				t.Errorf("%s: %d of %d rows", name, seen, len(open))
			}
			t.Logf("%s: %d people, %d open of nobody", name, len(open)-1, open[""])
		}
	}
	if marked == 0 {
		t.Error("nobody who left has open issues")
	}
}

var leftPeople = regexp.MustCompile(`(?s)<p class="left-people">.*?<a href="([^"]*)"[^>]*>(.*?)</a>`)

// leftOf is how many open issues of people who left a view shows, which its link must find
// in Jira; 0 if it shows none.
func leftOf(t *testing.T, r *harness.Running, account, view string) int {
	t.Helper()
	found := leftPeople.FindStringSubmatch(view)
	if found == nil {
		return 0
	}
	address, err := url.Parse(html.UnescapeString(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	n := r.Count(t, account, address.Query().Get("jql"))
	if shown := strings.ReplaceAll(harness.PlainText(found[2]), ",", ""); shown != fmt.Sprint(n) {
		t.Errorf("%s open issues of people who left; the link finds %d", shown, n)
	}
	return n
}
