package form

import (
	"context"
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// readWho reads the chosen group and the chosen Atlassian team.
func (d *Draft) readWho(form url.Values) {
	d.group = workload.Group{ID: form.Get(web.FieldGroup), Name: form.Get(web.NameField(web.FieldGroup))}
	d.atlassian = workload.AtlassianTeam{
		ID: form.Get(web.FieldAtlassianTeam), Name: form.Get(web.NameField(web.FieldAtlassianTeam)), Field: form.Get(web.OfField(web.FieldAtlassianTeam)),
	}
	d.finds = map[string]string{}
	for _, field := range []string{web.FieldGroup, web.FieldAtlassianTeam} {
		d.finds[field] = strings.TrimSpace(form.Get(web.FindName(field)))
	}
}

// groupPicker chooses a group. What somebody else has chosen stays, by its name.
func groupPicker(l *lang.Language, to For, d Draft) web.ValuePicker {
	p := web.ValuePicker{
		L: l, Name: web.FieldGroup, Label: l.Form.ByGroup, Help: l.Form.GroupHelp, Search: l.Form.FindGroup, None: l.Form.NoGroup,
		URL: to.Call(callFind(web.FieldGroup)), Typed: d.finds[web.FieldGroup], Max: 1, Unasked: true,
	}
	if d.group.ID != "" {
		p.Chosen = []web.PickedValue{pickedGroup(d.group)}
	}
	return p
}

func pickedGroup(g workload.Group) web.PickedValue {
	return web.PickedValue{Value: g.ID, Label: g.Name, With: map[string]string{web.NameField(web.FieldGroup): g.Name}}
}

// teamPicker chooses an Atlassian team.
func teamPicker(l *lang.Language, to For, d Draft) web.ValuePicker {
	p := web.ValuePicker{
		L: l, Name: web.FieldAtlassianTeam, Label: l.Form.ByTeam, Help: l.Form.AtlassianHelp, Search: l.Form.FindTeam, None: l.Form.NoTeam,
		URL: to.Call(callFind(web.FieldAtlassianTeam)), Typed: d.finds[web.FieldAtlassianTeam], Max: 1, Unasked: true,
	}
	if d.atlassian.ID != "" {
		p.Chosen = []web.PickedValue{pickedTeam(d.atlassian)}
	}
	return p
}

func pickedTeam(t workload.AtlassianTeam) web.PickedValue {
	return web.PickedValue{Value: t.ID, Label: t.Name, With: map[string]string{
		web.NameField(web.FieldAtlassianTeam): t.Name, web.OfField(web.FieldAtlassianTeam): t.Field,
	}}
}

// pickGroups looks up groups, as far as Jira shows them to the person.
func (f *Forms) pickGroups(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component {
	p := groupPicker(l, to, d)
	p.Unasked = false
	found, err := j.Groups.Picker(ctx, jira.GroupPickerOptions{Query: Shorten(p.Typed, maxSearch), AnyCase: true, MaxResults: maxFound + 1})
	if err != nil {
		p.Problem = l.Scope.SearchFailed
	}
	for _, g := range found.Groups {
		if g.GroupID != d.group.ID && len(p.Found) < maxFound {
			p.Found = append(p.Found, pickedGroup(workload.Group{ID: g.GroupID, Name: g.Name}))
		}
	}
	return web.ValuesView(p)
}

// pickTeams looks up Atlassian teams: those that Jira suggests as values of its field.
func (f *Forms) pickTeams(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component {
	p := teamPicker(l, to, d)
	p.Unasked = false
	fields, err := planFields(ctx, j)
	switch {
	case err != nil:
		p.Problem = l.Scope.SearchFailed
		return web.ValuesView(p)
	case fields.Team == "":
		p.Problem = l.Form.NoTeamField
		return web.ValuesView(p)
	}
	found, err := j.JQL.Suggest(ctx, workload.FieldInQueries(fields.Team), Shorten(p.Typed, maxSearch))
	if err != nil {
		p.Problem = l.Scope.SearchFailed
	}
	for _, s := range found {
		t := workload.AtlassianTeam{ID: workload.Unquote(s.Value), Name: plainName(s.DisplayName), Field: fields.Team}
		if t.ID != d.atlassian.ID && len(p.Found) < maxFound {
			p.Found = append(p.Found, pickedTeam(t))
		}
	}
	return web.ValuesView(p)
}

var matched = regexp.MustCompile(`</?b>`)

// plainName is a name that Jira has written as HTML, with what matches in bold.
func plainName(text string) string { return html.UnescapeString(matched.ReplaceAllString(text, "")) }

// memberText says how many people of the chosen group have issues here, "" without one.
func (f *Forms) memberText(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) string {
	c := d.Config()
	if c.Validate() != nil || c.Group.ID == "" {
		return ""
	}
	reader := source.NewReader(j)
	reader.Where = c.Where()
	team, err := reader.Team(ctx, source.Choice{Projects: c.Projects, Group: c.Group, Since: f.span(ctx, j, to, c).From})
	switch {
	case err != nil:
		return l.Form.QueryFailed
	case team.Unknown:
		return l.Say(l.Workload.GroupUnseen, c.Group.Name)
	}
	return l.Count(l.Form.People, len(team.Members)) + "."
}
