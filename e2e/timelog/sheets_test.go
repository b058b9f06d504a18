package timelog

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

var sheetRow = regexp.MustCompile(`(?s)<tr[^>]* data-person="([^"]*)"(?: data-value="([^"]*)")?[^>]*>(.*?)</tr>`)

var cellOpens = regexp.MustCompile(`(?s)<button type="button" class="heat step-[^>]* data-open="([^"]*)"[^>]*>([^<]*)</button>`)

var sumOf = regexp.MustCompile(`<td class="num sum" data-count="logged">([^<]*)</td>`)

// countSheet counts the seconds of each row of a kind of sheet, by person and issue or
// project; "*" is everybody.
func countSheet(logs []harness.Logged, sheet workload.Sheet, zone *time.Location, now time.Time, days int) map[string]int64 {
	first, last := now.In(zone).AddDate(0, 0, 1-days).Format(time.DateOnly), now.In(zone).Format(time.DateOnly)
	sum := map[string]int64{}
	for _, l := range logs {
		if day := l.Started.In(zone).Format(time.DateOnly); l.App || day < first || day > last {
			continue
		}
		project, _, _ := strings.Cut(l.Issue, "-")
		switch sheet {
		case workload.SheetPeople:
			sum[l.Author+" "] += l.Seconds
		case workload.SheetPeopleIssues:
			sum[l.Author+" "] += l.Seconds
			sum[l.Author+" "+l.Issue] += l.Seconds
		case workload.SheetIssuesPeople:
			sum["* "+l.Issue] += l.Seconds
			sum[l.Author+" "+l.Issue] += l.Seconds
		case workload.SheetProjects:
			sum["* "+project] += l.Seconds
		}
	}
	return sum
}

// TestSheets compares every row of every sheet with the work logs as the site has them,
// the total with that of people, and what each cell opens with the cell.
func TestSheets(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	k := r.Timekeeper(t, b.Dashboard, b.Dashboard.Owner)
	logs := r.AllLogs(t, k.AccountID, "HARB", "LANT")
	total := ""
	for _, sheet := range workload.Sheets() {
		config := workload.NewGadgetConfig()
		config.Projects, config.Sheet = []string{"HARB", "LANT"}, sheet
		r.ConfigureTimelog(t, b.Dashboard, config)
		status, page := k.Call(t, "/gadget/timelog/view?fresh=1", nil)
		if status != http.StatusOK {
			t.Fatalf("%d\n%s", status, harness.PlainText(page))
		}
		want := countSheet(logs, sheet, k.Zone, time.Now(), 14)
		left := maps.Clone(want)
		for _, m := range sheetRow.FindAllStringSubmatch(page, -1) {
			who, on, row := html.UnescapeString(m[1]), html.UnescapeString(m[2]), m[3]
			if who == "" {
				who = "*"
			}
			key := who + " " + on
			seconds, ok := left[key]
			delete(left, key)
			hours := strings.TrimSuffix(strconv.FormatFloat(float64(seconds)/3600, 'f', 1, 64), ".0")
			if got := strings.ReplaceAll(sumOf.FindStringSubmatch(row)[1], ",", ""); !ok && got != "0" || got != hours {
				t.Errorf("%q: %s has %s, want %s", sheet, key, got, hours)
			}
			for i, cell := range cellOpens.FindAllStringSubmatch(row, -1) {
				if i > 1 {
					break // two cells of each row tell enough
				}
				status, list := k.Call(t, html.UnescapeString(cell[1]), nil)
				if got := listedHours(t, list); status != http.StatusOK || got != cell[2] {
					t.Errorf("%q, %s: %d, the list adds up to %s, the cell says %s: %s", sheet, key, status, got, cell[2], html.UnescapeString(cell[1]))
				}
			}
		}
		for key := range left {
			t.Errorf("%q: no row of %s", sheet, key)
		}
		now := harness.ReadSheet(t, page)
		if total == "" {
			total = now.Total
		}
		if now.Total != total || total == "0" {
			t.Errorf("%q: in all %s, want %s", sheet, now.Total, total)
		}
		fileAddsUp(t, k, string(sheet), total)
	}
}

// fileAddsUp adds up the last column of a sheet's file.
func fileAddsUp(t *testing.T, k *harness.Timekeeper, sheet, total string) {
	t.Helper()
	status, file := k.Call(t, "/gadget/timelog/csv?format=point", nil)
	if status != http.StatusOK {
		t.Fatalf("%d\n%s", status, file)
	}
	sum := 0.0
	for i, line := range strings.Split(strings.TrimSpace(file), "\n") {
		cells := strings.Split(strings.TrimSpace(line), ",")
		n, err := strconv.ParseFloat(cells[len(cells)-1], 64)
		if err != nil && i > 0 {
			t.Errorf("%q: %v", sheet, err)
		}
		sum += n
	}
	if got := strings.TrimSuffix(fmt.Sprintf("%.1f", sum), ".0"); got != total {
		t.Errorf("%q: the file has %s hours, want %s", sheet, got, total)
	}
}

// TestSheetLogsOnTheIssue: an empty cell of an issue in one's own row opens the form with
// that issue, and what is logged is in that cell.
func TestSheetLogsOnTheIssue(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	k := r.Timekeeper(t, b.Dashboard, "creyes")
	for _, sheet := range []workload.Sheet{workload.SheetPeopleIssues, workload.SheetIssuesPeople} {
		config := workload.NewGadgetConfig()
		config.Projects, config.Sheet = []string{"HARB", "LANT"}, sheet
		r.ConfigureTimelog(t, b.Dashboard, config)
		_, page := k.Call(t, "/gadget/timelog/view?fresh=1", nil)
		add := regexp.MustCompile(`data-open="([^"]*/gadget/timelog/log\?[^"]*on=([A-Z]+-[0-9]+)[^"]*)"`).FindStringSubmatch(page)
		if add == nil {
			t.Fatalf("%q: no empty cell of an issue", sheet)
		}
		path := html.UnescapeString(add[1])
		status, form := k.Call(t, path, nil)
		typed := fields(t, form)
		if status != http.StatusOK || typed.Get("issue") != add[2] {
			t.Fatalf("%q: %d, the form has %q, want %q", sheet, status, typed.Get("issue"), add[2])
		}
		typed.Set("spent", "45m")
		status, list := k.Call(t, path, typed)
		if status != http.StatusOK || listedHours(t, list) != "0.8" || !strings.Contains(list, "/browse/"+add[2]) {
			t.Errorf("%q: %d\n%s", sheet, status, harness.PlainText(list))
		}
		at, _ := url.Parse(path)
		_, page = k.Call(t, "/gadget/timelog/view?fresh=1", nil)
		if !strings.Contains(html.UnescapeString(page), "/gadget/timelog/day?"+at.RawQuery) && !strings.Contains(html.UnescapeString(page), "day="+at.Query().Get("day")+"&on="+add[2]) {
			t.Errorf("%q: no cell with the new work: %s", sheet, at.RawQuery)
		}
	}
	for name, query := range map[string]string{
		"everybody's whole day": "person=*&day=2026-11-02", "no key": "person=" + k.AccountID + "&day=2026-11-02&on=%22+or+1", "everybody's form": "",
	} {
		path := "/gadget/timelog/day?" + query
		if query == "" {
			path = "/gadget/timelog/log?person=*&day=2026-11-02&on=HARB-1"
		}
		if status, page := k.Call(t, path, nil); status < 400 || status >= 500 {
			t.Errorf("%s: %d\n%s", name, status, harness.PlainText(page))
		}
	}
}

// TestSheetForm: a preview names some rows, and a wrong choice is refused beside its
// field.
func TestSheetForm(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	k := r.Timekeeper(t, b.Dashboard, b.Dashboard.Owner)
	for sheet, want := range map[string]string{"": "", "issues": "Rows below people, for example: HARB-", "people": "Rows, for example: HARB-", "project": "Rows, for example: Harbour"} {
		form := url.Values{"projects": {"HARB"}, "team": {"all"}, "window": {"14"}, "unit": {"hours"}, "sheet": {sheet}}
		status, page := k.Call(t, "/gadget/timelog/rows?"+form.Encode(), nil)
		if got := harness.PlainText(page); status != http.StatusOK || !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q: %d %q, want %q", sheet, status, got, want)
		}
	}
	status, page := k.Call(t, "/gadget/timelog/form", url.Values{"projects": {"HARB"}, "team": {"all"}, "window": {"14"}, "unit": {"hours"}, "sheet": {"moon"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, `id="sl-sheet-error"`) {
		t.Errorf("a wrong choice: %d\n%s", status, harness.PlainText(page))
	}
}
