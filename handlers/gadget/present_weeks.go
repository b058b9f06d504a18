package gadget

import (
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// weeks are somebody's weeks ahead; nil if the load is not by capacity.
func (p presenter) weeks(account string) []web.WeekBar {
	f, ok := p.view.Capacity.Forecasts[account]
	if !ok {
		return nil
	}
	bars := make([]web.WeekBar, 0, len(f.Weeks))
	for i, w := range f.Weeks {
		bar := web.WeekBar{Share: w.Share(), Over: w.Over(), Text: p.week(w)}
		if i == 0 {
			bar.Text = strings.Join(append([]string{bar.Text}, p.beside(f)...), "; ")
		}
		bars = append(bars, bar)
	}
	return bars
}

// week says what was counted against what.
func (p presenter) week(w capacity.Week) string {
	t, day := p.l.Capacity, func(d workload.Date) string { return p.l.Day(d.In(time.UTC)) }
	from, to, due, left := day(w.From), day(w.To), p.duration(w.Due), p.duration(w.Left)
	switch {
	case w.Due == 0:
		return p.l.Say(t.WeekFree, from, to, left, p.unit())
	case w.Over():
		return p.l.Say(t.WeekOver, from, to, due, left, p.unit(), day(w.By))
	}
	return p.l.Say(t.Week, from, to, due, left, p.unit(), day(w.By))
}

// beside says what is in no week, or in the first for another reason.
func (p presenter) beside(f capacity.Forecast) []string {
	var list []string
	if f.Late > 0 {
		list = append(list, p.l.Say(p.l.Capacity.Late, p.duration(f.Late), p.unit()))
	}
	if f.Undated > 0 {
		list = append(list, p.l.Say(p.l.Capacity.Undated, p.duration(f.Undated), p.unit()))
	}
	if f.Blank > 0 {
		list = append(list, p.l.Count(p.l.Capacity.Blank, f.Blank))
	}
	return list
}
