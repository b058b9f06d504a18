package form

import (
	"context"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// The names of the calls that a form makes while somebody types.
const (
	callProjects = "projects"
	callRoles    = "roles"
	callPeople   = "people"
)

// Filled is the form with what this person may choose from.
func (f *Forms) Filled(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) (web.ConfigForm, error) {
	form := Plain(l, to, d)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		form.Projects, err = projectPicker(ctx, l, j, to.Call(callProjects), d)
		return err
	})
	g.Go(func() (err error) {
		form.Team.Roles, err = roleField(ctx, l, j, to.Call(callRoles), d)
		return err
	})
	if form.Scope != nil {
		g.Go(func() error { return fillScope(ctx, l, j, form.Scope, d) })
	}
	if form.Measure != nil {
		g.Go(func() error {
			form.Measure.Preview = f.preview(ctx, l, j, to, d)
			return nil
		})
	}
	if form.Axes != nil && form.Axes.Open {
		g.Go(func() error {
			form.Axes.Preview = f.rowsPreview(ctx, l, j, to, d)
			return nil
		})
	}
	g.Go(func() error {
		if d.team == web.TeamQuery {
			form.Team.People = f.people(ctx, l, j, d.query)
		}
		return nil
	})
	g.Go(func() error {
		site, err := f.Views.People.Site(ctx, to.Person.Served(), j)
		form.UnitHelp = unitHelp(l, site)
		if form.Load != nil {
			form.Load.Crew.Rows = crewRows(l, d, site.TimeTracking)
		}
		return err
	})
	if form.Load != nil {
		g.Go(func() error {
			f.calendarNotes(ctx, l, form.Load)
			return nil
		})
	}
	err := g.Wait()
	return form, err
}

// Plain is the form without anything that needs a question to Jira.
func Plain(l *lang.Language, to For, d Draft) web.ConfigForm {
	form := web.ConfigForm{
		L: l, Kind: web.FormGadget, Save: to.Call("form"), Cancel: d.Cancel, Columns: columnOptions(l, to, d.Columns), Wallboard: d.Wallboard,
		Projects: plainPicker(l, to.Call(callProjects), d),
		Scope:    scopeField(l, to, d),
		Team: &web.TeamField{
			Choice: d.team,
			Roles:  plainRoles(l, to.Call(callRoles), d),
			Query:  d.query, PeopleURL: to.Call(callPeople), People: web.People{L: l},
		},
		Measure:   measureField(l, to, d),
		Windows:   WindowOptions(l, d.Window),
		Units:     unitOptions(l, d.Unit),
		Title:     d.Title,
		Refreshes: refreshOptions(l, d.Refresh),

		DefaultTitle: l.Product.Workload,
	}
	if to.Scopes {
		addPeriods(l, to, d, &form)
		group, team := groupPicker(l, to, d), teamPicker(l, to, d)
		form.Team.Group, form.Team.Atlassian = &group, &team
	}
	if to.Within {
		form.Windows = PeriodOptions(l, d.Window, d.Period)
	}
	if to.Columns {
		form.Team.PreviewURL = to.Call(callPreview)
		form.Trends = trendOptions(l, d.Trend)
		form.Ahead = aheadField(l, to, d)
	}
	form.Axes = axesField(l, to, d)
	if to.Days {
		form.Missings = missingOptions(l, d.Missing)
	}
	if to.Notes != nil {
		form.Load = loadForm(l, to, d)
	}
	return form
}

// WindowOptions offers the windows, in days, in which logged time counts.
func WindowOptions(l *lang.Language, chosen workload.Window) []web.Option {
	list := make([]web.Option, 0, 3)
	for _, w := range []workload.Window{workload.Week, workload.Fortnight, workload.Month} {
		list = append(list, web.Option{
			Value: strconv.Itoa(int(w)), Label: l.Count(l.Form.LastDays, int(w)), Selected: w == chosen,
		})
	}
	return list
}

func unitOptions(l *lang.Language, chosen workload.Unit) []web.Option {
	return []web.Option{
		{Value: string(workload.UnitHours), Label: l.Form.Hours, Selected: chosen != workload.UnitDays},
		{Value: string(workload.UnitDays), Label: l.Form.Days, Selected: chosen == workload.UnitDays},
	}
}

// unitHelp says how long a day is on the site.
func unitHelp(l *lang.Language, site jira.Settings) string {
	t := site.TimeTracking
	if !site.TimeTrackingEnabled || t.WorkingHoursPerDay <= 0 {
		return l.Form.NoTimeTracking
	}
	return l.Say(l.Form.DayIs, l.Decimal(t.WorkingHoursPerDay), l.Decimal(t.WorkingDaysPerWeek))
}

// missingOptions offers hours a day, and the chosen ones if they are others.
func missingOptions(l *lang.Language, chosen workload.Missing) []web.Option {
	hours := []workload.Missing{1, 2, 4, 6, 7, 8}
	if chosen > 0 && !slices.Contains(hours, chosen) {
		hours = append(hours, chosen)
	}
	list := []web.Option{{Value: "0", Label: l.Missing.None, Selected: chosen == workload.MissingNone}}
	for _, h := range hours {
		list = append(list, web.Option{Value: strconv.Itoa(int(h)), Label: l.Count(l.Missing.Below, int(h)), Selected: h == chosen})
	}
	return list
}

func trendOptions(l *lang.Language, chosen workload.Trend) []web.Option {
	labels := map[workload.Trend]string{
		workload.TrendNone: l.Trend.None, workload.TrendWeek: l.Trend.Week, workload.TrendMonth: l.Trend.Month, workload.TrendQuarter: l.Trend.Quarter,
		workload.TrendYear: l.Trend.Year,
	}
	list := make([]web.Option, 0, len(labels))
	for _, t := range workload.Trends() {
		list = append(list, web.Option{Value: strconv.Itoa(int(t)), Label: labels[t], Selected: t == chosen})
	}
	return list
}

func refreshOptions(l *lang.Language, chosen workload.Refresh) []web.Option {
	quarterly := l.Count(l.Form.Every, int(workload.RefreshQuarterly))
	labels := map[workload.Refresh]string{
		workload.RefreshQuarterly: quarterly, workload.RefreshHourly: l.Form.EveryHour, workload.RefreshNever: l.Form.Never,
	}
	list := make([]web.Option, 0, len(labels))
	for _, r := range []workload.Refresh{workload.RefreshQuarterly, workload.RefreshHourly, workload.RefreshNever} {
		list = append(list, web.Option{Value: strconv.Itoa(int(r)), Label: labels[r], Selected: r == chosen})
	}
	return list
}
