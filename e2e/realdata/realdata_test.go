package realdata

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// publicData is the data of public trackers, kept next to the developers'
// checkout, as far as a workload counts it.
type publicData struct {
	Users []struct{ Name, DisplayName string }
	// Issues and Worklogs have times as the trackers wrote them.
	Issues []struct {
		Key, ID, Project, StatusCategory, Assignee string
		Created, Updated, Duedate                  string
		Timeestimate                               int64
	}
	Worklogs []struct {
		ID, Issue, Author, ActorUser, Actor, Started string
		TimeSpentSeconds                             int64
	}
}

func readPublicData(t *testing.T) (raw []byte, d publicData) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "real-jira.json"))
	if err != nil {
		t.Skipf("the data of public trackers is missing: %v", err)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return raw, d
}

func parseTime(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(harness.TrackerTime, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// days is how many days to move the data so that the newest becomes today.
func (d publicData) days(t *testing.T, today time.Time) int {
	t.Helper()
	var newest time.Time
	for _, i := range d.Issues {
		for _, text := range []string{i.Created, i.Updated} {
			if at := parseTime(t, text); at.After(newest) {
				newest = at
			}
		}
	}
	for _, w := range d.Worklogs {
		if at := parseTime(t, w.Started); at.After(newest) {
			newest = at
		}
	}
	day := func(at time.Time) int64 { return at.Unix() / (24 * 60 * 60) }
	return int(day(today.UTC()) - day(newest))
}

// tally is a row that is being counted.
type tally struct {
	open, todo, doing, late, soon int
	remaining, logged             int64 // seconds
}

func (s *tally) add(o tally) {
	s.open, s.todo, s.doing, s.late, s.soon = s.open+o.open, s.todo+o.todo, s.doing+o.doing, s.late+o.late, s.soon+o.soon
	s.remaining, s.logged = s.remaining+o.remaining, s.logged+o.logged
}

func (s tally) figures() harness.Figures {
	hours := func(seconds int64) string {
		text := fmt.Sprintf("%.1f", float64(seconds)/3600)
		return strings.TrimSuffix(text, ".0")
	}
	return harness.Figures{Open: s.open, ToDo: s.todo, InProgress: s.doing, Overdue: s.late, DueSoon: s.soon, Remaining: hours(s.remaining), Logged: hours(s.logged)}
}

// count is what the gadget must show for one project at a given time: every
// number is computed here from the file, independently of the product's code.
func (d publicData) count(t *testing.T, people map[string]connecttest.Person, project string, window, shift int, now time.Time, zone *time.Location) harness.ShownTeam {
	t.Helper()
	return d.countIn(t, people, project, shift, now, zone, func(today time.Time) (first, last time.Time) { return today.AddDate(0, 0, 1-window), today })
}

// countIn is count for the days that a function says.
func (d publicData) countIn(t *testing.T, people map[string]connecttest.Person, project string, shift int, now time.Time, zone *time.Location, days func(today time.Time) (first, last time.Time)) harness.ShownTeam {
	t.Helper()
	day := func(at time.Time) string { return at.In(zone).Format(time.DateOnly) }
	noon := func(text string, move int) string { // a plain date, moved by some days
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.AddDate(0, 0, move).Format(time.DateOnly)
	}
	today := day(now)
	week := noon(today, 7)
	from, to := days(now.In(zone))
	first, last := from.Format(time.DateOnly), to.Format(time.DateOnly)
	rows, unassigned, inProject := map[string]*tally{}, tally{}, map[string]bool{}
	for _, i := range d.Issues {
		if i.Project != project {
			continue
		}
		inProject[i.Key] = true
		if i.StatusCategory == "done" {
			continue
		}
		row := &unassigned
		if i.Assignee != "" {
			if rows[i.Assignee] == nil {
				rows[i.Assignee] = &tally{}
			}
			row = rows[i.Assignee]
		}
		one := tally{open: 1, remaining: i.Timeestimate}
		if i.StatusCategory == "new" {
			one.todo = 1
		} else {
			one.doing = 1
		}
		if i.Duedate != "" {
			switch due := noon(i.Duedate, shift); {
			case due < today:
				one.late = 1
			case due <= week:
				one.soon = 1
			}
		}
		row.add(one)
	}
	for _, w := range d.Worklogs {
		author := w.Author
		if w.ActorUser != "" {
			author = w.ActorUser // the person that the bot logged it for
		}
		started := day(parseTime(t, w.Started).AddDate(0, 0, shift))
		if inProject[w.Issue] && !people[author].App && started >= first && started <= last {
			if rows[author] == nil {
				rows[author] = &tally{}
			}
			rows[author].logged += w.TimeSpentSeconds
		}
	}
	return arrange(rows, unassigned, people)
}

// arrange puts counted rows in their order and compares the people.
func arrange(rows map[string]*tally, unassigned tally, people map[string]connecttest.Person) harness.ShownTeam {
	out := harness.ShownTeam{Unassigned: unassigned.figures(), Rows: []harness.ShownRow{}}
	all := unassigned
	var counts []int
	for name, row := range rows {
		all.add(*row)
		shown := harness.ShownRow{Account: people[name].AccountID, Name: people[name].DisplayName, Load: "Deactivated", Figures: row.figures()}
		if people[name].Active {
			shown.Load, counts = "", append(counts, row.open)
		}
		out.Rows = append(out.Rows, shown)
	}
	out.Totals = all.figures()
	slices.Sort(counts)
	// Twice the median, so that it is a whole number.
	median := 0
	if n := len(counts); n > 0 {
		median = counts[(n-1)/2] + counts[n/2]
	}
	for i, row := range out.Rows {
		switch open := 2 * row.Figures.Open; {
		case row.Load != "": // whoever left is not compared
		case len(counts) < 3:
			out.Rows[i].Load = "Balanced"
		case 2*open > 3*median && open >= median+6:
			out.Rows[i].Load = "Heavy"
		case open == 0, 2*open < median && open <= median-6:
			out.Rows[i].Load = "Light"
		default:
			out.Rows[i].Load = "Balanced"
		}
	}
	slices.SortFunc(out.Rows, func(a, b harness.ShownRow) int {
		if a.Figures.Open != b.Figures.Open {
			return b.Figures.Open - a.Figures.Open
		}
		key := func(r harness.ShownRow) string { return strings.ToLower(r.Name) + "\x00" + r.Account }
		return strings.Compare(key(a), key(b))
	})
	out.Unassigned.Logged = "" // nobody logs for nobody
	return out
}

// publicSite is a site with the data of public trackers, by how many days it
// was moved, and its people by user name.
func publicSite(t *testing.T) (site *connecttest.Site, data publicData, shift int, people map[string]connecttest.Person) {
	t.Helper()
	raw, data := readPublicData(t)
	return siteOf(t, raw, data)
}

// siteOf is a site with some data.
func siteOf(t *testing.T, raw []byte, data publicData) (site *connecttest.Site, same publicData, shift int, people map[string]connecttest.Person) {
	t.Helper()
	// The site's clock stands still while it loads, so that the days are known.
	start := time.Now()
	var loaded atomic.Bool
	site = connecttest.NewSite(t, connecttest.Options{Data: bytes.NewReader(raw), Now: func() time.Time {
		if loaded.Load() {
			return time.Now()
		}
		return start
	}})
	loaded.Store(true)
	people = map[string]connecttest.Person{}
	for _, p := range site.People() {
		people[p.Username] = p
	}
	return site, data, data.days(t, start), people
}

// TestRealData compares every number of the gadget's page for the data of
// public trackers with a count made straight from the file, for viewers on
// both sides of the date line.
func TestRealData(t *testing.T) {
	t.Parallel()
	site, data, shift, people := publicSite(t)

	r := harness.Start(t, site)
	r.Install(t)
	dashboard := site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	viewers := viewersOf(t, site, dashboard.Owner)
	session := harness.Attribute(t, r.Gadget(t, dashboard.Owner, dashboard.ID, item), "data-session")
	// The local calendar of a time: only its date counts.
	monthAgo := func(today time.Time) (first, last time.Time) {
		first = time.Date(today.Year(), today.Month()-1, 1, 12, 0, 0, 0, time.UTC)
		return first, first.AddDate(0, 1, -1)
	}
	weekAgo := func(begins time.Weekday) func(time.Time) (time.Time, time.Time) {
		return func(today time.Time) (first, last time.Time) {
			for last = today.AddDate(0, 0, -1); last.AddDate(0, 0, 1).Weekday() != begins; {
				last = last.AddDate(0, 0, -1)
			}
			return last.AddDate(0, 0, -6), last
		}
	}
	for _, period := range []string{"lastWeek", "lastMonth"} {
		status, body := r.Save(t, session, dashboard.ID, item, url.Values{"projects": {"ARROW"}, "window": {period}, "unit": {"hours"}})
		if status != http.StatusOK {
			t.Fatalf("save: %d\n%s", status, body)
		}
		for _, viewer := range viewers {
			zone, days := zoneOf(t, viewer), monthAgo
			if period == "lastWeek" {
				days = weekAgo(map[bool]time.Weekday{true: time.Sunday, false: time.Monday}[viewer.Locale == "en_US" || viewer.Locale == "ja_JP"])
			}
			before := data.countIn(t, people, "ARROW", shift, time.Now(), zone, days)
			got := harness.ReadTeam(t, r.Gadget(t, viewer.AccountID, dashboard.ID, item))
			if diff := cmp.Diff(before, got); diff != "" && !cmp.Equal(data.countIn(t, people, "ARROW", shift, time.Now(), zone, days), got) {
				t.Errorf("%s, %s: (-want +got)\n%s", period, zone, diff)
			}
			t.Logf("%s, %s, %s: %s hours", period, zone, viewer.Locale, got.Totals.Logged)
			if got.Totals.Logged == "0" {
				t.Errorf("%s: too little to show anything", period)
			}
		}
	}
	for _, project := range []string{"ARROW", "TIMOB"} {
		for _, window := range []int{30, 14} {
			status, body := r.Save(t, session, dashboard.ID, item, url.Values{
				"projects": {project}, "window": {strconv.Itoa(window)}, "unit": {"hours"},
			})
			if status != http.StatusOK {
				t.Fatalf("save: %d\n%s", status, body)
			}
			for _, viewer := range viewers {
				zone := zoneOf(t, viewer)
				before := data.count(t, people, project, window, shift, time.Now(), zone)
				got := harness.ReadTeam(t, r.Gadget(t, viewer.AccountID, dashboard.ID, item))
				after := data.count(t, people, project, window, shift, time.Now(), zone)
				// They differ only at midnight; the page may show either.
				if diff := cmp.Diff(before, got); diff != "" && !cmp.Equal(after, got) {
					t.Errorf("%s, %d days, %s: (-want +got)\n%s", project, window, zone, diff)
				}
				t.Logf("%s, %d days, %s: %d people, %+v", project, window, zone, len(got.Rows), got.Totals)
				if len(got.Rows) < 20 || project == "ARROW" && (got.Totals.Logged == "0" || got.Totals.Remaining == "0" || got.Totals.Overdue == 0) {
					t.Errorf("%s, %d days: too little to show anything: %+v", project, window, got.Totals)
				}
			}
		}
	}
}

func zoneOf(t *testing.T, p connecttest.Person) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// viewersOf are the owner and people in distant time zones.
func viewersOf(t *testing.T, site *connecttest.Site, owner string) []connecttest.Person {
	t.Helper()
	var out []connecttest.Person
	wanted := map[string]bool{"Pacific/Auckland": true, "Asia/Tokyo": true, "America/Los_Angeles": true}
	for _, p := range site.People() {
		if p.AccountID == owner || p.Active && !p.App && wanted[p.TimeZone] {
			delete(wanted, p.TimeZone)
			out = append(out, p)
		}
	}
	if len(out) < 3 {
		t.Fatalf("only %d viewers", len(out))
	}
	return out
}
