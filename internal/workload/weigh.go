package workload

import (
	"regexp"
	"strconv"
)

// LoadRule is how a person's load is judged.
type LoadRule string

// The two rules.
const (
	// LoadByMedian compares a person's open issues with the others'.
	LoadByMedian LoadRule = ""
	// LoadByCapacity compares what is due with the working time until then.
	LoadByCapacity LoadRule = "capacity"
)

// Limits of a [Weighing].
const (
	MaxPercent = 1000
	MaxDueSoon = 60 // days
	MaxDaysOff = 100
)

// The usual thresholds, in percent, and days.
const (
	usualHeavyMedian   = 150
	usualHeavyCapacity = 100
	usualLight         = 50
	usualDueSoon       = 7
)

// Weighing is what a gadget calls a heavy load, a light one, and due soon. The zero
// value is the usual.
type Weighing struct {
	Load LoadRule `json:"load,omitempty"`
	// Heavy and Light are percent of the median or of the working time; 0: the
	// rule's usual ones. More than Heavy is heavy, less than Light light.
	Heavy int `json:"heavy,omitempty"`
	Light int `json:"light,omitempty"`
	// DueSoon is how many days ahead an open issue is due soon; 0: 7.
	DueSoon int `json:"dueSoon,omitempty"`
	// Region is whose public holidays are days off, by ISO 3166; "": nobody's.
	Region string `json:"region,omitempty"`
	// DaysOff are days off besides the region's holidays, Workdays are holidays on
	// which people work.
	DaysOff  []Date `json:"daysOff,omitempty"`
	Workdays []Date `json:"workdays,omitempty"`
}

// HeavyAbove is Heavy, or the rule's usual threshold.
func (w Weighing) HeavyAbove() int {
	switch {
	case w.Heavy > 0:
		return w.Heavy
	case w.Load == LoadByCapacity:
		return usualHeavyCapacity
	}
	return usualHeavyMedian
}

// LightBelow is Light, or the usual threshold.
func (w Weighing) LightBelow() int {
	if w.Light > 0 {
		return w.Light
	}
	return usualLight
}

// DueSoonDays is DueSoon, or the usual number of days.
func (w Weighing) DueSoonDays() int {
	if w.DueSoon > 0 {
		return w.DueSoon
	}
	return usualDueSoon
}

var region = regexp.MustCompile(`^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$`)

// wrong notes all wrong fields.
func (w Weighing) wrong(note func(field string, w Wrong)) {
	if w.Load != LoadByMedian && w.Load != LoadByCapacity {
		note(FieldLoad, Wrong{Code: WrongLoad})
	}
	for field, n := range map[string]int{FieldHeavy: w.Heavy, FieldLight: w.Light} {
		if n < 0 || n > MaxPercent {
			note(field, Wrong{Code: WrongPercent, Limit: MaxPercent})
		}
	}
	if w.LightBelow() > w.HeavyAbove() {
		note(FieldLight, Wrong{Code: WrongOrder, Text: strconv.Itoa(w.HeavyAbove())})
	}
	if w.DueSoon < 0 || w.DueSoon > MaxDueSoon {
		note(FieldDueSoon, Wrong{Code: WrongDueSoon, Limit: MaxDueSoon})
	}
	if !region.MatchString(w.Region) {
		note(FieldRegion, Wrong{Code: WrongRegion})
	}
	if len(w.DaysOff) > MaxDaysOff || len(w.Workdays) > MaxDaysOff {
		note(FieldDaysOff, Wrong{Code: WrongManyDays, Limit: MaxDaysOff})
	}
}
