package workload_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"github.com/sightline-go/sightline/internal/workload"
)

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

func date(tb testing.TB, s string) workload.Date {
	tb.Helper()
	d, err := workload.ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func instant(tb testing.TB, s string) time.Time {
	tb.Helper()
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	want := workload.Date{Year: 2024, Month: time.February, Day: 29}
	if got, err := workload.ParseDate("2024-02-29"); err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, bad := range []string{
		"", " ", "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01",
		"2023-02-30", "20223-02-29", "1234567-01-01", "--2024-01-01", "-024-01-01", "2024/01/01", "2024-01-01T00:00:00Z", " 2024-01-01", "2024-01-01\n", "today",
	} {
		if got, err := workload.ParseDate(bad); err == nil || !got.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %v, want an error", bad, got, err)
		}
	}
}

// Jira holds any year that somebody mistyped or imported.
func TestParseDateOfAnyYear(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]workload.Date{
		"20226-11-05":   {Year: 20226, Month: time.November, Day: 5},
		"+20226-11-05":  {Year: 20226, Month: time.November, Day: 5},
		"294276-12-31":  {Year: 294276, Month: time.December, Day: 31},
		"20224-02-29":   {Year: 20224, Month: time.February, Day: 29},
		"0000-02-29":    {Year: 0, Month: time.February, Day: 29},
		"-0004-11-05":   {Year: -4, Month: time.November, Day: 5},
		"-004712-01-01": {Year: -4712, Month: time.January, Day: 1},
	} {
		got, err := workload.ParseDate(text)
		if err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", text, got, err, want)
		}
		if again, err := workload.ParseDate(got.String()); err != nil || again != want {
			t.Errorf("%s: its text %q reads as %v, %v", text, got, again, err)
		}
		if day := got.In(time.UTC); workload.DateOf(day, time.UTC) != want {
			t.Errorf("%s: its first moment is %v", text, day)
		}
	}
}

func TestDateString(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"2024-02-29", "0999-12-01", "9999-12-31", "20226-11-05", "-0004-11-05"} {
		if got := date(t, want).String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := (workload.Date{}).String(); got != "" {
		t.Errorf("zero date: got %q, want none", got)
	}
}

func TestDateBefore(t *testing.T) {
	t.Parallel()
	days := []string{"-0100-01-01", "-0004-12-31", "0000-01-01", "0999-01-01", "2023-12-31", "2024-01-01", "2024-01-31", "2024-02-01", "2025-01-01", "9999-12-31", "10000-01-01", "20226-11-05"}
	for i, a := range days {
		for j, b := range days {
			if got, want := date(t, a).Before(date(t, b)), i < j; got != want {
				t.Errorf("%s before %s: got %v, want %v", a, b, got, want)
			}
		}
	}
}

func TestDateAddDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from string
		days int
		want string
	}{
		{"2024-02-28", 1, "2024-02-29"},
		{"2023-02-28", 1, "2023-03-01"},
		{"2024-12-31", 1, "2025-01-01"},
		{"2024-01-01", -1, "2023-12-31"},
		{"2024-03-10", 0, "2024-03-10"},
		{"2024-03-01", -29, "2024-02-01"},
	} {
		if got := date(t, tt.from).AddDays(tt.days).String(); got != tt.want {
			t.Errorf("%s + %d: got %s, want %s", tt.from, tt.days, got, tt.want)
		}
	}
}

func TestDateOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ at, zone, want string }{
		{"2024-03-10T23:59:59Z", "UTC", "2024-03-10"},
		{"2024-03-10T18:30:00Z", "Asia/Kolkata", "2024-03-11"},
		{"2024-03-10T18:29:59Z", "Asia/Kolkata", "2024-03-10"},
		{"2024-03-10T18:15:00Z", "Asia/Kathmandu", "2024-03-11"},
		{"2024-03-10T18:14:59Z", "Asia/Kathmandu", "2024-03-10"},
		{"2024-03-10T09:59:59Z", "Pacific/Kiritimati", "2024-03-10"},
		{"2024-03-10T10:00:00Z", "Pacific/Kiritimati", "2024-03-11"},
		{"2024-03-10T10:59:59Z", "Pacific/Pago_Pago", "2024-03-09"},
	} {
		if got := workload.DateOf(instant(t, tt.at), zone(t, tt.zone)).String(); got != tt.want {
			t.Errorf("%s in %s: got %s, want %s", tt.at, tt.zone, got, tt.want)
		}
	}
	if got := workload.DateOf(instant(t, "2024-03-10T23:30:00-05:00"), nil).String(); got != "2024-03-11" {
		t.Errorf("without a zone: got %s, want the day in UTC", got)
	}
}

func TestDateIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, day, zone, want string }{
		{"plain", "2024-06-15", "Europe/Berlin", "2024-06-15T00:00:00+02:00"},
		{"half hour", "2024-06-15", "Asia/Kolkata", "2024-06-15T00:00:00+05:30"},
		{"quarter hour", "2024-06-15", "Asia/Kathmandu", "2024-06-15T00:00:00+05:45"},
		{"furthest ahead", "2024-06-15", "Pacific/Kiritimati", "2024-06-15T00:00:00+14:00"},
		{"furthest behind", "2024-06-15", "Etc/GMT+12", "2024-06-15T00:00:00-12:00"},
		{"day of 23 hours", "2024-03-31", "Europe/Berlin", "2024-03-31T00:00:00+01:00"},
		{"after it", "2024-04-01", "Europe/Berlin", "2024-04-01T00:00:00+02:00"},
		{"day of 25 hours", "2024-10-27", "Europe/Berlin", "2024-10-27T00:00:00+02:00"},
		{"after it", "2024-10-28", "Europe/Berlin", "2024-10-28T00:00:00+01:00"},
		{"change of half an hour", "2024-04-07", "Australia/Lord_Howe", "2024-04-07T00:00:00+11:00"},
		{"midnight skipped", "2018-11-04", "America/Sao_Paulo", "2018-11-04T01:00:00-02:00"},
		{"midnight skipped", "2020-03-27", "Asia/Amman", "2020-03-27T01:00:00+03:00"},
		{"evening hour twice", "2018-02-18", "America/Sao_Paulo", "2018-02-18T00:00:00-03:00"},
		{"midnight twice", "2023-11-05", "America/Havana", "2023-11-05T00:00:00-04:00"},
		{"day that never was", "2011-12-30", "Pacific/Apia", "2011-12-31T00:00:00+14:00"},
		{"before it", "2011-12-29", "Pacific/Apia", "2011-12-29T00:00:00-10:00"},
	} {
		got := date(t, tt.day).In(zone(t, tt.zone))
		if want := instant(t, tt.want); !got.Equal(want) {
			t.Errorf("%s: %s in %s: got %s, want %s", tt.name, tt.day, tt.zone, got.Format(time.RFC3339), tt.want)
		}
	}
	if got, want := date(t, "2024-06-15").In(nil), instant(t, "2024-06-15T00:00:00Z"); !got.Equal(want) {
		t.Errorf("without a zone: got %v, want %v", got, want)
	}
}

// Every day of two years starts with its first moment, in zones of all kinds.
func TestDateInIsTheFirstMoment(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana",
		"Asia/Kolkata", "Asia/Beirut", "Asia/Amman", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Chatham",
	} {
		loc := zone(t, name)
		for d := date(t, "2017-01-01"); d.Before(date(t, "2019-01-01")); d = d.AddDays(1) {
			start := d.In(loc)
			if got := workload.DateOf(start, loc); got != d {
				t.Errorf("%s: start of %s is on %s", name, d, got)
			}
			if got := workload.DateOf(start.Add(-time.Nanosecond), loc); got != d.AddDays(-1) {
				t.Errorf("%s: before the start of %s is %s", name, d, got)
			}
		}
	}
}
