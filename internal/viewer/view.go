package viewer

import (
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// View is what the views of every gadget have in common.
type View struct {
	// Configured is false if nobody has set the place up. Only Language and
	// ReadAt are filled in then.
	Configured bool
	Config     workload.GadgetConfig
	// Reading says which projects were read and what was left out. Its issues
	// and work logs are not kept.
	Reading source.Reading
	Team    source.Team
	// FilterName is what the saved filter is called, "" if there is none to see.
	FilterName string
	filterJQL  string // what it asks for
	// Tracking is the site's working time and units.
	Tracking jira.TimeTracking
	// UnknownZone is the person's time zone if this program does not know it, and
	// NoZone says that Jira names none; the view is then in UTC.
	UnknownZone string
	NoZone      bool
	// Zone is what times of day are shown in; nil: UTC.
	Zone *time.Location
	// Language is that of the person's Jira.
	Language *lang.Language
	// ReadAt is the time before the first question to Jira.
	ReadAt time.Time
	// FullAt is when the last reading of everything began that the view rests on: ReadAt,
	// or earlier if since then only what has changed was read.
	FullAt time.Time
}

// begins is a view whose reading begins now.
func (v *Views) begins() View {
	now := v.now()
	return View{ReadAt: now, FullAt: now}
}

// restsOn is how old the view is at most in what no event tells.
func (v View) restsOn() time.Time { return v.FullAt }

// HoursADay is the site's working day in hours, or the usual one if the site
// sets none.
func (v View) HoursADay() float64 { return v.week().Hours() }

// DaysAWeek is the site's working week in days, or the usual one if the site
// sets none.
func (v View) DaysAWeek() float64 { return v.week().DaysAWeek() }

func (v View) week() timelog.Week {
	return timelog.Week{HoursADay: v.Tracking.WorkingHoursPerDay, Days: v.Tracking.WorkingDaysPerWeek}
}
