package form

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// callJQL is the lookup of what Jira says about a query.
const callJQL = "jql"

// scopeDraft is what is typed about what is looked at; each part is kept while another
// is ticked.
type scopeDraft struct {
	choice web.ScopeChoice
	// finds are the texts that values of fields are searched for.
	finds map[string]string
}

// readScope reads what is looked at. A form without the choice is taken as it is.
func (d *Draft) readScope(form url.Values) {
	d.scope = scopeDraft{choice: web.ScopeChoice(form.Get(web.FieldScope)), finds: map[string]string{}}
	d.Filter, d.JQL = form.Get(web.FieldFilter), oneLine(form.Get(web.FieldJQL))
	d.scope.finds[web.FieldFilter] = strings.TrimSpace(form.Get(web.FindName(web.FieldFilter)))
	for _, f := range workload.NarrowFields() {
		*f.Values(&d.Narrow) = form[f.Name]
		d.scope.finds[f.Name] = strings.TrimSpace(form.Get(web.FindName(f.Name)))
	}
	d.Narrow.Sprint = workload.Sprint(form.Get(web.FieldSprint))
	if d.scope.choice == "" {
		d.scope.choice = d.chosenScope()
	}
}

func (d Draft) chosenScope() web.ScopeChoice {
	switch {
	case d.Filter != "":
		return web.ScopeFilter
	case d.JQL != "":
		return web.ScopeJQL
	}
	return web.ScopeProjects
}

// Config is the configuration that is ticked, without what is only typed.
func (d Draft) Config() workload.GadgetConfig {
	c := d.GadgetConfig
	if d.scope.choice != web.ScopeFilter {
		c.Filter = ""
	}
	if d.scope.choice != web.ScopeJQL {
		c.JQL = ""
	}
	if d.scope.choice != web.ScopeProjects {
		c.Projects = nil
	}
	return c
}

// wrongScope notes what is wrong with the choice.
func (d Draft) wrongScope(wrong workload.FieldErrors) {
	switch c := d.Config(); d.scope.choice {
	case web.ScopeProjects:
	case web.ScopeFilter:
		if delete(wrong, workload.FieldProjects); c.Filter == "" {
			wrong[workload.FieldFilter] = workload.Wrong{Code: workload.WrongFilter}
		}
	case web.ScopeJQL:
		if delete(wrong, workload.FieldProjects); c.JQL == "" {
			wrong[workload.FieldJQL] = workload.Wrong{Code: workload.WrongJQL}
		}
	default:
		wrong[workload.FieldScope] = workload.Wrong{Code: workload.WrongScope}
	}
}

// scopeField is the choice of what is looked at; nil where only projects are.
func scopeField(l *lang.Language, to For, d Draft) *web.ScopeField {
	if !to.Scopes && !to.Within {
		return nil
	}
	s := &web.ScopeField{
		Choice: d.scope.choice, PreviewURL: to.Call(callPreview), CheckURL: to.Call(callJQL),
		Filter: web.ValuePicker{
			L: l, Name: web.FieldFilter, Label: l.Scope.Filter, Search: l.Scope.FindFilter, None: l.Scope.NoFilter,
			URL: to.Call(callFind(web.FieldFilter)), Typed: d.scope.finds[web.FieldFilter], Max: 1,
		},
		JQL: d.jql(), Check: web.JQLCheck{L: l}, Within: to.Within,
	}
	if to.Within {
		s.Filter.Label = l.Chat.FilterWithin
	}
	narrow := d.Narrow
	narrow.Team = workload.AtlassianTeam{} // chosen elsewhere
	s.NarrowOpen = !narrow.IsZero()
	if id := d.filter(); id != "" {
		s.Filter.Chosen = []web.PickedValue{{Value: id, Label: l.Say(l.Scope.FilterNumber, id)}}
	}
	for _, f := range workload.NarrowFields() {
		p := narrowPicker(l, to, d, f)
		p.Unasked = true
		for _, v := range (*f.Values(&d.Narrow))[:min(len(*f.Values(&d.Narrow)), workload.MaxNarrow)] {
			p.Chosen = append(p.Chosen, web.PickedValue{Value: v, Label: v})
		}
		s.Narrow = append(s.Narrow, p)
	}
	s.Sprints = SprintOptions(l, d.Narrow.Sprint)
	return s
}

func narrowPicker(l *lang.Language, to For, d Draft, f workload.NarrowField) web.ValuePicker {
	return web.ValuePicker{
		L: l, Name: f.Name, Label: narrowName(l, f.Name), Search: l.Scope.FindValue, None: l.Scope.NoValue,
		URL: to.Call(callFind(f.Name)), Typed: d.scope.finds[f.Name], Max: workload.MaxNarrow,
	}
}

func narrowName(l *lang.Language, field string) string {
	return map[string]string{
		"types": l.Scope.Types, "components": l.Scope.Components, "versions": l.Scope.Versions, "labels": l.Scope.Labels, workload.FieldEpics: l.Scope.Epics,
	}[field]
}

// fillScope asks Jira for the names of what is chosen and what can be chosen.
func fillScope(ctx context.Context, l *lang.Language, j *jira.Client, s *web.ScopeField, d Draft) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		findFilters(ctx, l, j, &s.Filter)
		return nil
	})
	if d.filter() != "" {
		g.Go(func() error {
			chosen := &s.Filter.Chosen[0]
			found, err := j.Filters.Get(ctx, d.filter())
			switch {
			case err == nil:
				chosen.Label = found.Name
			case errors.Is(err, rest.ErrBadRequest), errors.Is(err, rest.ErrNotFound):
				chosen.Hidden = true
			default:
				return err
			}
			return nil
		})
	}
	if (s.Within || d.scope.choice == web.ScopeJQL) && d.jql() != "" {
		g.Go(func() error {
			s.Check = checkJQL(ctx, l, j, d)
			return nil
		})
	}
	return g.Wait()
}

// callFind is the lookup of a field's values.
func callFind(field string) string { return "find-" + field }

// finders are the lookups of filters and of the values of a narrowing.
func (f *Forms) finders() map[string]Func {
	calls := map[string]Func{
		callJQL: f.pick(func(ctx context.Context, l *lang.Language, j *jira.Client, _ For, d Draft) templ.Component {
			return web.JQLView(checkJQL(ctx, l, j, d))
		}),
		callFind(web.FieldFilter): f.pick(func(ctx context.Context, l *lang.Language, j *jira.Client, _ For, d Draft) templ.Component {
			picker := web.ValuePicker{L: l, Name: web.FieldFilter, Label: l.Scope.Filter, None: l.Scope.NoFilter, Typed: d.scope.finds[web.FieldFilter], Max: 1}
			findFilters(ctx, l, j, &picker)
			return web.ValuesView(picker)
		}),
	}
	for _, field := range workload.NarrowFields() {
		calls[callFind(field.Name)] = f.pick(func(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component {
			picker := narrowPicker(l, to, d, field)
			found, err := findValues(ctx, j, d, field)
			if err != nil {
				picker.Problem = l.Scope.SearchFailed
			}
			chosen := *field.Values(&d.Narrow)
			picker.Found = slices.DeleteFunc(found, func(v web.PickedValue) bool { return slices.Contains(chosen, v.Value) })
			picker.Found = picker.Found[:min(len(picker.Found), maxFound)]
			return web.ValuesView(picker)
		})
	}
	return calls
}

// findFilters searches saved filters by name, the person's favourites first.
func findFilters(ctx context.Context, l *lang.Language, j *jira.Client, p *web.ValuePicker) {
	typed := Shorten(p.Typed, maxSearch)
	var favourites []jira.Filter
	var page jira.Page[jira.Filter]
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		favourites, err = j.Filters.Favourites(ctx)
		return err
	})
	g.Go(func() (err error) {
		page, err = j.Filters.Search(ctx, jira.FilterSearchOptions{Name: typed, Substring: typed != "", MaxResults: 2 * maxFound})
		return err
	})
	if g.Wait() != nil {
		p.Problem = l.Scope.SearchFailed
		return
	}
	add := func(f jira.Filter, label string) {
		known := slices.ContainsFunc(p.Found, func(v web.PickedValue) bool { return v.Value == f.ID })
		if !known && len(p.Found) < maxFound {
			p.Found = append(p.Found, web.PickedValue{Value: f.ID, Label: label})
		}
	}
	for _, f := range favourites {
		if strings.Contains(strings.ToLower(f.Name), strings.ToLower(typed)) {
			add(f, l.Say(l.Scope.Favourite, f.Name))
		}
	}
	for _, f := range page.Values {
		add(f, f.Name)
	}
}

// findValues searches the values of a field that the person sees.
func findValues(ctx context.Context, j *jira.Client, d Draft, f workload.NarrowField) ([]web.PickedValue, error) {
	typed := Shorten(d.scope.finds[f.Name], maxSearch)
	if f.Name == workload.FieldEpics {
		return findEpics(ctx, j, d, typed)
	}
	found, err := j.JQL.Suggest(ctx, f.JQL, typed)
	if err != nil {
		return nil, err
	}
	var list []web.PickedValue
	for _, s := range found {
		name := workload.Unquote(s.Value)
		list = append(list, web.PickedValue{Value: name, Label: name})
	}
	return list, nil
}

// findEpics searches open epics by words of their summaries, or by key.
func findEpics(ctx context.Context, j *jira.Client, d Draft, typed string) ([]web.PickedValue, error) {
	clauses := []string{"statusCategory != Done", "issuetype = Epic"}
	if keys, err := visible(ctx, j, d); err != nil {
		return nil, err
	} else if len(keys) > 0 {
		clauses = append(clauses, workload.Where{}.Clauses(keys...)...)
	}
	switch key := strings.ToUpper(typed); {
	case workload.IsIssueKey(key):
		clauses = []string{"key = " + key}
	case typed != "":
		clauses = append(clauses, "summary ~ "+workload.Quote(typed+"*"))
	}
	page, err := j.Search.JQL(ctx, jira.SearchOptions{
		JQL: strings.Join(clauses, " AND ") + " ORDER BY updated DESC", Fields: []string{"summary"}, MaxResults: maxFound + workload.MaxNarrow,
	})
	if errors.Is(err, rest.ErrBadRequest) { // no such key, or no such type
		return nil, nil
	}
	var list []web.PickedValue
	for _, i := range page.Issues {
		list = append(list, web.PickedValue{Value: i.Key, Label: i.Key + " " + i.Fields.Summary})
	}
	return list, err
}

// checkJQL is what Jira says to this person about the query.
func checkJQL(ctx context.Context, l *lang.Language, j *jira.Client, d Draft) web.JQLCheck {
	c := web.JQLCheck{L: l}
	if d.jql() == "" {
		return c
	}
	if wrong := refusedJQL(ctx, j, d.jql()); wrong.Code != "" {
		c.Error = wrongText(l, wrong)
		return c
	}
	if d.JQL != "" {
		d.scope.choice = web.ScopeJQL
	}
	c.Found = previewText(ctx, l, j, d)
	return c
}

// refusedJQL is what is wrong with a query, as Jira says it to this person; the zero
// Wrong if nothing is, or if Jira cannot be asked.
func refusedJQL(ctx context.Context, j *jira.Client, jql string) workload.Wrong {
	if wrong := workload.JQLProblem(jql); wrong.Code != "" && wrong.Code != workload.WrongJQL {
		return wrong
	}
	parsed, err := j.JQL.Parse(ctx, jira.ParseStrict, []string{jql})
	if err == nil && len(parsed[0].Errors) > 0 {
		return workload.Wrong{Code: workload.WrongJQL, Text: strings.Join(parsed[0].Errors, " ")}
	}
	return workload.JQLProblem(jql)
}
