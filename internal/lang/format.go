package lang

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
	"golang.org/x/text/unicode/norm"
)

// Plural is a text in the forms that a language has for counts. Its first verb
// is the count, as %[1]s or %s. Other is always there; of the rest those that
// the language uses, see https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
type Plural struct {
	Zero, One, Two, Few, Many, Other string
}

func (p Plural) form(f plural.Form) string {
	text := ""
	switch f {
	case plural.Zero:
		text = p.Zero
	case plural.One:
		text = p.One
	case plural.Two:
		text = p.Two
	case plural.Few:
		text = p.Few
	case plural.Many:
		text = p.Many
	}
	if text == "" {
		return p.Other
	}
	return text
}

// Say fills the verbs of a text. Numbers are written as the language does.
func (l *Language) Say(format string, args ...any) string {
	return l.printer.Sprintf(message.Key(format, format), args...)
}

// Count fills a text that depends on a count, which is its first argument.
func (l *Language) Count(p Plural, n int, more ...any) string {
	form := plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)
	return l.Say(p.form(form), append([]any{l.Number(n)}, more...)...)
}

// Number writes a count, for example 1,234.
func (l *Language) Number(n int) string { return l.printer.Sprint(number.Decimal(n)) }

// Decimal writes a number with at most one digit after the point.
func (l *Language) Decimal(f float64) string {
	return l.printer.Sprint(number.Decimal(f, number.MaxFractionDigits(1)))
}

// Percent writes a share of one.
func (l *Language) Percent(share float64) string {
	return l.printer.Sprint(number.Percent(share, number.MaxFractionDigits(0)))
}

// Amount writes a duration as a bare number of hours, or of working days when
// hoursADay is above zero, with at most one decimal.
func (l *Language) Amount(d time.Duration, hoursADay float64) string {
	amount := d.Hours()
	if hoursADay > 0 {
		amount /= hoursADay
	}
	return l.Decimal(amount)
}

// Duration writes a time spent, for example "1 h 30 min".
func (l *Language) Duration(d time.Duration) string {
	d = d.Round(time.Minute)
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case hours == 0:
		return l.Say(l.Formats.Minutes, l.Number(minutes))
	case minutes == 0:
		return l.Say(l.Formats.Hours, l.Number(hours))
	}
	return l.Say(l.Formats.Hours, l.Number(hours)) + " " + l.Say(l.Formats.Minutes, l.Number(minutes))
}

// Wait writes how long to wait, rounded up: seconds below a minute and a half.
func (l *Language) Wait(d time.Duration) string {
	if d <= 90*time.Second {
		return l.Say(l.Formats.Seconds, l.Number(int((d+time.Second-1)/time.Second)))
	}
	return l.Duration((d + time.Minute - 1).Truncate(time.Minute))
}

// Date writes a day with its year, for example "26 Nov 2026".
func (l *Language) Date(t time.Time) string { return l.layout(l.Formats.Date, t) }

// Day writes a day without its year, for example "26 Nov".
func (l *Language) Day(t time.Time) string { return l.layout(l.Formats.Day, t) }

// Weekday writes a day of the week in a few letters, for example "Thu".
func (l *Language) Weekday(t time.Time) string { return l.Formats.Weekdays[t.Weekday()] }

// Clock writes a time of day, for example "14:05".
func (l *Language) Clock(t time.Time) string { return l.layout(l.Formats.Clock, t) }

// Moment writes a day and a time of day.
func (l *Language) Moment(t time.Time) string { return l.Date(t) + ", " + l.Clock(t) }

// layout writes a time in a layout of package time. Go knows English month
// names only, and no years before the first, so both stand in the layout as
// "{month}" and "{year}".
func (l *Language) layout(layout string, t time.Time) string {
	return strings.NewReplacer("{month}", l.Formats.Months[t.Month()-1], "{year}", l.year(t.Year())).Replace(t.Format(layout))
}

// year writes a year. Package time has a year 0, which is 1 BC.
func (l *Language) year(year int) string {
	if year > 0 {
		return strconv.Itoa(year)
	}
	return fmt.Sprintf(l.Formats.BeforeChrist, strconv.Itoa(1-year))
}

// Age says how old numbers are.
func (l *Language) Age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return l.Ages.JustNow
	case d < time.Hour:
		return l.Count(l.Ages.Minutes, int(d.Minutes()))
	default:
		return l.Count(l.Ages.Hours, int(d.Hours()))
	}
}

// Country is the name of a country by its ISO 3166 code, the code itself if nobody
// knows it.
func (l *Language) Country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return cmp.Or(display.Regions(l.tag).Name(region), code)
}

// Compare puts names in order: letters with marks stand beside those without.
func (l *Language) Compare(a, b string) int {
	return strings.Compare(norm.NFD.String(a), norm.NFD.String(b))
}

// List joins names, for example "A, B and C".
func (l *Language) List(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + l.Formats.And + " " + names[last]
}
