package timesheet

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// worklogID is the form of Jira's worklog ids.
var worklogID = regexp.MustCompile(`^[0-9]{1,18}$`)

// correction is an entry, as Jira has it now, that its author is correcting.
type correction struct {
	viewer.Correction
	at    board.At
	cell  viewer.Cell
	l     *lang.Language
	units timelog.Units
}

// correction reads the entry that a request names. Only its author gets it.
func (t *Timelog) correction(r *edge.Request, at board.At) (correction, error) {
	cell, err := cellIn(r)
	if err != nil {
		return correction{}, err
	}
	issue, id := r.Query("issue"), r.Query("worklog")
	if !workload.IsIssueKey(issue) || !worklogID.MatchString(id) {
		return correction{}, edge.Invalid("worklog", lang.ProblemBadEntry)
	}
	found, err := t.Views.Correction(r.Request.Context(), at.Person, issue, id)
	if err != nil {
		return correction{}, worklogProblem(err)
	}
	return correction{found, at, cell, found.Language, unitsOf(found.Language, found.Tracking)}, nil
}

// unitsOf are the words for time in a language, and the site's working time.
func unitsOf(l *lang.Language, t jira.TimeTracking) timelog.Units {
	return timelog.Units{
		Weeks: l.Timelog.Weeks, Days: l.Timelog.Days, Hours: l.Timelog.Hours, Minutes: l.Timelog.Minutes,
		Week: timelog.Week{HoursADay: t.WorkingHoursPerDay, Days: t.WorkingDaysPerWeek}, Bare: t.DefaultUnit,
	}
}

// entry answers the form of one entry.
func (t *Timelog) entry(r *edge.Request, at board.At) error {
	e, err := t.correction(r, at)
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, web.WorklogFormView(e.form(e.asItIs())))
	return nil
}

// saveEntry writes a correction into Jira as its author, so that Jira
// decides whether they may.
func (t *Timelog) saveEntry(r *edge.Request, at board.At) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	e, err := t.correction(r, at)
	if err != nil {
		return err
	}
	posted := postedEntry(r.Request.PostForm)
	change, refused := e.change(posted)
	if refused != nil {
		r.Render(http.StatusUnprocessableEntity, web.WorklogFormView(*refused))
		return nil
	}
	if change == nil {
		return t.saved(r, at, e.cell, e.savedText(e.Now.Started), nil)
	}
	kept, err := e.Save(r.Request.Context(), *change)
	if form := e.refusal(posted, err); form != nil {
		r.Render(http.StatusUnprocessableEntity, web.WorklogFormView(*form))
		return nil
	}
	if err != nil {
		return worklogProblem(err)
	}
	return t.saved(r, at, e.cell, e.savedText(kept.Started.Time), writtenIssues(kept.IssueID))
}

// writtenIssues are the ids of issues whose change the next searches must see.
func writtenIssues(issueID string) []int64 {
	id, err := strconv.ParseInt(issueID, 10, 64)
	if err != nil {
		return nil
	}
	return []int64{id}
}

// saved answers the cell's list after a change, which said tells. The whole view is
// read anew as well, so that it is ready when the person goes back; if that fails,
// the error shows then.
func (t *Timelog) saved(r *edge.Request, at board.At, cell viewer.Cell, said string, written []int64) error {
	var found viewer.Entries
	g, ctx := errgroup.WithContext(r.Request.Context())
	if written != nil {
		t.Views.Changed(at.Tenant.ID, "")
		g.Go(func() error {
			if err := t.timelogs.Reread(ctx, at.Place, written); err != nil {
				t.log.WarnContext(ctx, "read the time logged after a change", "error", err)
			}
			return nil
		})
	}
	g.Go(func() (err error) {
		found, err = t.timelogs.Entries(ctx, at.Place, cell, written)
		return worklogProblem(err)
	})
	if err := g.Wait(); err != nil {
		return err
	}
	list := worklogList(found, at, cell, r.IsForge())
	list.Saved = said
	r.Render(http.StatusOK, web.WorklogsView(list))
	return nil
}

// savedText says which day the entry is on now, if that has changed.
func (e correction) savedText(started time.Time) string {
	if day := workload.DateOf(started, e.Zone); day != e.cell.Day {
		return e.l.Say(e.l.Timelog.Moved, wholeDay(e.l, day))
	}
	return e.l.Timelog.Saved
}

// refusal is the form with what Jira said about its fields, nil if it said
// nothing about them.
func (e correction) refusal(posted entryFields, err error) *web.WorklogForm {
	form := e.form(posted)
	if !refusedFields(e.l, &form, err, e.l.Timelog.Refused) {
		return nil
	}
	return &form
}

// refusedFields puts into a form what Jira said about its fields, or the text if it
// said nothing about them. It reports whether the error is about the form at all.
func refusedFields(l *lang.Language, form *web.WorklogForm, err error, text string) bool {
	if !errors.Is(err, rest.ErrBadRequest) && !errors.Is(err, rest.ErrTooLarge) {
		return false
	}
	var said *rest.Error
	errors.As(err, &said)
	t := l.Timelog
	for field, of := range map[string]struct{ name, text string }{
		"timeLogged": {web.FieldSpent, t.TimeRefused}, "timeSpent": {web.FieldSpent, t.TimeRefused}, "timeSpentSeconds": {web.FieldSpent, t.TimeRefused},
		"started": {web.FieldDay, t.StartRefused}, "comment": {web.FieldComment, t.CommentRefused},
	} {
		if said.Fields[field] != "" {
			form.Errors[of.name] = of.text
		}
	}
	switch {
	case errors.Is(err, rest.ErrTooLarge):
		form.Errors[web.FieldComment] = t.CommentRefused
	case len(form.Errors) == 0:
		form.Problem = text
	}
	return true
}
