package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// pickTime bounds one look while somebody types.
const pickTime = 10 * time.Second

// lookFunc is what is shown for a form as it stands.
type lookFunc func(ctx context.Context, l *lang.Language, j *jira.Client, p spot, d draft) templ.Component

// pick answers what a form shows while somebody types. Who may not edit the
// dashboard is refused; everybody else is asked for as themselves. A look that
// fails says so in its place.
func (s *Server) pick(look lookFunc) spotFunc {
	return func(r *edge.Request, p spot) error {
		j, err := s.Jira(p.Tenant, p.Account)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(r.Request.Context(), pickTime)
		defer cancel()
		var view templ.Component
		var g errgroup.Group
		g.Go(func() error { return requireEditor(ctx, j, p) })
		g.Go(func() error {
			view = look(ctx, r.Language(), j, p, readDraft(r.Request.URL.Query()))
			return nil
		})
		if err := g.Wait(); err != nil {
			return err
		}
		r.Render(http.StatusOK, view)
		return nil
	}
}

// pickers are what forms ask for while somebody types, by the names of the
// calls.
func (s *Server) pickers() map[string]spotFunc {
	return map[string]spotFunc{
		callProjects: s.pick(s.pickProjects), callRoles: s.pick(s.pickRoles), callPeople: s.pick(s.pickPeople),
	}
}

// pickProjects looks for projects.
func (s *Server) pickProjects(ctx context.Context, l *lang.Language, j *jira.Client, _ spot, d draft) templ.Component {
	found, err := findProjects(ctx, l, j, d, maxFound)
	if err != nil {
		found.Problem = l.Form.SearchFailed
	}
	return web.ProjectsView(found)
}

// pickRoles looks for the roles of the chosen projects.
func (s *Server) pickRoles(ctx context.Context, l *lang.Language, j *jira.Client, p spot, d draft) templ.Component {
	field, err := roleField(ctx, l, j, p.Call(callRoles), d)
	if err != nil {
		field.Note = l.Form.RolesFailed
	}
	return web.RoleView(field)
}

// pickPeople looks for the people whom the query finds.
func (s *Server) pickPeople(ctx context.Context, l *lang.Language, j *jira.Client, _ spot, d draft) templ.Component {
	return web.PeopleView(s.people(ctx, l, j, d.query))
}
