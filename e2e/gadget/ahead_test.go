package gadget

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// aheadForm is a form that looks so many days ahead, in a measure.
func aheadForm(days int, measure string) url.Values {
	return url.Values{"projects": {"HARB", "LANT"}, "team": {"all"}, "window": {"14"}, "unit": {"hours"}, "refresh": {"15"}, "measure": {measure}, "ahead": {strconv.Itoa(days)}}
}

// TestAhead counts what is due ahead in each unit: each number's link finds exactly its
// issues, and with what is overdue all are what is open.
func TestAhead(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB", "LANT")
	owner := boardSession(t, b, b.Dashboard.Owner)
	one := 1.0
	for measure, size := range map[string]func(rawIssue) *float64{"": func(rawIssue) *float64 { return &one }, "points": ofPoints, "remaining": ofHours} {
		status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, aheadForm(14, measure))
		if status != http.StatusOK {
			t.Fatalf("%q: %d\n%s", measure, status, view)
		}
		linked, due := 0, 0.0
		for _, m := range harness.TableRow.FindAllStringSubmatch(view, -1) {
			text, jql := cells(m[2])
			if jql["open"] == "" {
				continue // has only logged time
			}
			var all, open float64
			for _, i := range find(t, b, b.Dashboard.Owner, jql["open"]) {
				if n := size(i); n != nil {
					open += *n
				}
			}
			for key, query := range jql {
				if key != "overdue" && !strings.HasPrefix(key, "ahead") {
					continue
				}
				linked++
				got := 0.0
				for _, i := range find(t, b, b.Dashboard.Owner, query) {
					if n := size(i); n != nil {
						got += *n
					}
				}
				if all += got; text[key] != decimal(got) {
					t.Errorf("%q, %q, %s: shown %s, but %s finds %v", measure, html.UnescapeString(m[1]), key, text[key], query, got)
				}
				if key == "ahead0" || key == "ahead1" {
					due += got
				}
			}
			if fmt.Sprintf("%.3f", all) != fmt.Sprintf("%.3f", open) {
				t.Errorf("%q, %q: the parts are %v of %v", measure, html.UnescapeString(m[1]), all, open)
			}
		}
		if linked < 20 || due == 0 {
			t.Errorf("%q: %d links, %v due: too few", measure, linked, due)
		}
	}
}

// Weeks are the viewer's: a Sunday begins one in the United States.
func TestAheadWeeks(t *testing.T) {
	t.Parallel()
	for locale, first := range map[string]time.Weekday{"en_US": time.Sunday, "de_DE": time.Monday} {
		site := connecttest.NewSite(t, connecttest.Options{Locale: locale})
		r := harness.Start(t, site)
		r.Install(t)
		b := harness.NewBoard(t, r, "HARB")
		b.Configure(t, workload.GadgetConfig{Projects: []string{"HARB"}, Window: workload.Fortnight, Unit: workload.UnitHours, Ahead: 20})
		view := b.Look(t, b.Dashboard.Owner).Body
		var from []string
		for _, m := range harness.TableRow.FindAllStringSubmatch(view, -1) {
			_, jql := cells(m[2])
			for key, query := range jql {
				if key == "ahead1" || key == "ahead2" { // begin a week
					from = append(from, strings.SplitAfter(query, `duedate >= "`)[1][:10])
				}
			}
		}
		for _, day := range from {
			if at, err := time.Parse(time.DateOnly, day); err != nil || at.Weekday() != first {
				t.Errorf("%s: a week begins on %s, want a %s", locale, day, first)
			}
		}
		if len(from) < 3 {
			t.Errorf("%s: only %d weeks", locale, len(from))
		}
	}
}

// TestAheadForm says what is due, keeps one's own number, and refuses nonsense.
func TestAheadForm(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB", "LANT")
	owner := boardSession(t, b, b.Dashboard.Owner)
	preview := harness.PlainText(b.Call(t, b.Address("/gadget/workload/preview")+"&"+aheadForm(28, "").Encode(), owner).Body)
	now := time.Now().In(zoneOf(t, r, b.Dashboard.Owner))
	due := find(t, b, b.Dashboard.Owner, fmt.Sprintf(`project in (HARB, LANT) AND statusCategory != Done AND duedate >= %q AND duedate <= %q`, now.Format(time.DateOnly), now.AddDate(0, 0, 28).Format(time.DateOnly)))
	if want := fmt.Sprintf("About %d of them are due in the next 28 days.", len(due)); !strings.Contains(preview, want) || len(due) < 2 {
		t.Errorf("preview %q, want %q", preview, want)
	}
	own := aheadForm(0, "")
	own.Set("ahead", "own")
	own.Set("aheadDays", " 9 ")
	if status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, own); status != http.StatusOK || saved(t, b).Ahead != 9 || !strings.Contains(view, "Due today and in the next 9 days") {
		t.Errorf("save 9 days: %d, %d\n%s", status, saved(t, b).Ahead, view)
	}
	form := b.Call(t, b.Address("/gadget/workload/form"), owner).Body
	if !strings.Contains(form, `<option value="own" selected`) || !strings.Contains(form, `name="aheadDays" inputmode="numeric" maxlength="3" value="9"`) {
		t.Errorf("the form:\n%s", form)
	}
	for _, wrong := range [][2]string{{"own", "0"}, {"own", ""}, {"own", "57"}, {"own", "-1"}, {"own", "two"}, {"own", "7.5"}, {"own", "99999999999999999999"}, {"1000", ""}, {"", ""}, {"-7", "7"}} {
		own.Set("ahead", wrong[0])
		own.Set("aheadDays", wrong[1])
		status, page := r.Save(t, owner, b.Dashboard.ID, b.Item, own)
		if status != http.StatusUnprocessableEntity || !strings.Contains(harness.PlainText(page), "Enter a number of days from 1 to 56.") || !strings.Contains(page, `id="sl-ahead-error"`) {
			t.Errorf("%v: %d\n%s", wrong, status, harness.PlainText(page))
		}
	}
	if saved(t, b).Ahead != 9 {
		t.Error("something wrong was saved")
	}
}

// What is due ahead is taken along with the rest, also where the owner has left out what
// is overdue.
func TestAheadIsTakenAlong(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	b.Configure(t, workload.GadgetConfig{
		Projects: []string{"HARB"}, Window: workload.Fortnight, Unit: workload.UnitHours, Ahead: workload.AheadMonth, Columns: []workload.Column{workload.ByOpen, workload.ByLoad},
	})
	file := b.Call(t, b.Address("/gadget/workload/csv")+"&format=point", boardSession(t, b, b.Dashboard.Owner)).Body
	head, rest, _ := strings.Cut(strings.TrimPrefix(file, "\ufeff"), "\n")
	names := strings.Split(head, ",")
	if n := len(names); n < 9 || !slices.Equal(names[:3], []string{"Person", "Open", "Overdue"}) || !slices.Equal(names[n-3:], []string{"Later", "No due date", "Load"}) {
		t.Errorf("the head is %q", head)
	}
	first := strings.Split(strings.SplitN(rest, "\n", 2)[0], ",")
	sum := 0
	for _, text := range first[2 : len(first)-1] {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if strconv.Itoa(sum) != first[1] || sum == 0 {
		t.Errorf("the parts are %d: %q", sum, first)
	}
}

// zoneOf is somebody's time zone.
func zoneOf(t *testing.T, r *harness.Running, account string) *time.Location {
	t.Helper()
	people := r.Site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.AccountID == account })
	zone, err := time.LoadLocation(people[i].TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
