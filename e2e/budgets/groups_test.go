package budgets

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestTripsOfGroups: whatever the rows are, a view costs no more trips than the first one
// of people (see TestTripsOfWideBoards): what issues are grouped by is read beside what
// is read anyway. A tenant's calls wait for each other beyond eight.
func TestTripsOfGroups(t *testing.T) {
	harness.Long(t)
	for _, tt := range []struct {
		index        string
		issues, most int
		axes         []workload.Axis
	}{
		{"off", 1437, 5, []workload.Axis{workload.AxisType}},
		{"on", 1437, 3, []workload.Axis{workload.AxisType, workload.AxisEpic, workload.AxisTeam, workload.AxisProject, workload.AxisStatus}},
		{"on", 5000, 3, []workload.Axis{workload.AxisType, workload.AxisEpic}},
	} {
		t.Run(fmt.Sprint(tt.issues, " ", tt.index), func(t *testing.T) {
			var spent points
			s := harness.Scene{
				Site:     connecttest.Options{Data: strings.NewReader(withEpic(harness.WideData(tt.issues))), KeepDates: true, Check: spent.count},
				Settings: []func(*app.ServeFlags){func(f *app.ServeFlags) { f.Index = tt.index }},
			}.Stage(t)
			set := func(gadget string, change func(c *workload.GadgetConfig)) {
				config := workload.NewGadgetConfig()
				config.Projects = []string{"WIDE"}
				change(&config)
				s.SetUp(t, gadget, config)
			}
			set("workload", func(*workload.GadgetConfig) {})
			if tt.index == "on" {
				fill(t, s)
			}
			slowBy(t, s.Running, 1500*time.Millisecond)
			for i, axis := range tt.axes {
				for part, by := range []workload.By{{Rows: axis, TeamField: "customfield_10001"}, {Split: axis, TeamField: "customfield_10001"}} {
					set("workload", func(c *workload.GadgetConfig) { c.By = by })
					s.Viewer = s.Account(t, fmt.Sprint("person", i+5*part))
					trip(t, s, &spent, fmt.Sprint(by), "workload", tt.most)
				}
			}
			s.ForgetViews(t)
			for i, sheet := range workload.Sheets()[1:] {
				set("timelog", func(c *workload.GadgetConfig) { c.Sheet = sheet })
				s.Viewer = s.Account(t, fmt.Sprint("person", i))
				trip(t, s, &spent, string(sheet), "timelog", tt.most)
			}
		})
	}
}

func trip(t *testing.T, s *harness.Stage, spent *points, what, module string, most int) {
	t.Helper()
	spent.take()
	m := s.Meter()
	s.Seen(t, module)
	calls := m.Calls()
	got := trips(calls)
	t.Logf("%s: %d trips, %d calls, %d points", what, got, len(calls), spent.take())
	if got > most {
		t.Errorf("%s: %d trips, want at most %d:\n%s", what, got, most, listCalls(calls))
	}
}

// withEpic makes an epic of the first issue, above all others.
func withEpic(data string) string {
	const of = `"issuetype":"Task"`
	data = strings.Replace(data, of, `"issuetype":"Epic"`, 1)
	return strings.ReplaceAll(data, of, of+`,"parent":"WIDE-1"`)
}
