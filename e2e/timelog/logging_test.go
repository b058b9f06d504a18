package timelog

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
	"github.com/sightline-go/sightline/internal/workload"
)

// logPath is the address of the form for new work on a day.
func logPath(account, day string) string {
	return "/gadget/timelog/log?" + url.Values{"person": {account}, "day": {day}}.Encode()
}

// emptyDay is a day of the person's sheet without time.
func emptyDay(t testing.TB, k *harness.Timekeeper) (day string, was harness.Sheet) {
	t.Helper()
	was = harness.ReadSheet(t, k.Page(t))
	for back := 1; back < 14; back++ {
		day = time.Now().In(k.Zone).AddDate(0, 0, -back).Format(time.DateOnly)
		if was.Hours[k.AccountID][day] == "" {
			return day, was
		}
	}
	t.Fatal("the person has logged time on every day")
	return "", was
}

// TestTimelogNewWork: an empty cell of one's own opens a form; what is logged is in
// Jira under the person's name, and in the sums at once.
func TestTimelogNewWork(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Fortnight)
	k := r.Timekeeper(t, dashboard, "creyes")
	day, was := emptyDay(t, k)
	page := k.Page(t)
	if opens := strings.Count(page, "/gadget/timelog/log?"); opens == 0 || opens != strings.Count(page, `class="heat add"`) {
		t.Errorf("%d empty cells open a form", opens)
	}
	status, form := k.Call(t, logPath(k.AccountID, day), nil)
	typed := fields(t, form)
	if status != http.StatusOK || typed.Get("day") != day || typed.Get("clock") != "09:00" || typed.Get("spent") != "" || strings.Count(form, "<option value=\"HARB-")+strings.Count(form, "<option value=\"LANT-") == 0 {
		t.Fatalf("form: %d %v\n%s", status, typed, form)
	}
	typed.Set("issue", " https://jira.example/browse/harb-2 ")
	typed.Set("spent", "1,5h")
	typed.Set("comment", "Paired\r\nand reviewed")
	status, list := k.Call(t, logPath(k.AccountID, day), typed)
	if status != http.StatusOK || !strings.Contains(list, `data-fragment="worklogs"`) || !strings.Contains(list, "Logged.") || !strings.Contains(list, "1 h 30 min") || !strings.Contains(list, "/browse/HARB-2") {
		t.Fatalf("save: %d\n%s", status, list)
	}
	now := view(t, k)
	if now.Hours[k.AccountID][day] != "1.5" || now.Total != add(t, was.Total, 1.5) {
		t.Errorf("the cell shows %q, the total is %s after %s", now.Hours[k.AccountID][day], now.Total, was.Total)
	}
	status, again := k.Call(t, "/gadget/timelog/day?"+url.Values{"person": {k.AccountID}, "day": {day}}.Encode(), nil)
	if status != http.StatusOK || !strings.Contains(again, "/gadget/timelog/log?") || !strings.Contains(again, "Paired\nand reviewed") {
		t.Errorf("the day's list: %d\n%s", status, again)
	}
	r.LeaksNothing(t)
}

// TestTimelogNewWorkWrong: each field says what is wrong, nothing is logged, and what
// was typed stays; nobody logs for somebody else.
func TestTimelogNewWorkWrong(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Fortnight)
	k := r.Timekeeper(t, dashboard, "rpetrie") // does not see VALT
	day, was := emptyDay(t, k)
	_, form := k.Call(t, logPath(k.AccountID, day), nil)
	right := fields(t, form)
	right.Set("issue", "HARB-1")
	right.Set("spent", "1h")
	for _, tt := range []struct{ field, value, want string }{
		{"issue", "", "Enter the key of an issue."},
		{"issue", "soon <b>", "Enter a key such as"},
		{"issue", "HARB-1/../x", "Enter a key such as"},
		{"issue", "VALT-1", "Jira does not show you this issue."},
		{"issue", "HARB-999999", "Jira does not show you this issue."},
		{"spent", "", "at least one minute"},
		{"spent", "banana", "Enter a time such as"},
		{"spent", "99999h", "too long for one work log"},
		{"day", "2026-02-30", "Choose a date."},
		{"day", "", "Choose a date."},
		{"clock", "25:61", "Choose a time."},
	} {
		typed := url.Values{}
		for name, values := range right {
			typed[name] = values
		}
		typed.Set(tt.field, tt.value)
		status, body := k.Call(t, logPath(k.AccountID, day), typed)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, tt.want) || !strings.Contains(body, `aria-invalid="true"`) {
			t.Errorf("%s=%q: %d\n%.2000s", tt.field, tt.value, status, body)
			continue
		}
		if got := fields(t, body).Get(tt.field); got != tt.value {
			t.Errorf("%s: typed %q, comes back as %q", tt.field, tt.value, got)
		}
	}
	for name, fault := range map[string]connecttest.Fault{
		"You may not have permission": {Status: http.StatusForbidden, Times: 1},
		"Jira rejects this time.":     {Status: http.StatusBadRequest, Times: 1, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"errors":{"timeLogged":"x"}}`},
	} {
		fault.Method, fault.Path = http.MethodPost, "/rest/api/3/issue/*/worklog"
		if err := r.Site.AddFault(fault); err != nil {
			t.Fatal(err)
		}
		if status, body := k.Call(t, logPath(k.AccountID, day), right); status != http.StatusUnprocessableEntity || !strings.Contains(body, name) || fields(t, body).Get("issue") != "HARB-1" {
			t.Errorf("%s: %d\n%s", name, status, body)
		}
	}
	other := r.Timekeeper(t, dashboard, "mlindqvist")
	for _, form := range []url.Values{nil, right} {
		if status, body := other.Call(t, logPath(k.AccountID, day), form); status != http.StatusForbidden || !strings.Contains(body, "Only the author") {
			t.Errorf("somebody else: %d\n%s", status, body)
		}
	}
	if now := view(t, k); now.Total != was.Total {
		t.Errorf("the total is %s after %s, though nothing was right", now.Total, was.Total)
	}
	if strings.Contains(other.Page(t), "/gadget/timelog/log?day="+day+"&amp;person="+url.QueryEscape(k.AccountID)) {
		t.Error("somebody else's empty cells open a form")
	}
}

// TestTimelogNewWorkByKeyboard: from an empty cell to the new number, and back where
// the person was, on both hosts.
func TestTimelogNewWorkByKeyboard(t *testing.T) {
	t.Parallel()
	hosts.Each(t, func(t *testing.T, host hosts.Host) {
		browser := browsertest.Start(t)
		r, dashboard := timelogged(t, workload.Fortnight)
		k := r.Timekeeper(t, dashboard, "creyes")
		k.Pinned(t)
		day, was := emptyDay(t, k)
		date, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		named := date.Format("Mon 2 Jan 2006")
		d := hosts.Open(t, host, browser, r.Site, hosts.View{Account: k.AccountID, Dashboard: k.Dashboard, Item: k.Item, Width: 640, Height: 900})
		d.Shown("[data-fragment=timelog]")
		harness.TabTo(t, d.Tab, browsertest.KeyTab, k.DisplayName)
		harness.TabTo(t, d.Tab, browsertest.KeyTab, k.DisplayName+", ")
		d.Press(browsertest.KeyHome)
		harness.TabTo(t, d.Tab, browsertest.KeyRight, "Log work, "+k.DisplayName+", "+named)
		d.Press(browsertest.KeyEnter)
		d.Shown("[data-fragment=worklog]")
		if focus := d.Focused(); focus.Name != "Issue" {
			t.Errorf("the form begins on %s", focus)
		}
		d.Press("HARB-1", kb.Tab, "2h 30m", browsertest.KeyEnter)
		d.Shown("[data-fragment=worklogs] .saved")
		d.Press(browsertest.KeyEscape)
		d.Shown("[data-fragment=timelog]")
		d.Gadget.Until(fmt.Sprintf(`document.activeElement.getAttribute("aria-label") === %q`, "2.5 hours, "+k.DisplayName+", "+named))
		d.Gadget.Until(fmt.Sprintf(`document.querySelector("[data-count=total]").textContent.replace(",", "") === %q`, add(t, was.Total, 2.5)))
		d.Clean(r.URL)
	})
}

// TestTimelogMissing: the days below the owner's number of hours are marked, counted and
// listed, as a count of the shown hours says; today and days off are not.
func TestTimelogMissing(t *testing.T) {
	t.Parallel()
	r, dashboard := timelogged(t, workload.Fortnight)
	config := workload.NewGadgetConfig()
	config.Projects, config.Window, config.Missing = runningProjects(r), workload.Fortnight, 6
	r.ConfigureTimelog(t, dashboard, config)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	page := k.Page(t)
	plain := regexp.MustCompile(`<span class="sr">less than 6 hours</span>`).ReplaceAllString(page, "")
	sheet := harness.ReadSheet(t, plain)
	left := map[string]bool{}
	for _, p := range r.Site.People() {
		left[p.AccountID] = !p.Active
	}
	want, people, today := 0, 0, time.Now().In(k.Zone).Format(time.DateOnly)
	for account, hours := range sheet.Hours {
		days := 0
		for back := 1; back < 14; back++ {
			at := time.Now().In(k.Zone).AddDate(0, 0, -back)
			spent, _ := strconv.ParseFloat(hours[at.Format(time.DateOnly)], 64) // "" is nothing
			if weekday := at.Weekday(); weekday != time.Saturday && weekday != time.Sunday && spent < 6 && !left[account] {
				days++
			}
		}
		want += days
		if days > 0 {
			people++
		}
	}
	if want == 0 || time.Now().In(k.Zone).Format(time.DateOnly) != today {
		t.Skip("nobody lacks time, or it is midnight")
	}
	said := fmt.Sprintf("Missing time: %d days, %d people", want, people)
	if marked := strings.Count(page, ` short"`) - strings.Count(page, `class="heat short"`); marked != want || !strings.Contains(page, said) {
		t.Errorf("%d days are marked, want %d and %q", marked, want, said)
	}
	status, list := k.Call(t, "/gadget/timelog/missing", nil)
	if listed := strings.Count(list, `data-count="missing"`); status != http.StatusOK || listed != people || strings.Count(list, "Please log your time. These days have less than 6 h:") != 1 {
		t.Errorf("the list: %d, %d people, want %d\n%s", status, listed, people, list)
	}
	config.Missing = workload.MissingNone
	r.ConfigureTimelog(t, dashboard, config)
	r.ForgetViews(t)
	if page := k.Page(t); strings.Contains(page, "Missing time") || strings.Contains(page, ` short"`) {
		t.Error("days are marked though the owner does not want that")
	}
}
