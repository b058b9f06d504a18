package gadget

import (
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// ahead are the headings of the time ahead, nil if it is not shown.
func (p presenter) ahead() []web.AheadPart {
	weeks, t := p.view.Summary.Weeks, p.l.Ahead
	if len(weeks) == 0 {
		return nil
	}
	day := func(d workload.Date) string { return p.l.Day(d.In(time.UTC)) }
	whole := func(d workload.Date) string { return strings.ReplaceAll(day(d), " ", "\u00a0") } // two lines in a narrow column
	parts := make([]web.AheadPart, 0, len(weeks)+2)
	for i, w := range weeks {
		part := web.AheadPart{Label: p.l.Say(t.Span, whole(w.From), whole(w.To)), Hint: p.l.Say(t.Days, day(w.From), day(w.To))}
		if w.From == w.To {
			part.Label, part.Hint = whole(w.To), day(w.To)
		}
		switch {
		case i == 0 && len(weeks) > 1:
			part.Label = t.ThisWeek
		case i == 1 && w.Days() == 7:
			part.Label = t.NextWeek
		}
		parts = append(parts, part)
	}
	last := weeks[len(weeks)-1].To
	return append(parts,
		web.AheadPart{Label: t.Later, Hint: p.l.Say(t.After, day(last))},
		web.AheadPart{Label: t.Undated, Hint: t.UndatedHint})
}

// spread prints what is due in each part of the time ahead.
func (p presenter) spread(c workload.Counts, scope workload.Scope, who workload.Assignees) []web.Number {
	weeks := p.view.Summary.Weeks
	if len(weeks) == 0 {
		return nil
	}
	due := c.Spread()
	numbers := make([]web.Number, 0, len(weeks)+2)
	for i := range weeks {
		part := due.Weeks[i]
		numbers = append(numbers, p.sized(part.N, part.Size, scope.DueWithin(who, i)))
	}
	later, undated := due.Later, due.Undated
	return append(numbers, p.sized(later.N, later.Size, scope.DueLater(who)), p.sized(undated.N, undated.Size, scope.Undated(who)))
}

// aheadName says for how long is looked ahead, "" if not at all.
func (p presenter) aheadName() string {
	if len(p.view.Summary.Weeks) == 0 {
		return ""
	}
	return p.l.Count(p.l.Ahead.Within, int(p.view.Config.Ahead))
}
