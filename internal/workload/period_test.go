package workload_test

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// The days of each period, read off a calendar: 30 November 2026 is a Monday.
func TestSpan(t *testing.T) {
	t.Parallel()
	ranged := workload.GadgetConfig{Period: workload.PeriodRange, From: date(t, "2026-12-24"), To: date(t, "2027-01-06")}
	for _, tt := range []struct {
		config   workload.GadgetConfig
		today    string
		first    time.Weekday
		from, to string
		days     int
	}{
		{workload.GadgetConfig{Window: workload.Fortnight}, "2026-11-30", time.Monday, "2026-11-17", "2026-11-30", 14},
		{workload.GadgetConfig{Period: workload.PeriodThisWeek}, "2026-11-30", time.Monday, "2026-11-30", "2026-11-30", 1},
		{workload.GadgetConfig{Period: workload.PeriodThisWeek}, "2026-11-30", time.Sunday, "2026-11-29", "2026-11-30", 2},
		{workload.GadgetConfig{Period: workload.PeriodThisWeek}, "2026-11-29", time.Saturday, "2026-11-28", "2026-11-29", 2},
		{workload.GadgetConfig{Period: workload.PeriodLastWeek}, "2026-11-30", time.Monday, "2026-11-23", "2026-11-29", 7},
		{workload.GadgetConfig{Period: workload.PeriodLastWeek}, "2026-11-28", time.Sunday, "2026-11-15", "2026-11-21", 7},
		{workload.GadgetConfig{Period: workload.PeriodLastWeek}, "2027-01-01", time.Monday, "2026-12-21", "2026-12-27", 7},
		{workload.GadgetConfig{Period: workload.PeriodThisMonth}, "2026-11-30", time.Monday, "2026-11-01", "2026-11-30", 30},
		{workload.GadgetConfig{Period: workload.PeriodLastMonth}, "2026-03-31", time.Monday, "2026-02-01", "2026-02-28", 28},
		{workload.GadgetConfig{Period: workload.PeriodLastMonth}, "2028-03-01", time.Monday, "2028-02-01", "2028-02-29", 29},
		{workload.GadgetConfig{Period: workload.PeriodLastMonth}, "2027-01-15", time.Monday, "2026-12-01", "2026-12-31", 31},
		{workload.GadgetConfig{Period: workload.PeriodThisQuarter}, "2026-11-30", time.Monday, "2026-10-01", "2026-11-30", 61},
		{workload.GadgetConfig{Period: workload.PeriodLastQuarter}, "2026-11-30", time.Monday, "2026-07-01", "2026-09-30", 92},
		{workload.GadgetConfig{Period: workload.PeriodLastQuarter}, "2027-02-28", time.Monday, "2026-10-01", "2026-12-31", 92},
		{ranged, "2026-11-30", time.Monday, "2026-12-24", "2027-01-06", 14},
	} {
		got := tt.config.Span(date(t, tt.today), tt.first)
		if got.From.String() != tt.from || got.To.String() != tt.to || got.Days() != tt.days {
			t.Errorf("%s on %s, weeks from %s: %s to %s, %d days; want %s to %s, %d", tt.config.Period, tt.today, tt.first, got.From, got.To, got.Days(), tt.from, tt.to, tt.days)
		}
		around := tt.config.Around(date(t, tt.today))
		if got.From.Before(around.From) || around.To.Before(got.To) {
			t.Errorf("%s on %s: %s to %s is not within %s to %s", tt.config.Period, tt.today, got.From, got.To, around.From, around.To)
		}
	}
}

func TestPeriodsAreChecked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*workload.GadgetConfig)
		want   string
	}{
		"a period": {func(c *workload.GadgetConfig) { c.Period = workload.PeriodLastWeek }, ""},
		"another":  {func(c *workload.GadgetConfig) { c.Period = "nextWeek" }, "window"},
		"a range": {func(c *workload.GadgetConfig) {
			c.Period, c.From, c.To = "range", date(t, "2026-11-01"), date(t, "2026-11-01")
		}, ""},
		"100 days": {func(c *workload.GadgetConfig) {
			c.Period, c.From, c.To = "range", date(t, "2026-01-01"), date(t, "2026-04-10")
		}, ""},
		"101 days": {func(c *workload.GadgetConfig) {
			c.Period, c.From, c.To = "range", date(t, "2026-01-01"), date(t, "2026-04-11")
		}, "window"},
		"backwards": {func(c *workload.GadgetConfig) {
			c.Period, c.From, c.To = "range", date(t, "2026-11-02"), date(t, "2026-11-01")
		}, "window"},
		"no end":           {func(c *workload.GadgetConfig) { c.Period, c.From = "range", date(t, "2026-11-02") }, "window"},
		"days of no range": {func(c *workload.GadgetConfig) { c.From = date(t, "2026-11-02") }, "window"},
	} {
		c := workload.NewGadgetConfig()
		c.Projects = []string{"ABC"}
		tt.change(&c)
		if got := wrongFields(c.Validate()); got != tt.want {
			t.Errorf("%s: wrong are %q, want %q", name, got, tt.want)
		}
		if tt.want == "" {
			reparse(t, c)
		}
	}
}

// Logged time counts from the first day of a span to its last, also if that is long ago.
func TestSpanOfLoggedTime(t *testing.T) {
	t.Parallel()
	ann := workload.Person{AccountID: "a", Name: "Ann"}
	in := workload.Input{Now: noon(t), Span: workload.Span{From: date(t, "2026-01-10"), To: date(t, "2026-01-11")}}
	for day, hours := range map[string]time.Duration{"2026-01-09": 1, "2026-01-10": 2, "2026-01-11": 4, "2026-01-12": 8} {
		in.Worklogs = append(in.Worklogs, workload.Worklog{ID: day, Author: ann, Started: date(t, day).In(time.UTC), Spent: hours * time.Hour})
	}
	s := workload.Summarize(in)
	if s.Totals.Logged != 6*time.Hour || s.From != in.Span.From || s.To != in.Span.To {
		t.Errorf("logged %s from %s to %s", s.Totals.Logged, s.From, s.To)
	}
}
