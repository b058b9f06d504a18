package board

import (
	"net/url"
	"regexp"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// firstRows is how many people of a long team are shown at first, besides those
// that the viewer has pinned.
const firstRows = 15

// WindowText says in which days logged time counts.
func WindowText(v viewer.View, days workload.Span) string {
	if v.Config.Period == workload.PeriodNone {
		return v.Language.Count(v.Language.Workload.Window, int(v.Config.Window))
	}
	return form.DaysText(v.Language, days)
}

// OnWall is how a viewer sees things on a wall: the order and the pins are theirs.
func OnWall(own viewer.Chosen) viewer.Chosen {
	own.Compact, own.Unsaved, own.Refused = false, false, false
	return own
}

// HiddenRows is how many of some rows open on request; on a wall nobody can ask.
func HiddenRows(c workload.GadgetConfig, rows int) int {
	if c.Wallboard {
		return 0
	}
	return max(0, rows-firstRows)
}

// The names, in the markup, of rows that are no person's.
const (
	RowOthers  = "others"
	RowUnknown = "unknown"
)

// Amount prints a time in hours or the site's working days, as the view's unit
// is, with at most one decimal. A time too short for one decimal is not printed
// as zero. All gadgets print time like this, so that equal times read alike.
func Amount(v viewer.View, d time.Duration) string {
	if d > 0 && d.Hours()/UnitHours(v) < 0.05 {
		return "<" + v.Language.Decimal(0.1)
	}
	return v.Language.Amount(d, UnitHours(v))
}

// UnitHours is the length of a view's unit of time, in hours.
func UnitHours(v viewer.View) float64 {
	if v.Config.Unit == workload.UnitDays {
		return v.HoursADay()
	}
	return 1
}

// Browse is the address of an issue.
func Browse(t *connect.Tenant, issue string) string {
	return t.DisplayURL + "/browse/" + url.PathEscape(issue)
}

var accountID = regexp.MustCompile(`^[-0-9A-Za-z:_.|]{1,128}$`)

// IsAccountID reports whether a text has the form of Jira's account ids.
func IsAccountID(text string) bool { return accountID.MatchString(text) }
