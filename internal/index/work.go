package index

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Scope says which facts are read together.
type Scope struct {
	// Projects are their keys; nil: all.
	Projects []string
	// Work logs are those that started from From until before To; none if To is
	// zero.
	From, To time.Time
}

// Work is what is held of a scope, as of one moment. Issues and work logs are packed
// still: those who list or count them need not have both in memory.
type Work struct {
	State State
	// Needs are those of all projects: what is held of them is not to be believed.
	Needs []Need

	scope            Scope
	issues, worklogs []packed
}

// packed is a page as it was read.
type packed struct {
	key  Key
	body []byte
}

// Work reads the facts of a scope, and how far the index is.
func (x *Index) Work(ctx context.Context, tenant string, s Scope) (Work, error) {
	w := Work{scope: s}
	err := x.storage.Scan(ctx, tenant, s.ranges(), w.take)
	if err != nil {
		return Work{}, fmt.Errorf("read index of tenant %q: %w", tenant, err)
	}
	for _, n := range w.Needs {
		if w.State.Oldest.IsZero() || n.Since.Before(w.State.Oldest) {
			w.State.Oldest = n.Since
		}
	}
	return w, nil
}

func (w *Work) take(k Key, page []byte) (err error) {
	switch k.Shelf {
	case shelfState:
		w.State, err = parseState(page)
	case shelfNeeds:
		w.Needs, err = needs().unpack(k, page, w.Needs)
	case shelfOpen:
		w.issues = append(w.issues, packed{k, bytes.Clone(page)})
	case shelfWorklogs:
		w.worklogs = append(w.worklogs, packed{k, bytes.Clone(page)})
	}
	return err
}

// Issues returns the open issues, in any order. It fails if a page is damaged.
func (w Work) Issues() ([]Issue, error) { return unpackAll(issues(), w.issues) }

// Worklogs returns the work logs of the scope, in any order. It fails if a page is
// damaged.
func (w Work) Worklogs() ([]Worklog, error) {
	list, err := unpackAll(worklogs(), w.worklogs)
	return slices.DeleteFunc(list, func(l Worklog) bool { return !w.scope.within(l) }), err
}

func unpackAll[N comparable, F any](f family[N, F], pages []packed) (list []F, err error) {
	count := 0
	for _, p := range pages {
		count += opened(p.body).count
	}
	list = make([]F, 0, count) // a list that grows would be copied again and again
	for _, p := range pages {
		if list, err = f.unpack(p.key, p.body, list); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s Scope) within(l Worklog) bool { return !l.Started.Before(s.From) && l.Started.Before(s.To) }

// Count counts the open issues and the work logs of the scope. who says whose an
// account is, and points how many story points an issue has; nil: they do not matter.
// It fails if a page is damaged.
func (w Work) Count(t *workload.Tally, who func(account string) workload.Person, points func(Issue) workload.Points) error {
	c := counter{tally: t, who: who, points: points, scope: w.scope}
	for _, p := range w.issues {
		if err := c.issues(p); err != nil {
			return err
		}
	}
	for _, p := range w.worklogs {
		if err := c.worklogs(p); err != nil {
			return err
		}
	}
	return nil
}

// counter counts pages without unpacking them into lists.
type counter struct {
	tally  *workload.Tally
	who    func(account string) workload.Person
	points func(Issue) workload.Points
	scope  Scope
	// rows are those of the page's texts, so that people are looked up once a page.
	rows []*workload.Row
}

func (c *counter) issues(p packed) error {
	r := newReader(p.body)
	c.begin(r)
	if c.tally.Sized() {
		c.sizes(p.key, r)
		return r.err(p.key)
	}
	for range r.count {
		i := skimIssue(r)
		c.tally.Open(c.row(i.assignee, i.account), i.category, i.due, i.remaining)
	}
	return r.err(p.key)
}

// sized is what the size of an issue depends on.
func (c *counter) sized(i Issue) *workload.Issue {
	sized := workload.Issue{Category: i.Category, Due: i.Due, Remaining: i.Remaining}
	if c.points != nil {
		sized.Points = c.points(i)
	}
	return &sized
}

// sizes counts issues with their sizes.
func (c *counter) sizes(k Key, r *reader) {
	var before, i Issue
	for range r.count {
		i = Issue{}
		row := c.row(readIssue(r, k, &before, &i), i.Assignee)
		c.tally.Open(row, i.Category, i.Due, i.Remaining)
		c.tally.Size(row, c.sized(i))
		before.ID = i.ID
	}
}

func (c *counter) worklogs(p packed) error {
	r := newReader(p.body)
	c.begin(r)
	var before, l Worklog
	for range r.count {
		author := readWorklog(r, p.key, &before, &l)
		if c.scope.within(l) && c.tally.Within(l.Started) {
			c.tally.Log(c.row(author, l.Author), l.Spent)
		}
		before.ID, before.Issue = l.ID, l.Issue
	}
	return r.err(p.key)
}

func (c *counter) begin(r *reader) {
	c.rows = slices.Grow(c.rows[:0], len(r.texts))[:len(r.texts)]
	clear(c.rows)
}

func (c *counter) row(number int, account string) *workload.Row {
	if number < 0 || account == "" {
		return nil
	}
	if c.rows[number] == nil {
		c.rows[number] = c.tally.Row(c.who(account))
	}
	return c.rows[number]
}

func (s Scope) ranges() []Range {
	list := []Range{{Shelf: shelfState, To: 0}, {Shelf: shelfNeeds, To: farAway}}
	if s.Projects != nil && len(s.Projects) == 0 {
		return list
	}
	list = append(list, Range{Shelf: shelfOpen, Projects: s.Projects, To: farAway})
	if !s.To.IsZero() {
		list = append(list, Range{Shelf: shelfWorklogs, Projects: s.Projects, From: week(s.From), To: week(s.To)})
	}
	return list
}

// IssuesOf returns issues as workload counts them. Their people have an account id
// only.
func IssuesOf(list []Issue) []workload.Issue {
	people := map[string]*workload.Person{}
	out := make([]workload.Issue, len(list))
	for n := range list {
		i := &list[n]
		out[n] = workload.Issue{
			ID: decimal(i.ID), Key: i.Key(), Project: i.Project, Category: i.Category, Due: i.Due, Remaining: i.Remaining,
		}
		if i.Assignee == "" {
			continue
		}
		if people[i.Assignee] == nil {
			people[i.Assignee] = &workload.Person{AccountID: i.Assignee}
		}
		out[n].Assignee = people[i.Assignee]
	}
	return out
}

// WorklogsOf returns work logs as workload counts them, likewise.
func WorklogsOf(list []Worklog) []workload.Worklog {
	out := make([]workload.Worklog, len(list))
	for n := range list {
		l := &list[n]
		out[n] = workload.Worklog{ID: decimal(l.ID), Author: workload.Person{AccountID: l.Author}, Started: l.Started, Spent: l.Spent}
	}
	return out
}

func decimal(id int64) string { return strconv.FormatInt(id, 10) }

// Needs returns what must be fetched of a tenant, the oldest first.
func (x *Index) Needs(ctx context.Context, tenant string) ([]Need, error) {
	w, err := x.Work(ctx, tenant, Scope{Projects: []string{}})
	slices.SortFunc(w.Needs, func(a, b Need) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return w.Needs, err
}
