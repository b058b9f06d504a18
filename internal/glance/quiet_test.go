package glance

import (
	"strings"
	"testing"
	"time"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestQuietUntil(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, zone, from, to, now, want string }{
		{"before", "UTC", "22:00", "07:00", "2026-11-24T21:59:59Z", ""},
		{"from the first minute", "UTC", "22:00", "07:00", "2026-11-24T22:00:00Z", "2026-11-25T07:00:00Z"},
		{"over midnight", "UTC", "22:00", "07:00", "2026-11-25T03:30:17Z", "2026-11-25T07:00:00Z"},
		{"to the last minute", "UTC", "22:00", "07:00", "2026-11-25T06:59:59Z", "2026-11-25T07:00:00Z"},
		{"at the end", "UTC", "22:00", "07:00", "2026-11-25T07:00:00Z", ""},
		{"within a day", "UTC", "12:00", "13:00", "2026-11-25T12:10:00Z", "2026-11-25T13:00:00Z"},
		{"until midnight", "UTC", "20:00", "00:00", "2026-11-25T23:10:00Z", "2026-11-26T00:00:00Z"},
		{"in another zone", "Asia/Kolkata", "22:00", "07:00", "2026-11-25T00:00:00Z", "2026-11-25T01:30:00Z"},
		{"the night of 23 hours", "Europe/Berlin", "22:00", "07:00", "2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z"},
		{"the night of 25 hours", "Europe/Berlin", "22:00", "07:00", "2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z"},
		{"an end that is skipped", "Europe/Berlin", "22:00", "02:30", "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z"},
		{"an end that comes twice", "Europe/Berlin", "22:00", "02:30", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z"},
		{"and is not over the second time", "Europe/Berlin", "22:00", "02:30", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"},
		{"none", "UTC", "", "", "2026-11-25T12:10:00Z", ""},
		{"all the same", "UTC", "12:00", "12:00", "2026-11-25T12:10:00Z", ""},
		{"half", "UTC", "12:00", "", "2026-11-25T12:10:00Z", ""},
		{"nonsense", "UTC", "25:00", "7 Uhr", "2026-11-25T12:10:00Z", ""},
		{"no such zone is UTC", "localtime", "12:00", "13:00", "2026-11-25T12:10:00Z", "2026-11-25T13:00:00Z"},
	} {
		c := Config{Zone: tc.zone, QuietFrom: tc.from, QuietTo: tc.to}
		var want time.Time
		if tc.want != "" {
			want = at(t, tc.want)
		}
		if got := c.quietUntil(at(t, tc.now)); !got.Equal(want) {
			t.Errorf("%s: got %v, want %v", tc.name, got.UTC(), want)
		}
	}
}

func TestMidnight(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, zone, now, want string }{
		{"utc", "", "2026-11-24T21:59:59Z", "2026-11-25T00:00:00Z"},
		{"at midnight", "UTC", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"},
		{"east", "Pacific/Kiritimati", "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"},
		{"west", "America/Los_Angeles", "2026-11-24T09:00:00Z", "2026-11-25T08:00:00Z"},
		{"a day of 23 hours", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{"a day of 25 hours", "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"a midnight that is skipped", "America/Santiago", "2026-09-05T12:00:00Z", "2026-09-06T04:00:00Z"},
		{"a midnight that comes twice", "America/Santiago", "2026-04-04T12:00:00Z", "2026-04-05T04:00:00Z"},
		{"no such zone is UTC", "localtime", "2026-11-24T09:00:00Z", "2026-11-25T00:00:00Z"},
	} {
		want := at(t, tc.want)
		if got := (Config{Zone: tc.zone}).midnight(at(t, tc.now)); !got.Equal(want) {
			t.Errorf("%s: got %v, want %v", tc.name, got.UTC(), want)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	good := Config{Projects: []string{"A"}, Role: "1", Zone: "UTC", Parts: AllParts(), QuietFrom: "22:00", QuietTo: "07:00"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Config){
		"no projects":              func(c *Config) { c.Projects = nil },
		"both a role and":          func(c *Config) { c.Query = "is assignee of A" },
		`"Mars/Base": not a time`:  func(c *Config) { c.Zone = "Mars/Base" },
		`"localtime": not a time`:  func(c *Config) { c.Zone = "localtime" },
		`"Local": not a time zone`: func(c *Config) { c.Zone = "Local" },
		"no such part":             func(c *Config) { c.Parts = []Part{"names"} },
		"want HH:MM":               func(c *Config) { c.QuietFrom = "9:00" },
		`time of day ""`:           func(c *Config) { c.QuietTo = "" },
		"end when they begi":       func(c *Config) { c.QuietTo = c.QuietFrom },
	} {
		c := good
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
