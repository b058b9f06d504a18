package workload_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

// TestWeighing counts with other thresholds than the usual ones.
func TestWeighing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	today := workload.DateOf(now, time.UTC)
	var issues []workload.Issue
	for name, open := range map[string]int{"ann": 10, "ben": 20, "cy": 5} {
		for i := range open {
			issues = append(issues, workload.Issue{ID: fmt.Sprint(name, i), Assignee: &workload.Person{AccountID: name, Name: name}, Due: today.AddDays(i)})
		}
	}
	for name, tc := range map[string]struct {
		w     workload.Weighing
		soon  int
		loads string // of ben, ann, cy
	}{
		"usual":             {workload.Weighing{}, 8 + 8 + 5, "heavy balanced balanced"},
		"heavy from double": {workload.Weighing{Heavy: 200}, 21, "balanced balanced balanced"},
		"light to 60 %":     {workload.Weighing{Light: 60}, 21, "heavy balanced light"},
		"soon is today":     {workload.Weighing{DueSoon: 1}, 6, "heavy balanced balanced"},
		"soon is 20 days":   {workload.Weighing{DueSoon: 20}, 35, "heavy balanced balanced"},
	} {
		s := workload.Summarize(workload.Input{Issues: issues, Now: now, Weighing: tc.w})
		var loads []string
		for _, row := range s.Rows {
			loads = append(loads, string(row.Load))
		}
		if got := strings.Join(loads, " "); got != tc.loads || s.Totals.DueSoon != tc.soon {
			t.Errorf("%s: got %s and %d due soon, want %s and %d", name, got, s.Totals.DueSoon, tc.loads, tc.soon)
		}
		scope := workload.Scope{Projects: []string{"ABC"}, Summary: &s}
		if jql := scope.DueSoon(workload.Assignee("ann"), today); !strings.Contains(jql, today.AddDays(tc.w.DueSoonDays()).String()) {
			t.Errorf("%s: the link finds others: %s", name, jql)
		}
	}
}

// TestWeighingOfProperty reads what older and newer forms have kept.
func TestWeighingOfProperty(t *testing.T) {
	t.Parallel()
	const usual = `"projects":["ABC"],"window":14,"unit":"hours","refresh":15`
	old, err := workload.ParseGadgetConfig([]byte("{" + usual + "}"))
	if diff := cmp.Diff(workload.Weighing{}, old.Weighing); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if data, err := json.Marshal(old); err != nil || string(data) != "{"+usual+"}" {
		t.Errorf("kept as %s, %v", data, err)
	}
	day := workload.Date{Year: 2026, Month: time.December, Day: 24}
	c := old
	c.Weighing = workload.Weighing{Load: workload.LoadByCapacity, Heavy: 90, Light: 30, DueSoon: 3, Region: "DE-BY", DaysOff: []workload.Date{day}, Workdays: []workload.Date{day.AddDays(1)}}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	again, err := workload.ParseGadgetConfig(data)
	if diff := cmp.Diff(c, again); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	for text, field := range map[string]string{
		`"load":"guess"`: workload.FieldLoad, `"heavy":-1`: workload.FieldHeavy, `"heavy":1001`: workload.FieldHeavy, `"light":151`: workload.FieldLight,
		`"load":"capacity","light":101`: workload.FieldLight, `"dueSoon":61`: workload.FieldDueSoon, `"region":"Germany"`: workload.FieldRegion,
		`"daysOff":["` + strings.Repeat(`2026-12-24","`, 100) + `2026-12-24"]`: workload.FieldDaysOff,
	} {
		_, err := workload.ParseGadgetConfig([]byte("{" + usual + "," + text + "}"))
		var wrong workload.FieldErrors
		if !errors.As(err, &wrong) || !wrong.Has(field) {
			t.Errorf("%.40s: %v, wrong are %v", text, err, slices.Collect(maps.Keys(wrong)))
		}
	}
	if _, err := workload.ParseGadgetConfig([]byte("{" + usual + `,"daysOff":["soon"]}`)); err == nil {
		t.Error("a day that is none is read")
	}
}
