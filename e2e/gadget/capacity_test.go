package gadget

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

// working is the form of a gadget that judges loads by working time, with a person
// who is away for the next sixty days.
func working(account string, change map[string][]string) url.Values {
	today := workload.DateOf(time.Now(), time.UTC)
	form := url.Values{
		"projects": {"HARB"}, "team": {"all"}, "window": {"14"}, "unit": {"hours"}, "refresh": {"15"},
		"load": {"capacity"}, "heavy": {"90"}, "light": {"20"}, "dueSoon": {"3"}, "region": {"DE-BY"}, "daysOff": {"2030-12-24/2030-12-25"},
		"holiday": {"2030-12-25", "2030-12-26"}, "off": {"2030-12-26"},
		"person": {account}, "personName": {"Somebody"}, "hours:" + account: {"6,5"}, "days:" + account: {"1", "2", "3"},
		"away:" + account: {today.AddDays(-1).String() + " – " + today.AddDays(60).String()},
	}
	maps.Copy(form, change)
	return form
}

// busy is somebody with something due.
func busy(t *testing.T, b harness.Board) string {
	t.Helper()
	found := regexp.MustCompile(`data-person="([^"]+)"`).FindStringSubmatch(b.Look(t, b.Dashboard.Owner).Body)
	if found == nil {
		t.Fatal("nobody is shown")
	}
	return found[1]
}

// TestCapacity saves hours and absences and sees the loads that follow. Editors find
// what they noted in the form; Jira's property, the view and other people's form do
// not have it, and the database has it sealed.
func TestCapacity(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	account := busy(t, b)
	owner := boardSession(t, b, b.Dashboard.Owner)
	status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, working(account, nil))
	if status != http.StatusOK || !strings.Contains(view, `class="weeks"`) {
		t.Fatalf("save: %d\n%s", status, view)
	}
	row := rowOf(view, account)
	if bars := strings.Count(row, `class="week"`); bars != 4 || !noTime.MatchString(row) {
		t.Errorf("%d weeks for somebody who is away:\n%s", bars, row)
	}
	config := saved(t, b)
	day := func(n int) workload.Date { return workload.Date{Year: 2030, Month: time.December, Day: n} }
	want := workload.Weighing{
		Load: workload.LoadByCapacity, Heavy: 90, Light: 20, DueSoon: 3, Region: "DE-BY",
		DaysOff: []workload.Date{day(24), day(25)}, Workdays: []workload.Date{day(25)},
	}
	if fmt.Sprint(config.Weighing) != fmt.Sprint(want) {
		t.Errorf("saved %+v, want %+v", config.Weighing, want)
	}
	private := []string{"Somebody", "6.5", workload.DateOf(time.Now(), time.UTC).AddDays(60).String()}
	form := b.Call(t, b.Address("/gadget/workload/form"), owner).Body
	property := harness.AsJSON(config)
	for _, text := range private {
		if !strings.Contains(form, text) {
			t.Errorf("the form has no %q", text)
		}
		if strings.Contains(property, text) || strings.Contains(view, text) {
			t.Errorf("%q is in the property or the view", text)
		}
	}
	if strings.Count(form, "checked data-private") != 3 || !strings.Contains(form, `value="2030-12-24, 2030-12-25"`) {
		t.Errorf("the form has other days:\n%s", form)
	}
	asBytes := strings.Trim(fmt.Sprintf("%d", []byte("Somebody")), "[]") // how a row shows a value of bytes
	for _, rows := range r.Rows(t) {
		for _, row := range rows {
			if strings.Contains(row, "Somebody") || strings.Contains(row, asBytes) {
				t.Errorf("a roster is stored as it is: %s", row)
			}
		}
	}
	viewer := r.Viewer(t, b.Dashboard)
	if got := b.Call(t, b.Address("/gadget/workload/form"), boardSession(t, b, viewer)); got.Status != http.StatusForbidden || strings.Contains(got.Body, "Somebody") {
		t.Errorf("a viewer gets the form: %d", got.Status)
	}
	if status, _ := r.Save(t, boardSession(t, b, viewer), b.Dashboard.ID, b.Item, working(account, map[string][]string{"personName": {"Changed"}})); status != http.StatusForbidden {
		t.Errorf("a viewer saves: %d", status)
	}
	if form := b.Call(t, b.Address("/gadget/workload/form"), owner).Body; !strings.Contains(form, "Somebody") || strings.Contains(form, "Changed") {
		t.Error("a viewer has changed the roster")
	}
}

// TestWrongCapacity sends nonsense back, next to its field.
func TestWrongCapacity(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := boardSession(t, b, b.Dashboard.Owner)
	for name, tc := range map[string]struct {
		field, value, want string
	}{
		"no rule":             {"load", "guess", "Choose how to judge a load."},
		"a word as threshold": {"heavy", "much", "Enter a whole number up to 1,000."},
		"light above heavy":   {"light", "95", "Enter at most 90, from where on a load is heavy."},
		"no days":             {"dueSoon", "0", "Enter a number of days up to 60."},
		"no region":           {"region", "XX-1", "Choose a country or none."},
		"no day":              {"daysOff", "Christmas", "“Christmas” is not a day such as 2026-12-24."},
		"negative hours":      {"hours:somebody", "-8", "Enter hours of a day, more than 0 and at most 24."},
		"nonsense hours":      {"hours:somebody", "NaN", "Enter hours of a day, more than 0 and at most 24."},
		"a long day":          {"hours:somebody", "25", "Enter hours of a day, more than 0 and at most 24."},
		"no absence":          {"away:somebody", "2026-12-24, soon", "“soon” is not a day such as 2026-12-24, nor two such as 2026-12-24/2027-01-02."},
		"many absences":       {"away:somebody", strings.Repeat("2026-12-24,", 1_000), "Enter at most 60 absences."},
		"no address":          {"calendar", "http://calendar.example/a.ics", "Enter the https address of a calendar."},
	} {
		status, form := r.Save(t, owner, b.Dashboard.ID, b.Item, working("somebody", map[string][]string{tc.field: {tc.value}}))
		if status != http.StatusUnprocessableEntity || !strings.Contains(harness.PlainText(form), tc.want) || !strings.Contains(form, "<details class=\"field more-fields\" id=\"sl-load-fields\" open") {
			t.Errorf("%s: %d, no %q in\n%s", name, status, tc.want, harness.PlainText(form))
		}
	}
	status, _ := r.Save(t, owner, b.Dashboard.ID, b.Item, working("somebody", map[string][]string{"away:somebody": {strings.Repeat("2026-12-24,", 10_000)}}))
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("10,000 absences: %d", status)
	}
	if saved(t, b).Load != workload.LoadByMedian {
		t.Error("something wrong was saved")
	}
}

// TestCalendarOfAPrivateAddress is kept, never read, and the form says why.
func TestCalendarOfAPrivateAddress(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	owner := boardSession(t, b, b.Dashboard.Owner)
	const address = "https://127.0.0.1:1/secret-calendar.ics"
	status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, working("somebody", map[string][]string{"calendar": {address}}))
	if status != http.StatusOK || strings.Contains(view, "secret-calendar") || !strings.Contains(view, "The calendar of absences cannot be read just now") {
		t.Errorf("save: %d\n%s", status, view)
	}
	form := b.Call(t, b.Address("/gadget/workload/form"), owner).Body
	if !strings.Contains(form, address) || !strings.Contains(form, "leads to a private network") {
		t.Errorf("the form:\n%s", form)
	}
	if strings.Contains(harness.AsJSON(saved(t, b)), "secret-calendar") {
		t.Error("the address is in Jira's property")
	}
}

// TestCalendarOfAnAllowedHost takes a person's time by their name in an event of a
// private host that the operator has allowed.
func TestCalendarOfAnAllowedHost(t *testing.T) {
	t.Parallel()
	var name atomic.Value
	calendar := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		today := time.Now().UTC()
		_, _ = fmt.Fprintf(w, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:%s: away\r\nDTSTART;VALUE=DATE:%s\r\nDTEND;VALUE=DATE:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
			name.Load(), today.AddDate(0, 0, -2).Format("20060102"), today.AddDate(0, 0, 60).Format("20060102"))
	}))
	t.Cleanup(calendar.Close)
	r := harness.Start(t, connecttest.NewSite(t), func(f *app.ServeFlags) { f.CalendarHosts = calendar.Listener.Addr().String() })
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	account := busy(t, b)
	people := r.Site.People()
	name.Store(people[slices.IndexFunc(people, func(p connecttest.Person) bool { return p.AccountID == account })].DisplayName)
	owner := boardSession(t, b, b.Dashboard.Owner)
	status, view := r.Save(t, owner, b.Dashboard.ID, b.Item, working("", map[string][]string{"calendar": {calendar.URL}}))
	if rows := regexp.MustCompile(`(?s)data-person="[^"]+".*?</tr>`).FindAllString(view, -1); status != http.StatusOK || len(rows) < 2 ||
		!noTime.MatchString(rowOf(view, account)) || slices.ContainsFunc(rows, func(row string) bool { return noTime.MatchString(row) && row != rowOf(view, account) }) {
		t.Errorf("save: %d\n%s", status, view)
	}
	if form := b.Call(t, b.Address("/gadget/workload/form"), owner).Body; !strings.Contains(form, "The calendar has 1 event.") {
		t.Errorf("the form:\n%s", form)
	}
}

// TestCapacityOnForge keeps the roster of a gadget whose configuration Forge keeps, for
// people who may edit the dashboard only.
func TestCapacityOnForge(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)
	f := r.InstallForge(t, forge.StageForge, "")
	f.Configure(t, "workload", "HARB")
	account := regexp.MustCompile(`data-person="([^"]+)"`).FindStringSubmatch(f.View(t, f.Dashboard.Owner, "workload"))[1]
	forged := connecttest.ForgeCall{Method: http.MethodPost, Path: "/form", Body: json.RawMessage(harness.AsJSON(map[string]string{"form": working(account, nil).Encode()}))}
	if got := f.Invoke(t, r.Viewer(t, f.Dashboard), "workload", forged); got.Code != http.StatusForbidden || got.Submit != nil {
		t.Fatalf("a viewer saves: %+v", got)
	}
	got := f.Post(t, f.Dashboard.Owner, "workload", "/form", working(account, nil))
	if got.Code != http.StatusOK || got.Submit == nil || strings.Contains(string(got.Submit), "Somebody") {
		t.Fatalf("save: %+v", got)
	}
	if err := site.ForgeSubmit(f.Dashboard.Owner, f.Dashboard.ID, f.Item(t, "workload"), got.Submit); err != nil {
		t.Fatal(err)
	}
	if view := f.View(t, f.Dashboard.Owner, "workload"); !noTime.MatchString(rowOf(view, account)) {
		t.Errorf("the view:\n%s", view)
	}
}

// noTime says that somebody has no working time.
var noTime = regexp.MustCompile(`[ >"]0 hours of working time until|only 0 hours`)

// rowOf is somebody's row.
func rowOf(view, account string) string {
	return regexp.MustCompile(`(?s)data-person="` + regexp.QuoteMeta(account) + `".*?</tr>`).FindString(view)
}
