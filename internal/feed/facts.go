package feed

import (
	"fmt"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// issueFields are the fields that facts of issues are made of, each with one value.
func (n notes) issueFields() []string {
	return append([]string{"project", "assignee", "status", "duedate", "timeestimate", "parent", "created", "updated"}, n.Fields.names()...)
}

// issueFact keeps what is counted.
func (f *Feed) issueFact(found jira.Issue, n notes, m *met) (index.Issue, error) {
	fields := found.Fields
	id, err := strconv.ParseInt(found.ID, 10, 64)
	if err != nil {
		return index.Issue{}, fmt.Errorf("issue %s: its id is no number", found.Key)
	}
	i := index.Issue{
		ID: id, Category: workload.Category(fields.Status.StatusCategory.Key), Created: fields.Created.Time, Updated: fields.Updated.Time,
	}
	if i.Project, i.Number, err = index.ParseKey(found.Key); err != nil {
		return index.Issue{}, err
	}
	if fields.DueDate != "" {
		if i.Due, err = workload.ParseDate(fields.DueDate); err != nil {
			return index.Issue{}, fmt.Errorf("issue %s: %w", found.Key, err)
		}
	}
	if i.Updated.IsZero() {
		return index.Issue{}, fmt.Errorf("issue %s: it is not known when it was updated", found.Key)
	}
	if fields.TimeEstimate != nil {
		i.Remaining = time.Duration(*fields.TimeEstimate) * time.Second
	}
	if fields.Parent != nil {
		i.Parent, _ = strconv.ParseInt(fields.Parent.ID, 10, 64) // 0: no issue
	}
	if fields.Assignee != nil {
		i.Assignee = fields.Assignee.AccountID
		f.account(accountOf(*fields.Assignee), m)
	}
	n.Fields.take(&i, fields.Custom)
	m.status(fields.Status.ID, i.Category)
	return i, nil
}

// worklogFact keeps what is counted. ok is false for one that not everybody may see
// who sees its issue: the index could not tell to whom to show it.
func (f *Feed) worklogFact(log jira.Worklog, issue int64, m *met) (l index.Worklog, ok bool, err error) {
	if l.ID, err = strconv.ParseInt(log.ID, 10, 64); err != nil {
		return l, false, fmt.Errorf("work log %q: its id is no number", log.ID)
	}
	if issue == 0 {
		if issue, err = strconv.ParseInt(log.IssueID, 10, 64); err != nil {
			return l, false, fmt.Errorf("work log %s: the id of its issue is no number", log.ID)
		}
	}
	l.Issue, l.Started, l.Updated = issue, log.Started.Time, log.Updated.Time
	l.Spent = time.Duration(log.TimeSpentSeconds) * time.Second
	if l.Updated.IsZero() {
		l.Updated = log.Created.Time
	}
	if l.Started.IsZero() || l.Updated.IsZero() {
		return l, false, fmt.Errorf("work log %s: it is not known when it was done or updated", log.ID)
	}
	if log.Visibility != nil {
		m.restrict(l.Started)
		return l, false, nil
	}
	if log.Author != nil {
		l.Author = log.Author.AccountID
		f.account(accountOf(*log.Author), m)
	}
	return l, true, nil
}

func (m *met) restrict(started time.Time) {
	if started.After(m.restricted) {
		m.restricted = started
	}
}

// appAccount is the type of an app's own account.
const appAccount = "app"

// maxAccounts is how many accounts are remembered: what is forgotten is asked again.
const maxAccounts = 50_000

// account remembers whether an account is an app's, and whether it is deactivated.
func (f *Feed) account(a Account, m *met) {
	id := a.ID
	if id == "" || a.Type == "" {
		return
	}
	if a.Type == appAccount {
		m.app(id)
	}
	if a.Active != "" {
		m.active(id, a.Active == ActiveAccount)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.people == nil || len(f.people) >= maxAccounts {
		f.people = map[string]bool{}
	}
	f.people[id] = true
}

// knows reports whether it is known whether an account is an app's. An event may
// name one without saying so.
func (f *Feed) knows(account string, n notes) bool {
	if account == "" || n.isApp(account) {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.people[account]
}

// accountOf is a user as an event would tell it.
func accountOf(u jira.User) Account {
	return Account{ID: u.AccountID, Type: u.AccountType, Active: strconv.FormatBool(!source.IsInactive(u))}
}
