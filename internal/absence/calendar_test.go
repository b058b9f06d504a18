package absence_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/absence"
	"github.com/sightline-go/sightline/internal/workload"
)

func date(text string) workload.Date {
	d, err := workload.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// calendar is a file of events, each of which is some lines.
func calendar(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test\nX-WR-TIMEZONE:Europe/Berlin\n")
	for i, e := range events {
		id := ""
		if !strings.Contains(e, "UID:") {
			id = fmt.Sprintf("UID:%d\n", i)
		}
		fmt.Fprintf(&b, "BEGIN:VEVENT\n%s%s\nEND:VEVENT\n", id, e)
	}
	b.WriteString("END:VCALENDAR\n")
	return strings.ReplaceAll(b.String(), "\n", "\r\n")
}

// days writes what Ada is away: days, with hours unless it is all of them.
func days(c absence.Calendar) string {
	away, _ := c.Of([]workload.Person{{AccountID: "ada", Name: "Ada Moreno"}})
	var list []string
	for _, day := range slices.SortedFunc(maps.Keys(away["ada"]), workload.Date.Compare) {
		text := day.String()[5:]
		if lasts := away["ada"][day]; lasts != 24*time.Hour {
			text += fmt.Sprintf(" %gh", lasts.Hours())
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func parse(t *testing.T, text string) (absence.Calendar, error) {
	t.Helper()
	return absence.Parse(t.Context(), []byte(text), date("2026-12-01"), date("2026-12-31"))
}

func TestParse(t *testing.T) {
	t.Parallel()
	const ada = "SUMMARY:Ada Moreno\n"
	for name, tc := range map[string]struct {
		events []string
		want   string
	}{
		"a day":                {[]string{ada + "DTSTART;VALUE=DATE:20261224"}, "12-24"},
		"a day, with its end":  {[]string{ada + "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261225"}, "12-24"},
		"over the edges":       {[]string{ada + "DTSTART;VALUE=DATE:20261128\nDTEND;VALUE=DATE:20261203"}, "12-01, 12-02"},
		"until next year":      {[]string{ada + "DTSTART;VALUE=DATE:20261230\nDTEND;VALUE=DATE:20270110"}, "12-30, 12-31"},
		"as long as it says":   {[]string{ada + "DTSTART;VALUE=DATE:20261224\nDURATION:P3D"}, "12-24, 12-25, 12-26"},
		"a week":               {[]string{ada + "DTSTART;VALUE=DATE:20261207\nDURATION:P1W"}, "12-07, 12-08, 12-09, 12-10, 12-11, 12-12, 12-13"},
		"some hours":           {[]string{ada + "DTSTART;TZID=Europe/Berlin:20261224T090000\nDTEND;TZID=Europe/Berlin:20261224T123000"}, "12-24 3.5h"},
		"a moment":             {[]string{ada + "DTSTART;TZID=Europe/Berlin:20261224T090000"}, ""},
		"across midnight":      {[]string{ada + "DTSTART:20261224T200000\nDURATION:PT6H"}, "12-24 4h, 12-25 2h"},
		"UTC, the day before":  {[]string{ada + "DTSTART:20261223T230000Z\nDTEND:20261224T230000Z"}, "12-24"},
		"Outlook's name":       {[]string{ada + "DTSTART;TZID=W. Europe Standard Time:20261224T080000\nDURATION:PT1H"}, "12-24 1h"},
		"another zone":         {[]string{ada + "DTSTART;TZID=America/New_York:20261224T200000\nDURATION:PT1H"}, "12-24 1h"},
		"twice on a day":       {[]string{ada + "DTSTART:20261224T080000\nDURATION:PT1H", ada + "DTSTART:20261224T100000\nDURATION:PT2H"}, "12-24 3h"},
		"cancelled":            {[]string{ada + "STATUS:CANCELLED\nDTSTART;VALUE=DATE:20261224"}, ""},
		"free":                 {[]string{ada + "TRANSP:TRANSPARENT\nDTSTART;VALUE=DATE:20261224"}, ""},
		"somebody else":        {[]string{"SUMMARY:Adam Morenos\nDTSTART;VALUE=DATE:20261224"}, ""},
		"in a longer title":    {[]string{"SUMMARY:[Urlaub] ada  MORENO\\, ganztags\nDTSTART;VALUE=DATE:20261224"}, "12-24"},
		"as an attendee":       {[]string{"SUMMARY:Leave\nATTENDEE;CN=\"Ada Moreno\";CUTYPE=INDIVIDUAL:mailto:ada@example.com\nDTSTART;VALUE=DATE:20261224"}, "12-24"},
		"every Thursday":       {[]string{ada + "DTSTART;VALUE=DATE:20200102\nRRULE:FREQ=WEEKLY;BYDAY=TH"}, "12-03, 12-10, 12-17, 12-24, 12-31"},
		"some Thursdays":       {[]string{ada + "DTSTART;VALUE=DATE:20261203\nRRULE:FREQ=WEEKLY;COUNT=2"}, "12-03, 12-10"},
		"until a day":          {[]string{ada + "DTSTART;VALUE=DATE:20261203\nRRULE:FREQ=WEEKLY;UNTIL=20261217"}, "12-03, 12-10, 12-17"},
		"but one":              {[]string{ada + "DTSTART;VALUE=DATE:20261203\nRRULE:FREQ=WEEKLY\nEXDATE;VALUE=DATE:20261210,20261224"}, "12-03, 12-17, 12-31"},
		"one more":             {[]string{ada + "DTSTART;VALUE=DATE:20261203\nRDATE;VALUE=DATE:20261207"}, "12-03, 12-07"},
		"every year":           {[]string{ada + "DTSTART;VALUE=DATE:20101224\nRRULE:FREQ=YEARLY"}, "12-24"},
		"the last Friday":      {[]string{ada + "DTSTART;VALUE=DATE:20260130\nRRULE:FREQ=MONTHLY;BYDAY=-1FR"}, "12-25"},
		"every Monday at nine": {[]string{ada + "DTSTART;TZID=Europe/Berlin:20260601T090000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:20261214T090000"}, "12-07 2h, 12-21 2h, 12-28 2h"},
		"a time that was moved": {
			[]string{
				ada + "UID:x\nDTSTART;VALUE=DATE:20261203\nRRULE:FREQ=WEEKLY;COUNT=3",
				ada + "UID:x\nRECURRENCE-ID;VALUE=DATE:20261210\nDTSTART;VALUE=DATE:20261211",
			}, "12-03, 12-11, 12-17",
		},
	} {
		c, err := parse(t, calendar(tc.events...))
		if got := days(c); got != tc.want || err != nil || c.Unreadable != 0 {
			t.Errorf("%s: got %q, %v, %d unreadable, want %q", name, got, err, c.Unreadable, tc.want)
		}
	}
}

// TestUnreadable leaves out what it does not understand, and counts it.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	const ada = "SUMMARY:Ada Moreno\n"
	events := []string{
		ada + "DTSTART;VALUE=DATE:20261224", // the one that is understood
		ada,
		ada + "DTSTART:tomorrow",
		ada + "DTSTART;VALUE=DATE:20261341",
		ada + "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261220",
		ada + "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20361220",
		ada + "DTSTART;VALUE=DATE:20261224\nDURATION:long",
		ada + "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=SECONDLY",
		ada + "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;BYHOUR=1,2,3",
		ada + "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;BYMINUTE=1",
		ada + "DTSTART;VALUE=DATE:20261224\nRRULE:whenever",
		ada + "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;INTERVAL=-1",
		ada + "DTSTART;VALUE=DATE:18000101\nRRULE:FREQ=DAILY",
		ada + "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;BYMONTHDAY=" + strings.Repeat("1,", 200) + "1",
	}
	c, err := parse(t, calendar(events...))
	if err != nil || c.Total != len(events) || c.Unreadable != len(events)-1 || days(c) != "12-24" {
		t.Errorf("got %d of %d unreadable, %q, %v", c.Unreadable, c.Total, days(c), err)
	}
}

func TestBrokenCalendars(t *testing.T) {
	t.Parallel()
	day := "DTSTART;VALUE=DATE:20261224"
	never := day + "\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"empty":              {"", absence.Broken},
		"a page":             {"<!doctype html><title>Log in</title>", absence.Broken},
		"broken off":         {calendar(day)[:90], absence.Broken},
		"no end":             {"BEGIN:VCALENDAR\r\n", absence.Broken},
		"zeros":              {string(make([]byte, 1000)), absence.Broken},
		"nested without end": {strings.Repeat("BEGIN:VCALENDAR\r\n", 1000), absence.Broken},
		"a crowd of events":  {calendar(slices.Repeat([]string{day}, 5001)...), absence.TooLarge},
		"many repetitions":   {calendar(slices.Repeat([]string{day + "\nRRULE:FREQ=YEARLY"}, 201)...), absence.TooLarge},
		"too many times":     {calendar(slices.Repeat([]string{"DTSTART;VALUE=DATE:20000101\nRRULE:FREQ=DAILY"}, 20)...), absence.TooLarge},
		"never":              {calendar(never), nil},
	} {
		c, err := parse(t, tc.text)
		if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) || len(c.Events) != 0 {
			t.Errorf("%s: %v, %d events", name, err, len(c.Events))
		}
	}
}

func TestParseEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	text := calendar("DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY")
	if _, err := absence.Parse(ctx, []byte(text), date("2026-12-01"), date("2026-12-31")); err == nil {
		t.Error("repetitions are counted for nobody")
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	people := []workload.Person{
		{AccountID: "ann", Name: "Ann Lee"},
		{AccountID: "park", Name: "Ann Lee Park"},
		{AccountID: "zoe", Name: "Zoë"},
		{Name: "Nobody"},
		{AccountID: "none", Name: "–"},
	}
	c, err := parse(t, calendar(
		"SUMMARY:Ann Lee Park: leave\nDTSTART;VALUE=DATE:20261201",
		"SUMMARY:Ann Lee\nDTSTART;VALUE=DATE:20261202",
		"SUMMARY:Ann Lee and ZOË\nDTSTART;VALUE=DATE:20261203",
		"SUMMARY:Nobody –\nDTSTART;VALUE=DATE:20261204",
		"DTSTART;VALUE=DATE:20261205",
	))
	if err != nil {
		t.Fatal(err)
	}
	away, nobodys := c.Of(people)
	got := map[string]int{}
	for account, days := range away {
		for day := range days {
			got[account] += day.Day
		}
	}
	if diff := cmp.Diff(map[string]int{"ann": 2 + 3, "park": 1, "zoe": 3}, got); diff != "" || nobodys != 2 {
		t.Errorf("%d are nobody's (-want +got)\n%s", nobodys, diff)
	}
}

// FuzzParse reads any file.
func FuzzParse(f *testing.F) {
	f.Add(calendar("SUMMARY:Ada\nDTSTART;VALUE=DATE:20261224\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU;INTERVAL=2;COUNT=7\nEXDATE:20261224"))
	f.Add(calendar("DTSTART;TZID=\"x\":20261224T000000\nDURATION:P1DT1H\nATTENDEE;CN=a;CN=b:x\nRDATE;VALUE=PERIOD:20261224T000000Z/PT1H"))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;P\nEND:VEVENT\nEND:VCALENDAR")
	f.Fuzz(func(t *testing.T, text string) {
		from, to := date("2026-12-01"), date("2026-12-31")
		c, err := absence.Parse(t.Context(), []byte(text), from, to)
		if err != nil {
			return
		}
		for _, e := range c.Events {
			for day, lasts := range e.Days {
				if day.Before(from) || to.Before(day) || lasts <= 0 || lasts > 24*time.Hour {
					t.Errorf("%v on %v", lasts, day)
				}
			}
		}
	})
}
