package slack

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// oddBoard is a project in which ann has 8 open issues, bob 3 and nobody 2. Today
// ann logged an hour and a half on one that is done, cat, who has nothing open,
// two hours, somebody whom Jira has forgotten a half, and an app ten minutes.
func oddBoard() string {
	now := time.Now().UTC().Truncate(time.Hour).Format("2006-01-02T15:04:05.000-0700")
	var issues []map[string]any
	add := func(assignee, category string) {
		n := len(issues) + 1
		issues = append(issues, map[string]any{
			"key": fmt.Sprintf("ODD-%d", n), "id": fmt.Sprint(20000 + n), "project": "ODD", "summary": "Work", "issuetype": "Task",
			"status": category, "statusCategory": category, "assignee": assignee, "reporter": "ann", "created": now, "updated": now,
		})
	}
	for assignee, n := range map[string]int{"ann": 8, "bob": 3, "": 2} {
		for range n {
			add(assignee, "indeterminate")
		}
	}
	add("ann", "done")
	log := func(id, author string, seconds int) map[string]any {
		return map[string]any{"id": id, "issue": "ODD-14", "author": author, "started": now, "timeSpentSeconds": seconds}
	}
	robot := log("4", "robot", 600)
	robot["actor"] = "somebody elsewhere"
	users := []map[string]any{}
	for _, name := range []string{"ann", "bob", "cat", "robot"} {
		users = append(users, map[string]any{"name": name, "displayName": strings.ToUpper(name[:1]) + name[1:], "active": true, "timeZone": "Etc/UTC"})
	}
	return harness.AsJSON(map[string]any{
		"projects": []map[string]any{{"key": "ODD", "name": "Odd"}}, "users": users, "issues": issues,
		"worklogs": []map[string]any{log("1", "ann", 5400), log("2", "cat", 7200), log("3", "", 1800), robot},
	})
}

// TestOddBoardSaysTheSame: hours of people outside the team, of nobody and of an app,
// and a person with nothing open: both gadgets and the message in a channel say the
// same, and it is what the board holds.
func TestOddBoardSaysTheSame(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		query   string
		message string            // the numbers in the channel
		heavy   int               // rows that say so
		hours   map[string]string // in both gadgets: by person, and in the rows below
	}{
		"everybody": {"", "13 open · 2 unassigned · 1 heavy", 1, map[string]string{"Ann": "1.5", "Cat": "2", "unknown": "0.5"}},
		"a query":   {"is assignee of ODD", "13 open · 2 unassigned", 0, map[string]string{"Ann": "1.5", "others": "2", "unknown": "0.5"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := harness.Start(t, connecttest.NewSite(t, connecttest.Options{Data: strings.NewReader(oddBoard())}))
			s := &onSlack{jira: r.Install(t)}
			s.Workspace = r.RegisterSlack(t)
			b := harness.NewBoard(t, r)
			config := workload.NewGadgetConfig()
			config.Projects, config.Query = []string{"ODD"}, test.query
			b.Configure(t, config)
			r.ConfigureTimelog(t, b.Dashboard, config)
			owner := b.Dashboard.Owner
			page := b.Look(t, owner).Body
			sheet := r.Timekeeper(t, b.Dashboard, owner).Page(t)
			gadgetSays(t, page, test.hours, test.heavy)
			sheetSays(t, page, sheet, test.hours)
			s.channelSays(t, owner, test.query, test.message)
		})
	}
}

func gadgetSays(t *testing.T, page string, hours map[string]string, heavy int) {
	t.Helper()
	team := harness.ReadTeam(t, page)
	got := extraHours(page)
	for _, row := range team.Rows {
		if row.Load == "Heavy" {
			heavy--
		}
		if row.Figures.Logged != "0" {
			got[row.Name] = row.Figures.Logged
		}
	}
	if diff := cmp.Diff(hours, got); diff != "" || heavy != 0 || team.Totals.Logged != "4" {
		t.Errorf("workload: total %s, %d heavy rows are missing, hours (-want +got):\n%s", team.Totals.Logged, heavy, diff)
	}
}

func sheetSays(t *testing.T, page, sheetPage string, hours map[string]string) {
	t.Helper()
	sheet, got, names := harness.ReadSheet(t, sheetPage), extraHours(sheetPage), map[string]string{}
	for _, row := range harness.ReadTeam(t, page).Rows {
		names[row.Account] = row.Name
	}
	for account, sum := range sheet.Sums {
		if sum != "0" && names[account] != "" {
			got[names[account]] = sum
		}
	}
	if diff := cmp.Diff(hours, got); diff != "" || sheet.Total != "4" {
		t.Errorf("timelog: total %s, hours (-want +got):\n%s", sheet.Total, diff)
	}
}

var extraRow = regexp.MustCompile(`(?s)<tr data-row="(others|unknown)">.*?data-count="logged">([^<]*)</td>`)

// extraHours are those in the rows that are not one person's.
func extraHours(page string) map[string]string {
	out := map[string]string{}
	for _, m := range extraRow.FindAllStringSubmatch(page, -1) {
		out[m[1]] = m[2]
	}
	return out
}

func (s *onSlack) channelSays(t *testing.T, owner, query, want string) {
	t.Helper()
	state := s.Slack.State()
	channel, user := state.Channels[0].ID, state.People[0].ID
	s.AddOnConnect(t, s.jira.Key, owner)
	s.connect(t, channel, user, owner)
	s.Say(t, channel, user, "/sightline")
	if _, err := s.Slack.Suggest(t.Context(), user, "projects", ""); err != nil {
		t.Fatal(err)
	}
	fields := map[string]any{"projects": []string{"ODD"}, "parts": []string{"open", "unassigned", "heavy"}, "query": query}
	if wrong := s.Submit(t, user, fields); len(wrong) > 0 {
		t.Fatalf("set up: %v", wrong)
	}
	harness.Eventually(t, "a message", func() bool { return len(s.Written(t, channel)) > 0 })
	if got := s.Written(t, channel)[0].Text; got != want {
		t.Errorf("the channel says %q, want %q", got, want)
	}
}
