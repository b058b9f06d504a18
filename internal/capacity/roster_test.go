package capacity_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
)

func TestParseSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        "",
		" , ;\n":                  "",
		"2026-12-24":              "2026-12-24",
		"2026-12-24/2027-01-02":   "2026-12-24/2027-01-02",
		"2026-12-24 – 2027-01-02": "2026-12-24/2027-01-02",
		"2026-12-24..2026-12-24":  "2026-12-24",
		"2027-02-01, 2026-12-24 - 2027-01-02;2026-11-30\n": "2026-11-30 2026-12-24/2027-01-02 2027-02-01",
	} {
		spans, err := capacity.ParseSpans(text)
		var got []string
		for _, s := range spans {
			got = append(got, s.String())
		}
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"tomorrow", "2026-13-01", "2026-12-24/", "/2026-12-24", "2027-01-02/2026-12-24", "2026-01-01/2029-01-01", "2026-12-24, 24.12.2026",
	} {
		if spans, err := capacity.ParseSpans(text); !errors.Is(err, capacity.ErrSpan) {
			t.Errorf("%q: got %v, %v", text, spans, err)
		}
	}
	if _, err := capacity.ParseSpans(strings.Repeat("2026-12-24,", 10_000)); !errors.Is(err, capacity.ErrTooMany) {
		t.Errorf("10,000 absences: %v", err)
	}
}

func TestRoster(t *testing.T) {
	t.Parallel()
	r := capacity.Roster{
		Calendar: "https://calendar.example/ada.ics",
		People: map[string]capacity.Person{
			"ada": {Name: "Ada", Hours: 6.5, Days: capacity.Days{time.Monday, time.Friday}, Away: []capacity.Span{{From: day(1), To: day(9)}, {From: day(20), To: day(20)}}},
			"ben": {Days: capacity.Days{}},
		},
	}
	data, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := capacity.ParseRoster(data)
	if diff := cmp.Diff(r.People["ada"], got.People["ada"]); diff != "" || err != nil || got.Calendar != r.Calendar {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if data, err := (capacity.Roster{}).Encode(); data != nil || err != nil {
		t.Errorf("nothing is kept as %q, %v", data, err)
	}
	if got, err := capacity.ParseRoster(nil); !got.Zero() || err != nil {
		t.Errorf("nothing reads as %+v, %v", got, err)
	}
}

func TestWrongRosters(t *testing.T) {
	t.Parallel()
	crowd := map[string]capacity.Person{}
	for i := range capacity.MaxPeople + 1 {
		crowd[string(rune('a'+i))] = capacity.Person{Hours: 1}
	}
	one := func(p capacity.Person) map[string]capacity.Person { return map[string]capacity.Person{"ada": p} }
	for name, tc := range map[string]struct {
		people map[string]capacity.Person
		want   error // nil: any
	}{
		"a crowd":               {crowd, capacity.ErrTooMany},
		"hours below zero":      {one(capacity.Person{Hours: -1}), capacity.ErrHours},
		"more hours than a day": {one(capacity.Person{Hours: 24.1}), capacity.ErrHours},
		"no number":             {one(capacity.Person{Hours: math.NaN()}), capacity.ErrHours},
		"endless":               {one(capacity.Person{Hours: math.Inf(1)}), capacity.ErrHours},
		"an eighth day":         {one(capacity.Person{Days: capacity.Days{7}}), nil},
		"10,000 absences":       {one(capacity.Person{Away: make([]capacity.Span, 10_000)}), capacity.ErrTooMany},
		"no account":            {map[string]capacity.Person{"": {}}, nil},
		"a control character":   {one(capacity.Person{Name: "a\x00"}), nil},
	} {
		err := capacity.Roster{People: tc.people}.Validate()
		if err == nil || tc.want != nil && !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (capacity.Roster{Calendar: strings.Repeat("x", capacity.MaxCalendar+1)}).Validate(); err == nil {
		t.Error("a long address is kept")
	}
	for _, data := range []string{"x", "[]", `{"people":{"ada":{"hours":99}}}`, `{"people":{"ada":{"away":["x"]}}}`, `{"people":{"ada":{"hours":"8"}}}`} {
		if r, err := capacity.ParseRoster([]byte(data)); err == nil {
			t.Errorf("%s reads as %+v", data, r)
		}
	}
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	year := func(n int) workload.Date { return workload.Date{Year: n, Month: 1, Day: 1} }
	names := func(list []capacity.Holiday) string {
		var days []string
		for _, h := range list {
			days = append(days, h.Day.String()+" "+h.Name)
		}
		return strings.Join(days, ", ")
	}
	december := func(region string) []capacity.Holiday { return capacity.Holidays(region, day(1), day(31)) }
	for _, tc := range []struct{ got, want string }{
		{names(december("DE-BY")), "2026-12-25 Weihnachtstag, 2026-12-26 Zweiter Weihnachtsfeiertag"},
		{names(december("XX")), ""},
		{names(capacity.Holidays("US", workload.Date{Year: 2027, Month: 12, Day: 20}, year(2028))), "2027-12-24 Christmas Day, 2027-12-25 Christmas Day, 2027-12-31 New Year's Day, 2028-01-01 New Year's Day"},
		{
			names(capacity.DaysOff("DE", day(20), day(31), []workload.Date{day(24), day(25), day(3)}, []workload.Date{day(26), day(1)})),
			"2026-12-24 , 2026-12-25 Weihnachtstag",
		},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
	}
	if !capacity.KnownRegion("DE-BY") || capacity.KnownRegion("DE-XX") || capacity.KnownRegion("") {
		t.Error("regions are mixed up")
	}
	for _, r := range capacity.Regions() {
		if len(capacity.Holidays(r.Code, year(2026), year(2027))) < 5 {
			t.Errorf("%s has next to no holidays", r.Code)
		}
		if strings.Contains(r.Code, "-") == (r.Name == "") || !strings.HasPrefix(r.Code, r.Country) {
			t.Errorf("%+v", r)
		}
	}
}

// FuzzParseSpans reads any text: what is read is written and read again as itself.
func FuzzParseSpans(f *testing.F) {
	for _, seed := range []string{"2026-12-24", "2026-12-24/2027-01-02", "2026-12-24 – 2027-01-02,;", "–/..", "202600-01-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		spans, err := capacity.ParseSpans(text)
		if err != nil {
			return
		}
		for _, s := range spans {
			if again, err := capacity.ParseSpan(s.String()); again != s || err != nil {
				t.Errorf("%v reads as %v, %v", s, again, err)
			}
		}
	})
}
