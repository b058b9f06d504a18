package timelog_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
)

// units are those of a language's own words.
func units(l *lang.Language) timelog.Units {
	return timelog.Units{Weeks: l.Timelog.Weeks, Days: l.Timelog.Days, Hours: l.Timelog.Hours, Minutes: l.Timelog.Minutes, Bare: "minute"}
}

func TestParse(t *testing.T) {
	t.Parallel()
	c := lang.New()
	en, de := units(c.English()), units(c.Of("de_DE"))
	for _, tt := range []struct {
		units timelog.Units
		text  string
		want  time.Duration
	}{
		{en, "1h 30m", 90 * time.Minute},
		{en, "  1H30M ", 90 * time.Minute},
		{en, "90m", 90 * time.Minute},
		{en, "1.5h", 90 * time.Minute},
		{en, "1,5 h", 90 * time.Minute},
		{en, "1 h 30 min", 90 * time.Minute},
		{en, "2 hours 1 minute", 121 * time.Minute},
		{en, "1d", 8 * time.Hour},
		{en, "1w 2d", 56 * time.Hour},
		{en, "30m 1h", 90 * time.Minute},
		{en, "45", 45 * time.Minute},
		{en, "0.0167h", time.Minute},
		{en, "1h\u00a030m", 90 * time.Minute},
		{de, "1 Std. 30 Min.", 90 * time.Minute},
		{de, "1,5 Std", 90 * time.Minute},
		{de, "2 Stunden", 2 * time.Hour},
		{de, "1 T", 8 * time.Hour},
		{de, "1 Tag 1 Minute", 8*time.Hour + time.Minute},
		{de, "1 Woche", 40 * time.Hour},
		{de, "1h 30m", 90 * time.Minute},
		{de, "1w", 40 * time.Hour},
		{timelog.Units{Bare: "hour"}, "2", 2 * time.Hour},
		{timelog.Units{Bare: "fortnight"}, "2", 2 * time.Minute},
		{timelog.Units{Week: timelog.Week{HoursADay: 7.5, Days: 4}}, "1w 1d", 37*time.Hour + 30*time.Minute},
	} {
		got, err := tt.units.Parse(tt.text)
		if err != nil || got != tt.want {
			t.Errorf("%q: %v %v, want %v", tt.text, got, err, tt.want)
		}
	}
	for text, want := range map[string]error{
		"": timelog.ErrNoTime, "   ": timelog.ErrNoTime, "0": timelog.ErrNoTime, "0h": timelog.ErrNoTime, "0.001h": timelog.ErrNoTime,
		"banana": timelog.ErrNotTime, "-1h": timelog.ErrNotTime, "1x": timelog.ErrNotTime, "1h 30": timelog.ErrNotTime, "30 1h": timelog.ErrNotTime,
		"1h 2h": timelog.ErrNotTime, "h": timelog.ErrNotTime, "1..5h": timelog.ErrNotTime, "1h!": timelog.ErrNotTime, "1:30": timelog.ErrNotTime,
		"1 Std.": timelog.ErrNotTime, "NaNh": timelog.ErrNotTime, "1e3h": timelog.ErrNotTime, "99999999999h": timelog.ErrNotTime,
		"10001h": timelog.ErrLongTime, "999999w": timelog.ErrLongTime,
	} {
		if got, err := en.Parse(text); !errors.Is(err, want) || got != 0 {
			t.Errorf("%q: %v %v, want %v", text, got, err, want)
		}
	}
}

// Whatever is typed is whole minutes within the limits, or an error.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"1h 30m", "1 Std. 30 Min.", "1.5h", "9", "", "1w2d3h4m", "1h1h"} {
		f.Add(text)
	}
	english := units(lang.New().English())
	f.Fuzz(func(t *testing.T, text string) {
		got, err := english.Parse(text)
		if err == nil && (got < time.Minute || got > timelog.MaxSpent || got%time.Minute != 0) {
			t.Errorf("%q is %v", text, got)
		}
	})
}
