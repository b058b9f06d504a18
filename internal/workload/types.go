package workload

import (
	"cmp"
	"time"
)

// Category is the key of a Jira status category.
//
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-status-categories/
type Category string

// The status categories that the summary tells apart. An issue of any other
// category, such as Jira's "undefined", is open but neither to do nor in
// progress.
const (
	CategoryNew        Category = "new"
	CategoryInProgress Category = "indeterminate"
	CategoryDone       Category = "done"
)

// Person is somebody who has issues or is in the team. AccountID tells people
// apart, the rest is for display.
type Person struct {
	AccountID string
	Name      string
	AvatarURL string
	App       bool // an app's own account, not a human
	// Inactive is somebody whose account is deactivated: nobody can work with it.
	Inactive bool
}

// unknownAccount is the account id that Jira gives for a record that it has
// lost: many people may have it.
const unknownAccount = "unknown"

// Known reports whether Jira knows the person: without an account they cannot
// be told apart from others.
func (p Person) Known() bool { return p.AccountID != "" && p.AccountID != unknownAccount }

// Complete fills the empty fields of p from other, the same person.
func (p *Person) Complete(other Person) {
	p.Name = cmp.Or(p.Name, other.Name)
	p.AvatarURL = cmp.Or(p.AvatarURL, other.AvatarURL)
	p.App = p.App || other.App
	p.Inactive = p.Inactive || other.Inactive
}

// Seen holds the ids that were counted, so that nothing counts twice.
type Seen map[string]bool

// Before reports whether id was seen before, and remembers it. An empty id is
// never a duplicate.
func (s Seen) Before(id string) bool {
	if id == "" {
		return false
	}
	was := s[id]
	s[id] = true
	return was
}

// Issue holds what a summary needs of a Jira issue.
type Issue struct {
	ID, Key, Project, Summary string

	Assignee  *Person // nil, or without account id: unassigned
	Category  Category
	Due       Date          // zero: none
	Remaining time.Duration // remaining estimate
	Points    Points        // story points
	In        Value         // what it is grouped by
}

// Worklog is one entry of time spent, on an issue of any status.
type Worklog struct {
	ID      string
	Issue   string // the id of its issue
	Author  Person // not Known: nobody can tell
	Started time.Time
	Spent   time.Duration
}

// Window is a number of days that ends with today.
type Window int

// The windows that can be chosen.
const (
	Week      Window = 7
	Fortnight Window = 14
	Month     Window = 30
)

// Valid reports whether w is one of the windows that can be chosen.
func (w Window) Valid() bool { return w == Week || w == Fortnight || w == Month }

// Input is the input of [Summarize].
type Input struct {
	Issues   []Issue        // done ones and duplicates do not count
	Worklogs []Worklog      // those outside the window and duplicates do not count
	Team     []Person       // members of the chosen role; nil: all assignees
	Now      time.Time      // decides what today is
	Zone     *time.Location // the viewer's; nil: UTC
	Window   Window         // 0 or less: Fortnight
	Span     Span           // the days of Worklogs that count, instead of Window; zero: none
	Gaps     Gaps           // what is missing from Issues, Worklogs and Team
	Tally    *Tally         // of the same Now, Zone and Window: what was counted before, and is beside Issues and Worklogs; nil: nothing
	Measure  Measure        // what open issues are counted in, also by a Tally
	By       By             // how Issues are grouped; a Tally groups none
	Weighing Weighing       // what is due soon, heavy and light; the load is by the median
	Weeks    []Span         // those ahead, the first from today on, in which Issues are due; nil: none
}

// Counts are the numbers of one person, of the unassigned issues, or of all.
type Counts struct {
	Open       int // not done
	ToDo       int // open, category new
	InProgress int // open, category indeterminate
	Overdue    int // open, due before today
	DueSoon    int // open, due from today to some days after it, both included

	// Blank are those of Open that nobody has estimated, and Sizes how much the others
	// are, in the summary's measure; both are zero for issues.
	Blank int
	Sizes Sizes
	// Ahead is when those of Open are due that are not Overdue, in the summary's weeks; nil:
	// nothing is open, or there are no weeks.
	Ahead *Spread

	Remaining time.Duration // remaining estimates of what is open
	Logged    time.Duration // time spent, started within the window
}

// Load compares one person's open issues with the median of all.
type Load string

// The three loads.
const (
	LoadHeavy    Load = "heavy"
	LoadBalanced Load = "balanced"
	LoadLight    Load = "light"
)

// Row is one person of a summary.
type Row struct {
	Person Person
	Counts
	Load Load
}

// Summary shows who is carrying what.
type Summary struct {
	Today  Date // in Zone
	From   Date // first day of those in which logged time counts, To the last
	To     Date
	Zone   string // IANA name of the time zone of the days
	Window Window
	// Weighing says how many days are soon, and what the loads mean.
	Weighing Weighing
	// Measure is what Sizes and Median are in.
	Measure Measure
	// Weeks are those ahead; nil: none are shown.
	Weeks []Span

	Rows       []Row  // by open in Measure, most first, then by name; those of Inactive people are without Load
	Apps       []Row  // accounts of apps with something open or logged, in the same order, without Load
	Unassigned Counts // never has Logged
	// Others is the time logged by people outside the team, Unknown the time
	// without a known author.
	Others, Unknown time.Duration
	// Outside are the accounts outside the team with open issues, by id; nil
	// without a team, if not all are known, or if there are too many to name.
	Outside []string
	Totals  Counts // all of the above together, without Apps
	// Median is that of what people have open who are not Inactive: of issues, hours or
	// story points.
	Median float64

	// Groups are the values of By that Rows and Unassigned have issues of, by open as
	// Rows are, none last.
	By     By
	Groups []Bucket

	Gaps Gaps // what is missing from all of these
}
