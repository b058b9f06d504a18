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
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

var groupRow = regexp.MustCompile(`(?s)<tr[^>]* data-person="([^"]*)" data-value="=?([^"]*)"[^>]*>(.*?)</tr>`)

var openLink = regexp.MustCompile(`(?s)data-count="open"[^>]*>\s*<a href="([^"]*)"`)

// TestRealGroups groups the issues of public trackers, and divides people's rows, and
// compares each row with a count made straight from the file, and with what its link
// finds.
func TestRealGroups(t *testing.T) {
	t.Parallel()
	site, _, _, people := publicSite(t)
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "real-jira.json"))
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Issues []struct{ Key, Project, StatusCategory, Assignee, Issuetype, Parent string }
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	r := harness.Start(t, site)
	r.Install(t)
	dashboard := site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	session := harness.Attribute(t, r.Gadget(t, dashboard.Owner, dashboard.ID, item), "data-session")
	types := map[string]string{}
	for _, i := range data.Issues {
		types[i.Key] = i.Issuetype
	}
	for _, axis := range []string{"project", "epic", "type", "status"} {
		for _, field := range []string{"rows", "split"} {
			open := map[string]int{}
			for _, i := range data.Issues {
				if i.StatusCategory == "done" || i.Project == "MOD" { // which is not shown
					continue
				}
				value := map[string]string{"project": i.Project, "type": i.Issuetype, "status": i.StatusCategory}[axis]
				if axis == "epic" && types[i.Parent] == "Epic" {
					value = i.Parent
				}
				open["* "+value]++
				if field == "split" {
					open[people[i.Assignee].AccountID+" "+value]++
				}
			}
			status, view := r.Save(t, session, dashboard.ID, item, url.Values{
				"projects": {"ARROW", "TIMOB", "ALOY"}, "team": {"all"}, "window": {"14"}, "unit": {"hours"}, field: {axis},
			})
			if status != http.StatusOK {
				t.Fatalf("%s by %s: %d\n%s", field, axis, status, harness.PlainText(view))
			}
			rows, linked := 0, 0
			for _, m := range groupRow.FindAllStringSubmatch(view, -1) {
				who, value := html.UnescapeString(m[1]), html.UnescapeString(m[2])
				if who == "" && field == "rows" {
					who = "*"
				}
				if value == "all" {
					continue
				}
				rows++
				shown := ""
				for _, c := range realCell.FindAllStringSubmatch(m[3], -1) {
					if c[1] == "open" {
						shown = strings.ReplaceAll(harness.PlainText(c[2]), ",", "")
					}
				}
				if shown != fmt.Sprint(open[who+" "+value]) {
					t.Errorf("%s by %s, %s %q: %s open, want %d", field, axis, who, value, shown, open[who+" "+value])
				}
				if link := openLink.FindStringSubmatch(m[3]); link != nil && (who == "*" || linked < 20) {
					linked++
					address, err := url.Parse(html.UnescapeString(link[1]))
					if err != nil {
						t.Fatal(err)
					}
					if n := r.Count(t, dashboard.Owner, address.Query().Get("jql")); fmt.Sprint(n) != shown {
						t.Errorf("%s by %s, %s %q: %s open, the link finds %d", field, axis, who, value, shown, n)
					}
				}
			}
			if rows != len(open) || linked == 0 {
				t.Errorf("%s by %s: %d rows with %d links, want %d rows", field, axis, rows, linked, len(open))
			}
			t.Logf("%s by %s: %d rows", field, axis, rows)
		}
	}
}

// TestRealSheets compares the rows of issues and of people on issues with the file.
func TestRealSheets(t *testing.T) {
	t.Parallel()
	site, data, shift, people := publicSite(t)
	r := harness.Start(t, site)
	r.Install(t)
	dashboard := site.Objects().Dashboards[0]
	k := r.Timekeeper(t, dashboard, dashboard.Owner)
	all := data.logged(t, people, "ARROW", shift)
	for _, sheet := range []workload.Sheet{workload.SheetPeopleIssues, workload.SheetIssuesPeople, workload.SheetProjects} {
		config := workload.NewGadgetConfig()
		config.Projects, config.Window, config.Sheet = []string{"ARROW"}, workload.Month, sheet
		r.ConfigureTimelog(t, dashboard, config)
		r.ForgetViews(t)
		now := time.Now().In(k.Zone)
		first, last := now.AddDate(0, 0, -29).Format(time.DateOnly), now.Format(time.DateOnly)
		want := map[string]int64{}
		for _, l := range all {
			if day := l.Started.In(k.Zone).Format(time.DateOnly); l.App || day < first || day > last {
				continue
			}
			if sheet == workload.SheetProjects {
				want["* ARROW"] += l.Seconds
				continue
			}
			want[l.Author+" "+l.Issue] += l.Seconds
			if sheet == workload.SheetIssuesPeople {
				want["* "+l.Issue] += l.Seconds
			}
		}
		rows := 0
		for _, m := range groupRow.FindAllStringSubmatch(k.Page(t), -1) {
			who := html.UnescapeString(m[1])
			if who == "" {
				who = "*"
			}
			rows++
			sum := regexp.MustCompile(`data-count="logged">([^<]*)<`).FindStringSubmatch(m[3])
			hours := strings.TrimSuffix(fmt.Sprintf("%.1f", float64(want[who+" "+m[2]])/3600), ".0")
			if sum == nil || strings.ReplaceAll(sum[1], ",", "") != hours && sum[1] != "&lt;0.1" {
				t.Errorf("%q, %s %s: %v, want %s", sheet, who, m[2], sum, hours)
			}
		}
		if rows != len(want) || rows == 0 {
			t.Errorf("%q: %d rows, want %d", sheet, rows, len(want))
		}
		t.Logf("%q: %d rows", sheet, rows)
	}
}
