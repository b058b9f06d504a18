package chat

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// counted is what the site says of an open issue.
type counted struct {
	Key    string
	Fields struct {
		Assignee     *struct{ AccountType string }
		DueDate      string
		TimeEstimate *float64
		Estimate     *float64 `json:"customfield_10016"`
		Points       *float64 `json:"customfield_10026"`
	}
}

// open asks the site for the open issues of a search, without those of apps.
func open(t testing.TB, r harness.Room, jql string) (list []counted) {
	t.Helper()
	var page struct{ Issues []counted }
	q := url.Values{
		"jql": {jql + " AND statusCategory != Done"}, "maxResults": {"5000"},
		"fields": {"assignee,duedate,timeestimate,customfield_10016,customfield_10026"},
	}
	r.Rest(t, r.Members[0], http.MethodGet, "/rest/api/3/search/jql?"+q.Encode(), nil, &page)
	for _, i := range page.Issues {
		if i.Fields.Assignee == nil || i.Fields.Assignee.AccountType != "app" {
			list = append(list, i)
		}
	}
	return list
}

// added is how much issues are, and how many have no estimate.
func added(list []counted, size func(counted) *float64) (sum float64, blank int) {
	for _, i := range list {
		if n := size(i); n != nil && *n > 0 || n != nil && i.Fields.TimeEstimate != n {
			sum += *n
		} else {
			blank++
		}
	}
	return sum, blank
}

func overdue(list []counted) (late []counted) {
	today := time.Now().UTC().Format(time.DateOnly)
	for _, i := range list {
		if i.Fields.DueDate != "" && i.Fields.DueDate < today {
			late = append(late, i)
		}
	}
	return late
}

func seconds(i counted) *float64 { return i.Fields.TimeEstimate }

func points(i counted) *float64 {
	if i.Fields.Estimate != nil {
		return i.Fields.Estimate
	}
	return i.Fields.Points
}

// TestLabelCountsWhatWasChosen compares the room, the preview and the form with counts of
// what the site holds.
func TestLabelCountsWhatWasChosen(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	const harbour = "project = HARB"
	all := open(t, r, harbour)
	hours, noHours := added(all, seconds)
	late, _ := added(overdue(all), seconds)
	pts, noPoints := added(all, points)
	if hours < 3600 || noHours == 0 || pts == 0 || noPoints == 0 || late < 3600 {
		t.Fatalf("the sample has %v s, %d without, %v points, %d without, %v s overdue", hours, noHours, pts, noPoints, late)
	}
	count := func(jql string) string { return fmt.Sprintf("%d open", len(open(t, r, harbour+" AND "+jql))) }
	for name, tc := range map[string]struct {
		form url.Values
		want string
	}{
		"hours":   {url.Values{"measure": {"remaining"}, "parts": {"open", "overdue", "blank"}}, fmt.Sprintf("%d h open · %d h overdue · %d not estimated", int(hours/3600), int(late/3600), noHours)},
		"points":  {url.Values{"measure": {"points"}, "parts": {"blank", "open"}}, fmt.Sprintf("%d not estimated · %d points open", noPoints, int(pts))},
		"types":   {url.Values{"types": {"Bug", "Task"}}, count("issuetype IN (Bug, Task)")},
		"sprint":  {url.Values{"sprint": {"active"}}, count("sprint in openSprints()")},
		"query":   {url.Values{"jql": {"priority = High OR priority = Highest ORDER BY created"}}, count("priority IN (High, Highest)")},
		"filter":  {url.Values{"filter": {filterID(t, r, "Due this week")}}, count("due <= endOfWeek()")},
		"outside": {url.Values{"jql": {"project = LANT"}}, "0 open"},
		"logged":  {url.Values{"window": {"lastMonth"}, "parts": {"logged"}}, loggedLastMonth(t, r)},
	} {
		form := setupForm("")
		for name, values := range tc.form {
			form[name] = values
		}
		if status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], form); status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", name, status, body)
		}
		if got := r.Shown(t, r.ID).Label; got != tc.want {
			t.Errorf("%s: the room shows %q, want %q", name, got, tc.want)
		}
		if got := r.Preview(t, r.Members[0], form); got != tc.want {
			t.Errorf("%s: the preview reads %q, want %q", name, got, tc.want)
		}
		if row := glanceOf(t, r); row.Desired.Label != tc.want {
			t.Errorf("%s: stored %q", name, row.Desired.Label)
		}
	}
	r.LeaksNothing(t)
}

// filterID is the id of a saved filter that everybody sees.
func filterID(t testing.TB, r harness.Room, name string) string {
	t.Helper()
	var page struct{ Values []struct{ ID, Name string } }
	r.Rest(t, r.AdminAccount(t), http.MethodGet, "/rest/api/3/filter/search?maxResults=100", nil, &page)
	for _, f := range page.Values {
		if f.Name == name {
			return f.ID
		}
	}
	t.Fatalf("no filter %q", name)
	return ""
}

func loggedLastMonth(t testing.TB, r harness.Room) string {
	t.Helper()
	today := time.Now().UTC()
	month := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
	var sum int64
	for _, l := range r.AllLogs(t, r.Members[0], "HARB") {
		if !l.App && !l.Started.Before(month.AddDate(0, -1, 0)) && l.Started.Before(month) {
			sum += l.Seconds
		}
	}
	return fmt.Sprintf("%d h logged", sum/3600)
}

// TestSidebarShowsWhatTheLabelCounts: the sidebar has the configuration of the room.
func TestSidebarShowsWhatTheLabelCounts(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	form := setupForm("types", "Bug")
	form.Set("measure", "remaining")
	if status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], form); status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, body)
	}
	status, body := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/sidebar/view?fresh=1"}, "Bearer "+r.Sign(t, r.Claims()))
	if status != http.StatusOK {
		t.Fatalf("sidebar: %d", status)
	}
	bugs := open(t, r, "project = HARB AND issuetype = Bug")
	sum, blank := added(bugs, seconds)
	_, total, _ := strings.Cut(body, `<dl class="totals`)
	total, _, _ = strings.Cut(total, "</dl>")
	text := strings.ReplaceAll(harness.PlainText(total), ",", "")
	hours := strings.TrimSuffix(fmt.Sprintf("%.1f", sum/3600), ".0")
	for _, want := range []string{hours, fmt.Sprint(blank)} {
		if !strings.Contains(text, want) {
			t.Errorf("the sidebar's total is %q, want %s in it", text, want)
		}
	}
	if _, page := r.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/setup"}, "Bearer "+r.Sign(t, r.Claims())); !strings.Contains(page, `name="types" value="Bug"`) || !strings.Contains(page, `<option value="remaining" selected`) {
		t.Error("the dialog opens without what was chosen")
	}
}

// TestDialogRefusesChoices: bad input of each kind keeps the dialog open, with what is
// wrong at its field.
func TestDialogRefusesChoices(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	private := filterID(t, r, "Harbour, open")
	for name, tc := range map[string]struct{ field, value, says string }{
		"measure":        {"measure", "weight", "Choose issues, remaining time or story points."},
		"filter":         {"filter", "x1", "Choose a saved filter."},
		"unknown filter": {"filter", "999999", "Choose a saved filter."},
		"open bracket":   {"jql", "(priority = High", "Enter a complete JQL query."},
		"no query":       {"jql", "ORDER BY created", "Enter a complete JQL query."},
		"refused":        {"jql", "colour = red", "colour"},
		"long":           {"jql", strings.Repeat("a", 2001), "characters"},
		"epic":           {"epics", "not a key", "cannot be chosen here"},
		"sprint":         {"sprint", "past", "Choose a kind of sprint."},
		"range":          {"window", "range", "Choose"},
		"blank":          {"parts", "blank", "Issues without an estimate are counted where"},
	} {
		status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], setupForm(tc.field, tc.value))
		if status != http.StatusUnprocessableEntity || !strings.Contains(harness.PlainText(body), tc.says) {
			t.Errorf("%s: %d, want %q in\n%s", name, status, tc.says, harness.PlainText(body))
		}
		if r.Preview(t, r.Members[0], setupForm(tc.field, tc.value)) != "" && tc.value != "999999" && tc.field != "jql" {
			t.Errorf("%s: previewed", name)
		}
	}
	if row := glanceOf(t, r); len(row.Config.Projects) > 0 {
		t.Errorf("saved %+v", row.Config)
	}
	// Somebody from whom issues are hidden chooses by no query: a label would tell what
	// is in those.
	key := open(t, r, "project = HARB")[0].Key
	if err := r.Site.SetSecurity(connecttest.Security{
		Levels: []connecttest.SecurityLevel{{Name: "secret", Apps: true}}, Issues: map[string]string{key: "secret"},
	}); err != nil {
		t.Fatal(err)
	}
	for field, value := range map[string]string{"jql": "priority = High", "filter": private} {
		status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], setupForm(field, value))
		if status != http.StatusUnprocessableEntity || !strings.Contains(harness.PlainText(body), "Jira hides some issues of these projects from you.") {
			t.Errorf("%s: %d\n%s", field, status, harness.PlainText(body))
		}
	}
	if status, _ := r.SaveRoom(t, r.Key, r.ID, r.Members[0], setupForm("types", "Bug")); status != http.StatusOK {
		t.Errorf("types: %d", status)
	}
}
