package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// refillTime bounds the wait for a form that comes back after Jira failed: it
// comes back without what Jira does not say by then.
const refillTime = 3 * time.Second

// refuseForm answers the form again with what was typed and what is wrong, to
// who may have it.
func (s *Server) refuseForm(r *edge.Request, j *jira.Client, p spot, d draft, wrong workload.FieldErrors) error {
	if err := requireEditor(r.Request.Context(), j, p); err != nil {
		return err
	}
	l := r.Language()
	form := s.refilledForm(r.Request.Context(), l, j, p, d)
	form.Errors = wrongTexts(l, wrong)
	r.Render(http.StatusUnprocessableEntity, web.ConfigView(form))
	return nil
}

// failForm answers the form again with what was typed and why it was not
// saved. Who may not edit the dashboard gets no form.
func (s *Server) failForm(r *edge.Request, j *jira.Client, p spot, d draft, err error) error {
	why, l := s.edge.Explain(err), r.Language()
	if why.Status() == http.StatusForbidden && requireEditor(r.Request.Context(), j, p) != nil {
		return err
	}
	form := plainForm(l, p, d)
	if why.Status() != http.StatusTooManyRequests { // then Jira wants no more questions
		form = s.refilledForm(r.Request.Context(), l, j, p, d)
	}
	form.Problem = l.Problem(why.Code)
	r.Failed(why, err)
	r.RetryAfter(why)
	r.Render(why.Status(), web.ConfigView(form))
	return nil
}

// refilledForm is the form with as much as Jira says in time.
func (s *Server) refilledForm(ctx context.Context, l *lang.Language, j *jira.Client, p spot, d draft) web.ConfigForm {
	ctx, cancel := context.WithTimeout(ctx, refillTime)
	defer cancel()
	form, err := s.gadgetConfigForm(ctx, l, j, p, d)
	if err != nil {
		return plainForm(l, p, d)
	}
	return form
}

// savedUnseen stands in place of a gadget that was saved and cannot be read.
func (s *Server) savedUnseen(r *edge.Request, err error) templ.Component {
	why, l := s.edge.Explain(err), r.Language()
	r.Failed(why, err)
	return web.MessageView(web.Message{
		Kind: web.MessageWarning, Title: l.State.Saved, Text: l.Problem(why.Code),
		Action: l.Form.ShowGadget, ActionCall: web.ActionView,
	})
}
