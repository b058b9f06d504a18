package workload_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

// A trend begins so many days ago and ends before now.
func TestTrendTimes(t *testing.T) {
	t.Parallel()
	now := noon(t)
	for trend, want := range map[workload.Trend]int{
		workload.TrendNone: 0, workload.TrendWeek: 7, workload.TrendMonth: 14, workload.TrendQuarter: 13, workload.TrendYear: 13,
	} {
		times := trend.Times(now)
		if len(times) != want || want > 0 && (!times[0].Equal(now.AddDate(0, 0, -int(trend))) || !times[want-1].Before(now)) {
			t.Errorf("%d days: got %v, want %d", trend, times, want)
		}
	}
}

// Lines count whom the summary counts: of a team its members and nobody, and no apps.
func TestLines(t *testing.T) {
	t.Parallel()
	ann, bob, cyd := people()
	robot := workload.Person{AccountID: "r", Name: "Robot", App: true}
	in := workload.Input{Now: noon(t), Issues: append(openIssues(ann, 2), openIssues(robot, 3)...)}
	before := []workload.Moment{{At: noon(t).AddDate(0, 0, -7), By: map[string]workload.Carried{
		"":            {Open: 1},
		ann.AccountID: {Open: 5, Overdue: 1, Remaining: time.Hour},
		bob.AccountID: {Open: 7, Overdue: 2, Remaining: 2 * time.Hour},
		cyd.AccountID: {Open: 9}, "r": {Open: 50},
	}}}
	for name, tt := range map[string]struct {
		team   []workload.Person
		want   workload.Carried
		people int
	}{
		"everybody": {nil, workload.Carried{Open: 22, Overdue: 3, Remaining: 3 * time.Hour}, 1},
		"a team":    {[]workload.Person{ann, bob}, workload.Carried{Open: 13, Overdue: 3, Remaining: 3 * time.Hour}, 2},
		"nobody":    {[]workload.Person{}, workload.Carried{Open: 1}, 0},
	} {
		in.Team = tt.team
		s := workload.Summarize(in)
		lines := s.Lines(before, workload.Moment{By: map[string]workload.Carried{ann.AccountID: {Done: 4}, "r": {Done: 9}}}, tt.team)
		if diff := cmp.Diff(tt.want, lines.Team.Before()); diff != "" || lines.Team.Now().Open != s.Totals.Open || len(lines.People) != tt.people {
			t.Errorf("%s: got %+v (-want +got)\n%s", name, lines, diff)
		}
		if line := lines.People[ann.AccountID]; len(line) > 0 && line.More() != -3 {
			t.Errorf("%s: Ann has %d more, want 3 fewer: %+v", name, line.More(), line)
		}
	}
}
