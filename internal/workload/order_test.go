package workload_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

func TestOrdered(t *testing.T) {
	t.Parallel()
	row := func(name string, open, overdue int, logged time.Duration, load workload.Load) workload.Row {
		return workload.Row{
			Person: workload.Person{AccountID: name, Name: name}, Load: load,
			Counts: workload.Counts{Open: open, ToDo: open - 1, InProgress: 1, Overdue: overdue, DueSoon: overdue, Remaining: logged, Logged: logged},
		}
	}
	s := workload.Summary{Rows: []workload.Row{
		row("cleo", 9, 0, 3*time.Hour, workload.LoadHeavy), row("Ann", 5, 2, time.Hour, workload.LoadBalanced),
		row("Ben", 5, 2, 0, workload.LoadBalanced), row("Dora", 1, 0, 9*time.Hour, workload.LoadLight),
	}}
	for _, tt := range []struct {
		by     workload.Column
		desc   bool
		pins   []string
		want   []string
		pinned int
	}{
		{workload.ByOpen, true, nil, []string{"cleo", "Ann", "Ben", "Dora"}, 0},
		{workload.ByOpen, false, nil, []string{"Dora", "Ann", "Ben", "cleo"}, 0},
		{workload.ByName, false, nil, []string{"Ann", "Ben", "cleo", "Dora"}, 0},
		{workload.ByName, true, nil, []string{"Dora", "cleo", "Ben", "Ann"}, 0},
		{workload.ByToDo, true, nil, []string{"cleo", "Ann", "Ben", "Dora"}, 0},
		{workload.ByInProgress, true, nil, []string{"cleo", "Ann", "Ben", "Dora"}, 0},
		{workload.ByOverdue, true, nil, []string{"Ann", "Ben", "cleo", "Dora"}, 0},
		{workload.ByOverdue, false, nil, []string{"cleo", "Dora", "Ann", "Ben"}, 0},
		{workload.ByDueSoon, true, nil, []string{"Ann", "Ben", "cleo", "Dora"}, 0},
		{workload.ByRemaining, true, nil, []string{"Dora", "cleo", "Ann", "Ben"}, 0},
		{workload.ByLogged, false, nil, []string{"Ben", "Ann", "cleo", "Dora"}, 0},
		{workload.ByLoad, true, nil, []string{"cleo", "Ann", "Ben", "Dora"}, 0},
		{workload.ByLoad, false, nil, []string{"Dora", "Ann", "Ben", "cleo"}, 0},
		{"luck", true, nil, []string{"cleo", "Ann", "Ben", "Dora"}, 0},
		{workload.ByOpen, true, []string{"Dora", "gone", "Ben"}, []string{"Ben", "Dora", "cleo", "Ann"}, 2},
		{workload.ByName, true, []string{"Ann", "Ben"}, []string{"Ben", "Ann", "Dora", "cleo"}, 2},
	} {
		rows, pinned := s.Ordered(workload.Preferences{Pins: tt.pins, Sort: workload.Sort{By: tt.by, Desc: tt.desc}})
		if diff := cmp.Diff(tt.want, names(rows)); diff != "" || pinned != tt.pinned {
			t.Errorf("%s, desc %v, pins %v: %d pinned, %s", tt.by, tt.desc, tt.pins, pinned, diff)
		}
	}
	if got := names(s.Rows); got[0] != "cleo" {
		t.Error("the summary itself was sorted anew")
	}
}

func TestCapacity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		window      workload.Window
		hours, days float64
		want        time.Duration
	}{
		{workload.Week, 8, 5, 40 * time.Hour},
		{workload.Fortnight, 8, 5, 80 * time.Hour},
		{workload.Fortnight, 7.5, 4, 60 * time.Hour},
		{workload.Month, 7, 5, 150 * time.Hour},
		{workload.Week, 0, 0, 40 * time.Hour},
		{workload.Week, 25, 8, 40 * time.Hour},
		{workload.Week, -1, 7, 56 * time.Hour},
	} {
		if got := tt.window.Capacity(tt.hours, tt.days); got != tt.want {
			t.Errorf("%d days of %v hours, %v a week: %s, want %s", tt.window, tt.hours, tt.days, got, tt.want)
		}
	}
}
