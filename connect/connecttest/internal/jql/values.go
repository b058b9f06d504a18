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
		for _, known := range world.StatusCategories() {
			if strings.EqualFold(name, known.Name) || strings.EqualFold(name, string(known.Key)) || name == strconv.Itoa(known.ID) {
				return []string{string(known.Key)}
			}
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

// user takes an account id, an address or name that only one account has, the
// caller, or a group's members.
func user(b *binder, c clause, o operand) []string {
	switch {
	case o.kind == isFunction && strings.EqualFold(o.text, "currentUser") && len(o.args) == 0:
		return []string{cmp.Or(b.env.Account, "\x00nobody")}
	case o.kind == isFunction && strings.EqualFold(o.text, "membersOf"):
		return b.membersOf(o)
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

// membersOf are the people in a group, which its name or its id names.
func (b *binder) membersOf(o operand) []string {
	if len(o.args) != 1 {
		b.fault("Function '%s' expected '1' arguments but received '%d'.", clip(o.text), len(o.args))
		return nil
	}
	group, known := b.env.World.Group(strings.TrimPrefix(o.args[0], "id: "))
	if !known {
		b.fault("Function '%s' can not generate a list of usernames for group '%s'; the group does not exist.", clip(o.text), clip(o.args[0]))
	}
	return group.Members
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
		return valueField("", priority, func(i *world.Issue) string { return i.Priority.ID }).bind(b, c)
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
		return valueField("", issueID, func(i *world.Issue) string { return i.ID }).bind(b, c)
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
	if ok && b.env.shows(issue) {
		return []string{issue.ID}
	}
	what := "key"
	if _, err := strconv.ParseInt(o.text, 10, 64); err == nil {
		what = "ID"
	}
	b.fault("An issue with %s '%s' does not exist for field '%s'.", what, clip(o.text), clip(c.field))
	return nil
}
