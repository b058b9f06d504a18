package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// What happened.
type What uint8

// The events that tell of facts.
const (
	IssueCreated What = iota + 1
	IssueUpdated
	IssueDeleted
	WorklogCreated
	WorklogUpdated
	WorklogDeleted
)

// Known says which fields of an event's issue are known. Its id always is.
type Known uint16

// The fields that an event may carry.
const (
	KnowsKey Known = 1 << iota
	KnowsUpdated
	KnowsAssignee
	KnowsCategory
	KnowsDue
	KnowsRemaining
	KnowsPointEstimate
	KnowsStoryPoints
	KnowsTeam
	KnowsParent
	KnowsCreated

	KnowsAll = 1<<iota - 1
)

// Item is a change of one field, as a changelog has it.
type Item struct {
	// Field is the field's id or, if that is not told, its name.
	Field string
	// From and To are ids where the field's values have ids; the texts are the
	// values in words.
	From, To, FromText, ToText string
}

// Event is what Jira told.
type Event struct {
	What What
	// At is when it arrived.
	At time.Time
	// Issue has the fields in Known. Of events about a work log it is not used.
	Issue Issue
	Known Known
	// History is the id of the changelog, 0 if that is not told.
	History int64
	Changed []Item
	// Worklog is that of an event about one: its id at least, all of it if it was
	// created or updated and nothing must be fetched.
	Worklog Worklog
}

// Held is what is known of an event's issue before it.
type Held struct {
	Issue Issue
	// Known: Issue is held.
	Known bool
	// Seen: this changelog is held already.
	Seen bool
}

// Site says what a site's ids mean.
type Site struct {
	// Categories are the categories of statuses, by status id.
	Categories map[string]workload.Category
	// PointEstimate, StoryPoints and Team are the ids of the fields, "" for none.
	PointEstimate, StoryPoints, Team string
}

// Apply says what follows from an event: facts, changes, what is gone and what must
// be fetched, because the event does not say it.
//
// An event that is older than what is held comes late. What it changed may be
// missing in what is held, which was told by a newer event that did not carry it:
// then the issue must be fetched. So it must if a changelog's value before is not
// the one held: something in between was lost.
func (s Site) Apply(held Held, e Event) Batch {
	switch e.What {
	case IssueDeleted:
		return Batch{Gone: []Gone{{KindIssue, e.Issue.ID, true}}}
	case WorklogDeleted:
		return Batch{Gone: []Gone{{KindWorklog, e.Worklog.ID, true}}}
	case WorklogCreated, WorklogUpdated:
		if l := e.Worklog; l.Issue != 0 && !l.Started.IsZero() && !l.Updated.IsZero() {
			return Batch{Worklogs: []Worklog{l}}
		}
		return Batch{Needs: []Need{{KindWorklog, e.Worklog.ID, e.Worklog.Issue, e.At, e.At}}}
	}
	return s.applyIssue(held, e)
}

func (s Site) applyIssue(held Held, e Event) Batch {
	b := Batch{Changes: s.changesOf(e)}
	need := []Need{{Kind: KindIssue, ID: e.Issue.ID, Since: e.At, Last: e.At}}
	switch {
	case e.Known&KnowsUpdated == 0:
		b.Needs = need
	case held.Known && e.Issue.Updated.UnixMilli() < held.Issue.Updated.UnixMilli():
		if !held.Seen && slices.ContainsFunc(e.Changed, s.keeps) {
			b.Needs = need
		}
	case e.Known == KnowsAll:
		b.Issues = []Issue{e.Issue}
	case !held.Known:
		b.Needs = need
	default:
		issue, whole := s.overlay(held, e)
		b.Issues = []Issue{issue}
		if !whole {
			b.Needs = need
		}
	}
	return b
}

// overlay is what is held with what an event says. whole is false if the event has
// changed what it does not say, or does not follow on what is held.
func (s Site) overlay(held Held, e Event) (issue Issue, whole bool) {
	issue, whole = held.Issue, true
	for _, item := range e.Changed {
		if f := s.fieldOf(item.Field); f != nil && e.Known&f.known == 0 {
			whole = f.set(&issue, item) && whole
		}
	}
	for _, f := range s.fields() {
		if e.Known&f.known != 0 {
			f.take(&issue, e.Issue)
		}
	}
	issue.Updated = e.Issue.Updated
	return issue, whole
}

// changesOf are the dated changes that an event tells. They are dated by the
// issue's own clock where it is known.
func (s Site) changesOf(e Event) (list []Change) {
	at := e.At
	if e.Known&KnowsUpdated != 0 {
		at = e.Issue.Updated
	}
	for _, item := range e.Changed {
		c := Change{Issue: e.Issue.ID, History: cmp.Or(e.History, at.UnixMilli()), At: at}
		if s.ChangeOf(&c, item) {
			list = append(list, c)
		}
	}
	return list
}

// ChangeOf takes field and values of a change from a changelog's item, and reports
// whether it is one that is kept: a status may change within its category.
func (s Site) ChangeOf(c *Change, item Item) bool {
	c.From, c.To = item.From, item.To
	switch item.Field {
	case "assignee":
		c.Field = FieldAssignee
	case "duedate":
		c.Field = FieldDue
	case "timeestimate":
		c.Field = FieldRemaining
	case "status":
		c.Field = FieldCategory
		c.From, c.To = string(s.Categories[item.From]), string(s.Categories[item.To])
	default:
		return false
	}
	return c.From != c.To
}

// Tell applies events in their order, all of them or none, and returns what must be
// fetched.
func (x *Index) Tell(ctx context.Context, tenant string, s Site, events ...Event) (needed []Need, err error) {
	err = x.change(ctx, tenant, func(d *desk) {
		needed = nil
		for _, e := range events {
			needed = append(needed, d.put(s.Apply(d.held(e), e), x.now())...)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("apply events of tenant %q: %w", tenant, err)
	}
	return needed, nil
}

// held is what an event's issue is before it.
func (d *desk) held(e Event) (h Held) {
	if p, known := d.place(KindIssue, e.Issue.ID); known && !p.deleted() {
		h.Issue, h.Known = d.issues.get(p.issueKey(), e.Issue.ID)
	}
	if e.History == 0 {
		return h
	}
	for _, f := range []Field{FieldAssignee, FieldCategory, FieldDue, FieldRemaining} {
		_, seen := d.changes.get(changesKey(e.Issue.ID), changeName{e.Issue.ID, e.History, f})
		h.Seen = h.Seen || seen
	}
	return h
}
