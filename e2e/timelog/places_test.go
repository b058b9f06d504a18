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

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

var (
	issueRow = regexp.MustCompile(`<li class="issue[^"]*" data-issue="`)
	spentOf  = regexp.MustCompile(`<strong data-count="spent">([^<]*)</strong>`)
)

// TestEveryPlaceSaysTheSame: with everybody, a role and a query, for two viewers,
// a person's list has as many issues as their row says, a day's list adds up to
// its cell, the rows' open issues add up to the total, and a room's label, its preview
// and the sidebar say the same.
func TestEveryPlaceSaysTheSame(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	for name, change := range map[string]func(*workload.GadgetConfig){
		"everybody": func(*workload.GadgetConfig) {},
		"a role":    func(c *workload.GadgetConfig) { c.Role = "10002" },
		"a query":   func(c *workload.GadgetConfig) { c.Query = "is assignee of LANT" },
	} {
		room := harness.NewRoom(t)
		r := room.Running
		b := harness.NewBoard(t, r)
		config := workload.NewGadgetConfig()
		config.Projects = []string{"HARB", "LANT"}
		change(&config)
		b.Configure(t, config)
		r.ConfigureTimelog(t, b.Dashboard, config)
		for _, account := range []string{b.Dashboard.Owner, r.Viewer(t, b.Dashboard)} {
			if account == b.Dashboard.Owner && config.Role == "" { // the app may not see who has a role
				labelAgrees(t, room, config, account, harness.ReadTeam(t, b.Look(t, account).Body))
			}
			t.Run(name+" "+r.PersonName(account), func(t *testing.T) {
				listsAgree(t, b, account)
				daysAgree(t, r.Timekeeper(t, b.Dashboard, account))
			})
		}
	}
}

// labelAgrees shows the same team in a room: in its label, the label's preview and
// the sidebar.
func labelAgrees(t *testing.T, room harness.Room, config workload.GadgetConfig, account string, team harness.ShownTeam) {
	t.Helper()
	form := url.Values{
		"projects": config.Projects, "window": {strconv.Itoa(int(config.Window))}, "zone": {"UTC"},
		"parts": {"open", "unassigned", "heavy"}, "query": {config.Query},
	}
	if config.Query != "" {
		form.Set("team", "query")
	}
	if status, body := room.SaveRoom(t, room.Key, room.ID, room.Members[0], form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	heavy := 0
	for _, row := range team.Rows {
		if row.Load == "Heavy" {
			heavy++
		}
	}
	want := fmt.Sprintf("%d open · %d unassigned", team.Totals.Open, team.Unassigned.Open)
	if heavy > 0 {
		want += fmt.Sprintf(" · %d heavy", heavy)
	}
	if got := room.Shown(t, room.ID).Label; got != want {
		t.Errorf("the label is %q, want %q", got, want)
	}
	if got := room.Preview(t, account, form); got != want {
		t.Errorf("the label's preview is %q, want %q", got, want)
	}
	status, body := room.Send(t, harness.ChatCall{Method: http.MethodGet, Path: "/chat/sidebar/view?fresh=1"}, "Bearer "+room.Sign(t, harness.With(room.Claims(), "sub", account)))
	if status != http.StatusOK {
		t.Fatalf("sidebar: %d\n%s", status, body)
	}
	if diff := cmp.Diff(team, harness.ReadTeam(t, body)); diff != "" {
		t.Errorf("the sidebar differs from the gadget (-gadget +sidebar):\n%s", diff)
	}
}

func listsAgree(t *testing.T, b harness.Board, account string) {
	page := b.Look(t, account).Body
	team, session := harness.ReadTeam(t, page), harness.Attribute(t, page, "data-session")
	open := team.Unassigned.Open
	for _, row := range append(team.Rows, harness.ShownRow{Figures: team.Unassigned}) {
		got := b.Call(t, b.Address("/gadget/workload/person")+"&account="+url.QueryEscape(row.Account), session)
		if n := len(issueRow.FindAllString(got.Body, -1)); got.Status != http.StatusOK || n != min(row.Figures.Open, 100) {
			t.Errorf("%s: %d, %d issues are listed, the row says %d", row.Name, got.Status, n, row.Figures.Open)
		}
	}
	for _, row := range team.Rows {
		open += row.Figures.Open
	}
	if open != team.Totals.Open || open == 0 {
		t.Errorf("rows add up to %d open issues, the total says %d", open, team.Totals.Open)
	}
}

// daysAgree opens every cell of a sheet.
func daysAgree(t *testing.T, k *harness.Timekeeper) {
	sheet := harness.ReadSheet(t, k.Page(t))
	for account, days := range sheet.Hours {
		for day, want := range days {
			if account == "others" || account == "unknown" {
				continue // not one person's: these do not open
			}
			status, list := k.Call(t, "/gadget/timelog/day?"+url.Values{"person": {account}, "day": {day}}.Encode(), nil)
			if got := listedHours(t, list); status != http.StatusOK || got != want {
				t.Errorf("%s, %s: %d, the list adds up to %s, the cell says %s", account, day, status, got, want)
			}
		}
	}
}

// listedHours adds up the entries of a list, which are printed like 1h 30m.
func listedHours(t *testing.T, list string) string {
	t.Helper()
	var sum time.Duration
	for _, m := range spentOf.FindAllStringSubmatch(list, -1) {
		text := strings.NewReplacer(" ", "", "\u00a0", "", "min", "m").Replace(harness.PlainText(m[1]))
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		sum += d
	}
	return strings.TrimSuffix(strconv.FormatFloat(sum.Hours(), 'f', 1, 64), ".0")
}
