package form

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// readDays reads in which days logged work counts: a number of them, or a period by name.
// The days of a range are kept only while it is chosen; one that is none is the zero Date.
func (d *Draft) readDays(form url.Values) {
	text := form.Get(web.FieldWindow)
	if period := workload.Period(text); slices.Contains(workload.Periods(), period) {
		d.Period, d.Window = period, workload.NewGadgetConfig().Window
	} else {
		days, _ := strconv.Atoi(text) // 0 is not a window
		d.Window = workload.Window(days)
	}
	if d.Period == workload.PeriodRange {
		d.From, _ = workload.ParseDate(form.Get(web.FieldFirstDay))
		d.To, _ = workload.ParseDate(form.Get(web.FieldLastDay))
	}
}

// addPeriods offers periods beside the windows.
func addPeriods(l *lang.Language, to For, d Draft, form *web.ConfigForm) {
	for i := range form.Windows {
		form.Windows[i].Selected = form.Windows[i].Selected && d.Period == workload.PeriodNone
	}
	for _, p := range workload.Periods() {
		form.Windows = append(form.Windows, web.Option{Value: string(p), Label: PeriodName(l, p), Selected: p == d.Period})
	}
	form.Range = &web.RangeField{From: d.From.String(), To: d.To.String()}
	if to.Columns {
		form.Range.PreviewURL = to.Call(callPreview)
	}
}

// PeriodName is what a period is called, "" for none.
func PeriodName(l *lang.Language, p workload.Period) string {
	return map[workload.Period]string{
		workload.PeriodThisWeek: l.Form.ThisWeek, workload.PeriodLastWeek: l.Form.LastWeek, workload.PeriodThisMonth: l.Form.ThisMonth,
		workload.PeriodLastMonth: l.Form.LastMonth, workload.PeriodThisQuarter: l.Form.ThisQuarter, workload.PeriodLastQuarter: l.Form.LastQuarter,
		workload.PeriodRange: l.Form.Range,
	}[p]
}

// daysText says which days a period has for this person, "" without a period.
func (f *Forms) daysText(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) string {
	c := d.Config()
	if c.Period == workload.PeriodNone || c.Validate() != nil {
		return ""
	}
	return l.Say(l.Form.Counts, DaysText(l, f.span(ctx, j, to, c)))
}

// span is the days in which logged work counts for this person today.
func (f *Forms) span(ctx context.Context, j *jira.Client, to For, c workload.GadgetConfig) workload.Span {
	person, err := f.Views.People.Get(ctx, to.Person.Served(), j)
	if err != nil {
		return c.Around(workload.DateOf(f.Edge.Now(), time.UTC))
	}
	zone, _ := viewer.ZoneOf(person)
	return c.Span(workload.DateOf(f.Edge.Now(), zone), lang.FirstDay(person.Locale))
}

// DaysText names days by the first and the last.
func DaysText(l *lang.Language, s workload.Span) string {
	return l.Say(l.Form.FromTo, l.Date(s.From.In(time.UTC)), l.Date(s.To.In(time.UTC)))
}
