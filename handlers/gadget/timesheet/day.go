package timesheet

import (
	"cmp"
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

// onParam names what a cell is on, in a query: an issue or a project.
const onParam = "on"

func cellIn(r *edge.Request) (viewer.Cell, error) {
	day, err := workload.ParseDate(r.Query("day"))
	if err != nil {
		return viewer.Cell{}, edge.Invalid("day", lang.ProblemBadDay)
	}
	who, on := r.Query("person"), r.Query(onParam)
	if !board.IsAccountID(who) && (who != viewer.Everybody || on == "") {
		return viewer.Cell{}, edge.Invalid("person", lang.ProblemBadPerson)
	}
	if on != "" && !workload.IsIssueKey(on) && !workload.IsProjectKey(on) {
		return viewer.Cell{}, edge.Invalid(onParam, lang.ProblemBadEntry)
	}
	return viewer.Cell{Account: who, Day: day, On: on}, nil
}

// cellCall is the address of a call about a cell.
func cellCall(at edge.Address, name string, cell viewer.Cell) string {
	return at.With(name, cellQuery(cell))
}

func cellQuery(cell viewer.Cell) url.Values {
	about := url.Values{"person": {cell.Account}, "day": {cell.Day.String()}}
	if cell.On != "" {
		about.Set(onParam, cell.On)
	}
	return about
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
	out := web.Worklogs{L: l, Person: cellName(in, cell), Day: wholeDay(l, cell.Day)}
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

// cellName is whose day it is, and on what: a name, or the id of somebody without a row.
func cellName(in viewer.Entries, cell viewer.Cell) string {
	if cell.Account == viewer.Everybody {
		return cell.On
	}
	name := in.Around.NameOf(cell.Account)
	if name == "" && len(in.List) > 0 {
		name = in.List[0].Author.Name
	}
	if name = cmp.Or(name, cell.Account); cell.On != "" {
		return in.Around.Language.Say(in.Around.Language.Axes.PartOf, name, cell.On)
	}
	return name
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
