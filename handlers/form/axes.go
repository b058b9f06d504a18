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

// axesField offers what rows can stand for; nil if there is no table of counts.
func axesField(l *lang.Language, to For, d Draft) *web.AxesField {
	if !to.Columns {
		return nil
	}
	field := &web.AxesField{URL: to.Call(callRows), Open: d.Axis() != workload.AxisNone}
	field.Rows = []web.Option{{Value: "", Label: l.Axes.People, Selected: d.Rows == workload.AxisNone}}
	field.Splits = []web.Option{{Value: "", Label: l.Axes.NoSplit, Selected: d.Split == workload.AxisNone}}
	for _, g := range workload.Groupings() {
		name := l.Axes.Names.Of(string(g.Axis))
		field.Rows = append(field.Rows, web.Option{Value: string(g.Axis), Label: name, Selected: g.Axis == d.Rows})
		field.Splits = append(field.Splits, web.Option{Value: string(g.Axis), Label: name, Selected: g.Axis == d.Split})
	}
	return field
}

// sheetOptions offers the rows of who worked on what; nil if the form is not for days.
func sheetOptions(l *lang.Language, to For, chosen workload.Sheet) []web.Option {
	if !to.Days {
		return nil
	}
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
func (f *Forms) pickRows(ctx context.Context, l *lang.Language, j *jira.Client, _ For, d Draft) templ.Component {
	return web.RowsPreviewView(rowsPreview(ctx, l, j, d))
}

const (
	// sampled is how many issues are looked at for a preview of rows, and named how many
	// rows it names.
	sampled = 100
	named   = 5
)

func rowsPreview(ctx context.Context, l *lang.Language, j *jira.Client, d Draft) web.RowsPreview {
	if _, known := d.Axis().Grouping(); !known {
		return web.RowsPreview{}
	}
	if err := d.findTeamField(ctx, j); err != nil {
		return web.RowsPreview{Text: l.Axes.Failed}
	}
	if d.Axis() == workload.AxisTeam && d.TeamField == "" {
		return web.RowsPreview{Text: l.Axes.WrongTeamField}
	}
	keys, err := visible(ctx, j, d)
	where := d.Config().Where()
	if err != nil {
		return web.RowsPreview{Text: l.Axes.Failed}
	}
	if len(keys) == 0 && !where.IsQuery() || where.JQL != "" && workload.JQLProblem(where.JQL).Code != "" {
		return web.RowsPreview{Text: l.Axes.NoProjects}
	}
	reader := source.NewReader(j)
	reader.By = d.By
	found, err := reader.Sample(ctx, where.Open(keys...), sampled)
	if err != nil {
		return web.RowsPreview{Text: l.Axes.Failed}
	}
	var names []string
	for _, v := range found {
		if name := ValueName(l, d.Axis(), v); !slices.Contains(names, name) && len(names) < named {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return web.RowsPreview{Text: l.Axes.NoExample}
	}
	return web.RowsPreview{Text: l.Say(l.Axes.Example, l.List(names))}
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
