package glance

import (
	"cmp"
	"slices"
	"time"
)

// A platform accepts a number of calls a minute for each conversation. They are
// divided, in fixed shares, between its two rows and between the background and
// people. Each row counts its own calls in the database when it is claimed, so a
// restart does not lose the count. In hundredths of the platform's limit:
//
//	             steady  burst   in any minute
//	glance           34     16   50
//	configuration     6      4   10
//	together                     60
//
// A call that a person waits for may exceed the burst by 24 and 6, which makes
// 90 together. The last ten are for calls that belong to no row. In any minute a
// row makes at most steady + burst calls: its bucket starts full.
const (
	allCalls = 100

	glanceSteady, glanceBurst, glancePeople = 34, 16, 24
	setupSteady, setupBurst, setupPeople    = 6, 4, 6
)

// paces are the paces of all enabled surfaces, in a stable order.
func (r *Reconciler) paces(people bool) []Pace {
	var paces []Pace
	for name, surface := range r.Surfaces {
		calls := surface.Abilities().CallsAMinute
		if calls <= 0 {
			calls = allCalls
		}
		glance := paceOf(calls, glanceSteady, glanceBurst, glancePeople, people)
		glance.Surface, glance.Kind = name, KindGlance
		setup := paceOf(calls, setupSteady, setupBurst, setupPeople, people)
		setup.Surface, setup.Kind = name, KindConfiguration
		paces = append(paces, glance, setup)
	}
	slices.SortFunc(paces, func(a, b Pace) int {
		return cmp.Or(cmp.Compare(a.Surface, b.Surface), cmp.Compare(a.Kind, b.Kind))
	})
	return paces
}

// paceOf scales shares of a hundred to a platform's limit. Whatever the limit, a
// row may make at least one call at once.
func paceOf(calls, steady, burst, extra int, people bool) Pace {
	if people {
		burst += extra
	}
	return Pace{
		Every: time.Minute * allCalls / time.Duration(steady*calls),
		Burst: max(1, burst*calls/allCalls),
	}
}
