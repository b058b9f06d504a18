package handlers

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// cellOf names a cell: whose day.
type cellOf struct {
	account string
	day     workload.Date
}

// accountID is what Jira uses for accounts.
var accountID = regexp.MustCompile(`^[-0-9A-Za-z:_.|]{1,128}$`)

func cellIn(c *gin.Context) (cellOf, error) {
	day, err := workload.ParseDate(c.Query("day"))
	if err != nil {
		return cellOf{}, invalid("day", saysBadDay)
	}
	if !accountID.MatchString(c.Query("person")) {
		return cellOf{}, invalid("person", saysBadPerson)
	}
	return cellOf{c.Query("person"), day}, nil
}

// timelogCall is the address of a call about a cell.
func (p spot) timelogCall(name, account, day string) string {
	if p.tenant == nil {
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
	list, err := s.entries(c.Request.Context(), p, cell, nil)
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, web.WorklogsView(list))
	return nil
}

// entries reads a cell's worklogs with the person's rights. Written are ids of
// issues that they just wrote to.
func (s *Server) entries(ctx context.Context, p spot, cell cellOf, written []int64) (web.Worklogs, error) {
	j, err := s.Jira(p.tenant, p.account)
	if err != nil {
		return web.Worklogs{}, err
	}
	seen, person, err := s.around(ctx, p, j)
	if err != nil {
		return web.Worklogs{}, err
	}
	zone, _ := zoneOf(person)
	reader := source.Reader{Jira: j, Written: written}
	entries, more, err := reader.Entries(ctx, seen.reading.Shown, source.DayOf{Account: cell.account, Day: cell.day, Zone: zone})
	if err != nil {
		return web.Worklogs{}, worklogProblem(err)
	}
	return worklogList(seen, p, cell, zone, entries, more), nil
}

// around is the view that a cell is of, and the person's record.
func (s *Server) around(ctx context.Context, p spot, j *jira.Client) (seen timelogSight, person jira.User, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		seen, _, err = s.views.timelog(ctx, p, false)
		return err
	})
	g.Go(func() (err error) {
		person, err = s.views.person(ctx, p.who, j)
		return err
	})
	return seen, person, g.Wait()
}

// worklogList turns entries into what the template prints.
func worklogList(seen timelogSight, p spot, cell cellOf, zone *time.Location, entries []timelog.Entry, more bool) web.Worklogs {
	l := seen.language
	out := web.Worklogs{L: l, Person: cellName(seen, cell.account, entries), Day: wholeDay(l, cell.day)}
	var total time.Duration
	for _, e := range entries {
		total += e.Spent
		entry := web.WorklogEntry{
			ID: e.ID, Issue: e.Issue, Summary: e.Summary, Href: browse(p, e.Issue),
			Start: l.Clock(e.Started.In(zone)), Spent: l.Duration(e.Spent), Author: e.Author.Name, Comment: e.Comment.Text,
		}
		if e.Author.AccountID == string(p.account) {
			entry.Edit = p.timelogCall("entry", cell.account, cell.day.String()) + "&" + url.Values{"issue": {e.Issue}, "worklog": {e.ID}}.Encode()
			entry.EditLabel = l.Say(l.Timelog.EditEntry, e.Issue, entry.Start)
		}
		out.Entries = append(out.Entries, entry)
	}
	out.Total = l.Duration(total)
	if more {
		out.Notes = append(out.Notes, l.Say(l.Timelog.MoreEntries, l.Number(len(entries))))
	}
	return out
}

// browse is the address of an issue.
func browse(p spot, issue string) string {
	return p.tenant.DisplayURL + "/browse/" + url.PathEscape(issue)
}

// cellName is whose day it is; the id of somebody who is in no row.
func cellName(seen timelogSight, account string, entries []timelog.Entry) string {
	for _, rows := range [][]timelog.Row{seen.sheet.Rows, seen.sheet.Apps} {
		for _, r := range rows {
			if r.Person.AccountID == account {
				return r.Person.Name
			}
		}
	}
	if len(entries) > 0 {
		return entries[0].Author.Name
	}
	return account
}
