package jirarest

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// embeddedWorklogs is how many worklogs an issue's field contains.
const embeddedWorklogs = 20

// worklogBean is a worklog as Jira shows it.
type worklogBean struct {
	Self         string `json:"self"`
	Author       any    `json:"author"`
	UpdateAuthor any    `json:"updateAuthor"`
	Comment      any    `json:"comment,omitempty"`
	Created      any    `json:"created"`
	Updated      any    `json:"updated"`
	Started      any    `json:"started"`
	TimeSpent    string `json:"timeSpent"`
	Seconds      int64  `json:"timeSpentSeconds"`
	ID           string `json:"id"`
	IssueID      string `json:"issueId"`
	Properties   *[]any `json:"properties,omitempty"`
}

// worklogPage is a page of an issue's worklogs.
type worklogPage struct {
	StartAt    int           `json:"startAt"`
	MaxResults int           `json:"maxResults"`
	Total      int           `json:"total"`
	Worklogs   []worklogBean `json:"worklogs"`
}

func (c worklogCall) worklogBean(l *world.Worklog) worklogBean {
	b := worklogBean{
		Self: c.link("issue/%s/worklog/%s", l.IssueID, l.ID), Author: c.users().user(l.Author), UpdateAuthor: c.users().user(l.UpdateAuthor),
		Comment: c.text(l.Comment), Created: c.time(l.Created), Updated: c.time(l.Updated), Started: c.time(l.Started),
		TimeSpent: c.workTime().Format(l.Spent), Seconds: l.Spent, ID: l.ID, IssueID: l.IssueID,
	}
	if expands(c.query.Get("expand"), "properties") {
		b.Properties = &[]any{}
	}
	return b
}

func (c worklogCall) worklogPage(list []*world.Worklog, startAt, maxResults int) worklogPage {
	p := worklogPage{StartAt: startAt, MaxResults: maxResults, Total: len(list), Worklogs: []worklogBean{}}
	for _, l := range slice(list, startAt, maxResults) {
		p.Worklogs = append(p.Worklogs, c.worklogBean(l))
	}
	return p
}

// worklogField is the field worklog: the first twenty and how many there are.
func (c worklogCall) worklogField(i *world.Issue) any {
	return c.worklogPage(c.w.Worklogs(i.ID), 0, embeddedWorklogs)
}

// trackedIssue finds the issue in the path, if time is tracked.
func (c worklogCall) trackedIssue() (*world.Issue, error) {
	if c.w.Settings().TimeTrackingOff {
		return nil, refuse(http.StatusNotFound, "Time tracking is disabled.")
	}
	return c.issues().issue(c.params["issue"])
}

func (c worklogCall) listWorklogs() (answer, error) {
	issue, err := c.trackedIssue()
	if err != nil {
		return answer{}, err
	}
	startAt, maxResults, err := c.page(maxPage, maxPage)
	if err != nil {
		return answer{}, refuse(http.StatusNotFound, "startAt and maxResults must be whole numbers that are not negative.")
	}
	after, errAfter := c.number("startedAfter", 0)
	before, errBefore := c.number("startedBefore", 0)
	if errAfter != nil || errBefore != nil {
		return answer{}, refuse(http.StatusNotFound, "startedAfter and startedBefore must be times in milliseconds.")
	}
	list := slices.DeleteFunc(slices.Clone(c.w.Worklogs(issue.ID)), func(l *world.Worklog) bool {
		at := l.Started.UnixMilli()
		return c.query.Get("startedAfter") != "" && at < after || c.query.Get("startedBefore") != "" && at >= before
	})
	return ok(c.worklogPage(list, startAt, maxResults))
}

// worklog finds a worklog of the issue in the path.
func (c worklogCall) worklog() (*world.Issue, *world.Worklog, error) {
	issue, err := c.trackedIssue()
	if err != nil {
		return nil, nil, err
	}
	l, found := c.w.Worklog(c.params["worklog"])
	if !found || l.IssueID != issue.ID {
		return nil, nil, refuse(http.StatusNotFound, "Cannot find worklog with id: '%s'.", c.params["worklog"])
	}
	return issue, l, nil
}

func (c worklogCall) getWorklog() (answer, error) {
	_, l, err := c.worklog()
	if err != nil {
		return answer{}, err
	}
	return ok(c.worklogBean(l))
}

// changedWorklog is an entry of the lists of updated and deleted worklogs.
type changedWorklog struct {
	ID         int64 `json:"worklogId"`
	Time       int64 `json:"updatedTime"`
	Properties []any `json:"properties"`
}

// The lists of changed worklogs: how long a page is, and how long a change
// stays out of them.
const (
	changedPage  = 1000
	changedDelay = time.Minute
)

func (c worklogCall) updatedWorklogs() (answer, error) {
	since, err := c.number("since", 0)
	if err != nil {
		return answer{}, err
	}
	var list []changedWorklog
	for _, l := range c.w.UpdatedWorklogs(time.UnixMilli(since)) {
		if c.seesWorklog(l) {
			list = append(list, changedWorklog{idNumber(l.ID), l.Updated.UnixMilli(), []any{}})
		}
	}
	return c.changed("worklog/updated", since, list)
}

func (c worklogCall) deletedWorklogs() (answer, error) {
	since, err := c.number("since", 0)
	if err != nil {
		return answer{}, err
	}
	var list []changedWorklog
	for _, d := range c.w.DeletedWorklogs(time.UnixMilli(since)) {
		if c.can(world.BrowseProjects, d.Project) {
			list = append(list, changedWorklog{idNumber(d.ID), d.At.UnixMilli(), []any{}})
		}
	}
	return c.changed("worklog/deleted", since, list)
}

func (c worklogCall) seesWorklog(l *world.Worklog) bool {
	issue, found := c.w.Issue(l.IssueID)
	return found && c.sees(issue)
}

// changed answers one page of changes after since. A page ends between two
// times, so that the next page, after the time of the last, misses none.
func (c worklogCall) changed(path string, since int64, list []changedWorklog) (answer, error) {
	newest := c.now.Add(-changedDelay).UnixMilli()
	list = slices.DeleteFunc(list, func(w changedWorklog) bool { return w.Time <= since && since > 0 || w.Time > newest })
	page := list
	if len(list) > changedPage {
		end := changedPage
		for end > 1 && list[end-1].Time == list[end].Time {
			end--
		}
		if end == 1 {
			end = changedPage
		}
		page = list[:end]
	}
	address := func(since int64) string { return c.link("%s", "") + path + "?since=" + strconv.FormatInt(since, 10) }
	until := since
	if len(page) > 0 {
		until = page[len(page)-1].Time
	}
	body := map[string]any{
		"values": append([]changedWorklog{}, page...), "since": since, "until": until, "self": address(since), "lastPage": len(page) == len(list),
	}
	if len(page) < len(list) {
		body["nextPage"] = address(until)
	}
	return ok(body)
}

// worklogsByID shows the worklogs of a list that the caller may see.
func (c worklogCall) worklogsByID() (answer, error) {
	var body struct {
		IDs []int64 `json:"ids"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if len(body.IDs) == 0 || len(body.IDs) > changedPage {
		return answer{}, badRequest("Between 1 and %d worklog ids must be given.", changedPage)
	}
	out := []worklogBean{}
	for _, id := range body.IDs {
		if l, found := c.w.Worklog(strconv.FormatInt(id, 10)); found && c.seesWorklog(l) {
			out = append(out, c.worklogBean(l))
		}
	}
	return ok(out)
}
