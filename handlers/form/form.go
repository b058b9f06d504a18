// Package form is the configuration form of a gadget on its dashboard or of a
// chat's room. It offers what the person may see in Jira, takes what was typed,
// and says next to each field what is wrong.
//
// It knows no gadget and no chat: the caller says who may fill the form in,
// where its calls go, how it is saved and what is drawn afterwards.
package form

import (
	"context"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// Forms draws, checks and saves forms. Edge, Views and Choices are required; without
// Calendars none can be read.
type Forms struct {
	Edge      *edge.Edge
	Views     *viewer.Views
	Choices   Choices
	Calendars Calendars
}

// Choices are what was chosen once for a whole site.
type Choices interface {
	// PointFields are the fields of story points that were chosen last; nil: nobody has
	// been asked.
	PointFields(ctx context.Context, id connect.TenantID) ([]string, error)
	// SavePointFields keeps them.
	SavePointFields(ctx context.Context, id connect.TenantID, ids []string) error
}

// For is who fills a form in, and where its calls go.
type For struct {
	viewer.Person
	edge.Address
	// Columns says that what the form is for is a table of counts: what it counts in
	// and its columns are chosen.
	Columns bool
	// Days says that what the form is for shows days: which of them lack time is chosen.
	Days bool
	// Scopes says that it may look at a filter or a query instead of projects, and leave
	// out issues.
	Scopes bool
	// Within says that it looks at projects, and may leave out their issues: a room's.
	Within bool
	// Allowed refuses people who may not save the form; nil allows everybody.
	Allowed func(ctx context.Context, j *jira.Client) error
	// Notes keeps what the form says about people and their working time; nil: the
	// form has no such fields.
	Notes Notes
}

func (f For) allowed(ctx context.Context, j *jira.Client) error {
	if f.Allowed == nil {
		return nil
	}
	return f.Allowed(ctx, j)
}

// Saving is what happens to a valid form.
type Saving struct {
	// Put keeps the configuration, as the person whom j acts for.
	Put func(ctx context.Context, j *jira.Client, config workload.GadgetConfig) error
	// Draw shows what was saved.
	Draw func(ctx context.Context) (templ.Component, error)
	// Answer is used instead of Draw if the page itself keeps the
	// configuration.
	Answer func(config workload.GadgetConfig)
}

// Save reads the posted form and saves it. A form that is wrong or cannot be
// saved comes back with all that was typed.
func (f *Forms) Save(r *edge.Request, to For, s Saving) error {
	j, err := f.Views.Jira(to.Person)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	d, ctx := ReadDraft(r.Request.PostForm), r.Request.Context()
	if err := d.findTeamField(ctx, j); err != nil {
		return f.fail(r, j, to, d, err)
	}
	wrong := d.Wrong()
	keep, err := f.noting(ctx, j, to, d, wrong)
	if err != nil {
		return err
	}
	if d.scope.choice == web.ScopeJQL && !wrong.Has(workload.FieldJQL) {
		if w := refusedJQL(ctx, j, d.JQL); w.Code != "" {
			wrong[workload.FieldJQL] = w
		}
	}
	if len(wrong) > 0 {
		return f.refuse(r, j, to, d, wrong)
	}
	d.RoleName = roleName(ctx, j, d)
	settle, err := f.points(ctx, j, to, &d)
	if err != nil {
		return f.fail(r, j, to, d, err)
	}
	if err := s.Put(ctx, j, d.Config()); err != nil {
		return f.fail(r, j, to, d, err)
	}
	if err := errors.Join(keep(ctx), settle(ctx)); err != nil {
		return f.fail(r, j, to, d, err)
	}
	if s.Answer != nil {
		s.Answer(d.Config())
		return nil
	}
	body, err := s.Draw(r.Request.Context())
	if err != nil {
		body = f.savedUnseen(r, err)
	}
	r.Render(http.StatusOK, body)
	return nil
}
