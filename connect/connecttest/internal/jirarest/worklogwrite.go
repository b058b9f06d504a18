package jirarest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/worktime"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// worklogRequest is the body of a worklog. Unknown members are ignored, because
// the specification allows them.
type worklogRequest struct {
	Comment   json.RawMessage `json:"comment"`
	Started   *string         `json:"started"`
	TimeSpent *string         `json:"timeSpent"`
	Seconds   *int64          `json:"timeSpentSeconds"`
}

// worklogEdit is a checked worklogRequest; nil is "as it was".
type worklogEdit struct {
	comment *json.RawMessage
	started *time.Time
	spent   *int64
}

// maxSpent bounds the time of one worklog, in seconds: a hundred years.
const maxSpent = 100 * 365 * 24 * 3600

// worklogEdit reads and judges the body.
func (c worklogCall) worklogEdit() (worklogEdit, error) {
	var body worklogRequest
	var e worklogEdit
	if err := c.decodeLoosely(&body); err != nil {
		return e, err
	}
	if body.Comment != nil {
		var doc json.RawMessage
		if setText(c.call, &doc, body.Comment) != "" {
			return e, badField("comment", "Comment body is not valid!")
		}
		e.comment = &doc
	}
	if body.Started != nil {
		at, err := time.Parse(timeFormat, *body.Started)
		if err != nil {
			return e, badField("started", "Invalid date format. Expected a time such as 2021-01-17T12:34:00.000+0000.")
		}
		e.started = &at
	}
	err := e.setSpent(body, c.workTime())
	return e, err
}

func (e *worklogEdit) setSpent(body worklogRequest, work worktime.Units) error {
	switch {
	case body.TimeSpent != nil && body.Seconds != nil:
		return badField("timeLogged", "Only one of timeSpent and timeSpentSeconds can be given.")
	case body.TimeSpent != nil:
		n, good := work.Parse(*body.TimeSpent)
		if !good {
			return badField("timeLogged", "Invalid time duration entered.")
		}
		e.spent = &n
	case body.Seconds != nil:
		e.spent = body.Seconds
	}
	if e.spent != nil && (*e.spent <= 0 || *e.spent > maxSpent) {
		return badField("timeLogged", "You must indicate the time spent working.")
	}
	return nil
}

// estimateChange says what a worklog does to the issue's remaining estimate:
// added is the time that it adds to what is spent.
func (c worklogCall) estimateChange(amount string) (func(i *world.Issue, added int64), error) {
	switch how := cmp.Or(c.query.Get("adjustEstimate"), "auto"); how {
	case "leave":
		return func(i *world.Issue, _ int64) { i.Updated = c.now }, nil
	case "auto":
		return func(i *world.Issue, added int64) { c.lower(i, added) }, nil
	case "new":
		n, good := c.workTime().Parse(c.query.Get("newEstimate"))
		if !good {
			return nil, badField("newEstimate", "You must supply a valid new estimate.")
		}
		return func(i *world.Issue, _ int64) { i.Remaining, i.Updated = &n, c.now }, nil
	case "manual":
		n, good := c.workTime().Parse(c.query.Get(amount))
		if amount == "increaseBy" {
			n = -n
		}
		if !good && amount != "" {
			return nil, badField(amount, "You must supply a valid amount of time to adjust the estimate by.")
		}
		return func(i *world.Issue, _ int64) { c.lower(i, n) }, nil
	default:
		return nil, badField("adjustEstimate", "The value '%s' is not one of new, leave, manual and auto.", how)
	}
}

// lower subtracts seconds from the remaining estimate, if there is one.
func (c worklogCall) lower(i *world.Issue, by int64) {
	i.Updated = c.now
	if i.Remaining != nil {
		left := max(*i.Remaining-by, 0)
		i.Remaining = &left
	}
}

func (c worklogCall) addWorklog() (answer, error) {
	issue, err := c.trackedIssue()
	if err != nil {
		return answer{}, err
	}
	if err := c.mayLog(c.can(world.WorkOnIssues, issue.Project), "add a worklog to this issue"); err != nil {
		return answer{}, err
	}
	e, err := c.worklogEdit()
	if err != nil {
		return answer{}, err
	}
	if e.spent == nil {
		return answer{}, badField("timeLogged", "You must indicate the time spent working.")
	}
	adjust, err := c.estimateChange("reduceBy")
	if err != nil {
		return answer{}, err
	}
	l := world.Worklog{IssueID: issue.ID, Author: c.me.AccountID, Started: c.now, Created: c.now}
	e.apply(&l, c.call)
	kept, err := c.w.AddWorklog(l, func(i *world.Issue) { adjust(i, l.Spent) })
	if err != nil {
		return answer{}, gone(err)
	}
	c.toldWorklog("worklog_created", "issue_work_logged", kept, issue)
	return answer{http.StatusCreated, c.worklogBean(kept)}, nil
}

// apply sets the given fields of a worklog.
func (e worklogEdit) apply(l *world.Worklog, c *call) {
	if e.comment != nil {
		l.Comment = *e.comment
	}
	if e.started != nil {
		l.Started = *e.started
	}
	if e.spent != nil {
		l.Spent = *e.spent
	}
	l.UpdateAuthor, l.Updated = c.me.AccountID, c.now
}

// mayLog refuses as the specification says: 400, and 401 for nobody.
func (c worklogCall) mayLog(may bool, what string) error {
	switch {
	case may:
		return nil
	case c.me.AccountID == "":
		return unauthorized()
	}
	return badRequest("You do not have the permission to %s.", what)
}

// mayChange tells whether the caller may change all worklogs, or their own and
// this one is theirs.
func (c worklogCall) mayChange(project string, l *world.Worklog, all, own string) bool {
	return c.can(all, project) || l.Author == c.me.AccountID && c.can(own, project)
}

// gone reads the error of a write: the object was deleted a moment ago.
func gone(err error) error {
	if errors.Is(err, world.ErrNotFound) {
		return refuse(http.StatusNotFound, "The issue or worklog no longer exists.")
	}
	return fmt.Errorf("write worklog: %w", err)
}

func (c worklogCall) updateWorklog() (answer, error) {
	issue, l, err := c.worklog()
	if err != nil {
		return answer{}, err
	}
	if err := c.mayLog(c.mayChange(issue.Project, l, world.EditAllWorklogs, world.EditOwnWorklogs), "edit this worklog"); err != nil {
		return answer{}, err
	}
	e, err := c.worklogEdit()
	if err != nil {
		return answer{}, err
	}
	if e == (worklogEdit{}) {
		return answer{}, badRequest("At least one of comment, started, timeSpent and timeSpentSeconds must be given.")
	}
	adjust, err := c.estimateChange("")
	if err != nil {
		return answer{}, err
	}
	kept, err := c.w.UpdateWorklog(l.ID, func(l *world.Worklog) { e.apply(l, c.call) }, adjust)
	if err != nil {
		return answer{}, gone(err)
	}
	c.toldWorklog("worklog_updated", "issue_worklog_updated", kept, issue)
	return ok(c.worklogBean(kept))
}

func (c worklogCall) deleteWorklog() (answer, error) {
	issue, l, err := c.worklog()
	if err != nil {
		return answer{}, err
	}
	if err := c.mayLog(c.mayChange(issue.Project, l, world.DeleteAllWorklogs, world.DeleteOwnWorklogs), "delete this worklog"); err != nil {
		return answer{}, err
	}
	adjust, err := c.estimateChange("increaseBy")
	if err != nil {
		return answer{}, err
	}
	kept, err := c.w.DeleteWorklog(l.ID, c.now, func(i *world.Issue) { adjust(i, -l.Spent) })
	if err != nil {
		return answer{}, gone(err)
	}
	c.toldWorklog("worklog_deleted", "issue_worklog_deleted", kept, issue)
	return noContent()
}

// maxDeletedWorklogs is how many worklogs one call deletes.
const maxDeletedWorklogs = 5000

// deleteWorklogs deletes several worklogs of an issue: those that the caller may
// delete. 200 says that some are left.
func (c worklogCall) deleteWorklogs() (answer, error) {
	issue, err := c.trackedIssue()
	if err != nil {
		return answer{}, err
	}
	var body struct {
		IDs []int64 `json:"ids"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	how := c.query.Get("adjustEstimate")
	switch {
	case len(body.IDs) == 0 || len(body.IDs) > maxDeletedWorklogs:
		return answer{}, badRequest("Between 1 and %d worklogs must be given.", maxDeletedWorklogs)
	case how != "" && how != "auto" && how != "leave":
		return answer{}, badField("adjustEstimate", "The value '%s' is not one of leave and auto.", how)
	case c.me.AccountID == "":
		return answer{}, unauthorized()
	}
	left := 0
	for _, id := range body.IDs {
		if !c.deleteOne(issue, strconv.FormatInt(id, 10), how) {
			left++
		}
	}
	if left > 0 {
		return ok(map[string]any{"message": fmt.Sprintf("%d of %d worklogs could not be deleted.", left, len(body.IDs))})
	}
	return noContent()
}

func (c worklogCall) deleteOne(issue *world.Issue, id, how string) bool {
	l, found := c.w.Worklog(id)
	if !found || l.IssueID != issue.ID || !c.mayChange(issue.Project, l, world.DeleteAllWorklogs, world.DeleteOwnWorklogs) {
		return false
	}
	before, found := c.w.Issue(issue.ID)
	kept, err := c.w.DeleteWorklog(id, c.now, func(i *world.Issue) {
		if how != "leave" {
			c.lower(i, -l.Spent)
		}
	})
	if err != nil || !found {
		return false
	}
	c.toldWorklog("worklog_deleted", "issue_worklog_deleted", kept, before)
	return true
}
