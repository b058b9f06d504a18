package jql

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// projectsNamed returns the keys of the projects that the caller may see and
// that a text names: by key or name in any case, or by id.
func (e *Env) projectsNamed(name string) []string {
	var out []string
	for _, p := range e.World.Projects() {
		if (strings.EqualFold(p.Key, name) || strings.EqualFold(p.Name, name) || p.ID == name) && e.sees(p.Key) {
			out = append(out, p.Key)
		}
	}
	return out
}

func project(b *binder, c clause, o operand) []string {
	return b.named(c, o, b.env.projectsNamed)
}

// named resolves a value and reports if it does not exist.
func (b *binder) named(c clause, o operand, find func(string) []string) []string {
	if o.kind == isFunction {
		b.noFunction(c, o)
		return nil
	}
	found := find(o.text)
	if len(found) == 0 {
		b.noValue(c, o)
	}
	return found
}

func status(b *binder, c clause, o operand) []string {
	return b.named(c, o, func(name string) (ids []string) {
		for _, s := range b.env.World.Statuses() {
			if strings.EqualFold(s.Name, name) || s.ID == name {
				ids = append(ids, s.ID)
			}
		}
		return ids
	})
}

// category knows the names, keys and ids that all Jira sites share.
func category(b *binder, c clause, o operand) []string {
	return b.named(c, o, func(name string) []string {
		switch strings.ToLower(name) {
		case "to do", "new", "2":
			return []string{string(world.CategoryNew)}
		case "in progress", "indeterminate", "4":
			return []string{string(world.CategoryInProgress)}
		case "done", "3":
			return []string{string(world.CategoryDone)}
		}
		return nil
	})
}

func issueType(b *binder, c clause, o operand) []string {
	return b.named(c, o, func(name string) (ids []string) {
		for _, t := range b.env.World.IssueTypes() {
			if strings.EqualFold(t.Name, name) || t.ID == name {
				ids = append(ids, t.ID)
			}
		}
		return ids
	})
}

// resolution takes any name: Unresolved means that there is none.
func resolution(b *binder, c clause, o operand) []string {
	return b.named(c, o, func(name string) []string {
		if strings.EqualFold(name, "unresolved") {
			return []string{""}
		}
		return []string{name}
	})
}

// user takes an account id, or an address or name that only one account has.
func user(b *binder, c clause, o operand) []string {
	if o.kind == isFunction && strings.EqualFold(o.text, "currentUser") && len(o.args) == 0 {
		return []string{cmp.Or(b.env.Account, "\x00nobody")}
	}
	return b.named(c, o, func(name string) []string {
		if p, ok := b.env.World.Person(name); ok {
			return []string{p.AccountID}
		}
		var found []string
		for _, p := range b.env.World.People() {
			if strings.EqualFold(p.DisplayName, name) || p.Email != "" && strings.EqualFold(p.Email, name) {
				found = append(found, p.AccountID)
			}
		}
		if len(found) > 1 {
			return nil
		}
		return found
	})
}

func priority(b *binder, c clause, o operand) []string {
	return b.named(c, o, func(name string) (ids []string) {
		for _, p := range b.env.World.Priorities() {
			if strings.EqualFold(p.Name, name) || p.ID == name {
				ids = append(ids, p.ID)
			}
		}
		return ids
	})
}

// bindPriority orders by urgency: Highest is greater than High.
func bindPriority(b *binder, c clause) predicate {
	if !orders(c.op) {
		return valueField(priority, func(i *world.Issue) string { return i.Priority.ID }).bind(b, c)
	}
	ids := priority(b, c, c.operands[0])
	for _, p := range b.env.World.Priorities() {
		if slices.Contains(ids, p.ID) {
			return func(i *world.Issue) bool {
				return i.Priority.ID != "" && compare(c.op, cmp.Compare(p.Rank, i.Priority.Rank))
			}
		}
	}
	return never
}

// bindKey orders the keys of one project by number.
func bindKey(b *binder, c clause) predicate {
	if !orders(c.op) {
		return valueField(issueID, func(i *world.Issue) string { return i.ID }).bind(b, c)
	}
	limit, ok := b.env.World.Issue(c.operands[0].text)
	if len(issueID(b, c, c.operands[0])) == 0 || !ok {
		return never
	}
	return func(i *world.Issue) bool {
		return i.Project == limit.Project && compare(c.op, cmp.Compare(i.Number, limit.Number))
	}
}

func issueID(b *binder, c clause, o operand) []string {
	if o.kind == isFunction {
		b.noFunction(c, o)
		return nil
	}
	issue, ok := b.env.World.Issue(o.text)
	if ok && b.env.sees(issue.Project) {
		return []string{issue.ID}
	}
	what := "key"
	if _, err := strconv.ParseInt(o.text, 10, 64); err == nil {
		what = "ID"
	}
	b.fault("An issue with %s '%s' does not exist for field '%s'.", what, clip(o.text), clip(c.field))
	return nil
}

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

func sortable(field string) bool {
	const names = " project status statuscategory issuetype type resolution assignee reporter creator priority key issuekey issue id " +
		"due duedate created createddate updated updateddate resolved resolutiondate summary "
	return strings.Contains(names, " "+strings.ToLower(field)+" ")
}

// order compares two issues by a field; missing values come last.
func (e *Env) order(field string, a, b *world.Issue) int {
	switch field {
	case "key", "issuekey", "issue", "id":
		return cmp.Or(strings.Compare(a.Project, b.Project), cmp.Compare(a.Number, b.Number))
	case "created", "createddate":
		return a.Created.Compare(b.Created)
	case "updated", "updateddate":
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
	case "statuscategory":
		return strconv.Itoa(slices.Index([]world.Category{world.CategoryNew, world.CategoryInProgress, world.CategoryDone}, i.Status.Category))
	case "issuetype", "type":
		return i.Type.Name
	case "resolution":
		return i.Resolution
	case "assignee":
		return e.nameOf(i.Assignee)
	case "reporter":
		return e.nameOf(i.Reporter)
	case "creator":
		return e.nameOf(i.Creator)
	case "due", "duedate":
		return i.Due
	case "summary":
		return strings.ToLower(i.Summary)
	}
	if i.Resolved.IsZero() {
		return ""
	}
	return i.Resolved.UTC().Format("2006-01-02T15:04:05")
}

func (e *Env) nameOf(account string) string {
	p, _ := e.World.Person(account)
	return strings.ToLower(p.DisplayName)
}
