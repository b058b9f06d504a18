package jql

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// sort puts issues in the order of the keys, equal ones newest first.
func (e *Env) sort(issues []*world.Issue, keys []sortKey) {
	slices.SortFunc(issues, func(a, b *world.Issue) int {
		for _, k := range keys {
			order := e.order(k.field, a, b)
			if order != 0 && k.desc {
				return -order
			}
			if order != 0 {
				return order
			}
		}
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.Number, a.Number), strings.Compare(a.ID, b.ID))
	})
}

// sortName is the name by which ORDER BY knows a field, "" if it does not.
func sortName(name string) string {
	all := slices.Concat(catalogFields(), peopleFields(), timeFields(), textFields(), planFields())
	i := slices.IndexFunc(all, func(f field) bool { return f.is(name) && !f.unsorted })
	if i < 0 {
		return ""
	}
	return all[i].names[0]
}

// order compares two issues by a field; missing values come last.
func (e *Env) order(field string, a, b *world.Issue) int {
	switch field {
	case "key":
		return cmp.Or(strings.Compare(a.Project, b.Project), cmp.Compare(a.Number, b.Number))
	case "created":
		return a.Created.Compare(b.Created)
	case "updated":
		return a.Updated.Compare(b.Updated)
	case "priority":
		return cmp.Compare(b.Priority.Rank, a.Priority.Rank)
	}
	x, y := e.sortText(field, a), e.sortText(field, b)
	if (x == "") != (y == "") {
		return -strings.Compare(x, y)
	}
	return strings.Compare(x, y)
}

func (e *Env) sortText(field string, i *world.Issue) string {
	switch field {
	case "project":
		return i.Project
	case "status":
		return i.Status.Name
	case "statusCategory":
		return strconv.Itoa(i.Status.Category.Index())
	case "issuetype":
		return i.Type.Name
	case "resolution":
		return i.Resolution
	case "assignee":
		return e.nameOf(i.Assignee)
	case "reporter":
		return e.nameOf(i.Reporter)
	case "creator":
		return e.nameOf(i.Creator)
	case "due":
		return world.SortableDay(i.Due)
	case "summary":
		return strings.ToLower(i.Summary)
	case "resolved":
		if i.Resolved.IsZero() {
			return ""
		}
		return i.Resolved.UTC().Format("2006-01-02T15:04:05")
	}
	return e.planText(field, i)
}

// planText is the text by which the fields of planning are sorted.
func (e *Env) planText(field string, i *world.Issue) string {
	first := func(list []string) string { return strings.ToLower(strings.Join(list[:min(len(list), 1)], "")) }
	switch field {
	case "component":
		return first(i.Components)
	case "fixVersion":
		return first(i.FixVersions)
	case "labels":
		return first(i.Labels)
	case "parent":
		return i.Parent
	case "Sprint":
		if len(i.Sprints) == 0 {
			return ""
		}
		return fmt.Sprintf("%10s", i.Sprints[len(i.Sprints)-1])
	case "Team[Team]":
		t, _ := e.World.Team(i.Team)
		return strings.ToLower(t.Name)
	}
	id := world.StoryPointsField
	if field != "Story Points" {
		id = world.PointEstimateField
	}
	if points := e.points(id, i); points != nil {
		return fmt.Sprintf("%020.3f", *points)
	}
	return ""
}

func (e *Env) nameOf(account string) string {
	p, _ := e.World.Person(account)
	return strings.ToLower(p.DisplayName)
}
