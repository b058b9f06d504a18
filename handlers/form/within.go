package form

import (
	"context"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// A chat's room looks at projects, of which a filter, a query and values of fields may
// leave out issues: a room counts with the app's rights, so that nothing outside the
// projects may count, which somebody in the room could see when they were chosen.

// ReadWithin reads a room's form, right or wrong.
func ReadWithin(form url.Values) Draft {
	form = cloned(form)
	form.Set(web.FieldScope, string(web.ScopeProjects))
	d := ReadDraft(form)
	d.Unit = workload.UnitHours // a room has none
	d.within()
	return d
}

func cloned(form url.Values) url.Values {
	out := make(url.Values, len(form)+1)
	for name, values := range form {
		out[name] = slices.Clone(values)
	}
	return out
}

// within takes what narrows the issues from where a gadget has what it looks at.
func (d *Draft) within() {
	d.Narrow.Filter, d.Narrow.JQL, d.Filter, d.JQL = d.Filter, d.JQL, "", ""
}

// jql is the query that is typed.
func (d Draft) jql() string { return d.JQL + d.Narrow.JQL }

// filter is the filter that is chosen.
func (d Draft) filter() string { return d.Filter + d.Narrow.Filter }

// PeriodOptions offers the windows, and the periods but a range: what a room shows has
// no end.
func PeriodOptions(l *lang.Language, window workload.Window, chosen workload.Period) []web.Option {
	list := WindowOptions(l, window)
	for i := range list {
		list[i].Selected = list[i].Selected && chosen == workload.PeriodNone
	}
	for _, p := range workload.Periods() {
		if p != workload.PeriodRange {
			list = append(list, web.Option{Value: string(p), Label: PeriodName(l, p), Selected: p == chosen})
		}
	}
	return list
}

// MeasureOptions offers what issues are counted in.
func MeasureOptions(l *lang.Language, chosen workload.Measure) []web.Option {
	list := make([]web.Option, 0, len(workload.Measures()))
	for _, m := range workload.Measures() {
		list = append(list, web.Option{Value: string(m), Label: measureName(l, m), Selected: m == chosen})
	}
	return list
}

// SprintOptions offers the states of sprints.
func SprintOptions(l *lang.Language, chosen workload.Sprint) []web.Option {
	var list []web.Option
	for _, o := range []struct {
		sprint workload.Sprint
		label  string
	}{{workload.SprintAny, l.Scope.AnySprint}, {workload.SprintActive, l.Scope.ActiveSprint}, {workload.SprintNext, l.Scope.NextSprint}} {
		list = append(list, web.Option{Value: string(o.sprint), Label: o.label, Selected: o.sprint == chosen})
	}
	return list
}

// NarrowName is what a field is called whose values narrow the issues.
func NarrowName(l *lang.Language, field string) string { return narrowName(l, field) }

// FindFilters searches saved filters by name, the person's favourites first.
func FindFilters(ctx context.Context, l *lang.Language, j *jira.Client, typed string) []web.Option {
	picker := web.ValuePicker{Typed: typed}
	findFilters(ctx, l, j, &picker)
	return optionsOf(picker.Found)
}

// FindValues searches values of a field, as far as the person sees them in the projects.
func FindValues(ctx context.Context, j *jira.Client, f workload.NarrowField, projects []string, typed string) ([]web.Option, error) {
	d := Draft{}
	d.Projects, d.scope.choice, d.scope.finds = projects, web.ScopeProjects, map[string]string{f.Name: typed}
	found, err := findValues(ctx, j, d, f)
	return optionsOf(found), err
}

func optionsOf(found []web.PickedValue) []web.Option {
	list := make([]web.Option, 0, len(found))
	for _, v := range found {
		list = append(list, web.Option{Value: v.Value, Label: v.Label})
	}
	return list
}

// FilterName is what a filter is called that the person sees; "" if they do not, or if
// Jira does not say.
func FilterName(ctx context.Context, j *jira.Client, id string) string {
	found, err := j.Filters.Get(ctx, id)
	if err != nil {
		return ""
	}
	return found.Name
}

// RefusedJQL is what is wrong with a query, as Jira says it to this person; the zero
// Wrong if nothing is, or if Jira cannot be asked.
func RefusedJQL(ctx context.Context, j *jira.Client, jql string) workload.Wrong {
	return refusedJQL(ctx, j, jql)
}

// TakePoints finds the fields of story points for a room's form that was sent without
// them: those that were chosen for the site, or the usual ones.
func (f *Forms) TakePoints(ctx context.Context, j *jira.Client, person viewer.Person, d *Draft) error {
	_, err := f.points(ctx, j, For{Person: person, Within: true}, d)
	return err
}
