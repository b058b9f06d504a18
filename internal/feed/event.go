package feed

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// Event is what Jira told, as far as facts are made of it, in Jira's own texts. A
// member that it does not carry is nil or empty.
type Event struct {
	What index.What // 0: not known
	// Odd: something that is kept had another shape than documented.
	Odd bool

	IssueID, Key, Created, Updated string

	Assignee       *Account
	Status         *Status
	Due, Remaining *string // empty: none
	Parent         *string // an issue's id; empty: none
	// Custom are custom fields by id: numbers and texts, and the ids of objects. Empty:
	// none.
	Custom map[string]string
	// History is the changelog's id, Items what it changed.
	History string
	Items   []index.Item

	Worklog Worklog
}

// Account is a person or an app. ID is empty for nobody, Type if the event does not
// say it.
type Account struct{ ID, Type, Active string }

// ActiveAccount is [Account].Active of one that is not deactivated; empty if the event does
// not say it.
const ActiveAccount = "true"

// Status is a status. Category is empty if the event does not say it.
type Status struct{ ID, Category string }

// Worklog is what an event says of a work log.
type Worklog struct {
	ID, IssueID, Started, Updated, Seconds string
	Author                                 Account
	// Restricted: not everybody may see it who sees the issue.
	Restricted bool
}

// Keeps reports whether facts may be made of a field's changes: which of the custom
// fields are, differs between sites.
func Keeps(field string) bool {
	return strings.HasPrefix(field, CustomField) || slices.Contains([]string{
		"key", "Key", "project", "assignee", "status", "duedate", "timeestimate", "parent", "Parent", "IssueParentAssociation",
	}, field)
}

// Issue is the id of the issue that the event is about, itself or by a work log; empty if
// that is not known.
func (e Event) Issue() string {
	id := e.IssueID
	if e.isWorklog() {
		id = e.Worklog.IssueID
	}
	if number, err := strconv.ParseInt(id, 10, 64); err != nil || number <= 0 || e.Odd || e.What == 0 {
		return ""
	}
	return id
}

// isWorklog reports whether an event is about a work log.
func (e Event) isWorklog() bool {
	return e.What == index.WorklogCreated || e.What == index.WorklogUpdated || e.What == index.WorklogDeleted
}

// told makes an event of the index of what came. ok is false if it does not even
// name what it is about.
func (f *Feed) told(n notes, e Event, m *met) (out index.Event, ok bool) {
	out = index.Event{What: e.What, At: f.Now()}
	if e.isWorklog() {
		out.Worklog, ok = f.toldWorklog(n, e, m)
		return out, ok
	}
	id, err := strconv.ParseInt(e.IssueID, 10, 64)
	if err != nil || id <= 0 || e.What == 0 {
		return out, false
	}
	out.Issue.ID = id
	out.History, _ = strconv.ParseInt(e.History, 10, 64) // 0: not told
	out.Changed = e.Items
	f.toldFields(n, e, m, &out)
	n.Fields.told(e, &out)
	f.toldPeople(n, e, m, &out)
	return out, true
}

// toldFields takes what an event says of an issue, but not of people.
func (f *Feed) toldFields(n notes, e Event, m *met, out *index.Event) {
	var err error
	if out.Issue.Project, out.Issue.Number, err = index.ParseKey(e.Key); err == nil {
		out.Known |= index.KnowsKey
	}
	if at := timeOf(e.Updated); !at.IsZero() {
		out.Issue.Updated, out.Known = at, out.Known|index.KnowsUpdated
	}
	if at := timeOf(e.Created); !at.IsZero() {
		out.Issue.Created, out.Known = at, out.Known|index.KnowsCreated
	}
	if category := e.category(n); category != "" {
		out.Issue.Category, out.Known = category, out.Known|index.KnowsCategory
		m.status(e.Status.ID, category)
	}
	if e.Due != nil {
		due, err := dueOf(*e.Due)
		if err == nil {
			out.Issue.Due, out.Known = due, out.Known|index.KnowsDue
		}
	}
	if e.Remaining != nil {
		left, err := secondsOf(*e.Remaining)
		if err == nil || *e.Remaining == "" {
			out.Issue.Remaining, out.Known = left, out.Known|index.KnowsRemaining
		}
	}
	f.toldParent(e, out)
}

// toldParent takes the issue above. An issue with all its fields that has none does
// not even have that field.
func (f *Feed) toldParent(e Event, out *index.Event) {
	id := e.Parent
	if id == nil && e.Due != nil {
		id = new(string)
	}
	if id == nil {
		return
	}
	parent, err := strconv.ParseInt(*id, 10, 64)
	if err == nil || *id == "" {
		out.Issue.Parent, out.Known = parent, out.Known|index.KnowsParent
	}
}

// timeOf reads an instant of Jira's; zero if it is none.
func timeOf(text string) time.Time {
	var at jira.Time
	quoted, err := json.Marshal(text)
	if err != nil || at.UnmarshalJSON(quoted) != nil {
		return time.Time{}
	}
	return at.Time
}

// maxSeconds is the longest time that is believed.
const maxSeconds = 1_000_000_000

var errSeconds = errors.New("no number of seconds")

func secondsOf(text string) (time.Duration, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > maxSeconds || n < -maxSeconds {
		return 0, errSeconds
	}
	return time.Duration(n) * time.Second, nil
}

func (e Event) category(n notes) workload.Category {
	switch {
	case e.Status == nil:
		return ""
	case e.Status.Category != "":
		return workload.Category(e.Status.Category)
	}
	return n.Statuses[e.Status.ID]
}

func dueOf(text string) (workload.Date, error) {
	if text == "" {
		return workload.Date{}, nil
	}
	return workload.ParseDate(text)
}

// toldPeople takes the assignee. If it is not known whether that is an app, the
// issue must be fetched: without the time of its last change nothing is believed.
func (f *Feed) toldPeople(n notes, e Event, m *met, out *index.Event) {
	if e.Assignee != nil {
		f.account(*e.Assignee, m)
		out.Issue.Assignee, out.Known = e.Assignee.ID, out.Known|index.KnowsAssignee
		if e.Assignee.Type == "" && !f.knows(e.Assignee.ID, n) {
			out.Known &^= index.KnowsUpdated
		}
		return
	}
	for _, item := range e.Items {
		if strings.EqualFold(item.Field, "assignee") && !f.knows(item.To, n) {
			out.Known &^= index.KnowsUpdated
		}
	}
}

// toldWorklog takes a work log. If it does not say all, it must be fetched, as must
// one that not everybody may see.
func (f *Feed) toldWorklog(n notes, e Event, m *met) (l index.Worklog, ok bool) {
	var err error
	if l.ID, err = strconv.ParseInt(e.Worklog.ID, 10, 64); err != nil || l.ID <= 0 {
		return l, false
	}
	l.Issue, _ = strconv.ParseInt(e.Worklog.IssueID, 10, 64) // 0: not told
	author := e.Worklog.Author
	f.account(author, m)
	spent, err := secondsOf(e.Worklog.Seconds)
	switch {
	case e.What == index.WorklogDeleted:
	case e.Worklog.Restricted, err != nil, author.ID == "", author.Type == "" && !f.knows(author.ID, n):
	default:
		l.Author, l.Started, l.Updated, l.Spent = author.ID, timeOf(e.Worklog.Started), timeOf(e.Worklog.Updated), spent
	}
	return l, true
}
