package world

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

const (
	day           = 24 * time.Hour
	dateFormat    = "2006-01-02"
	sampleLogs    = 600
	sampleLogDays = 40
	firstIssueID  = 20000
)

// Sample is the built-in data: a small invented team, three projects, one of
// them private, 300 issues and 600 worklogs. It is the same on every start
// except for its dates, which count from now's day in UTC.
func Sample(now time.Time) *World { return build(now, false) }

// LargeSample is Sample with a fourth project, on which a team of eighty people
// works. Everything else is as in Sample.
func LargeSample(now time.Time) *World { return build(now, true) }

func build(now time.Time, large bool) *World {
	b := sampler{
		s: newState(), today: now.UTC().Truncate(day),
		rng: rand.New(rand.NewPCG(2990, 20260101)),
	}
	b.addTeam()
	for i, p := range sampleProjects() {
		b.addProject(i, p)
	}
	b.addWorklogs(sampleLogs, b.all)
	b.addAttachments()
	if large {
		b.addLargeTeam()
	}
	b.plan()
	b.addPast()
	b.addFilters()
	b.addDashboards()
	b.s.lastID += 1000
	return newWorld(b.s)
}

// sampler makes the built-in data.
type sampler struct {
	s        state
	today    time.Time
	rng      *rand.Rand
	accounts []string
	all      []*Issue
}

func (b *sampler) addTeam() {
	for i, t := range sampleTeam() {
		p := newPerson(i, t.username, t.name, t.zone)
		p.Locale = t.locale
		p.Admin = i == sampleAdmin
		p.Active = i != sampleInactive
		p.App = i == sampleBot
		p.ShowsEmail = i == sampleBusiest
		p.NoUserBrowsing = i == sampleIdle
		p.LogsOnly = i == sampleLogsOnly
		b.accounts = append(b.accounts, p.AccountID)
		b.s.addPerson(p)
	}
	b.s.lastID = firstIssueID
}

func (b *sampler) addProject(i int, t sampleProject) {
	statuses := []Status{
		b.s.status("To Do", CategoryNew), b.s.status("In Progress", CategoryInProgress),
		b.s.status("In Review", CategoryInProgress), b.s.status("Done", CategoryDone),
	}
	p := Project{
		ID: strconv.Itoa(10000 + i), Key: t.key, Name: t.name, Description: t.description, Category: t.category,
		LeadID: b.accounts[sampleLead], Access: t.access, Statuses: statuses, Actors: b.actors(t),
	}
	b.s.projects = append(b.s.projects, p)
	for n, summary := range b.summaries(t) {
		b.addIssue(p, t, n+1, summary)
	}
}

func (b *sampler) actors(t sampleProject) map[string][]string {
	out := map[string][]string{RoleAdministrators: {b.accounts[sampleLead], b.accounts[sampleAdmin]}}
	for _, place := range t.team {
		out[RoleDevelopers] = append(out[RoleDevelopers], b.accounts[place])
	}
	if t.access == AccessPrivate {
		out[RoleViewers] = []string{b.accounts[sampleBusiest]}
	} else {
		out[RoleViewers] = []string{b.accounts[sampleOutsider]}
	}
	return out
}

// summaries picks different pairs of action and subject.
func (b *sampler) summaries(t sampleProject) []string {
	var all []string
	for _, action := range t.actions {
		for _, subject := range t.subjects {
			all = append(all, action+" "+subject)
		}
	}
	b.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:t.issues]
}

func (b *sampler) addIssue(p Project, t sampleProject, number int, summary string) {
	age := time.Duration(200-number*199/t.issues) * day
	issue := &Issue{
		ID: b.s.nextID(), Key: fmt.Sprintf("%s-%d", p.Key, number), Number: number, Project: p.Key, Summary: summary,
		Type: b.pickType(), Priority: b.pickPriority(), Status: b.pickStatus(p.Statuses),
		Created: b.at(b.today.Add(-age)), Components: []string{}, Labels: []string{}, FixVersions: []string{},
	}
	issue.Description = Document(summary + ".\nFound while planning; see the notes of the last review.")
	issue.Updated = b.at(b.today.Add(-time.Duration(1+b.rng.IntN(int(age/day))) * day))
	if issue.Updated.Before(issue.Created) {
		issue.Updated = issue.Created
	}
	issue.Reporter = b.accounts[t.team[b.rng.IntN(len(t.team))]]
	issue.Creator = issue.Reporter
	b.assign(issue, t)
	b.estimate(issue)
	b.schedule(issue)
	b.involve(issue, t)
	b.all = append(b.all, issue)
	b.s.addIssue(issue)
}

// at is a working hour of the day.
func (b *sampler) at(d time.Time) time.Time {
	return d.Truncate(day).Add(7*time.Hour + time.Duration(b.rng.IntN(600))*time.Minute)
}

func (b *sampler) pickType() IssueType {
	names := []string{"Task", "Task", "Story", "Story", "Bug"}
	return b.s.issueType(names[b.rng.IntN(len(names))], false)
}

func (b *sampler) pickPriority() Priority {
	for _, name := range []string{"Highest", "High", "Medium", "Low", "Lowest"} {
		b.s.priority(name)
	}
	names := []string{"Highest", "High", "High", "Medium", "Medium", "Medium", "Medium", "Low", "Low", "Lowest"}
	return b.s.priority(names[b.rng.IntN(len(names))])
}

func (b *sampler) pickStatus(statuses []Status) Status {
	weights := []int{35, 15, 8, 42}
	n := b.rng.IntN(100)
	for i, weight := range weights {
		if n < weight {
			return statuses[i]
		}
		n -= weight
	}
	return statuses[0]
}

// assign assigns the issue to a member of the project's team: one in eight open
// ones to nobody, one in four to the busiest, none to the person with nothing
// open.
func (b *sampler) assign(issue *Issue, t sampleProject) {
	place := t.team[b.rng.IntN(len(t.team))]
	if slices.Contains(t.team, sampleBusiest) && b.rng.IntN(4) == 0 {
		place = sampleBusiest
	}
	open := issue.Status.Category != CategoryDone
	switch {
	case open && b.rng.IntN(8) == 0:
		return
	case open && place == sampleIdle, open && place == sampleInactive && b.rng.IntN(3) > 0:
		place = t.team[1]
	}
	issue.Assignee = b.accounts[place]
}

// estimate gives two of three issues an estimate, in half hours.
func (b *sampler) estimate(issue *Issue) {
	if b.rng.IntN(3) == 0 {
		return
	}
	halfHours := int64(2 + b.rng.IntN(46))
	original, remaining := halfHours*1800, halfHours*1800
	switch issue.Status.Category {
	case CategoryDone:
		remaining = 0
	case CategoryInProgress:
		remaining = (halfHours/2 + 1) * 1800
	}
	issue.OriginalEstimate, issue.Remaining = &original, &remaining
}

// schedule gives due dates, and done issues their end.
func (b *sampler) schedule(issue *Issue) {
	if issue.Status.Category == CategoryDone {
		issue.Resolution, issue.Resolved = "Done", issue.Updated
	}
	if b.rng.IntN(3) > 0 {
		issue.Due = b.today.AddDate(0, 0, b.rng.IntN(40)-10).Format(dateFormat)
	}
}

// involve makes people of the project's team take part in the issue: its
// reporter watches, now and then somebody votes or comments, and its assignee
// has moved it.
func (b *sampler) involve(issue *Issue, t sampleProject) {
	someone := b.accounts[t.team[issue.Number%len(t.team)]]
	issue.Watchers = []string{issue.Reporter}
	if issue.Number%3 == 0 {
		issue.Commenters = []string{someone}
	}
	if issue.Number%4 == 0 {
		issue.Voters = []string{someone}
	}
	if issue.Assignee != "" && issue.Status.Category != CategoryNew {
		issue.Transitioners = []string{issue.Assignee}
	}
}

// addWorklogs logs time on assigned issues, most of it on a few of them, so
// that some have more worklogs than a search result contains.
func (b *sampler) addWorklogs(count int, issues []*Issue) {
	var worked []*Issue
	for _, i := range issues {
		if i.Assignee != "" && i.Status.Category != CategoryNew {
			worked = append(worked, i)
		}
	}
	comments := sampleComments()
	logs := make([]*Worklog, 0, count)
	spent := timesheet{}
	for n := range count {
		issue := worked[b.rng.IntN(len(worked))]
		if n%10 == 0 {
			issue = worked[n%3]
		}
		started := b.at(b.today.Add(-time.Duration(1+b.rng.IntN(sampleLogDays)) * day))
		log := &Worklog{
			IssueID: issue.ID, Author: b.logger(issue), Comment: Document(comments[b.rng.IntN(len(comments))]),
			Started: started, Spent: int64(2+b.rng.IntN(12)) / 2 * 1800,
		}
		spent.fit(log, b.today)
		logs = append(logs, log)
	}
	slices.SortStableFunc(logs, func(x, y *Worklog) int { return x.Started.Compare(y.Started) })
	for _, l := range logs {
		b.s.lastID++
		l.ID = strconv.FormatInt(b.s.lastID, 10)
		b.keepWorklog(l)
	}
}

// timesheet is the seconds that somebody logged on a day.
type timesheet map[workday]int64

type workday struct{ account, date string }

// fit moves a worklog to the next earlier day on which its author has room for
// it: nobody logs more than eight hours, and few people on a weekend. Without
// such a day it stays.
func (t timesheet) fit(l *Worklog, today time.Time) {
	const full = 8 * 3600
	for back := range sampleLogDays {
		at := l.Started.Add(-time.Duration(back) * day)
		if at.Before(today.Add(-sampleLogDays * day)) {
			at = at.Add(sampleLogDays * day) // start again at yesterday
		}
		on := workday{l.Author, at.Format(time.DateOnly)}
		weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
		if t[on]+l.Spent > full || weekend && l.Spent > 1800 {
			continue
		}
		t[on] += l.Spent
		l.Started = at
		return
	}
}

// logger is the assignee, now and then the bot or the lead.
func (b *sampler) logger(issue *Issue) string {
	switch b.rng.IntN(30) {
	case 0:
		return b.accounts[sampleBot]
	case 1, 2:
		return b.accounts[sampleLead]
	}
	return issue.Assignee
}

func (b *sampler) keepWorklog(l *Worklog) {
	l.UpdateAuthor = l.Author
	l.Created = l.Started.Add(time.Duration(l.Spent) * time.Second)
	l.Updated = l.Created
	b.s.worklogs[l.ID] = l
	b.s.logsOf[l.IssueID] = append(b.s.logsOf[l.IssueID], l)
	issue := b.s.issues[l.IssueID]
	spent := l.Spent
	if issue.Spent != nil {
		spent += *issue.Spent
	}
	issue.Spent = &spent
	if l.Started.Before(issue.Created) {
		issue.Created = l.Started
	}
	if l.Updated.After(issue.Updated) {
		issue.Updated = l.Updated
	}
}

func (b *sampler) addDashboards() {
	b.s.dashboards = dashboards("Harbour and Lantern", b.accounts[sampleLead], b.accounts[sampleBusiest], b.accounts[sampleAdmin])
}

// dashboards makes the three of every site: one shared, one private, and the
// system dashboard.
func dashboards(name, lead, other, admin string) []Dashboard {
	return []Dashboard{
		{ID: "10000", Name: name, OwnerID: lead, Shared: true},
		{ID: "10001", Name: "My own work", OwnerID: other},
		{ID: "10002", Name: "System dashboard", OwnerID: admin, System: true},
	}
}
