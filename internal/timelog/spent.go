package timelog

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The errors of [Units.Parse].
var (
	ErrNoTime   = errors.New("no time spent")       // empty, or less than a minute
	ErrNotTime  = errors.New("not a time spent")    // not in a known form
	ErrLongTime = errors.New("too much time spent") // over MaxSpent
)

// MaxSpent is the longest time of one entry.
const MaxSpent = 10_000 * time.Hour

// Units are the words for units of time, and the unit of a bare number.
type Units struct {
	// Weeks, Days, Hours and Minutes are words separated by spaces, in lower
	// case and without the full stop of an abbreviation.
	Weeks, Days, Hours, Minutes string
	Week                        Week
	// Bare is the site's default unit: minute, hour, day or week.
	Bare string
}

// part is a number and a unit: "1h", "1,5 Std.", "30 min".
var part = regexp.MustCompile(`^\s*([0-9]{1,6}(?:[.,][0-9]{1,4})?)\s*(\pL*)\.?\s*`)

// Parse reads a time as people type it in Jira: "1h 30m", "90m", "1.5h", "1w
// 2d", and the same with the words of u. Days and weeks are working days and
// weeks. The result is rounded to minutes. The error is [ErrNoTime],
// [ErrNotTime] or [ErrLongTime].
func (u Units) Parse(text string) (time.Duration, error) {
	rest := strings.ToLower(strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " ")))
	if rest == "" {
		return 0, ErrNoTime
	}
	total, seen := 0.0, map[time.Duration]bool{}
	for bare := true; rest != ""; bare = false {
		m := part.FindStringSubmatch(rest)
		if m == nil || m[2] == "" && (!bare || m[0] != rest) {
			return 0, ErrNotTime
		}
		unit := u.unit(m[2])
		if unit == 0 || seen[unit] {
			return 0, ErrNotTime
		}
		seen[unit] = true
		n, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
		if err != nil {
			return 0, ErrNotTime
		}
		total += n * unit.Minutes()
		rest = rest[len(m[0]):]
	}
	return wholeMinutes(total)
}

func wholeMinutes(minutes float64) (time.Duration, error) {
	minutes = math.Round(minutes)
	switch {
	case minutes < 1:
		return 0, ErrNoTime
	case minutes > MaxSpent.Minutes():
		return 0, ErrLongTime
	}
	return time.Duration(minutes) * time.Minute, nil
}

// unit is the length of a unit, 0 for an unknown word.
func (u Units) unit(word string) time.Duration {
	day := time.Duration(u.Week.Hours() * float64(time.Hour))
	week := time.Duration(u.Week.DaysAWeek() * float64(day))
	bare := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": day, "week": week}
	if word == "" {
		if length := bare[u.Bare]; length > 0 {
			return length
		}
		return time.Minute
	}
	for _, known := range []struct {
		words  string
		length time.Duration
	}{{"m " + u.Minutes, time.Minute}, {"h " + u.Hours, time.Hour}, {"d " + u.Days, day}, {"w " + u.Weeks, week}} {
		if hasWord(known.words, word) {
			return known.length
		}
	}
	return 0
}

func hasWord(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}
