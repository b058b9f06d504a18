package form

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
// comes back without what Jira has not returned by then.
const refillTime = 3 * time.Second

// refuse returns the form with what was typed and what is wrong, to people who
// may have it.
func (f *Forms) refuse(r *edge.Request, j *jira.Client, to For, d Draft, wrong workload.FieldErrors) error {
	if err := to.allowed(r.Request.Context(), j); err != nil {
		return err
	}
	l := r.Language()
	form := f.Refilled(r.Request.Context(), l, j, to, d)
	form.Errors = WrongTexts(l, wrong)
	mark(form.Load, form.Errors)
	if s := form.Scope; s != nil {
		for _, f := range s.Narrow {
			s.NarrowOpen = s.NarrowOpen || form.Errors[f.Name] != ""
		}
		s.NarrowOpen = s.NarrowOpen || form.Errors[web.FieldSprint] != ""
	}
	r.Render(http.StatusUnprocessableEntity, web.ConfigView(form))
	return nil
}

// fail returns the form with what was typed and why it was not saved. People
// who may not edit the dashboard get no form.
func (f *Forms) fail(r *edge.Request, j *jira.Client, to For, d Draft, err error) error {
	why, l := f.Edge.Explain(err), r.Language()
	if why.Status() == http.StatusForbidden && to.allowed(r.Request.Context(), j) != nil {
		return err
	}
	form := Plain(l, to, d)
	if why.Status() != http.StatusTooManyRequests { // on 429 Jira wants no more questions
		form = f.Refilled(r.Request.Context(), l, j, to, d)
	}
	form.Problem = l.Problem(why.Code)
	r.Failed(why, err)
	r.RetryAfter(why)
	r.Render(why.Status(), web.ConfigView(form))
	return nil
}

// Refilled is the form with as much as Jira returns in time.
func (f *Forms) Refilled(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) web.ConfigForm {
	ctx, cancel := context.WithTimeout(ctx, refillTime)
	defer cancel()
	form, err := f.Filled(ctx, l, j, to, d)
	if err != nil {
		return Plain(l, to, d)
	}
	return form
}

// savedUnseen replaces a gadget that was saved but cannot be read.
func (f *Forms) savedUnseen(r *edge.Request, err error) templ.Component {
	why, l := f.Edge.Explain(err), r.Language()
	r.Failed(why, err)
	return web.MessageView(web.Message{
		Kind: web.MessageWarning, Title: l.State.Saved, Text: l.Problem(why.Code),
		Action: l.Form.ShowGadget, ActionCall: web.ActionView,
	})
}
