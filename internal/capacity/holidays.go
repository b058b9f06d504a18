package capacity

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"

	"github.com/sightline-go/sightline/internal/workload"
)

// Region is a country, or a part of one, with public holidays of its own.
type Region struct {
	// Code is by ISO 3166: DE, or DE-BY for a part.
	Code string
	// Country is the part's country, the code itself for a country.
	Country string
	// Name is what a part is called there; "" for a country.
	Name string
}

// Holiday is a day on which nobody works.
type Holiday struct {
	Day workload.Date
	// Name is in the country's own language; "" for a day that an editor added.
	Name string
}

// Regions are all whose holidays are known, by code.
func Regions() []Region {
	var list []Region
	for code := range calendars() {
		country, _, _ := strings.Cut(code, "-")
		list = append(list, Region{Code: code, Country: country, Name: partNames()[code]})
	}
	slices.SortFunc(list, func(a, b Region) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// KnownRegion reports whether the holidays of a region are known.
func KnownRegion(code string) bool { return calendars()[code] != nil }

// Holidays are the public holidays of a region from one day to another, both
// included, in order. A holiday that falls on a weekend and is observed on another
// day is there twice. An unknown region has none.
func Holidays(region string, from, to workload.Date) []Holiday {
	names := map[workload.Date]string{}
	for _, h := range calendars()[region] {
		if h.Type == cal.ObservanceReligious || h.Type == cal.ObservanceOther { // of some countries no day has a type
			continue
		}
		for year := from.Year - 1; year <= to.Year+1; year++ { // New Year's Day may be observed the day before
			actual, observed := h.Calc(year)
			for _, at := range []workload.Date{dateOf(actual), dateOf(observed)} {
				if at.Year > 1 && !at.Before(from) && !to.Before(at) && names[at] == "" {
					names[at] = h.Name
				}
			}
		}
	}
	list := make([]Holiday, 0, len(names))
	for day, name := range names {
		list = append(list, Holiday{day, name})
	}
	slices.SortFunc(list, byDay)
	return list
}

func byDay(a, b Holiday) int { return a.Day.Compare(b.Day) }

// DaysOff are the days on which nobody works: those that are added, and the holidays
// of a region from one day to another without those that are removed.
func DaysOff(region string, from, to workload.Date, added, removed []workload.Date) []Holiday {
	days := map[workload.Date]Holiday{}
	for _, h := range Holidays(region, from, to) {
		days[h.Day] = h
	}
	for _, d := range removed {
		delete(days, d)
	}
	for _, d := range added {
		if _, known := days[d]; !known && !d.Before(from) && !to.Before(d) {
			days[d] = Holiday{Day: d}
		}
	}
	return slices.SortedFunc(maps.Values(days), byDay)
}

func dateOf(t time.Time) workload.Date {
	y, m, d := t.Date() // in its own zone: package cal means the day
	return workload.Date{Year: y, Month: m, Day: d}
}
