package feed

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

func text(s string) *string { return &s }

const (
	at      = "2026-11-24T09:00:00.000+0000"
	created = "2026-11-01T09:00:00.000+0000"
)

func whole() Event {
	return Event{
		What: index.IssueUpdated, IssueID: "10001", Key: "ABC-12", Created: created, Updated: at,
		Assignee: &Account{ID: "a", Type: "atlassian", Active: "true"}, Status: &Status{"3", "done"}, Due: text("2026-11-30"), Remaining: text("60"),
	}
}

// An event says all, or which facts are missing.
func TestTold(t *testing.T) {
	t.Parallel()
	few := notes{Apps: []string{"bot"}, Statuses: map[string]workload.Category{"4": "new"}}
	const none = index.KnowsPointEstimate | index.KnowsStoryPoints | index.KnowsTeam
	for name, tt := range map[string]struct {
		change  func(*Event)
		known   index.Known
		refused bool
	}{
		"all of it":                 {func(*Event) {}, index.KnowsAll, false},
		"nobody":                    {func(e *Event) { e.Assignee = &Account{} }, index.KnowsAll, false},
		"an app that is known":      {func(e *Event) { e.Assignee = &Account{ID: "bot"} }, index.KnowsAll, false},
		"somebody of unknown type":  {func(e *Event) { e.Assignee = &Account{ID: "x"} }, index.KnowsAll &^ index.KnowsUpdated, false},
		"a change to an unknown":    {func(e *Event) { e.Assignee, e.Items = nil, []index.Item{{Field: "assignee", To: "x"}} }, index.KnowsAll &^ (index.KnowsUpdated | index.KnowsAssignee), false},
		"a status that is known":    {func(e *Event) { e.Status = &Status{ID: "4"} }, index.KnowsAll, false},
		"a status that is not":      {func(e *Event) { e.Status = &Status{ID: "5"} }, index.KnowsAll &^ index.KnowsCategory, false},
		"a due date that is none":   {func(e *Event) { e.Due = text("soon") }, index.KnowsAll &^ index.KnowsDue, false},
		"an estimate beyond belief": {func(e *Event) { e.Remaining = text("99999999999") }, index.KnowsAll &^ index.KnowsRemaining, false},
		"no estimate":               {func(e *Event) { e.Remaining = text("") }, index.KnowsAll, false},
		"no key":                    {func(e *Event) { e.Key = "ABC" }, index.KnowsAll &^ index.KnowsKey, false},
		"no creation":               {func(e *Event) { e.Created = "" }, index.KnowsAll &^ index.KnowsCreated, false},
		"another time":              {func(e *Event) { e.Updated = "now" }, index.KnowsAll &^ index.KnowsUpdated, false},
		"few fields":                {func(e *Event) { e.Due, e.Remaining = nil, nil }, index.KnowsAll &^ (index.KnowsDue | index.KnowsRemaining | index.KnowsParent), false},
		"only its id":               {func(e *Event) { *e = Event{What: index.IssueUpdated, IssueID: "7"} }, none, false},
		"no id":                     {func(e *Event) { e.IssueID = "" }, 0, true},
		"an id that is none":        {func(e *Event) { e.IssueID = "-1" }, 0, true},
		"nothing says what":         {func(e *Event) { e.What = 0 }, 0, true},
	} {
		e := whole()
		tt.change(&e)
		f := &Feed{Now: time.Now}
		got, ok := f.told(few, e, &met{})
		if ok == tt.refused || ok && got.Known != tt.known {
			t.Errorf("%s: got %b, %v, want %b", name, got.Known, ok, tt.known)
		}
	}
}

func TestToldFacts(t *testing.T) {
	t.Parallel()
	f, m := &Feed{Now: time.Now}, &met{}
	e := whole()
	e.Assignee.Type, e.Parent = "app", text("10000")
	got, _ := f.told(notes{}, e, m)
	want := index.Issue{
		ID: 10001, Project: "ABC", Number: 12, Assignee: "a", Category: workload.CategoryDone, Due: workload.Date{Year: 2026, Month: 11, Day: 30},
		Remaining: time.Minute, Parent: 10000, Created: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC),
	}
	got.Issue.Created, got.Issue.Updated = got.Issue.Created.UTC(), got.Issue.Updated.UTC()
	if diff := cmp.Diff(want, got.Issue); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !m.apps["a"] || m.statuses["3"] != workload.CategoryDone {
		t.Errorf("met %+v", m)
	}
}

// A work log is taken only if the event says all and everybody may see it.
func TestToldWorklog(t *testing.T) {
	t.Parallel()
	log := Worklog{ID: "7", IssueID: "10001", Started: at, Updated: at, Seconds: "60", Author: Account{ID: "a", Type: "atlassian"}}
	for name, tt := range map[string]struct {
		change      func(*Worklog)
		taken, fail bool
	}{
		"all of it":          {func(*Worklog) {}, true, false},
		"restricted":         {func(l *Worklog) { l.Restricted = true }, false, false},
		"no author":          {func(l *Worklog) { l.Author = Account{} }, false, false},
		"an unknown author":  {func(l *Worklog) { l.Author.Type = "" }, false, false},
		"no time":            {func(l *Worklog) { l.Seconds = "" }, false, false},
		"an odd time":        {func(l *Worklog) { l.Seconds = "1e99" }, false, false},
		"no id":              {func(l *Worklog) { l.ID = "" }, false, true},
		"no issue":           {func(l *Worklog) { l.IssueID = "" }, true, false},
		"an id that is none": {func(l *Worklog) { l.ID = "x" }, false, true},
	} {
		one := log
		tt.change(&one)
		f := &Feed{Now: time.Now}
		got, ok := f.told(notes{}, Event{What: index.WorklogCreated, Worklog: one}, &met{})
		if ok == tt.fail || (got.Worklog.Spent != 0) != tt.taken {
			t.Errorf("%s: got %+v, %v", name, got.Worklog, ok)
		}
	}
}

// What facts tell beside themselves is learned once; another category of a status
// begins the filling anew.
func TestLearn(t *testing.T) {
	t.Parallel()
	n := notes{Projects: []string{"ABC"}}
	m := &met{}
	m.app("b")
	m.app("a")
	m.status("3", workload.CategoryNew)
	if !n.learn(m) || n.learn(m) || !m.known(n) || !n.isApp("a") || n.isApp("c") {
		t.Errorf("got %+v", n)
	}
	left, back := &met{}, &met{}
	left.active("a", false)
	back.active("a", true)
	if !back.known(n) || !n.learn(left) || n.learn(left) || !n.isInactive("a") || n.isInactive("b") {
		t.Errorf("after somebody left: %+v", n)
	}
	if back.known(n) || !n.isInactive("a") || !n.learn(back) || n.isInactive("a") {
		t.Errorf("after somebody came back: %+v", n)
	}
	other := &met{}
	other.status("3", workload.CategoryDone)
	if other.known(n) || n.Statuses["3"] != workload.CategoryNew {
		t.Errorf("asking has changed %+v", n)
	}
	if !n.learn(other) || n.Projects != nil {
		t.Errorf("got %+v", n)
	}
}
