package jql

import (
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// field is a field that queries can use.
type field struct {
	operators string
	bind      func(*binder, clause) predicate
}

// fieldNamed finds a field by its name in any case.
func fieldNamed(name string) (field, bool) {
	switch strings.ToLower(name) {
	case "project":
		return valueField(project, func(i *world.Issue) string { return i.Project }), true
	case "status":
		return valueField(status, func(i *world.Issue) string { return i.Status.ID }), true
	case "statuscategory":
		return valueField(category, func(i *world.Issue) string { return string(i.Status.Category) }), true
	case "issuetype", "type":
		return valueField(issueType, func(i *world.Issue) string { return i.Type.ID }), true
	case "resolution":
		return valueField(resolution, func(i *world.Issue) string { return i.Resolution }), true
	case "assignee":
		return valueField(user, func(i *world.Issue) string { return i.Assignee }), true
	case "reporter":
		return valueField(user, func(i *world.Issue) string { return i.Reporter }), true
	case "creator":
		return valueField(user, func(i *world.Issue) string { return i.Creator }), true
	case "worklogauthor":
		return field{equality, bindWorklogAuthor}, true
	}
	return orderedField(strings.ToLower(name))
}

// aboutWorklogs says whether the field cannot be used if time is not tracked.
func aboutWorklogs(name string) bool {
	return strings.EqualFold(name, "worklogAuthor") || strings.EqualFold(name, "worklogDate")
}

// orderedField finds the fields that have an order, and the texts.
func orderedField(name string) (field, bool) {
	switch name {
	case "priority":
		return field{equality + ordering, bindPriority}, true
	case "key", "issuekey", "issue", "id":
		return field{equality + ordering, bindKey}, true
	case "due", "duedate":
		return field{equality + ordering, bindDue}, true
	case "worklogdate":
		return field{equality + ordering, bindWorklogDate}, true
	case "created", "createddate":
		return timeField(func(i *world.Issue) time.Time { return i.Created }), true
	case "updated", "updateddate":
		return timeField(func(i *world.Issue) time.Time { return i.Updated }), true
	case "resolved", "resolutiondate":
		return timeField(func(i *world.Issue) time.Time { return i.Resolved }), true
	case "summary":
		return textField(func(i *world.Issue) string { return i.Summary }), true
	case "description":
		return textField(func(i *world.Issue) string { return world.PlainText(i.Description) }), true
	case "text":
		return textField(func(i *world.Issue) string { return i.Summary + "\n" + world.PlainText(i.Description) }), true
	}
	return field{}, false
}

// valueField is a field with one value out of several named ones.
func valueField(resolve func(*binder, clause, operand) []string, get func(*world.Issue) string) field {
	return field{equality, func(b *binder, c clause) predicate {
		s := b.set(c, resolve)
		return func(i *world.Issue) bool { return s.test(c.op, get(i)) }
	}}
}

func bindWorklogAuthor(b *binder, c clause) predicate {
	s := b.set(c, user)
	return b.someLog(c.op, s.empty, func(l *world.Worklog) bool { return s.test(c.op, l.Author) })
}

// someLog holds for issues with a worklog that satisfies the test and, if EMPTY
// is asked for, for issues without any.
func (b *binder) someLog(op string, empty bool, test func(*world.Worklog) bool) predicate {
	w := b.env.World
	orNone := empty && (op == "=" || op == "IN" || op == "IS")
	return func(i *world.Issue) bool {
		logs := w.Worklogs(i.ID)
		for _, l := range logs {
			if test(l) {
				return true
			}
		}
		return orNone && len(logs) == 0
	}
}

// compare tells whether the order of a value and an operand satisfies one of
// the ordering operators.
func compare(op string, order int) bool {
	switch op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	}
	return false
}

// textField is a field that is searched for words. It must contain all words of
// the operand; one that ends in * is a prefix.
func textField(get func(*world.Issue) string) field {
	return field{matching, func(b *binder, c clause) predicate {
		o := c.operands[0]
		switch {
		case o.kind == isFunction:
			b.noFunction(c, o)
		case o.kind == isEmpty:
			return func(i *world.Issue) bool { return (get(i) == "") == (c.op == "IS" || c.op == "~") }
		}
		wanted := strings.Fields(strings.ToLower(strings.Trim(o.text, `"`)))
		return func(i *world.Issue) bool {
			return containsAll(words(get(i)), wanted) == (c.op == "~")
		}
	}}
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" \t\n\r.,;:!?()[]{}\"'", r) })
}

func containsAll(have, wanted []string) bool {
	for _, w := range wanted {
		prefix, open := strings.CutSuffix(w, "*")
		found := false
		for _, h := range have {
			found = found || h == w || open && strings.HasPrefix(h, prefix)
		}
		if !found {
			return false
		}
	}
	return true
}
