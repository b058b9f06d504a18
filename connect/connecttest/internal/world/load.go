package world

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Load reads data in JSON: projects, users, issues and worklogs. A worklog's
// author is the user it was made for, if that is known. Users become people
// with made-up account ids, addresses and tokens, and so do people who are only
// named in issues and worklogs. Unless keepDates is true all dates move by the
// same whole number of days, so that the newest creation, update or start of a
// worklog falls on now's day in UTC.
func Load(r io.Reader, now time.Time, keepDates bool) (*World, error) {
	var f file
	if err := json.NewDecoder(r).Decode(&f); err != nil {
		return nil, fmt.Errorf("read data: %w", err)
	}
	l := loader{s: newState(), f: f, accounts: map[string]string{}, active: map[string]map[string]int{}, statuses: map[string][]Status{}}
	if !keepDates {
		l.shift = f.shift(now)
	}
	if err := l.load(); err != nil {
		return nil, fmt.Errorf("load data: %w", err)
	}
	return newWorld(l.s), nil
}

// loader turns a file into a state.
type loader struct {
	s        state
	f        file
	shift    time.Duration
	accounts map[string]string         // account ids by user name
	active   map[string]map[string]int // issues and worklogs by project and account
	statuses map[string][]Status       // seen in a project
}

func (l *loader) load() error {
	for _, u := range l.f.Users {
		l.addUser(u)
	}
	l.markBots()
	var errs []error
	for i, p := range l.f.Projects {
		errs = append(errs, l.addProject(i, p))
	}
	for i := range l.f.Issues {
		errs = append(errs, l.addIssue(&l.f.Issues[i]))
	}
	for i := range l.f.Worklogs {
		errs = append(errs, l.addWorklog(&l.f.Worklogs[i]))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	l.finish()
	return nil
}

func (l *loader) addUser(u fileUser) {
	p := newPerson(len(l.s.people), u.Name, cmp.Or(u.DisplayName, u.Name), cmp.Or(u.TimeZone, "Etc/UTC"))
	if p.Location() == time.UTC {
		p.TimeZone = "Etc/UTC"
	}
	p.Active = u.Active
	if _, taken := l.byEmail(p.Email); taken {
		p.Email = strings.Replace(p.Email, "@", "-"+p.UserKey+"@", 1)
	}
	l.accounts[u.Name] = p.AccountID
	l.s.addPerson(p)
}

func (l *loader) byEmail(email string) (Person, bool) {
	i := slices.IndexFunc(l.s.people, func(p Person) bool { return p.Email == email })
	if i < 0 {
		return Person{}, false
	}
	return l.s.people[i], true
}

// account is the account id of a user name, made when first seen.
func (l *loader) account(username string) string {
	if username == "" {
		return ""
	}
	if _, ok := l.accounts[username]; !ok {
		l.addUser(fileUser{Name: username, Active: true})
	}
	return l.accounts[username]
}

// markBots makes apps of the accounts that log time for others.
func (l *loader) markBots() {
	for _, w := range l.f.Worklogs {
		if w.Actor != "" {
			p, _ := l.s.person(l.account(w.Author))
			p.App = true
			l.s.addPerson(p)
		}
	}
}

func (l *loader) addProject(i int, p fileProject) error {
	if _, exists := l.s.project(p.Key); exists || p.Key == "" {
		return fmt.Errorf("project %d: key %q is empty or not the only one", i, p.Key)
	}
	project := Project{
		ID: strconv.Itoa(10000 + i), Key: p.Key, Name: cmp.Or(p.Name, p.Key), Category: p.Category,
		Access: AccessOpen, ExcludeApps: p.ExcludeApps,
	}
	if p.Private {
		project.Access = AccessPrivate
	}
	l.active[p.Key] = map[string]int{}
	l.s.projects = append(l.s.projects, project)
	return nil
}

func (l *loader) addIssue(f *fileIssue) error {
	number, err := l.checkIssue(f)
	if err != nil {
		return fmt.Errorf("issue %q: %w", f.Key, err)
	}
	issue := &Issue{
		ID: f.ID, Key: f.Key, Number: number, Project: f.Project, Summary: f.Summary,
		Type: l.s.issueType(cmp.Or(f.Type, "Task"), f.Subtask), Status: l.s.status(f.Status, f.Category),
		Priority: l.s.priority(f.Priority), Resolution: f.Resolution,
		Assignee: l.account(f.Assignee), Reporter: l.account(f.Reporter), Creator: l.account(f.Reporter),
		Created: l.moved(f.Created), Updated: l.moved(f.Updated), Resolved: l.moved(f.Resolved),
		OriginalEstimate: f.OriginalEstimate, Remaining: f.Remaining, Spent: f.Spent,
		Components: list(f.Components), Labels: list(f.Labels), FixVersions: list(f.FixVersions), Parent: f.Parent,
	}
	if due := l.moved(f.Due); !due.IsZero() {
		issue.Due = due.Format(dateFormat)
	}
	l.see(issue)
	l.s.addIssue(issue)
	return nil
}

// checkIssue refuses what would break the world, and gives the key's number.
func (l *loader) checkIssue(f *fileIssue) (int, error) {
	project, ok := l.s.project(f.Project)
	if !ok || project.Key != f.Project {
		return 0, fmt.Errorf("project %q is not in the data", f.Project)
	}
	rest, ok := strings.CutPrefix(f.Key, f.Project+"-")
	number, err := strconv.Atoi(rest)
	if !ok || err != nil || number < 1 {
		return 0, fmt.Errorf("key is not one of project %s", f.Project)
	}
	if _, err := strconv.ParseInt(f.ID, 10, 64); err != nil {
		return 0, fmt.Errorf("id %q is not a number", f.ID)
	}
	_, sameID := l.s.issues[f.ID]
	_, sameKey := l.s.keys[strings.ToUpper(f.Key)]
	if sameID || sameKey {
		return 0, errors.New("id or key is not the only one")
	}
	if f.Category.Index() < 0 {
		return 0, fmt.Errorf("status category %q is not one of Jira's", f.Category)
	}
	return number, nil
}

// see records the people and the status that belong to the issue's project.
func (l *loader) see(i *Issue) {
	if i.Assignee != "" {
		l.active[i.Project][i.Assignee] += 2
	}
	if i.Reporter != "" {
		l.active[i.Project][i.Reporter]++
	}
	if !slices.Contains(l.statuses[i.Project], i.Status) {
		l.statuses[i.Project] = append(l.statuses[i.Project], i.Status)
	}
}

func (l *loader) addWorklog(f *fileWorklog) error {
	issue, ok := l.s.issue(f.Issue)
	if !ok {
		return fmt.Errorf("worklog %q: issue %q is not in the data", f.ID, f.Issue)
	}
	if _, err := strconv.ParseInt(f.ID, 10, 64); err != nil || l.s.worklogs[f.ID] != nil || f.Spent < 0 {
		return fmt.Errorf("worklog %q: id is not a number or not the only one, or its time is negative", f.ID)
	}
	at := l.moved(f.Started)
	log := &Worklog{
		ID: f.ID, IssueID: issue.ID, Author: l.account(cmp.Or(f.ActorUser, f.Author)), UpdateAuthor: l.account(f.Author),
		Comment: Document(f.Comment), Started: at, Created: at, Updated: at, Spent: f.Spent,
	}
	l.active[issue.Project][log.Author]++
	l.s.worklogs[f.ID] = log
	l.s.logsOf[issue.ID] = append(l.s.logsOf[issue.ID], log)
	return nil
}

func (l *loader) moved(t fileTime) time.Time {
	if t.at.IsZero() {
		return time.Time{}
	}
	return t.at.UTC().Add(l.shift)
}

// list turns nil into an empty list, as Jira shows it.
func list(v []string) []string {
	if v == nil {
		return []string{}
	}
	return v
}
