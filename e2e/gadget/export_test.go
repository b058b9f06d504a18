package gadget

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// records reads a file as a spreadsheet does.
func records(t *testing.T, text string, separator rune) [][]string {
	t.Helper()
	rest, marked := strings.CutPrefix(text, "\ufeff")
	if !marked {
		t.Fatalf("the file does not say that it is UTF-8: %.80q", text)
	}
	r := csv.NewReader(strings.NewReader(rest))
	r.Comma = separator
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestFileOfAView: the file has the rows of the page, numbers as numbers.
func TestFileOfAView(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	team := harness.ReadTeam(t, r.Gadget(t, d.Account, d.Dashboard, d.Item))
	for format, separator := range map[string]rune{"": ',', "point": ',', "comma": ';'} {
		status, body := get(t, d, "csv", url.Values{"format": {format}})
		if status != http.StatusOK {
			t.Fatalf("%q: %d\n%.300s", format, status, body)
		}
		rows := records(t, body, separator)
		want := append(slices.Clone(team.Rows), harness.ShownRow{Name: "Unassigned", Figures: team.Unassigned})
		if len(rows) < len(want)+1 || rows[0][0] != "Person" || rows[0][6] != "Remaining hours" {
			t.Fatalf("%q: %d rows, the first is %q", format, len(rows), rows[0])
		}
		for i, w := range want {
			got, f := rows[i+1], w.Figures
			if w.Load == "Deactivated" {
				w.Name += " (deactivated)"
			}
			if counts := []string{w.Name, strconv.Itoa(f.Open), strconv.Itoa(f.ToDo), strconv.Itoa(f.InProgress), strconv.Itoa(f.Overdue), strconv.Itoa(f.DueSoon)}; !slices.Equal(got[:6], counts) {
				t.Errorf("%q: row %d is %q, want %q", format, i+1, got, counts)
			}
			hours, err := strconv.ParseFloat(strings.Replace(got[6], ",", ".", 1), 64)
			if err != nil || fmt.Sprintf("%.0f", hours) != fmt.Sprintf("%.0f", number(t, f.Remaining)) {
				t.Errorf("%q: %s has %q hours left, the page says %q (%v)", format, w.Name, got[6], f.Remaining, err)
			}
		}
	}
	if status, body := get(t, d, "csv", url.Values{"format": {"excel"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("another format: %d\n%s", status, body)
	}
}

func number(t *testing.T, shown string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimPrefix(shown, "<"), ",", ""), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// manyIssues is a site on which Ann has 320 issues, all with one summary.
func manyIssues(summary string) connecttest.Options {
	const when = "2026-01-02T09:00:00.000+0000"
	var issues []any
	for i := range 320 {
		issues = append(issues, map[string]any{
			"key": fmt.Sprintf("ABC-%d", i+1), "id": strconv.Itoa(i + 1), "project": "ABC", "summary": summary, "issuetype": "Task",
			"status": "To Do", "statusCategory": "new", "assignee": "ann", "reporter": "ann", "created": when, "updated": when,
		})
	}
	return connecttest.Options{Data: strings.NewReader(harness.AsJSON(map[string]any{
		"projects": []any{map[string]any{"key": "ABC", "name": "Many"}}, "issues": issues, "worklogs": []any{},
		"users": []any{map[string]any{"name": "ann", "displayName": "Ann", "active": true, "timeZone": "Etc/UTC"}},
	}))}
}

// TestFileOfManyIssues: the file has all issues, though the page lists a hundred.
func TestFileOfManyIssues(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t, manyIssues("=1+1;\"two\"")))
	r.Install(t)
	b := harness.NewBoard(t, r, "ABC")
	ann := r.Site.People()[slices.IndexFunc(r.Site.People(), func(p connecttest.Person) bool { return p.DisplayName == "Ann" })].AccountID
	d := r.Desk(t, b.Dashboard.Owner, b.Dashboard, b.Item)
	status, body := get(t, d, "issuecsv", url.Values{"account": {ann}, "format": {"comma"}})
	if status != http.StatusOK {
		t.Fatalf("%d\n%.300s", status, body)
	}
	allIssues(t, body)
	status, body = get(t, d, "issuetable", url.Values{"account": {ann}})
	if status != http.StatusOK || !strings.Contains(body, "Only the first 100 rows are on this page.") || !strings.Contains(body, `data-copied="&#39;=1+1;`) {
		t.Errorf("the page of the list: %d\n%.900s", status, body)
	}
	if status, _ := get(t, d, "issuecsv", url.Values{"account": {"nobody-known"}}); status != http.StatusNotFound {
		t.Errorf("somebody unknown: %d, want 404", status)
	}
}

func allIssues(t *testing.T, text string) {
	t.Helper()
	rows := records(t, text, ';')
	if len(rows) != 321 || rows[0][0] != "Key" {
		t.Fatalf("%d rows, the first is %q", len(rows), rows[0])
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		if seen[row[0]] || row[1] != "'=1+1;\"two\"" || row[2] != "To Do" || row[5] != "0" {
			t.Fatalf("row %q", row)
		}
		seen[row[0]] = true
	}
}
