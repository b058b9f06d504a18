package form

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/absence"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestRosterRoundTrip: what is noted comes out of the form as it went in.
func TestRosterRoundTrip(t *testing.T) {
	t.Parallel()
	day := workload.Date{Year: 2026, Month: time.December, Day: 24}
	want := capacity.Roster{
		Calendar: "https://calendar.example/a.ics",
		People: map[string]capacity.Person{
			"a": {Name: "Ada", Hours: 6.5, Days: capacity.Days{time.Monday, time.Friday}},
			"b": {Name: "Ben", Away: []capacity.Span{{From: day, To: day}, {From: day.AddDays(7), To: day.AddDays(9)}}},
			"c": {Name: "Cy", Days: capacity.Days{}},
		},
	}
	site := capacity.SiteHours(8, 5)
	form := url.Values{"load": {"capacity"}, "calendar": {want.Calendar}}
	d := DraftOf(workload.NewGadgetConfig()).WithRoster(want)
	for _, m := range d.load.Crew {
		form.Add("person", m.account)
		form.Add("personName", m.name)
		form.Set("hours:"+m.account, m.hours)
		form.Set("away:"+m.account, m.away)
		days := m.days
		if !m.own {
			days = site.Days()
		}
		for _, day := range days {
			form.Add("days:"+m.account, string(rune('0'+day)))
		}
	}
	got, wrong := ReadDraft(form).roster(absence.NewReader(absence.Fetcher{}, time.Now), site)
	if diff := cmp.Diff(want, got); diff != "" || len(wrong) > 0 {
		t.Errorf("wrong %v (-want +got)\n%s", wrong, diff)
	}
}

// TestDraftWithoutLoad is a form without those fields, as a room's: the usual.
func TestDraftWithoutLoad(t *testing.T) {
	t.Parallel()
	d := ReadDraft(url.Values{"projects": {"ABC"}, "heavy": {"x"}, "person": {"a"}})
	if diff := cmp.Diff(workload.Weighing{}, d.Weighing); diff != "" || d.load.sent || len(d.load.Crew) > 0 || len(d.load.wrong) > 0 {
		t.Errorf("got %+v", d)
	}
}

func TestCrowd(t *testing.T) {
	t.Parallel()
	form := url.Values{"load": {""}}
	for i := range 10_000 {
		form.Add("person", string(rune('a'+i)))
	}
	_, wrong := ReadDraft(form).roster(nil, capacity.SiteHours(8, 5))
	if wrong[workload.FieldPeople].Code != workload.WrongManyPeople {
		t.Errorf("wrong: %v", wrong)
	}
}
