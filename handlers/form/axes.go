package form

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// callRows is the lookup of some rows.
const callRows = "rows"

// readAxes reads what rows stand for. Only people's rows are divided. The field of teams
// is the site's, which the form finds when it is saved.
func (d *Draft) readAxes(form url.Values) {
	d.Rows, d.Split = workload.Axis(form.Get(web.FieldRows)), workload.Axis(form.Get(web.FieldSplit))
	if d.Rows != workload.AxisNone {
		d.Split = workload.AxisNone
	}
	d.Sheet = workload.Sheet(form.Get(web.FieldSheet))
}

// axesField offers what rows can stand for; nil where they are people.
func axesField(l *lang.Language, to For, d Draft) *web.AxesField {
	switch {
	case to.Days:
		return &web.AxesField{Name: web.FieldSheet, URL: to.Call(callRows), Rows: sheetOptions(l, d.Sheet), Open: d.Sheet != workload.SheetPeople}
	case !to.Columns:
		return nil
	}
	field := &web.AxesField{Name: web.FieldRows, URL: to.Call(callRows), Open: d.Axis() != workload.AxisNone}
	field.Rows = []web.Option{{Value: "", Label: l.Axes.People, Selected: d.Rows == workload.AxisNone}}
	field.Splits = []web.Option{{Value: "", Label: l.Axes.NoSplit, Selected: d.Split == workload.AxisNone}}
	for _, g := range workload.Groupings() {
		name := l.Axes.Names.Of(string(g.Axis))
		field.Rows = append(field.Rows, web.Option{Value: string(g.Axis), Label: name, Selected: g.Axis == d.Rows})
		field.Splits = append(field.Splits, web.Option{Value: string(g.Axis), Label: name, Selected: g.Axis == d.Split})
	}
	return field
}

// sheetOptions offers the rows of who worked on what.
func sheetOptions(l *lang.Language, chosen workload.Sheet) []web.Option {
	names := map[workload.Sheet]string{
		workload.SheetPeople: l.Axes.SheetPeople, workload.SheetPeopleIssues: l.Axes.SheetIssues,
		workload.SheetIssuesPeople: l.Axes.SheetPeopleOfIssue, workload.SheetProjects: l.Axes.SheetProjects,
	}
	list := make([]web.Option, 0, len(names))
	for _, s := range workload.Sheets() {
		list = append(list, web.Option{Value: string(s), Label: names[s], Selected: s == chosen})
	}
	return list
}

// findTeamField finds the site's field of teams, if issues are grouped by them.
func (d *Draft) findTeamField(ctx context.Context, j *jira.Client) error {
	if d.TeamField = ""; d.Axis() != workload.AxisTeam {
		return nil
	}
	found, err := planFields(ctx, j)
	d.TeamField = found.Team
	return err
}

// pickRows names some of the rows that the form would show.
func (f *Forms) pickRows(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component {
	return web.RowsPreviewView(f.rowsPreview(ctx, l, j, to, d))
}

const (
	// sampled is how many issues are looked at for a preview of rows, and named how many
	// rows it names.
	sampled = 100
	named   = 5
)

func (f *Forms) rowsPreview(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) web.RowsPreview {
	names, problem := f.someRows(ctx, l, j, to, d)
	switch {
	case problem != "":
		return web.RowsPreview{Text: problem}
	case names == nil:
		return web.RowsPreview{}
	case len(names) == 0:
		return web.RowsPreview{Text: l.Axes.NoExample}
	case to.Days && d.Sheet == workload.SheetPeopleIssues:
		return web.RowsPreview{Text: l.Say(l.Axes.ExampleBelow, l.List(names))}
	}
	return web.RowsPreview{Text: l.Say(l.Axes.Example, l.List(names))}
}

// someRows are the names of some rows, nil if rows are people, or why there are none.
func (f *Forms) someRows(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) (names []string, problem string) {
	where, reader := d.Config().Where(), source.NewReader(j)
	if to.Days {
		reader.By = map[workload.Sheet]workload.By{workload.SheetProjects: {Rows: workload.AxisProject}}[d.Sheet]
	} else {
		if err := d.findTeamField(ctx, j); err != nil {
			return nil, l.Axes.Failed
		}
		reader.By = d.By
	}
	_, known := reader.By.Axis().Grouping()
	switch {
	case !known && (!to.Days || !d.Sheet.Issues()):
		return nil, ""
	case reader.By.Axis() == workload.AxisTeam && d.TeamField == "":
		return nil, l.Axes.WrongTeamField
	}
	keys, err := visible(ctx, j, d)
	switch {
	case err != nil:
		return nil, l.Axes.Failed
	case len(keys) == 0 && !where.IsQuery() || where.JQL != "" && workload.JQLProblem(where.JQL).Code != "":
		return nil, l.Axes.NoProjects
	}
	found, err := reader.Sample(ctx, f.rowsOf(ctx, j, to, d, keys), sampled)
	if err != nil {
		return nil, l.Axes.Failed
	}
	names = []string{}
	for _, i := range found {
		name := ValueName(l, reader.By.Axis(), i.In)
		if to.Days && d.Sheet.Issues() {
			name = i.Key
		}
		if !slices.Contains(names, name) && len(names) < named {
			names = append(names, name)
		}
	}
	return names, ""
}

// rowsOf finds the issues that rows are made of: open ones, or those with logged time.
func (f *Forms) rowsOf(ctx context.Context, j *jira.Client, to For, d Draft, projects []string) string {
	c := d.Config()
	if !to.Days || c.Validate() != nil {
		return c.Where().Open(projects...)
	}
	span := f.span(ctx, j, to, c)
	return c.Where().LoggedIn(projects, span.From, span.To)
}

// ValueName is what a value of an axis is called to the viewer.
func ValueName(l *lang.Language, axis workload.Axis, v workload.Value) string {
	switch {
	case v.ID == "":
		return l.Axes.None.Of(string(axis))
	case axis == workload.AxisStatus && v.ID == string(workload.CategoryNew):
		return l.Workload.ToDo
	case axis == workload.AxisStatus:
		return l.Workload.InProgress
	case axis == workload.AxisEpic && v.Name != "":
		return l.Say(l.Axes.Epic, v.ID, v.Name)
	case axis == workload.AxisTeam && v.Name == "":
		return l.Axes.Unnamed
	}
	return cmp.Or(v.Name, v.ID)
}
