package timesheet

import (
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// removal asks whether to delete an entry. Connect's descriptor lacks the scope, so it
// is there on Forge alone.
func (t *Timelog) removal(r *edge.Request, at board.At) error {
	e, err := t.removable(r, at)
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, web.WorklogRemovalView(e.removal("")))
	return nil
}

func (t *Timelog) removable(r *edge.Request, at board.At) (correction, error) {
	if !r.IsForge() {
		return correction{}, edge.Refuse(lang.ProblemNotFound)
	}
	return t.correction(r, at)
}

// remove deletes an entry as its author, so that Jira decides whether they may. One that
// has changed since the person saw it is shown to them first.
func (t *Timelog) remove(r *edge.Request, at board.At) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	e, err := t.removable(r, at)
	if err != nil {
		return err
	}
	if r.Request.PostForm.Get(web.FieldBase) != e.version() {
		changed := e.l.Say(e.l.Timelog.DeleteChanged, e.l.Duration(e.Now.Spent), e.l.Moment(e.Now.Started.In(e.Zone)))
		r.Render(http.StatusUnprocessableEntity, web.WorklogRemovalView(e.removal(changed)))
		return nil
	}
	err = e.Delete(r.Request.Context())
	switch {
	case errors.Is(err, viewer.ErrWorklogRefused), errors.Is(err, rest.ErrBadRequest):
		r.Render(http.StatusUnprocessableEntity, web.WorklogRemovalView(e.removal(e.l.Timelog.DeleteRefused)))
		return nil
	case err != nil:
		return worklogProblem(err)
	}
	return t.saved(r, at, e.cell, e.l.Timelog.Deleted, writtenIssues(e.IssueID))
}

func (e correction) removal(problem string) web.WorklogRemoval {
	return web.WorklogRemoval{
		L: e.l, Delete: aboutEntry(e.at.Address, "remove", e.cell, e.Now.Issue, e.Now.ID),
		Issue: e.Now.Issue, Summary: e.Now.Summary, Href: board.Browse(e.at.Tenant, e.Now.Issue),
		Text: e.l.Say(e.l.Timelog.DeleteText, e.l.Duration(e.Now.Spent), e.l.Moment(e.Now.Started.In(e.Zone))),
		Base: e.version(), Problem: problem,
	}
}
