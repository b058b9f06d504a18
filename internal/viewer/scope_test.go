package viewer_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// crowd is a project of 200 people whose issues are anything and anybody's, or
// nobody's as far as that is allowed.
func crowd(r *rand.Rand, now time.Time, unassigned int) string {
	stamp := now.UTC().Format("2006-01-02T15:04:05.000+0000")
	var users, issues []any
	for i := range 200 {
		users = append(users, map[string]any{"name": fmt.Sprint("u", i), "displayName": fmt.Sprint("Person ", i), "active": true, "timeZone": "Etc/UTC"})
	}
	for i := range 600 {
		category := []string{"new", "indeterminate", "done"}[r.IntN(3)]
		issue := map[string]any{
			"key": fmt.Sprint("BIG-", i+1), "id": fmt.Sprint(1000 + i), "project": "BIG", "summary": "One of many", "issuetype": "Task",
			"status": "Is " + category, "statusCategory": category, "reporter": "u0", "created": stamp, "updated": stamp,
		}
		if who := r.IntN(200 + unassigned); who < 200 {
			issue["assignee"] = fmt.Sprint("u", who)
		}
		if r.IntN(2) == 0 {
			issue["duedate"] = now.AddDate(0, 0, r.IntN(24)-12).Format(time.DateOnly)
		}
		issues = append(issues, issue)
	}
	data, _ := json.Marshal(map[string]any{"projects": []any{map[string]any{"key": "BIG", "name": "Big"}}, "users": users, "issues": issues})
	return string(data)
}

// TestScopeFindsWhatIsCounted: whatever room a search has, it finds exactly the
// issues behind the number, or there is none. A team of 175 has a search for each
// number within an address.
func TestScopeFindsWhatIsCounted(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same data each time
	forms := map[string]bool{}
	for _, unassigned := range []int{20, 0} {
		now := time.Now().UTC()
		site := connecttest.NewSite(t, connecttest.Options{Data: strings.NewReader(crowd(r, now, unassigned)), Now: func() time.Time { return now }})
		people := site.People()
		j, err := jira.New(&http.Client{Transport: as{people[0], site.Client().Transport}}, site.URL())
		if err != nil {
			t.Fatal(err)
		}
		reading := readAll(t, j, now)
		for _, size := range []int{-1, 0, 1, 3, 50, 175, 200} {
			w := counted(now, reading, members(r, people, size))
			for _, room := range []int{0, 8000, 5000, 3000, 1500, 200} {
				for name, n := range numbersOf(w, room) {
					if room == 8000 && n.jql == "" {
						t.Errorf("team of %d, %s: no search fits an address", size, name)
					}
					if n.jql == "" || n.want == 0 {
						continue
					}
					if got := find(t, j, n.jql); got != n.want {
						t.Errorf("team of %d, room %d, %s: got %d issues, counted %d\n%s", size, room, name, got, n.want, n.jql)
					}
					forms[form(n.jql)] = true
				}
			}
		}
	}
	if len(forms) != 5 {
		t.Errorf("got the forms %v, want all five", forms)
	}
}

// readAll reads what is open; some of the people are apps.
func readAll(t *testing.T, j *jira.Client, now time.Time) source.Reading {
	t.Helper()
	today := workload.DateOf(now, time.UTC)
	reading, err := source.NewReader(j).Work(t.Context(), []string{"BIG"}, today, today)
	if err != nil || len(reading.Issues) < 300 {
		t.Fatalf("%d issues, %v", len(reading.Issues), err)
	}
	for i := range reading.Issues {
		if who := reading.Issues[i].Assignee; who != nil && strings.HasSuffix(who.Name, "7") {
			who.App = true
		}
	}
	return reading
}

// members are some of the people, nil for everybody.
func members(r *rand.Rand, people []connecttest.Person, size int) []workload.Person {
	if size < 0 {
		return nil
	}
	team := []workload.Person{}
	for _, i := range r.Perm(len(people))[:size] {
		team = append(team, workload.Person{AccountID: people[i].AccountID, Name: people[i].DisplayName})
	}
	return team
}

func counted(now time.Time, reading source.Reading, team []workload.Person) viewer.Workload {
	w := viewer.Workload{View: viewer.View{Reading: reading, Team: source.Team{Members: team}}}
	w.Summary = workload.Summarize(workload.Input{Issues: reading.Issues, Team: team, Now: now})
	return w
}

type number struct {
	want int
	jql  string
}

// numbersOf are the totals with their searches in so many bytes; 0 is any.
func numbersOf(w viewer.Workload, room int) map[string]number {
	s, c, today, who := w.Scope(), w.Summary.Totals, w.Summary.Today, workload.Everyone()
	if room > 0 {
		s.Fits = func(jql string) bool {
			return len(strings.NewReplacer("%2C", ",", "%3A", ":").Replace(url.QueryEscape(jql))) <= room-60
		}
	}
	return map[string]number{
		"open": {c.Open, s.Open(who)}, "to do": {c.ToDo, s.ToDo(who)}, "in progress": {c.InProgress, s.InProgress(who)},
		"overdue": {c.Overdue, s.Overdue(who, today)}, "due soon": {c.DueSoon, s.DueSoon(who, today)},
	}
}

func find(t *testing.T, j *jira.Client, jql string) int {
	t.Helper()
	n := 0
	for _, err := range j.Search.All(t.Context(), jira.SearchOptions{JQL: jql, MaxResults: 5000}) {
		if err != nil {
			t.Fatalf("%s: %v", jql, err)
		}
		n++
	}
	return n
}

// form is how a search chooses people.
func form(jql string) string {
	switch {
	case !strings.Contains(jql, "assignee in") && !strings.Contains(jql, "assignee not in"):
		return "nobody or everybody"
	case strings.Contains(jql, "not in"):
		return "except"
	case !strings.Contains(jql, "is EMPTY"):
		return "without unassigned"
	case strings.Contains(jql, `", "`):
		return "in words"
	}
	return "brief"
}
