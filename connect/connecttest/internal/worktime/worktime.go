// Package worktime reads and writes times of work as Jira does, such as 1w 2d 3h,
// by how long a site's days and weeks are.
package worktime

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

var durationPart = regexp.MustCompile(`^(\d{1,6}(?:\.\d{1,3})?)([wdhm]?)$`)

// Units are how much work a week and a day are.
type Units struct {
	DaysPerWeek, HoursPerDay float64
}

// Of is that of the site's settings; by default 5 days of 8 hours.
func Of(settings world.Settings) Units {
	return Units{DaysPerWeek: cmp.Or(settings.WorkingDays, 5), HoursPerDay: cmp.Or(settings.WorkingHours, 8)}
}

// seconds is how long a unit of work is.
func (t Units) seconds(unit string) float64 {
	switch unit {
	case "w":
		return t.DaysPerWeek * t.HoursPerDay * 3600
	case "d":
		return t.HoursPerDay * 3600
	case "h":
		return 3600
	}
	return 60
}

// Parse reads a time of work such as "1w 2d 3h 20m" in seconds. A bare
// number is minutes.
func (t Units) Parse(s string) (seconds int64, good bool) {
	parts := strings.Fields(strings.ToLower(s))
	total := 0.0
	for _, part := range parts {
		m := durationPart.FindStringSubmatch(part)
		if m == nil {
			return 0, false
		}
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return 0, false
		}
		total += n * t.seconds(m[2])
	}
	return int64(math.Round(total)), len(parts) > 0
}

// Format writes seconds as Jira does.
func (t Units) Format(seconds int64) string {
	var parts []string
	for _, unit := range []string{"w", "d", "h", "m"} {
		size := int64(t.seconds(unit))
		if n := seconds / size; n > 0 {
			parts = append(parts, strconv.FormatInt(n, 10)+unit)
			seconds -= n * size
		}
	}
	if len(parts) == 0 {
		return "0m"
	}
	return strings.Join(parts, " ")
}

// Tracking is the field timetracking, with only the values that exist.
func (t Units) Tracking(i *world.Issue) map[string]any {
	out := map[string]any{}
	for name, seconds := range map[string]*int64{"originalEstimate": i.OriginalEstimate, "remainingEstimate": i.Remaining, "timeSpent": i.Spent} {
		if seconds != nil {
			out[name], out[name+"Seconds"] = t.Format(*seconds), *seconds
		}
	}
	return out
}
