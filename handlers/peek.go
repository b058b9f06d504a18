package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// The most that a look at issues shows.
const (
	peekIssues      = 100
	peekDescription = 4000 // characters
	peekFiles       = 50
)

// personIssues lists the open issues of one person of the view, or of nobody,
// read as the viewer.
func (s *Server) personIssues(c *gin.Context, p spot) error {
	ctx := c.Request.Context()
	seen, _, err := s.views.workload(ctx, p, false)
	if err != nil {
		return err
	}
	whose, known := seen.whose(c.Query("account"))
	if !seen.configured || !known {
		return errNotFound
	}
	j, err := s.Jira(p.tenant, p.account)
	if err != nil {
		return err
	}
	jql := seen.scope().Open(whose.who)
	var found []source.Listed
	if jql != "" {
		if found, whose.more, err = (source.Reader{Jira: j}).List(ctx, jql); err != nil {
			return err
		}
	}
	s.render(c, http.StatusOK, web.PeekView(seen.peek(p, whose, jql, found)))
	return nil
}

// peeked is whose issues are looked at.
type peeked struct {
	name string
	who  workload.Who
	open int
	// more says that not all were read.
	more bool
}

// whose finds somebody in the view: nobody else's issues are listed.
func (v view) whose(account string) (peeked, bool) {
	if account == "" {
		return peeked{name: v.language.Workload.Unassigned, who: workload.Unassigned(), open: v.summary.Unassigned.Open}, true
	}
	for _, rows := range [][]workload.Row{v.summary.Rows, v.summary.Apps} {
		for _, row := range rows {
			if row.Person.AccountID == account {
				return peeked{name: row.Person.Name, who: workload.Assignee(account), open: row.Open}, true
			}
		}
	}
	return peeked{}, false
}

func (v view) peek(p spot, whose peeked, jql string, found []source.Listed) web.Peek {
	shown := found[:min(len(found), peekIssues)]
	out := web.Peek{L: v.language, Whose: whose.name, Rest: len(found) - len(shown)}
	if whose.more {
		out.Rest = max(out.Rest, whose.open-len(shown))
	}
	if len(found) > 0 {
		out.Search = p.tenant.DisplayURL + "/issues/?jql=" + url.QueryEscape(jql)
	}
	for _, i := range shown {
		out.Issues = append(out.Issues, web.PeekIssue{
			Key: i.Key, Summary: i.Summary, Open: p.callWith("issue", "key", i.Key),
			Status:   web.Status{Name: i.Status, Category: i.Category},
			Due:      due(v.language, i.Due, v.summary.Today),
			Priority: web.Priority{Name: i.Priority, IconURL: pictureURL(i.PriorityIcon)},
			Files:    i.Files,
		})
	}
	return out
}

func due(l *lang.Language, d, today workload.Date) web.Due {
	if d.IsZero() {
		return web.Due{}
	}
	return web.Due{Day: l.Date(d.In(time.UTC)), Late: d.Before(today)}
}

// pictureURL is an address that a page may load a picture from.
func pictureURL(address string) string {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return address
}

var issueKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,254}-[0-9]{1,19}$`)

// issueDetails shows one issue, read as the viewer. One that Jira does not
// show them is said in words.
func (s *Server) issueDetails(c *gin.Context, p spot) error {
	key := c.Query("key")
	if !issueKey.MatchString(key) {
		return errNotFound
	}
	j, err := s.Jira(p.tenant, p.account)
	if err != nil {
		return err
	}
	body, err := s.issueBody(c.Request.Context(), j, p, key)
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, body)
	return nil
}

func (s *Server) issueBody(ctx context.Context, j *jira.Client, p spot, key string) (templ.Component, error) {
	seen, _, err := s.views.workload(ctx, p, false) // for the viewer's day and language
	if err != nil {
		return nil, err
	}
	issue, err := j.Issues.Get(ctx, key, jira.IssueGetOptions{Fields: []string{
		"summary", "status", "assignee", "reporter", "priority", "duedate", "timeoriginalestimate", "timeestimate", "timespent",
		"labels", "description", "attachment", "worklog",
	}})
	if isMissing(err) || errors.Is(err, rest.ErrForbidden) {
		return web.HiddenView(seen.language), nil
	}
	if err != nil {
		return nil, err
	}
	return web.IssueView(seen.issue(p, issue)), nil
}

func (v view) issue(p spot, i jira.Issue) web.IssueDetails {
	l, f := v.language, i.Fields
	day, _ := workload.ParseDate(f.DueDate) // one that is none is not shown
	out := web.IssueDetails{
		L: l, Key: i.Key, Summary: f.Summary, Href: browse(p, i.Key),
		Status:   web.Status{Name: f.Status.Name, Category: f.Status.StatusCategory.Key},
		Due:      due(l, day, v.today()),
		Assignee: nameOf(f.Assignee), Reporter: nameOf(f.Reporter), Labels: f.Labels,
		OriginalEstimate: spent(l, f.TimeOriginalEstimate), Remaining: spent(l, f.TimeEstimate), TimeSpent: spent(l, f.TimeSpent),
	}
	if f.Priority != nil {
		out.Priority = web.Priority{Name: f.Priority.Name, IconURL: pictureURL(f.Priority.IconURL)}
	}
	if f.Worklog != nil {
		out.Worklogs = int(f.Worklog.Total)
	}
	out.Description, out.Cut = jira.DocumentText(f.Description, peekDescription)
	for _, a := range f.Attachments[:min(len(f.Attachments), peekFiles)] {
		out.Files = append(out.Files, web.File{
			Name: a.Filename, Size: size(l, a.Size), Href: p.tenant.DisplayURL + "/rest/api/3/attachment/content/" + url.PathEscape(a.ID),
			Thumbnail: pictureURL(a.Thumbnail),
		})
	}
	return out
}

// today is the viewer's, also of a view that was never configured.
func (v view) today() workload.Date {
	if v.summary.Today.IsZero() {
		return workload.DateOf(v.readAt, time.UTC)
	}
	return v.summary.Today
}

func nameOf(u *jira.User) string {
	if u == nil {
		return ""
	}
	return u.DisplayName
}

// spent is a duration in seconds as a person reads it, "" when there is none.
func spent(l *lang.Language, seconds *int64) string {
	if seconds == nil || *seconds < 0 {
		return ""
	}
	return l.Duration(time.Duration(*seconds) * time.Second)
}

// size is a number of bytes as a person reads it.
func size(l *lang.Language, bytes int64) string {
	switch n := float64(bytes); {
	case n < 1000:
		return l.Say(l.Peek.Bytes, l.Number(int(bytes)))
	case n < 1e6:
		return l.Say(l.Peek.Kilobytes, l.Decimal(n/1e3))
	default:
		return l.Say(l.Peek.Megabytes, l.Decimal(n/1e6))
	}
}
