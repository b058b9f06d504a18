package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	difference "github.com/google/go-cmp/cmp"

	"sightline/connect/connecttest"
)

// publicData is the data of public trackers that lies beside the project
// where it is developed, as far as a workload counts it.
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
		t.Skipf("the data of public trackers is not here: %v", err)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return raw, d
}

const trackerTime = "2006-01-02T15:04:05.000-0700"

func parseTime(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(trackerTime, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// days is how many days the data must move so that the newest becomes today.
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

// figures are the numbers of one row, as a page shows them.
type figures struct {
	Open, ToDo, InProgress, Overdue, DueSoon int
	Remaining, Logged                        string
}

// shownRow is a row of the page: whose it is and what it says.
type shownRow struct {
	Account, Name, Load string
	figures
}

// shownTeam is all numbers of a page.
type shownTeam struct {
	Totals     figures
	Rows       []shownRow
	Unassigned figures
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

func (s tally) figures() figures {
	hours := func(seconds int64) string {
		text := fmt.Sprintf("%.1f", float64(seconds)/3600)
		return strings.TrimSuffix(text, ".0")
	}
	return figures{s.open, s.todo, s.doing, s.late, s.soon, hours(s.remaining), hours(s.logged)}
}

// count is what the gadget has to show of one project at a moment: every
// number made here out of the file, by other code than the product's.
func (d publicData) count(t *testing.T, people map[string]connecttest.Person, project string, window, shift int, now time.Time, zone *time.Location) shownTeam {
	t.Helper()
	day := func(at time.Time) string { return at.In(zone).Format(time.DateOnly) }
	noon := func(text string, move int) string { // a plain date some days on
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.AddDate(0, 0, move).Format(time.DateOnly)
	}
	today := day(now)
	week, first := noon(today, 7), noon(today, 1-window)
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
		row := rows[cmp.Or(w.ActorUser, w.Author)]
		started := day(parseTime(t, w.Started).AddDate(0, 0, shift))
		if inProject[w.Issue] && row != nil && started >= first && started <= today {
			row.logged += w.TimeSpentSeconds
		}
	}
	return present2(rows, unassigned, people)
}

// present2 puts counted rows in their order and compares the people.
func present2(rows map[string]*tally, unassigned tally, people map[string]connecttest.Person) shownTeam {
	out := shownTeam{Unassigned: unassigned.figures(), Rows: []shownRow{}}
	all := unassigned
	var counts []int
	for name, row := range rows {
		all.add(*row)
		counts = append(counts, row.open)
		out.Rows = append(out.Rows, shownRow{people[name].AccountID, people[name].DisplayName, "", row.figures()})
	}
	out.Totals = all.figures()
	slices.Sort(counts)
	// Twice the median, so that it is a whole number.
	median := 0
	if n := len(counts); n > 0 {
		median = counts[(n-1)/2] + counts[n/2]
	}
	for i, row := range out.Rows {
		switch open := 2 * row.Open; {
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
	slices.SortFunc(out.Rows, func(a, b shownRow) int {
		return cmp.Or(b.Open-a.Open, strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Account, b.Account))
	})
	out.Unassigned.Logged = "" // nobody logs for nobody
	return out
}

var (
	tableRow  = regexp.MustCompile(`(?s)<tr[^>]* data-person="([^"]*)"[^>]*>(.*?)</tr>`)
	dataCount = regexp.MustCompile(`(?s)<(?:td|dd)[^>]* data-count="(\w+)"[^>]*>(.*?)</(?:td|dd)>`)
	personOf  = regexp.MustCompile(`(?s)<span class="name"[^>]*>(.*?)</span>`)
	lozenge   = regexp.MustCompile(`(?s)<span class="lozenge [^>]*>(.*?)</span>`)
	anyTag    = regexp.MustCompile(`<[^>]*>`)
	totalsOf  = regexp.MustCompile(`(?s)<dl class="totals">(.*?)</dl>`)
)

func text(markup string) string {
	return strings.TrimSpace(html.UnescapeString(anyTag.ReplaceAllString(markup, "")))
}

func firstText(pattern *regexp.Regexp, markup string) string {
	m := pattern.FindStringSubmatch(markup)
	if m == nil {
		return ""
	}
	return text(m[1])
}

// readFigures reads the numbers out of a piece of a page.
func readFigures(t *testing.T, markup string) figures {
	t.Helper()
	cells := map[string]string{}
	for _, m := range dataCount.FindAllStringSubmatch(markup, -1) {
		cells[m[1]] = text(m[2])
	}
	if len(cells) != 7 {
		t.Fatalf("%d numbers, want 7:\n%s", len(cells), markup)
	}
	number := func(name string) int {
		n, err := strconv.Atoi(cells[name])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return n
	}
	return figures{
		number("open"), number("todo"), number("inprogress"), number("overdue"), number("duesoon"),
		cells["remaining"], cells["logged"],
	}
}

// readTeam reads all numbers out of a gadget's page.
func readTeam(t *testing.T, page string) shownTeam {
	t.Helper()
	totals := totalsOf.FindStringSubmatch(page)
	if totals == nil {
		t.Fatalf("the page has no totals:\n%s", page)
	}
	out := shownTeam{Totals: readFigures(t, totals[1]), Rows: []shownRow{}}
	for _, m := range tableRow.FindAllStringSubmatch(page, -1) {
		if m[1] == "" {
			out.Unassigned = readFigures(t, m[2])
			continue
		}
		out.Rows = append(out.Rows, shownRow{
			html.UnescapeString(m[1]), firstText(personOf, m[2]), firstText(lozenge, m[2]), readFigures(t, m[2]),
		})
	}
	return out
}

// TestRealData compares every number of the gadget's page for the data of
// public trackers with a count made straight from the file.
func TestRealData(t *testing.T) {
	t.Parallel()
	raw, data := readPublicData(t)
	// The site's clock stands while it loads, so that the days are known.
	start := time.Now()
	var loaded atomic.Bool
	site := connecttest.NewSite(t, connecttest.Options{Data: bytes.NewReader(raw), Now: func() time.Time {
		if loaded.Load() {
			return time.Now()
		}
		return start
	}})
	loaded.Store(true)
	shift := data.days(t, start)
	people := map[string]connecttest.Person{}
	for _, p := range site.People() {
		people[p.Username] = p
	}

	r := startProgram(t, site, nil)
	r.install(t)
	dashboard := site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	viewer := findPerson(t, site, dashboard.Owner)
	zone, err := time.LoadLocation(viewer.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	session := attribute(t, r.gadget(t, viewer.AccountID, dashboard.ID, item), "data-session")
	for _, project := range []string{"ARROW", "TIMOB"} {
		for _, window := range []int{30, 14} {
			before := data.count(t, people, project, window, shift, time.Now(), zone)
			status, body := r.save(t, session, dashboard.ID, item, url.Values{
				"projects": {project}, "window": {strconv.Itoa(window)}, "unit": {"hours"},
			})
			if status != http.StatusOK {
				t.Fatalf("save: %d\n%s", status, body)
			}
			got := readTeam(t, r.gadget(t, viewer.AccountID, dashboard.ID, item))
			diff := difference.Diff(before, got)
			// At midnight the page may be of the next day.
			if after := data.count(t, people, project, window, shift, time.Now(), zone); diff != "" && difference.Diff(after, got) != "" {
				t.Errorf("%s, %d days, in %s: (-want +got)\n%s", project, window, zone, diff)
			}
			t.Logf("%s, %d days, in %s: %d people, totals %+v", project, window, zone, len(got.Rows), got.Totals)
			if len(got.Rows) < 20 || project == "ARROW" && got.Totals.Logged == "0" {
				t.Errorf("%s, %d days: too little to show anything: %+v", project, window, got.Totals)
			}
		}
	}
}

func findPerson(t *testing.T, site *connecttest.Site, account string) connecttest.Person {
	t.Helper()
	people := site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.AccountID == account })
	if i < 0 {
		t.Fatalf("the site has no account %s", account)
	}
	return people[i]
}
