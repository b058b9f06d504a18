package form

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// callPreview is the lookup of what a form finds.
const callPreview = "preview"

// readMeasure reads what is counted. Only points have fields.
func (d *Draft) readMeasure(form url.Values) {
	d.Measure = workload.Measure(form.Get(web.FieldMeasure))
	if ids := form.Get(web.FieldPoints); ids != "" && d.Measure == workload.MeasurePoints {
		d.Points = strings.Split(ids, ",")
	}
}

// measureField offers the measures; nil if there is no table of counts.
func measureField(l *lang.Language, to For, d Draft) *web.MeasureField {
	if !to.Columns && !to.Within {
		return nil
	}
	field := &web.MeasureField{URL: to.Call(callPreview), Preview: web.Preview{L: l}}
	field.Options = MeasureOptions(l, d.Measure)
	if len(d.Points) > 0 {
		field.Preview.Points = []web.Option{{Value: strings.Join(d.Points, ","), Selected: true}}
	}
	return field
}

func measureName(l *lang.Language, m workload.Measure) string {
	switch m {
	case workload.MeasureRemaining:
		return l.Measures.Remaining
	case workload.MeasurePoints:
		return l.Measures.Points
	}
	return l.Measures.Issues
}

// pickPreview looks up what the form finds.
func (f *Forms) pickPreview(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component {
	return web.PreviewView(f.preview(ctx, l, j, to, d))
}

// preview is what a form finds for this person.
func (f *Forms) preview(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) web.Preview {
	p := web.Preview{L: l}
	if d.Measure == workload.MeasurePoints {
		found, err := planFields(ctx, j)
		if err != nil {
			p.Text = l.Measures.Failed
			return p
		}
		settled := f.settled(ctx, to, found)
		if !slices.ContainsFunc(pointChoices(found), func(ids []string) bool { return slices.Equal(ids, d.Points) }) {
			d.Points = settled
		}
		p.Points, p.Settled = pointOptions(l, found, d.Points), settled != nil
		if len(p.Points) == 0 {
			p.Text = l.Workload.NoPoints
			return p
		}
		d.Points = strings.Split(chosen(p.Points).Value, ",")
	}
	var said []string
	for _, text := range []string{previewText(ctx, l, j, d), f.aheadText(ctx, l, j, to, d), f.memberText(ctx, l, j, to, d), f.daysText(ctx, l, j, to, d)} {
		if text != "" {
			said = append(said, text)
		}
	}
	p.Text = strings.Join(said, " ")
	return p
}

func chosen(list []web.Option) web.Option {
	i := slices.IndexFunc(list, func(o web.Option) bool { return o.Selected })
	return list[max(0, i)]
}

// previewText says about how many issues are found, and how many nobody has estimated.
func previewText(ctx context.Context, l *lang.Language, j *jira.Client, d Draft) string {
	jql, err := openQuery(ctx, j, d)
	if err != nil {
		return l.Measures.Failed
	}
	if jql == "" {
		return ""
	}
	var open, blank int64
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		open, err = j.Search.Count(ctx, jql)
		return err
	})
	if d.Measure.Sized() {
		g.Go(func() (err error) {
			blank, err = j.Search.Count(ctx, strings.Join(append([]string{jql}, workload.NotEstimated(d.Measure, d.Points)...), " AND "))
			return err
		})
	}
	if g.Wait() != nil {
		return l.Measures.Failed
	}
	if !d.Measure.Sized() {
		return l.Count(l.Measures.Found, int(open))
	}
	return l.Count(l.Measures.FoundBlank, int(open), l.Number(int(blank)))
}

// openQuery finds the open issues of what is chosen that the person sees; "" if there is
// nothing to look at.
func openQuery(ctx context.Context, j *jira.Client, d Draft) (string, error) {
	keys, err := visible(ctx, j, d)
	w := d.Config().Where()
	if err != nil || len(keys) == 0 && !w.IsQuery() || d.jql() != "" && workload.JQLProblem(d.jql()).Code != "" {
		return "", err
	}
	return w.Open(keys...), nil
}

// visible are those of the chosen projects that the person may browse.
func visible(ctx context.Context, j *jira.Client, d Draft) (keys []string, err error) {
	var chosen []web.Project
	for _, key := range ProjectKeys(d.Projects) {
		chosen = append(chosen, web.Project{Key: key})
	}
	names, err := Browsable(ctx, j, chosen)
	for _, p := range chosen {
		if key := p.Key; names[key] != "" {
			keys = append(keys, key)
		}
	}
	return keys, err
}

// planFields are the fields that work is planned with, as far as this person sees them.
func planFields(ctx context.Context, j *jira.Client) (source.PlanFields, error) {
	list, err := j.Fields.List(ctx)
	if err != nil {
		return source.PlanFields{}, fmt.Errorf("list fields: %w", err)
	}
	return source.PlanFieldsOf(list), nil
}

// pointChoices are the fields that points can be taken from: Jira's own together and,
// where a site has others, each alone.
func pointChoices(found source.PlanFields) [][]string {
	var list [][]string
	if usual := found.Usual(); len(usual) > 0 {
		list = append(list, usual)
	}
	if found.Several() {
		for _, f := range found.Points {
			if alone := []string{f.ID}; len(list) == 0 || !slices.Equal(list[0], alone) {
				list = append(list, alone)
			}
		}
	}
	return list
}

func pointOptions(l *lang.Language, found source.PlanFields, chosen []string) []web.Option {
	var list []web.Option
	for _, ids := range pointChoices(found) {
		o := web.Option{Value: strings.Join(ids, ","), Label: l.Measures.BothFields, Selected: slices.Equal(ids, chosen)}
		if i := slices.IndexFunc(found.Points, func(f jira.IssueField) bool { return f.ID == ids[0] }); len(ids) == 1 && i >= 0 {
			o.Label = l.Say(l.Measures.Field, found.Points[i].Name, strings.TrimPrefix(ids[0], workload.CustomField))
		}
		list = append(list, o)
	}
	return list
}

// settled are the fields that somebody has chosen on this site where there are several;
// nil if nobody was asked, or the site has them no more. If that cannot be read now, the
// form asks.
func (f *Forms) settled(ctx context.Context, to For, found source.PlanFields) []string {
	if !found.Several() {
		return nil
	}
	ids, err := f.Choices.PointFields(ctx, to.Tenant.ID)
	known := slices.ContainsFunc(pointChoices(found), func(c []string) bool { return slices.Equal(c, ids) })
	if err != nil || !known {
		return nil
	}
	return ids
}

// points finds the fields of story points for a form that was sent before they were
// offered, and prepares to keep, for the site's next forms, which of several were chosen.
// Whoever may save this gadget may: on Forge it is Jira that decides that later.
func (f *Forms) points(ctx context.Context, j *jira.Client, to For, d *Draft) (settle func(context.Context) error, err error) {
	nothing := func(context.Context) error { return nil }
	if d.Measure != workload.MeasurePoints {
		return nothing, nil
	}
	found, err := planFields(ctx, j)
	if err != nil {
		if len(d.Points) > 0 {
			return nothing, nil // what was chosen is known
		}
		return nil, err
	}
	settled, choices := f.settled(ctx, to, found), pointChoices(found)
	if len(d.Points) == 0 {
		if d.Points = settled; settled == nil && len(choices) > 0 {
			d.Points = choices[0]
		}
		return nothing, nil
	}
	chosen := slices.Clone(d.Points)
	if !to.Columns || !found.Several() || slices.Equal(chosen, settled) || !slices.ContainsFunc(choices, func(ids []string) bool { return slices.Equal(ids, chosen) }) {
		return nothing, nil
	}
	return func(ctx context.Context) error {
		if err := to.allowed(ctx, j); err != nil {
			return err
		}
		return f.Choices.SavePointFields(ctx, to.Tenant.ID, chosen)
	}, nil
}
