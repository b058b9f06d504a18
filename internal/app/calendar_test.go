package app

import (
	"fmt"
	"strings"
	"testing"
)

func TestCalendarHosts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "",
		"cal.internal":                  "cal.internal",
		"cal.internal:8443, 10.0.0.7":   "cal.internal:8443 10.0.0.7",
		"fd00::7 [fd00::7]:443":         "fd00::7 [fd00::7]:443",
		"https://cal.internal":          "wrong",
		"cal.internal:https":            "wrong",
		"cal.internal:0":                "wrong",
		"*.internal":                    "wrong",
		"10.0.0.0/8":                    "wrong",
		"cal.internal/team.ics":         "wrong",
		"cal.internal, user@cal.second": "wrong",
	} {
		var c checks
		got := strings.Join(c.calendarHosts(text), " ")
		if err := c.err(); err != nil {
			got = "wrong"
			if !strings.HasPrefix(fmt.Sprint(err), "sightline: SIGHTLINE_CALENDAR_HOSTS: is not a list of host names") {
				t.Errorf("%q: %v", text, err)
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
