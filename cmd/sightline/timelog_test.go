package main

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

	"github.com/sightline-go/sightline/internal/workload"
)

// TestTimelogShowsEachViewerTheirs: the numbers are those of a count over REST,
// for viewers in other zones and with other permissions.
func TestTimelogShowsEachViewerTheirs(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Month)
	logs := map[string][]logged{}
	for _, project := range r.projects() {
		logs[project] = r.allLogs(t, dashboard.Owner, project)
	}
	totals := map[string]bool{}
	for _, name := range []string{"mlindqvist", "rpetrie", "ytanabe"} {
		k := r.timekeeper(t, dashboard, name)
		var visible struct{ Values []struct{ Key string } }
		r.rest(t, k.AccountID, http.MethodGet, "/rest/api/3/project/search?action=browse", nil, &visible)
		var seen []logged
		for _, p := range visible.Values {
			seen = append(seen, logs[p.Key]...)
		}
		before := sheetOf(seen, k.zone, time.Now(), 30)
		page := k.page(t)
		got := readSheet(t, page)
		// They differ at midnight alone; the page is right with either.
		if diff := cmp.Diff(before, got); diff != "" && !cmp.Equal(sheetOf(seen, k.zone, time.Now(), 30), got) {
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
	r.leaksNothing(t)
}

// TestTimelogCorrection: the author changes time, start and comment; the list
// and the sums are right at once, and Jira has exactly what was changed.
func TestTimelogCorrection(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Fortnight)
	k := r.timekeeper(t, dashboard, "mlindqvist")
	entry := k.own(t, "HARB", 2, nil)
	day := entry.Started.Format(time.DateOnly)
	was := readSheet(t, k.page(t))

	open := ""
	for _, m := range sheetOpens.FindAllStringSubmatch(k.page(t), -1) {
		if address := html.UnescapeString(m[1]); strings.Contains(address, url.QueryEscape(k.AccountID)) && strings.Contains(address, "day="+day) {
			open = address
		}
	}
	status, list := k.call(t, open, nil)
	if status != http.StatusOK || !strings.Contains(list, `data-worklog="`+entry.ID+`"`) || !strings.Contains(list, "/browse/HARB-1") {
		t.Fatalf("list %q: %d\n%s", open, status, list)
	}
	status, form := k.call(t, k.entryOf(entry), nil)
	if status != http.StatusOK {
		t.Fatalf("form: %d\n%s", status, form)
	}
	typed := fields(t, form)
	if want := (url.Values{"spent": {"1 h"}, "day": {day}, "clock": {"12:00"}, "comment": {""}, "base": typed["base"]}); !cmp.Equal(want, typed) {
		t.Errorf("the form is filled with %v, want %v", typed, want)
	}
	typed.Set("spent", "2.5h")
	typed.Set("comment", "Paired\r\nand reviewed")
	status, list = k.call(t, k.entryOf(entry), typed)
	if status != http.StatusOK || !strings.Contains(list, `data-fragment="worklogs"`) || !strings.Contains(list, "2 h 30 min") || !strings.Contains(list, "Paired\nand reviewed") {
		t.Fatalf("save: %d\n%s", status, list)
	}
	got := k.stored(t, entry)
	if got.TimeSpentSeconds != 9000 || !strings.Contains(got.Started, "30.000") || strings.Count(string(got.Comment), `"paragraph"`) != 2 {
		t.Errorf("Jira has %+v", got)
	}
	now := k.view(t)
	if want := add(t, was.Hours[k.AccountID][day], 1.5); now.Hours[k.AccountID][day] != want {
		t.Errorf("the cell shows %s after %s, want %s", now.Hours[k.AccountID][day], was.Hours[k.AccountID][day], want)
	}
	if want := add(t, was.Total, 1.5); now.Total != want {
		t.Errorf("the total is %s after %s, want %s", now.Total, was.Total, want)
	}
	k.moves(t, entry)
	r.leaksNothing(t)
}

func add(t testing.TB, text string, more float64) string {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", n+more), ".0")
}

// moves gives an entry another day: it leaves the list, and the list says so.
func (k *timekeeper) moves(t *testing.T, entry logged) {
	t.Helper()
	_, form := k.call(t, k.entryOf(entry), nil)
	typed := fields(t, form)
	day := entry.Started.AddDate(0, 0, -1).Format(time.DateOnly)
	typed.Set("day", day)
	typed.Set("clock", "08:15")
	status, list := k.call(t, k.entryOf(entry), typed)
	if status != http.StatusOK || strings.Contains(list, `data-worklog="`+entry.ID+`"`) || !strings.Contains(list, "This work log is now on") {
		t.Fatalf("move: %d\n%s", status, list)
	}
	at, err := time.Parse(trackerTime, k.stored(t, entry).Started)
	if err != nil || at.In(k.zone).Format("2006-01-02 15:04") != day+" 08:15" {
		t.Errorf("Jira has the start %v %v", at.In(k.zone), err)
	}
}

// TestTimelogWrongInput: nothing is sent to Jira, each field says what is wrong
// with it, and what was typed stays.
func TestTimelogWrongInput(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	k := r.timekeeper(t, dashboard, "mlindqvist")
	entry := k.own(t, "HARB", 1, nil)
	_, form := k.call(t, k.entryOf(entry), nil)
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
		status, body := k.call(t, k.entryOf(entry), typed)
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
	if got := k.stored(t, entry); got.TimeSpentSeconds != 3600 {
		t.Errorf("Jira has %+v", got)
	}
	for _, path := range []string{
		"/gadget/timelog/day?person=&day=2026-11-01", "/gadget/timelog/day?person=x%20OR%20y&day=2026-11-01", "/gadget/timelog/day?person=" + k.AccountID,
		"/gadget/timelog/day?person=" + k.AccountID + "&day=tomorrow", k.entryPath(entry, "HARB-1/../../x", entry.ID), k.entryPath(entry, "HARB-1", "1;2"), k.entryPath(entry, "", ""),
	} {
		if status, body := k.call(t, path, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d\n%s", path, status, body)
		}
	}
}

// TestTimelogIsTheAuthorsAlone: who administers every project and could change
// the worklog in Jira itself cannot do it here for somebody else.
func TestTimelogIsTheAuthorsAlone(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	author := r.timekeeper(t, dashboard, "ytanabe")
	entry := author.own(t, "HARB", 1, nil)
	_, form := author.call(t, author.entryOf(entry), nil)
	typed := fields(t, form)
	typed.Set("spent", "9h")
	for _, name := range []string{"mlindqvist", "rpetrie"} {
		other := r.timekeeper(t, dashboard, name)
		path := author.entryOf(entry) // with the author's name in it, or one's own
		for _, address := range []string{path, other.entryOf(entry)} {
			if status, body := other.call(t, address, nil); status != http.StatusForbidden || !strings.Contains(body, "Only the author") {
				t.Errorf("%s gets the form: %d\n%s", name, status, body)
			}
			if status, body := other.call(t, address, typed); status != http.StatusForbidden || !strings.Contains(body, "Only the author") {
				t.Errorf("%s saves: %d\n%s", name, status, body)
			}
		}
		status, list := other.call(t, "/gadget/timelog/day?"+url.Values{"person": {author.AccountID}, "day": {entry.Started.In(other.zone).Format(time.DateOnly)}}.Encode(), nil)
		if status != http.StatusOK || !strings.Contains(list, `data-worklog="`+entry.ID+`"`) || strings.Contains(list, "/gadget/timelog/entry") {
			t.Errorf("%s's list of somebody else: %d\n%s", name, status, list)
		}
	}
	if got := author.stored(t, entry); got.TimeSpentSeconds != 3600 {
		t.Errorf("Jira has %+v", got)
	}
}

// TestTimelogOfAHiddenProject: an entry that the viewer may not see is neither
// listed nor found.
func TestTimelogOfAHiddenProject(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Week)
	author, other := r.timekeeper(t, dashboard, "mlindqvist"), r.timekeeper(t, dashboard, "rpetrie")
	entry := author.own(t, "VALT", 1, nil)
	status, list := other.call(t, "/gadget/timelog/day?"+url.Values{"person": {author.AccountID}, "day": {entry.Started.In(other.zone).Format(time.DateOnly)}}.Encode(), nil)
	if status != http.StatusOK || strings.Contains(list, "VALT") {
		t.Errorf("list: %d\n%s", status, list)
	}
	if status, body := other.call(t, other.entryOf(entry), nil); status != http.StatusNotFound || !strings.Contains(body, "no longer exists") {
		t.Errorf("form: %d\n%s", status, body)
	}
}

// days turns hours as shown into days as shown.
func days(t testing.TB, text string, hoursADay float64) string {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", n/hoursADay), ".0")
}
