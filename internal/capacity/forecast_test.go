package capacity_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
)

// day is one of December 2026, of which the 2nd is a Wednesday.
func day(n int) workload.Date {
	return workload.Date{Year: 2026, Month: time.December, Day: 1}.AddDays(n - 1)
}

func task(id string, due workload.Date, hours float64) workload.Issue {
	return workload.Issue{
		ID: id, Assignee: &workload.Person{AccountID: "ada"}, Category: workload.CategoryNew,
		Due: due, Remaining: time.Duration(hours * float64(time.Hour)),
	}
}

func hours(n float64) time.Duration { return time.Duration(n * float64(time.Hour)) }

func forecast(t *testing.T, in capacity.Input) capacity.Forecast {
	t.Helper()
	if in.Today.IsZero() {
		in.Today = day(2)
	}
	if in.Site == (capacity.Hours{}) {
		in.Site = capacity.SiteHours(8, 5)
	}
	f, ok := capacity.Forecasts(in, "ada")["ada"]
	if !ok {
		t.Fatal("no forecast")
	}
	return f
}

func TestForecast(t *testing.T) {
	t.Parallel()
	f := forecast(t, capacity.Input{Issues: []workload.Issue{
		task("1", day(3), 10), // 10 of 16 h until Thursday
		task("2", day(4), 12), // 22 of 24 h until Friday
		task("3", day(11), 50),
		task("3", day(11), 50), // the same issue
		task("4", day(1), 2),   // overdue: by Sunday
		task("5", workload.Date{}, 7),
		task("6", day(60), 99),
		task("7", day(9), 0),
		{ID: "8", Assignee: &workload.Person{AccountID: "ada"}, Category: workload.CategoryDone, Due: day(3), Remaining: hours(40)},
		{ID: "9", Category: workload.CategoryNew, Due: day(3), Remaining: hours(40)},
	}})
	want := capacity.Forecast{
		Weeks: [4]capacity.Week{
			{From: day(2), To: day(6), By: day(6), Due: hours(24), Left: hours(24)},
			{From: day(7), To: day(13), By: day(11), Due: hours(74), Left: hours(64)},
			{From: day(14), To: day(20), By: day(20), Due: hours(74), Left: hours(104)},
			{From: day(21), To: day(27), By: day(27), Due: hours(74), Left: hours(144)},
		},
		Late: hours(2), Undated: hours(7), Blank: 1, Counted: 4,
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if f.Weeks[0].Over() || !f.Weeks[1].Over() || f.Most() != 74.0/64 {
		t.Errorf("over: %v, %v, most %v", f.Weeks[0].Over(), f.Weeks[1].Over(), f.Most())
	}
}

// TestForecastWithinAWeek finds the day on which time is short, though the week as a
// whole has enough.
func TestForecastWithinAWeek(t *testing.T) {
	t.Parallel()
	f := forecast(t, capacity.Input{Issues: []workload.Issue{task("1", day(2), 12)}})
	want := capacity.Week{From: day(2), To: day(6), By: day(2), Due: hours(12), Left: hours(8)}
	if f.Weeks[0] != want || !f.Weeks[0].Over() || f.Weeks[1].Over() {
		t.Errorf("got %+v", f.Weeks)
	}
}

// TestForecastOnAWeekend counts the coming week as the first.
func TestForecastOnAWeekend(t *testing.T) {
	t.Parallel()
	f := forecast(t, capacity.Input{Today: day(5), Issues: []workload.Issue{task("1", day(4), 30)}})
	want := capacity.Week{From: day(5), To: day(13), By: day(13), Due: hours(30), Left: hours(40)}
	if f.Weeks[0] != want || f.Weeks[3].To != day(34) {
		t.Errorf("got %+v", f.Weeks)
	}
}

func TestForecastOfPeople(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		person  capacity.Person
		daysOff map[workload.Date]bool
		away    func(string, workload.Date) time.Duration
		want    [4]float64 // hours left until the end of each week
	}{
		"the site's":      {want: [4]float64{24, 64, 104, 144}},
		"half days":       {person: capacity.Person{Hours: 4}, want: [4]float64{12, 32, 52, 72}},
		"Tuesdays":        {person: capacity.Person{Days: capacity.Days{time.Tuesday}}, want: [4]float64{0, 8, 16, 24}},
		"a Sunday's hour": {person: capacity.Person{Hours: 1, Days: capacity.Days{time.Sunday}}, want: [4]float64{1, 2, 3, 4}},
		"never":           {person: capacity.Person{Days: capacity.Days{}}, want: [4]float64{}},
		"away a week": {
			person: capacity.Person{Away: []capacity.Span{{From: day(7), To: day(13)}}}, want: [4]float64{24, 24, 64, 104},
		},
		"Christmas": {daysOff: map[workload.Date]bool{day(25): true, day(26): true}, want: [4]float64{24, 64, 104, 136}},
		"a calendar, once more on a holiday": {
			daysOff: map[workload.Date]bool{day(3): true},
			away: func(_ string, d workload.Date) time.Duration {
				return map[workload.Date]time.Duration{day(2): hours(3), day(3): hours(24), day(4): hours(24), day(5): hours(2)}[d]
			},
			want: [4]float64{5, 45, 85, 125},
		},
	} {
		f := forecast(t, capacity.Input{People: map[string]capacity.Person{"ada": tc.person}, DaysOff: tc.daysOff, Away: tc.away})
		for i, want := range tc.want {
			if got := f.Weeks[i].Left; got != hours(want) {
				t.Errorf("%s: week %d has %v, want %v h", name, i, got, want)
			}
		}
	}
}

func TestSiteHours(t *testing.T) {
	t.Parallel()
	zero := 0.0
	for name, tc := range map[string]struct {
		hours, days float64
		want        [7]float64
	}{
		"usual":     {8, 5, [7]float64{8, 8, 8, 8, 8}},
		"none set":  {0, 0, [7]float64{8, 8, 8, 8, 8}},
		"negative":  {-1, -1, [7]float64{8, 8, 8, 8, 8}},
		"no number": {zero / zero, zero / zero, [7]float64{8, 8, 8, 8, 8}},
		"half days": {7.5, 4.5, [7]float64{7.5, 7.5, 7.5, 7.5, 3.75}},
		"too much":  {100, 9, [7]float64{24, 24, 24, 24, 24, 24, 24}},
	} {
		got := capacity.SiteHours(tc.hours, tc.days)
		for i, want := range tc.want {
			if got[i] != hours(want) {
				t.Errorf("%s: day %d has %v, want %v h", name, i, got[i], want)
			}
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	of := func(hours ...float64) capacity.Forecast {
		var list []workload.Issue
		for i, h := range hours {
			list = append(list, task(string(rune('a'+i)), day(6), h))
		}
		return forecast(t, capacity.Input{Issues: list})
	}
	for name, tc := range map[string]struct {
		f            capacity.Forecast
		open         int
		heavy, light int
		want         workload.Load
	}{
		"nothing open":         {of(), 0, 100, 50, workload.LoadLight},
		"nothing that counts":  {of(0, 0), 2, 100, 50, ""},
		"fits exactly":         {of(24), 1, 100, 50, workload.LoadBalanced},
		"does not fit":         {of(24, 0.5), 2, 100, 50, workload.LoadHeavy},
		"heavy from 80 on":     {of(20), 1, 80, 50, workload.LoadHeavy},
		"little":               {of(5), 1, 100, 50, workload.LoadLight},
		"little is a tenth":    {of(5), 1, 100, 10, workload.LoadBalanced},
		"as much as there is":  {of(2e6), 1, 100, 50, workload.LoadHeavy},
		"more than a duration": {of(2e6, 2e6, 2e6), 3, 100, 50, workload.LoadHeavy},
	} {
		if got := tc.f.Load(tc.open, tc.heavy, tc.light); got != tc.want {
			t.Errorf("%s: %q, want %q (%v)", name, got, tc.want, tc.f.Most())
		}
	}
	none := capacity.Week{Due: time.Hour}
	if none.Share() != capacity.NoTime || !none.Over() {
		t.Error("an hour fits into none")
	}
}
