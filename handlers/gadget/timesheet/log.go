package timesheet

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// logCall is the address of the form for new work on a day of the viewer's own.
func logCall(at edge.Address, cell viewer.Cell) string { return cellCall(at, "log", cell) }

// logging is new work that a person is about to log on a day of their own.
type logging struct {
	viewer.Logging
	at    board.At
	cell  viewer.Cell
	l     *lang.Language
	units timelog.Units
}

// logging reads what a form for new work needs. Nobody logs for somebody else: Jira
// takes the work as the viewer's.
func (t *Timelog) logging(r *edge.Request, at board.At) (logging, error) {
	cell, err := cellIn(r)
	if err != nil {
		return logging{}, err
	}
	if cell.Account != string(at.Account) {
		return logging{}, edge.Refuse(lang.ProblemNotAuthor)
	}
	found, err := t.Views.Logging(r.Request.Context(), at.Person)
	if err != nil {
		return logging{}, err
	}
	return logging{found, at, cell, found.Language, unitsOf(found.Language, found.Tracking)}, nil
}

// logForm answers the form for new work.
func (t *Timelog) logForm(r *edge.Request, at board.At) error {
	n, err := t.logging(r, at)
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, web.WorklogFormView(n.form(n.first(), n.issue())))
	return nil
}

// issue is that of the cell, "" if it has none.
func (n logging) issue() string {
	if workload.IsIssueKey(n.cell.On) {
		return n.cell.On
	}
	return ""
}

// firstHour is when work begins that is logged later, unless the person says more.
const firstHour = "09:00"

// first are the fields of an empty form: now, if the day is today.
func (n logging) first() entryFields {
	f := entryFields{day: n.cell.Day.String(), clock: firstHour}
	if workload.DateOf(n.Now, n.Zone) == n.cell.Day {
		_, f.clock = timelog.Fields(n.Now, n.Zone)
	}
	return f
}

// form is the form with what was typed.
func (n logging) form(f entryFields, issue string) web.WorklogForm {
	form := web.WorklogForm{
		L: n.l, New: true, Save: logCall(n.at.Address, n.cell), Issue: issue,
		Spent: f.spent, Day: f.day, Clock: f.clock, Comment: f.comment,
		Zone: n.Zone.String(), MaxComment: maxComment, Errors: map[string]string{},
	}
	for _, i := range n.Recent {
		form.Choices = append(form.Choices, web.WorklogIssue{Key: i.Key, Summary: i.Fields.Summary})
	}
	return form
}

// saveLog logs the work in Jira as the person, so that Jira decides whether they may.
func (t *Timelog) saveLog(r *edge.Request, at board.At) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	n, err := t.logging(r, at)
	if err != nil {
		return err
	}
	posted, typed := postedEntry(r.Request.PostForm), strings.TrimSpace(r.Request.PostForm.Get(web.FieldIssue))
	form := n.form(posted, typed)
	issue, work := n.work(posted, typed, form.Errors)
	if len(form.Errors) == 0 {
		kept, err := n.Add(r.Request.Context(), issue, work)
		if err == nil {
			return t.saved(r, at, n.cell, n.savedText(kept.Started.Time), writtenIssues(kept.IssueID))
		}
		if !n.refused(&form, err) {
			return worklogProblem(err)
		}
	}
	r.Render(http.StatusUnprocessableEntity, web.WorklogFormView(form))
	return nil
}

// work is what a form asks to log, and on which issue.
func (n logging) work(f entryFields, typed string, wrong map[string]string) (issue string, in jira.WorklogInput) {
	issue = keyIn(typed)
	switch {
	case typed == "":
		wrong[web.FieldIssue] = n.l.Timelog.NoIssue
	case !workload.IsIssueKey(issue):
		wrong[web.FieldIssue] = n.l.Timelog.NotIssue
	}
	in.TimeSpentSeconds = int64(spentIn(n.l, n.units, f.spent, wrong) / time.Second)
	in.Started = jira.Time{Time: startIn(n.l, f, n.Zone, time.Time{}, wrong)}
	if f.comment != "" {
		in.Comment = commentIn(n.l, f.comment, wrong)
	}
	return issue, in
}

// keyIn is the key in what was typed: a key in any case, or an issue's address.
func keyIn(typed string) string {
	if address, err := url.Parse(typed); err == nil && address.Host != "" {
		typed = address.Path[strings.LastIndexByte(address.Path, '/')+1:]
	}
	return strings.ToUpper(typed)
}

// refused puts into the form why Jira did not take the work, if the form is to blame.
func (n logging) refused(form *web.WorklogForm, err error) bool {
	switch {
	case errors.Is(err, viewer.ErrWorklogGone):
		form.Errors[web.FieldIssue] = n.l.Timelog.NotSeen
	case errors.Is(err, viewer.ErrWorklogRefused):
		form.Problem = n.l.Timelog.LogRefused
	default:
		return refusedFields(n.l, form, err, n.l.Timelog.LogRefused)
	}
	return true
}

// savedText says on which day the work is, if that is not the one of the cell.
func (n logging) savedText(started time.Time) string {
	if day := workload.DateOf(started, n.Zone); day != n.cell.Day {
		return n.l.Say(n.l.Timelog.Moved, wholeDay(n.l, day))
	}
	return n.l.Timelog.Logged
}
