package timelog_test

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

func TestWorks(t *testing.T) {
	t.Parallel()
	monday := workload.Date{Year: 2026, Month: time.November, Day: 23}
	for days, want := range map[float64]string{0: "1111100", -1: "1111100", 5: "1111100", 4: "1111000", 5.5: "1111110", 6: "1111110", 7: "1111111", 9: "1111111", 0.5: "1000000"} {
		got := ""
		for i := range 7 {
			if (timelog.Week{Days: days}).Works(monday.AddDays(i)) {
				got += "1"
			} else {
				got += "0"
			}
		}
		if got != want {
			t.Errorf("%v days a week: %s from Monday on, want %s", days, got, want)
		}
	}
}

func TestStep(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		hours float64
		spent time.Duration
		want  timelog.Step
	}{
		{8, 0, timelog.StepNone},
		{8, -time.Hour, timelog.StepNone},
		{8, time.Minute, timelog.StepQuarter},
		{8, 2 * time.Hour, timelog.StepQuarter},
		{8, 2*time.Hour + time.Minute, timelog.StepHalf},
		{8, 4 * time.Hour, timelog.StepHalf},
		{8, 8 * time.Hour, timelog.StepDay},
		{8, 8*time.Hour + time.Second, timelog.StepOver},
		{7.5, 7*time.Hour + 30*time.Minute, timelog.StepDay},
		{7.5, 8 * time.Hour, timelog.StepOver},
		{0, 8 * time.Hour, timelog.StepDay},
	} {
		if got := (timelog.Week{HoursADay: tt.hours}).Step(tt.spent); got != tt.want {
			t.Errorf("%v of a day of %v h: step %d, want %d", tt.spent, tt.hours, got, tt.want)
		}
	}
	week := timelog.Week{HoursADay: 7.5}
	for step := timelog.StepQuarter; step <= timelog.StepDay; step++ {
		if limit := week.Limit(step); week.Step(limit) != step || week.Step(limit+time.Second) != step+1 {
			t.Errorf("step %d does not end at %v", step, limit)
		}
	}
	if week.Limit(timelog.StepNone) != 0 || week.Limit(timelog.StepOver) != week.Limit(timelog.StepDay) {
		t.Error("the outer steps have other limits")
	}
}
