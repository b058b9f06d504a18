package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// accountID is what Jira uses for accounts.
var accountID = regexp.MustCompile(`^[-0-9A-Za-z:_.|]{1,128}$`)

func cellIn(c *gin.Context) (viewer.Cell, error) {
	day, err := workload.ParseDate(c.Query("day"))
	if err != nil {
		return viewer.Cell{}, invalid("day", saysBadDay)
	}
	if !accountID.MatchString(c.Query("person")) {
		return viewer.Cell{}, invalid("person", saysBadPerson)
	}
	return viewer.Cell{Account: c.Query("person"), Day: day}, nil
}

// timelogCall is the address of a call about a cell.
func (p spot) timelogCall(name, account, day string) string {
	if p.Tenant == nil {
		return "" // a sample has no calls
	}
	return p.call(name) + "&" + url.Values{"person": {account}, "day": {day}}.Encode()
}

// timelogDay lists what a person logged on a day.
func (s *Server) timelogDay(c *gin.Context, p spot) error {
	cell, err := cellIn(c)
	if err != nil {
		return err
	}
	found, err := s.timelogs.Entries(c.Request.Context(), p.Place, cell, nil)
	if err != nil {
		return worklogProblem(err)
	}
	s.render(c, http.StatusOK, web.WorklogsView(worklogList(found, p, cell)))
	return nil
}

// worklogList turns entries into what the template prints.
func worklogList(in viewer.Entries, p spot, cell viewer.Cell) web.Worklogs {
	l := in.Around.Language
	out := web.Worklogs{L: l, Person: cellName(in, cell.Account), Day: wholeDay(l, cell.Day)}
	var total time.Duration
	for _, e := range in.List {
		total += e.Spent
		entry := web.WorklogEntry{
			ID: e.ID, Issue: e.Issue, Summary: e.Summary, Href: browse(p, e.Issue),
			Start: l.Clock(e.Started.In(in.Zone)), Spent: l.Duration(e.Spent), Author: e.Author.Name, Comment: e.Comment.Text,
		}
		if e.Author.AccountID == string(p.Account) {
			entry.Edit = p.timelogCall("entry", cell.Account, cell.Day.String()) + "&" + url.Values{"issue": {e.Issue}, "worklog": {e.ID}}.Encode()
			entry.EditLabel = l.Say(l.Timelog.EditEntry, e.Issue, entry.Start)
		}
		out.Entries = append(out.Entries, entry)
	}
	out.Total = l.Duration(total)
	if in.More {
		out.Notes = append(out.Notes, l.Say(l.Timelog.MoreEntries, l.Number(len(in.List))))
	}
	return out
}

// browse is the address of an issue.
func browse(p spot, issue string) string {
	return p.Tenant.DisplayURL + "/browse/" + url.PathEscape(issue)
}

// cellName is whose day it is; the id of somebody who is in no row.
func cellName(in viewer.Entries, account string) string {
	if name := in.Around.NameOf(account); name != "" {
		return name
	}
	if len(in.List) > 0 {
		return in.List[0].Author.Name
	}
	return account
}

// worklogProblem is what a caller is told about one work log.
func worklogProblem(err error) error {
	switch {
	case errors.Is(err, viewer.ErrWorklogGone):
		return &problem{status: http.StatusNotFound, code: "worklog.gone", text: saysWorklogGone, err: err}
	case errors.Is(err, viewer.ErrWorklogRefused):
		return &problem{status: http.StatusForbidden, code: "worklog.refused", text: saysWorklogNotAllowed, err: err}
	case errors.Is(err, viewer.ErrNotAuthor):
		return forbidden(saysNotAuthor)
	}
	return err
}
