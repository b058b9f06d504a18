package gadget

import (
	"strings"
	"time"

	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// trendSince is when a trend begins, in words.
func trendSince(l *lang.Language, t workload.Trend) string {
	switch t {
	case workload.TrendMonth:
		return l.Trend.Since.Month
	case workload.TrendQuarter:
		return l.Trend.Since.Quarter
	case workload.TrendYear:
		return l.Trend.Since.Year
	}
	return l.Trend.Since.Week
}

// maxCondition is how many characters of a query's condition are named.
const maxCondition = 40

// trendNotes says why no trend is shown that should be.
func trendNotes(w viewer.Workload) []string {
	l, since := w.Language, trendSince(w.Language, w.Config.Trend)
	switch t := w.Trend; {
	case !t.Untold:
		return nil
	case t.Passing != "":
		return []string{l.Say(l.Trend.Passing, since, form.Shorten(t.Passing, maxCondition))}
	case !t.Kept:
		return []string{l.Say(l.Trend.Unkept, since)}
	case t.Many:
		return []string{l.Say(l.Trend.Many, since, l.Number(workload.MaxProjects))}
	}
	return []string{l.Say(l.Trend.Untold, since)}
}

// trend is somebody's line, nil if none is shown.
func (p presenter) trend(account string) *web.Spark {
	lines := p.view.Trend.Lines
	if lines == nil || len(lines.People[account]) == 0 {
		return nil
	}
	return p.spark(lines.People[account])
}

// teamTrend is everybody's line, likewise.
func (p presenter) teamTrend() *web.Spark {
	lines := p.view.Trend.Lines
	if lines == nil {
		return nil
	}
	return p.spark(lines.Team)
}

// burnup is how much the team had open and has done since the trend begins, likewise.
func (p presenter) burnup() *web.Burnup {
	lines, l := p.view.Trend.Lines, p.l
	if lines == nil || len(p.view.Trend.Times) != len(lines.Team) {
		return nil
	}
	since, first, now := trendSince(l, p.view.Config.Trend), lines.Team.Before(), lines.Team.Now()
	b := &web.Burnup{
		L: l, Unit: p.unit(), Name: l.Say(l.Trend.Burnup, since),
		Words: l.Say(l.Trend.BurnupWords, since, l.Number(first.Open), l.Number(now.Open), l.Number(now.Done)),
	}
	for i, at := range p.view.Trend.Times {
		c := lines.Team[i]
		b.Points = append(b.Points, web.BurnupPoint{
			Day: l.Date(at), Open: c.Open, Overdue: c.Overdue, Done: c.Done, Remaining: p.duration(c.Remaining),
		})
	}
	return b
}

func (p presenter) spark(line workload.Line) *web.Spark {
	s := &web.Spark{Text: p.signed(line.More()), Words: p.compared(line)}
	for _, c := range line {
		s.Points = append(s.Points, c.Open)
	}
	return s
}

// signed writes a difference.
func (p presenter) signed(n int) string {
	switch {
	case n > 0:
		return "+" + p.l.Number(n)
	case n < 0:
		return "−" + p.l.Number(-n)
	}
	return "±" + p.l.Number(0)
}

// compared says how it is against the beginning of a line.
func (p presenter) compared(line workload.Line) string {
	t, since := p.l.Trend, trendSince(p.l, p.view.Config.Trend)
	var parts []string
	switch more := line.More(); {
	case more > 0:
		parts = append(parts, p.l.Count(t.More, more, since))
	case more < 0:
		parts = append(parts, p.l.Count(t.Fewer, -more, since))
	default:
		parts = append(parts, p.l.Say(t.Same, since))
	}
	switch more := line.Now().Overdue - line.Before().Overdue; {
	case more > 0:
		parts = append(parts, p.l.Count(t.OverdueMore, more))
	case more < 0:
		parts = append(parts, p.l.Count(t.OverdueFewer, -more))
	}
	return strings.Join(append(parts, p.comparedTime(line.Now().Remaining-line.Before().Remaining)...), "; ")
}

// comparedTime says how much more time remains, nothing if that is too little to be
// written.
func (p presenter) comparedTime(more time.Duration) []string {
	text := p.l.Trend.RemainingMore
	if more < 0 {
		more, text = -more, p.l.Trend.RemainingLess
	}
	if more.Hours()/board.UnitHours(p.view.View) < 0.05 {
		return nil
	}
	return []string{p.l.Say(text, p.duration(more), p.unit())}
}
