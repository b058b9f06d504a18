package handlers

import "github.com/sightline-go/sightline/internal/workload"

// scope is what the view counts: its searches find the same issues.
func (v view) scope() workload.Scope {
	apps := make([]workload.Person, 0, len(v.summary.Apps))
	for _, row := range v.summary.Apps {
		if row.Open > 0 {
			apps = append(apps, row.Person)
		}
	}
	return workload.Scope{Projects: v.reading.Shown, Team: accounts(v.team.People()), Apps: accounts(apps)}
}

// hoursADay and daysAWeek are the site's working time, the usual one where it
// says none.
func (v view) hoursADay() float64 {
	if h := v.tracking.WorkingHoursPerDay; h > 0 {
		return h
	}
	return 8
}

func (v view) daysAWeek() float64 {
	if d := v.tracking.WorkingDaysPerWeek; d > 0 {
		return d
	}
	return 5
}
