package timesheet

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

func cellIn(r *edge.Request) (viewer.Cell, error) {
	day, err := workload.ParseDate(r.Query("day"))
	if err != nil {
		return viewer.Cell{}, edge.Invalid("day", lang.ProblemBadDay)
	}
	if !board.IsAccountID(r.Query("person")) {
		return viewer.Cell{}, edge.Invalid("person", lang.ProblemBadPerson)
	}
	return viewer.Cell{Account: r.Query("person"), Day: day}, nil
}

// cellCall is the address of a call about a cell.
func cellCall(at edge.Address, name string, cell viewer.Cell) string {
	return at.With(name, cellQuery(cell))
}

func cellQuery(cell viewer.Cell) url.Values {
	return url.Values{"person": {cell.Account}, "day": {cell.Day.String()}}
}

// entryCall is the address of the form of a cell's entry.
func entryCall(at edge.Address, cell viewer.Cell, issue, id string) string {
	return aboutEntry(at, "entry", cell, issue, id)
}

// aboutEntry is the address of a call about a cell's entry.
func aboutEntry(at edge.Address, name string, cell viewer.Cell, issue, id string) string {
	about := cellQuery(cell)
	about.Set("issue", issue)
	about.Set("worklog", id)
	return at.With(name, about)
}

// day lists what a person logged on a day.
func (t *Timelog) day(r *edge.Request, at board.At) error {
	cell, err := cellIn(r)
	if err != nil {
		return err
	}
	found, err := t.timelogs.Entries(r.Request.Context(), at.Place, cell, nil)
	if err != nil {
		return worklogProblem(err)
	}
	r.Render(http.StatusOK, web.WorklogsView(worklogList(found, at, cell, r.IsForge())))
	return nil
}

// worklogList turns entries into what the template prints. Where the app has the
// scope, their author can delete them.
func worklogList(in viewer.Entries, at board.At, cell viewer.Cell, deletes bool) web.Worklogs {
	l := in.Around.Language
	out := web.Worklogs{L: l, Person: cellName(in, cell.Account), Day: wholeDay(l, cell.Day)}
	var total time.Duration
	for _, e := range in.List {
		total = workload.Sum(total, e.Spent)
		entry := web.WorklogEntry{
			ID: e.ID, Issue: e.Issue, Summary: e.Summary, Href: board.Browse(at.Tenant, e.Issue),
			Start: l.Clock(e.Started.In(in.Zone)), Spent: l.Duration(e.Spent), Author: e.Author.Name, Comment: e.Comment.Text,
		}
		if e.Author.AccountID == string(at.Account) {
			entry.Edit = entryCall(at.Address, cell, e.Issue, e.ID)
			entry.EditLabel = l.Say(l.Timelog.EditEntry, e.Issue, entry.Start)
			if deletes {
				entry.Delete = aboutEntry(at.Address, "remove", cell, e.Issue, e.ID)
				entry.DeleteLabel = l.Say(l.Timelog.DeleteEntry, e.Issue, entry.Start)
			}
		}
		out.Entries = append(out.Entries, entry)
	}
	if cell.Account == string(at.Account) {
		out.Log = logCall(at.Address, cell)
	}
	out.Total = l.Duration(total)
	out.Notes = append(out.Notes, board.ListNote(l, board.WorklogGap(l, in.Gap, l.Timelog.MoreEntries))...)
	return out
}

// cellName is whose day it is: a name, or the id of somebody without a row.
func cellName(in viewer.Entries, account string) string {
	if name := in.Around.NameOf(account); name != "" {
		return name
	}
	if len(in.List) > 0 {
		return in.List[0].Author.Name
	}
	return account
}

// worklogProblem is what a caller is told about an error of one work log.
func worklogProblem(err error) error {
	switch {
	case errors.Is(err, viewer.ErrWorklogGone):
		return edge.Because(lang.ProblemWorklogGone, err)
	case errors.Is(err, viewer.ErrWorklogRefused):
		return edge.Because(lang.ProblemWorklogRefused, err)
	case errors.Is(err, viewer.ErrNotAuthor):
		return edge.Refuse(lang.ProblemNotAuthor)
	}
	return err
}
