package gadget

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// The most that a list of issues, and the details of one, show.
const (
	maxIssues      = 100
	maxDescription = 4000 // characters
	maxFiles       = 50
)

// Issues lists the open issues of one person in the view, or the unassigned
// ones, read as the viewer.
func (w *Workload) Issues(r *edge.Request, at board.At) error {
	s, err := w.findIssues(r, at)
	if err != nil {
		return err
	}
	how, err := peekOf(r, s.Language)
	if err != nil {
		return err
	}
	var list []source.Listed
	if s.jql != "" {
		if list, s.whose.gap, err = s.reader.List(r.Request.Context(), s.jql, how.order); err != nil {
			return err
		}
	}
	drawn := presentIssues(s, at, how, list)
	if how.again {
		r.Render(http.StatusOK, web.IssueGroupsView(drawn))
		return nil
	}
	about := s.whose.about
	drawn.URL, drawn.Export = at.With("person", about), at.With(callIssueTable, about)
	if len(list) > 0 && s.whose.in == "" {
		drawn.Handover = at.With(callHandover, about)
	}
	r.Render(http.StatusOK, web.IssueListView(drawn))
	return nil
}

// inParam names a value of the view's axis in a query, after its mark.
const inParam = "in"

// listed is whose issues are listed.
type listed struct {
	name      string
	assignees workload.Assignees
	open      int
	// in is the condition of the issues of a value; "" is none.
	in string
	// about is what addresses say about the list.
	about url.Values
	// gap is what of them could not be read.
	gap workload.Gap
}

// whoseIssues finds somebody in the view: only their issues may be listed. With a value
// of the view's axis, only those in it are, and may be everybody's.
func whoseIssues(v viewer.Workload, account, in string) (listed, bool) {
	whose := listed{about: url.Values{"account": {account}}}
	switch {
	case account == "":
		whose.name, whose.assignees, whose.open = v.Language.Workload.Unassigned, workload.Unassigned(), v.Summary.Unassigned.Open
	case account == wholeID && in != "":
		whose.assignees = workload.Everyone()
	default:
		row, known := v.Row(account)
		if !known {
			return listed{}, false
		}
		whose.name, whose.assignees, whose.open = row.Person.Name, workload.Assignee(account), row.Open
	}
	if in == "" {
		return whose, true
	}
	group, known := v.Summary.Bucket(strings.TrimPrefix(in, valueMark))
	if !known || !strings.HasPrefix(in, valueMark) {
		return listed{}, false
	}
	name := form.ValueName(v.Language, v.Summary.By.Axis(), group.Value)
	whose.open, whose.in = group.Open, v.Summary.Clause(group.Value.ID)
	whose.about.Set(inParam, in)
	if account == wholeID {
		whose.name = name
		return whose, true
	}
	whose.open = group.By[account].Open
	whose.name = v.Language.Say(v.Language.Axes.PartOf, whose.name, name)
	return whose, true
}

func presentIssues(s issueSearch, at board.At, how peek, found []source.Listed) web.IssueList {
	v, whose := s.Workload, s.whose
	out := web.IssueList{L: v.Language, Person: whose.name, Count: len(found), Choices: how.choices(v.Language)}
	if whose.gap.Limit {
		out.Count = max(out.Count, whose.open)
	}
	out.Rest = max(0, out.Count-maxIssues)
	missing := whose.gap
	missing.Limit = false // the rest says so
	out.Notes = board.ListNote(v.Language, board.IssueGap(v.Language, missing))
	if len(found) > 0 || whose.gap.Any() {
		out.Search = searchAddress(at.Tenant.DisplayURL+"/issues/?jql=", s.jql)
		out.Unlinked = out.Search == ""
	}
	out.Groups = how.groups(found, maxIssues, func(i source.Listed) web.ListedIssue {
		return web.ListedIssue{
			Key: i.Key, Summary: i.Summary, Href: board.Browse(at.Tenant, i.Key), Open: at.With("issue", url.Values{"key": {i.Key}}),
			Status:   web.Status{Name: i.Status, Category: i.Category},
			Due:      due(v.Language, i.Due, v.Summary.Today),
			Priority: web.Priority{Name: i.Priority, IconURL: pictureURL(i.PriorityIcon)},
			Files:    i.Files,
		}
	})
	return out
}

func due(l *lang.Language, d, today workload.Date) web.Due {
	if d.IsZero() {
		return web.Due{}
	}
	return web.Due{Day: l.Date(d.In(time.UTC)), Late: d.Before(today)}
}

// pictureURL is an address from which a page may load a picture.
func pictureURL(address string) string {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return address
}

// Issue shows one issue, read as the viewer. If Jira does not show it to them,
// the page says so.
func (w *Workload) Issue(r *edge.Request, at board.At) error {
	key := r.Query("key")
	if !workload.IsIssueKey(key) {
		return edge.Refuse(lang.ProblemNotFound)
	}
	j, err := w.Views.Jira(at.Person)
	if err != nil {
		return err
	}
	body, err := w.issueBody(r.Request.Context(), j, at, key)
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, body)
	return nil
}

func (w *Workload) issueBody(ctx context.Context, j *jira.Client, at board.At, key string) (templ.Component, error) {
	found, err := w.workloads.Get(ctx, at.Place, false) // for the viewer's day and language
	if err != nil {
		return nil, err
	}
	issue, err := j.Issues.Get(ctx, key, jira.IssueGetOptions{Fields: []string{
		"summary", "status", "assignee", "reporter", "priority", "duedate", "timeoriginalestimate", "timeestimate", "timespent",
		"labels", "description", "attachment", "worklog",
	}})
	if errors.Is(err, rest.ErrNotFound) || errors.Is(err, rest.ErrForbidden) {
		return web.HiddenView(found.View.Language), nil
	}
	if err != nil {
		return nil, err
	}
	return web.IssueView(presentIssue(found.View, at, issue)), nil
}

func presentIssue(v viewer.Workload, at board.At, i jira.Issue) web.IssueDetails {
	l, f := v.Language, i.Fields
	day, _ := workload.ParseDate(f.DueDate) // what is not a date is not shown
	out := web.IssueDetails{
		L: l, Key: i.Key, Summary: f.Summary, Href: board.Browse(at.Tenant, i.Key),
		Status:   web.Status{Name: f.Status.Name, Category: f.Status.StatusCategory.Key},
		Due:      due(l, day, v.Today()),
		Assignee: nameOf(f.Assignee), Reporter: nameOf(f.Reporter), Labels: f.Labels,
		OriginalEstimate: spent(l, f.TimeOriginalEstimate), Remaining: spent(l, f.TimeEstimate), TimeSpent: spent(l, f.TimeSpent),
	}
	if f.Priority != nil {
		out.Priority = web.Priority{Name: f.Priority.Name, IconURL: pictureURL(f.Priority.IconURL)}
	}
	if f.Worklog != nil {
		out.Worklogs = int(f.Worklog.Total)
	}
	out.Description, out.Cut = jira.DocumentText(f.Description, maxDescription)
	out.MoreFiles = max(0, len(f.Attachments)-maxFiles)
	for _, a := range f.Attachments[:min(len(f.Attachments), maxFiles)] {
		out.Files = append(out.Files, web.File{
			Name: a.Filename, Size: size(l, a.Size), Href: at.Tenant.DisplayURL + "/rest/api/3/attachment/content/" + url.PathEscape(a.ID),
			Thumbnail: pictureURL(a.Thumbnail),
		})
	}
	return out
}

func nameOf(u *jira.User) string {
	if u == nil {
		return ""
	}
	return u.DisplayName
}

// spent is a duration in seconds as text, "" if there is none.
func spent(l *lang.Language, seconds *int64) string {
	if seconds == nil || *seconds < 0 {
		return ""
	}
	return l.Duration(time.Duration(*seconds) * time.Second)
}

// size is a number of bytes as text.
func size(l *lang.Language, bytes int64) string {
	switch n := float64(bytes); {
	case n < 1000:
		return l.Say(l.Issues.Bytes, l.Number(int(bytes)))
	case n < 1e6:
		return l.Say(l.Issues.Kilobytes, l.Decimal(n/1e3))
	default:
		return l.Say(l.Issues.Megabytes, l.Decimal(n/1e6))
	}
}
