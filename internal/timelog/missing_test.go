package timelog_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestMissing: working days before today count if they lack time; days off, today,
// apps and people who left do not.
func TestMissing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC) // a Wednesday
	log := func(id, who string, day int, spent time.Duration) workload.Worklog {
		return workload.Worklog{ID: id, Author: workload.Person{AccountID: who, Name: who, App: who == "bot", Inactive: who == "left"}, Started: time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC), Spent: spent}
	}
	s := timelog.Make(timelog.Input{
		Now: now, Window: workload.Week,
		Worklogs: []workload.Worklog{
			log("1", "ada", 19, 8*time.Hour), log("2", "ada", 20, 5*time.Hour), log("3", "ada", 23, 6*time.Hour), log("4", "ada", 24, 2*time.Hour), log("5", "ada", 24, 3*time.Hour),
			log("6", "bot", 20, time.Hour), log("7", "left", 20, time.Hour), log("8", "bob", 25, time.Hour),
		},
	})
	day := func(d int) workload.Date { return workload.DateOf(time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC), nil) }
	gaps := s.Missing(timelog.Week{}, 6)
	names := map[string]timelog.Gap{}
	for _, g := range gaps {
		names[g.Person.AccountID] = g
	}
	if len(gaps) != 2 {
		t.Fatalf("got %+v", gaps)
	}
	want := []timelog.Short{{Day: day(20), Spent: 5 * time.Hour}, {Day: day(24), Spent: 5 * time.Hour}}
	if diff := cmp.Diff(want, names["ada"].Days); diff != "" || names["ada"].Time != 2*time.Hour {
		t.Errorf("ada lacks %v (-want +got)\n%s", names["ada"].Time, diff)
	}
	if bob := names["bob"]; len(bob.Days) != 4 || bob.Time != 24*time.Hour {
		t.Errorf("bob: got %+v", bob)
	}
	if none := s.Missing(timelog.Week{}, workload.MissingNone); none != nil {
		t.Errorf("without a number of hours: got %+v", none)
	}
	if short := s.Missing(timelog.Week{Days: 3}, 6); len(short) != 2 || len(short[0].Days)+len(short[1].Days) != 2+1 { // Monday to Wednesday
		t.Errorf("in a week of three days: got %+v", short)
	}
	// Of a time that is over, the last day lacks time as the others do; a day to come lacks none.
	over := timelog.Make(timelog.Input{Now: now, Span: workload.Span{From: day(20), To: day(24)}, Team: []workload.Person{{AccountID: "bob"}}})
	if gaps := over.Missing(timelog.Week{}, 6); len(gaps) != 1 || len(gaps[0].Days) != 3 {
		t.Errorf("of days that are over: got %+v", gaps)
	}
	ahead := timelog.Make(timelog.Input{Now: now, Span: workload.Span{From: day(24), To: day(27)}, Team: []workload.Person{{AccountID: "bob"}}})
	if gaps := ahead.Missing(timelog.Week{}, 6); len(gaps) != 1 || len(gaps[0].Days) != 1 {
		t.Errorf("of days that are not: got %+v", gaps)
	}
}
