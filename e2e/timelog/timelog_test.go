package timelog

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestTimelogShowsEachViewerTheirs: the numbers match a count over REST, for
// viewers in different zones and with different permissions.
func TestTimelogShowsEachViewerTheirs(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Month)
	logs := map[string][]harness.Logged{}
	for _, project := range runningProjects(r) {
		logs[project] = r.AllLogs(t, dashboard.Owner, project)
	}
	totals := map[string]bool{}
	for _, name := range []string{"mlindqvist", "rpetrie", "ytanabe"} {
		k := r.Timekeeper(t, dashboard, name)
		var visible struct{ Values []struct{ Key string } }
		r.Rest(t, k.AccountID, http.MethodGet, "/rest/api/3/project/search?action=browse", nil, &visible)
		var seen []harness.Logged
		for _, p := range visible.Values {
			seen = append(seen, logs[p.Key]...)
		}
		before := harness.SheetOf(seen, k.Zone, time.Now(), 30)
		page := k.Page(t)
		got := harness.ReadSheet(t, page)
		// They differ only at midnight; the page may show either.
		if diff := cmp.Diff(before, got); diff != "" && !cmp.Equal(harness.SheetOf(seen, k.Zone, time.Now(), 30), got) {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if hidden := len(visible.Values) < len(logs); hidden != strings.Contains(page, "projects shown. You cannot see VALT.") {
			t.Errorf("%s sees %v, and the gadget does not say so", name, visible.Values)
		}
		totals[got.Total] = true
	}
	if len(totals) < 2 {
		t.Error("everybody sees the same, so this shows nothing")
	}
	r.LeaksNothing(t)
}

// TestTimelogCorrection: the author changes time, start and comment; the list
// and the sums are right at once, and Jira has exactly what was changed.
func TestTimelogCorrection(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Fortnight)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	entry := k.Own(t, "HARB", 2, nil)
	day := entry.Started.Format(time.DateOnly)
	was := harness.ReadSheet(t, k.Page(t))

	open := ""
	for _, m := range sheetOpens.FindAllStringSubmatch(k.Page(t), -1) {
		if address := html.UnescapeString(m[1]); strings.Contains(address, url.QueryEscape(k.AccountID)) && strings.Contains(address, "day="+day) {
			open = address
		}
	}
	status, list := k.Call(t, open, nil)
	if status != http.StatusOK || !strings.Contains(list, `data-worklog="`+entry.ID+`"`) || !strings.Contains(list, "/browse/HARB-1") {
		t.Fatalf("list %q: %d\n%s", open, status, list)
	}
	status, form := k.Call(t, entryOf(k, entry), nil)
	if status != http.StatusOK {
		t.Fatalf("form: %d\n%s", status, form)
	}
	typed := fields(t, form)
	if want := (url.Values{"spent": {"1 h"}, "day": {day}, "clock": {"12:00"}, "comment": {""}, "base": typed["base"]}); !cmp.Equal(want, typed) {
		t.Errorf("the form is filled with %v, want %v", typed, want)
	}
	typed.Set("spent", "2.5h")
	typed.Set("comment", "Paired\r\nand reviewed")
	status, list = k.Call(t, entryOf(k, entry), typed)
	if status != http.StatusOK || !strings.Contains(list, `data-fragment="worklogs"`) || !strings.Contains(list, "2 h 30 min") || !strings.Contains(list, "Paired\nand reviewed") {
		t.Fatalf("save: %d\n%s", status, list)
	}
	if strings.Contains(list, "/timelog/remove") {
		t.Error("on Connect, whose descriptor lacks the scope, the list offers to delete")
	}
	if status, body := k.Call(t, strings.Replace(entryOf(k, entry), "/entry?", "/remove?", 1), url.Values{"base": {"1"}}); status != http.StatusNotFound {
		t.Errorf("delete on Connect: %d\n%s", status, body)
	}
	got := timekeeperStored(t, k, entry)
	if got.TimeSpentSeconds != 9000 || !strings.Contains(got.Started, "30.000") || strings.Count(string(got.Comment), `"paragraph"`) != 2 {
		t.Errorf("Jira has %+v", got)
	}
	now := view(t, k)
	if want := add(t, was.Hours[k.AccountID][day], 1.5); now.Hours[k.AccountID][day] != want {
		t.Errorf("the cell shows %s after %s, want %s", now.Hours[k.AccountID][day], was.Hours[k.AccountID][day], want)
	}
	if want := add(t, was.Total, 1.5); now.Total != want {
		t.Errorf("the total is %s after %s, want %s", now.Total, was.Total, want)
	}
	moves(t, k, entry)
	r.LeaksNothing(t)
}

func add(t testing.TB, text string, more float64) string {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", n+more), ".0")
}

// moves moves an entry to another day: it leaves the list, and the list says
// so.
func moves(t *testing.T, k *harness.Timekeeper, entry harness.Logged) {
	t.Helper()
	_, form := k.Call(t, entryOf(k, entry), nil)
	typed := fields(t, form)
	day := entry.Started.AddDate(0, 0, -1).Format(time.DateOnly)
	typed.Set("day", day)
	typed.Set("clock", "08:15")
	status, list := k.Call(t, entryOf(k, entry), typed)
	if status != http.StatusOK || strings.Contains(list, `data-worklog="`+entry.ID+`"`) || !strings.Contains(list, "This work log is now on") {
		t.Fatalf("move: %d\n%s", status, list)
	}
	at, err := time.Parse(harness.TrackerTime, timekeeperStored(t, k, entry).Started)
	if err != nil || at.In(k.Zone).Format("2006-01-02 15:04") != day+" 08:15" {
		t.Errorf("Jira has the start %v %v", at.In(k.Zone), err)
	}
}

// TestTimelogWrongInput: nothing is sent to Jira, each field says what is wrong
// with it, and what was typed stays.
func TestTimelogWrongInput(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	entry := k.Own(t, "HARB", 1, nil)
	_, form := k.Call(t, entryOf(k, entry), nil)
	for _, tt := range []struct{ field, value, want string }{
		{"spent", "banana <b>", "Enter a time such as"},
		{"spent", "", "at least one minute"},
		{"spent", "0m", "at least one minute"},
		{"spent", "99999h", "too long for one work log"},
		{"day", "2026-02-30", "Choose a date."},
		{"clock", "25:61", "Choose a time."},
		{"comment", strings.Repeat("ü", 30_001), "30,000 characters"},
	} {
		typed := fields(t, form)
		typed.Set(tt.field, tt.value)
		status, body := k.Call(t, entryOf(k, entry), typed)
		if tt.field == "comment" && status == http.StatusRequestEntityTooLarge {
			continue // bounded before it is read
		}
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, tt.want) || !strings.Contains(body, `aria-invalid="true"`) {
			t.Errorf("%s=%.20q: %d\n%.2000s", tt.field, tt.value, status, body)
			continue
		}
		if got := fields(t, body).Get(tt.field); got != tt.value {
			t.Errorf("%s: typed %.20q, comes back as %.20q", tt.field, tt.value, got)
		}
	}
	if got := timekeeperStored(t, k, entry); got.TimeSpentSeconds != 3600 {
		t.Errorf("Jira has %+v", got)
	}
	for _, path := range []string{
		"/gadget/timelog/day?person=&day=2026-11-01", "/gadget/timelog/day?person=x%20OR%20y&day=2026-11-01", "/gadget/timelog/day?person=" + k.AccountID,
		"/gadget/timelog/day?person=" + k.AccountID + "&day=tomorrow", entryPath(k, entry, "HARB-1/../../x", entry.ID), entryPath(k, entry, "HARB-1", "1;2"), entryPath(k, entry, "", ""),
	} {
		if status, body := k.Call(t, path, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d\n%s", path, status, body)
		}
	}
}

// TestTimelogIsTheAuthorsOnly: even an admin of every project, who could change
// the worklog in Jira itself, cannot change somebody else's here.
func TestTimelogIsTheAuthorsOnly(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	author := r.Timekeeper(t, dashboard, "ytanabe")
	entry := author.Own(t, "HARB", 1, nil)
	_, form := author.Call(t, entryOf(author, entry), nil)
	typed := fields(t, form)
	typed.Set("spent", "9h")
	for _, name := range []string{"mlindqvist", "rpetrie"} {
		other := r.Timekeeper(t, dashboard, name)
		path := entryOf(author, entry) // with the author's account in it, or one's own
		for _, address := range []string{path, entryOf(other, entry)} {
			if status, body := other.Call(t, address, nil); status != http.StatusForbidden || !strings.Contains(body, "Only the author") {
				t.Errorf("%s gets the form: %d\n%s", name, status, body)
			}
			if status, body := other.Call(t, address, typed); status != http.StatusForbidden || !strings.Contains(body, "Only the author") {
				t.Errorf("%s saves: %d\n%s", name, status, body)
			}
		}
		status, list := other.Call(t, "/gadget/timelog/day?"+url.Values{"person": {author.AccountID}, "day": {entry.Started.In(other.Zone).Format(time.DateOnly)}}.Encode(), nil)
		if status != http.StatusOK || !strings.Contains(list, `data-worklog="`+entry.ID+`"`) || strings.Contains(list, "/gadget/timelog/entry") {
			t.Errorf("%s's list of somebody else: %d\n%s", name, status, list)
		}
	}
	if got := timekeeperStored(t, author, entry); got.TimeSpentSeconds != 3600 {
		t.Errorf("Jira has %+v", got)
	}
}

// TestTimelogOfAHiddenProject: an entry that the viewer may not see is neither
// listed nor found.
func TestTimelogOfAHiddenProject(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	author, other := r.Timekeeper(t, dashboard, "mlindqvist"), r.Timekeeper(t, dashboard, "rpetrie")
	entry := author.Own(t, "VALT", 1, nil)
	status, list := other.Call(t, "/gadget/timelog/day?"+url.Values{"person": {author.AccountID}, "day": {entry.Started.In(other.Zone).Format(time.DateOnly)}}.Encode(), nil)
	if status != http.StatusOK || strings.Contains(list, "VALT") {
		t.Errorf("list: %d\n%s", status, list)
	}
	if status, body := other.Call(t, entryOf(other, entry), nil); status != http.StatusNotFound || !strings.Contains(body, "no longer exists") {
		t.Errorf("form: %d\n%s", status, body)
	}
}

// days converts shown hours to shown days.
func days(t testing.TB, text string, hoursADay float64) string {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", n/hoursADay), ".0")
}
