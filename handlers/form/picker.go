package form

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// pickTime bounds one lookup while somebody types.
const pickTime = 10 * time.Second

// Func serves one of a form's calls.
type Func func(r *edge.Request, to For) error

// lookFunc looks up what to show for a form as it stands.
type lookFunc func(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component

// pick answers what a form shows while somebody types. People who may not edit
// the dashboard are refused; for everybody else Jira is asked as themselves. A
// failed lookup says so in its place.
func (f *Forms) pick(look lookFunc) Func {
	return func(r *edge.Request, to For) error {
		j, err := f.Views.Jira(to.Person)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(r.Request.Context(), pickTime)
		defer cancel()
		var view templ.Component
		var g errgroup.Group
		g.Go(func() error { return to.allowed(ctx, j) })
		g.Go(func() error {
			view = look(ctx, r.Language(), j, to, to.draft(r.Request.URL.Query()))
			return nil
		})
		if err := g.Wait(); err != nil {
			return err
		}
		r.Render(http.StatusOK, view)
		return nil
	}
}

// draft is the form as it stands.
func (f For) draft(form url.Values) Draft {
	if f.Within {
		return ReadWithin(form)
	}
	return ReadDraft(form)
}

// Pickers are the lookups that forms make while somebody types, by the names of
// the calls.
func (f *Forms) Pickers() map[string]Func {
	calls := map[string]Func{
		callProjects: f.pick(f.pickProjects), callRoles: f.pick(f.pickRoles), callPeople: f.pick(f.pickPeople),
		callPreview: f.pick(f.pickPreview), callRows: f.pick(f.pickRows), callHolidays: f.pick(f.pickHolidays), callCrew: f.pick(f.pickCrew),
		callFind(web.FieldGroup): f.pick(f.pickGroups), callFind(web.FieldAtlassianTeam): f.pick(f.pickTeams),
	}
	for _, s := range statusFields() {
		calls[callFind(s.name)] = f.pick(f.pickStatuses(s))
	}
	maps.Copy(calls, f.finders())
	return calls
}

// pickProjects looks up projects.
func (f *Forms) pickProjects(ctx context.Context, l *lang.Language, j *jira.Client, _ For, d Draft) templ.Component {
	found, err := FindProjects(ctx, l, j, d, maxFound)
	if err != nil {
		found.Problem = l.Form.SearchFailed
	}
	return web.ProjectsView(found)
}

// pickRoles looks up the roles of the chosen projects.
func (f *Forms) pickRoles(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component {
	field, err := roleField(ctx, l, j, to.Call(callRoles), d)
	if err != nil {
		field.Note = l.Form.RolesFailed
	}
	return web.RoleView(field)
}

// pickPeople looks up the people that the query finds.
func (f *Forms) pickPeople(ctx context.Context, l *lang.Language, j *jira.Client, _ For, d Draft) templ.Component {
	return web.PeopleView(f.people(ctx, l, j, d.query))
}
