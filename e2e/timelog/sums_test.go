package timelog

import (
	"maps"
	"regexp"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

var othersRow = regexp.MustCompile(`(?s)<tr data-row="others">.*?data-count="logged">([^<]*)</td>`)

// others are the hours in the row of people outside the team, "" without it.
func others(page string) string {
	m := othersRow.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

// TestBothGadgetsNameTheSameHours: with everybody, a role, a query and nobody
// chosen, each person's hours, those of others and the total are the same in
// both gadgets, and the total does not depend on the team.
func TestBothGadgetsNameTheSameHours(t *testing.T) {
	t.Parallel()
	total := ""
	for name, change := range map[string]func(*workload.GadgetConfig){
		"everybody": func(*workload.GadgetConfig) {},
		"a role":    func(c *workload.GadgetConfig) { c.Role = "10002" },
		"a query":   func(c *workload.GadgetConfig) { c.Query = "is assignee of LANT" },
		"nobody":    func(c *workload.GadgetConfig) { c.Query = "is assignee of NONE" },
	} {
		r := harness.Start(t, connecttest.NewSite(t))
		r.Install(t)
		b := harness.NewBoard(t, r, "HARB", "LANT")
		config := workload.NewGadgetConfig()
		config.Projects, config.Window = []string{"HARB", "LANT"}, workload.Month
		change(&config)
		b.Configure(t, config)
		r.ConfigureTimelog(t, b.Dashboard, config)
		k := r.Timekeeper(t, b.Dashboard, b.Dashboard.Owner)
		page, sheetPage := b.Look(t, b.Dashboard.Owner).Body, k.Page(t)
		team, sheet := harness.ReadTeam(t, page), harness.ReadSheet(t, sheetPage)
		hours, listed := map[string]string{}, map[string]string{}
		for _, row := range team.Rows {
			if row.Figures.Logged != "0" {
				hours[row.Account] = row.Figures.Logged
			}
		}
		for account, sum := range sheet.Sums {
			if sum != "0" {
				listed[account] = sum
			}
		}
		if !maps.Equal(hours, listed) || team.Totals.Logged != sheet.Total || others(page) != others(sheetPage) {
			t.Errorf("%s: workload %v, others %s, total %s; timelog %v, others %s, total %s",
				name, hours, others(page), team.Totals.Logged, listed, others(sheetPage), sheet.Total)
		}
		if total == "" {
			total = sheet.Total
		}
		if sheet.Total != total {
			t.Errorf("%s: total %s, with another team %s", name, sheet.Total, total)
		}
		if name != "everybody" && others(page) == "" {
			t.Errorf("%s: nobody outside the team logged time, so this shows little", name)
		}
	}
}
