package world

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// anyDay is a day of any year that Jira's database holds: four digits or more, and
// a minus before the years before Christ.
var anyDay = regexp.MustCompile(`^(-?\d{4,6})(-\d{2}-\d{2})$`)

// IsDay reports whether Jira takes the text as a day. It takes any year.
func IsDay(text string) bool {
	_, err := parseDay(text)
	return err == nil
}

// SortableDay turns a day into a text that sorts as the days do, and leaves
// anything else as it is.
func SortableDay(text string) string {
	day, err := parseDay(text)
	if err != nil {
		return text
	}
	return fmt.Sprintf("%07d%s", day.Year()+1_000_000, day.Format("-01-02"))
}

func parseDay(text string) (time.Time, error) {
	parts := anyDay.FindStringSubmatch(text)
	if parts == nil {
		return time.Parse(dateFormat, text)
	}
	year, err := strconv.Atoi(parts[1])
	if err != nil {
		return time.Time{}, err
	}
	const cycle = 400 // years, after which the calendar repeats itself
	within := (year%cycle + cycle) % cycle
	day, err := time.Parse(dateFormat, fmt.Sprintf("%04d%s", within, parts[2]))
	return day.AddDate(year-within, 0, 0), err
}
