package jql

import (
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// field is a field that queries can use.
type field struct {
	names     []string // in any case, first the one that is shown
	operators string
	bind      func(*binder, clause) predicate
	custom    string // the id of a custom field
	kind      string // of its values, as Jira's Java names it
	unsorted  bool   // ORDER BY does not take it
	// suggest lists the values that the caller may be offered; nil: none.
	suggest func(*Env) []Suggestion
}

// What Jira calls the values of fields.
const (
	kindText   = "java.lang.String"
	kindNumber = "java.lang.Number"
	kindDate   = "java.util.Date"
	kindUser   = "com.atlassian.jira.user.ApplicationUser"
	kindIssue  = "com.atlassian.jira.issue.Issue"
	kindTeam   = "com.atlassian.teams.Team"
	kindSprint = "com.atlassian.greenhopper.service.sprint.Sprint"
	kindFilter = "com.atlassian.jira.issue.search.SearchRequest"
	kindParts  = "com.atlassian.jira.bc.project.component.ProjectComponent"
	kindBuild  = "com.atlassian.jira.project.version.Version"
)

// is tells whether a query may name the field so.
func (f field) is(name string) bool {
	same := func(n string) bool { return strings.EqualFold(n, name) }
	return slices.ContainsFunc(f.names, same) || f.custom != "" && same(f.clause())
}

// clause is the name that no two custom fields share.
func (f field) clause() string { return clauseOf(f.custom) }

func clauseOf(customField string) string {
	_, number, _ := strings.Cut(customField, "_")
	return "cf[" + number + "]"
}

// ClauseNames are a custom field's names in queries, the one that no other has
// first.
func ClauseNames(id, name string) []string {
	if id == world.TeamField {
		name = "Team[Team]"
	}
	return []string{clauseOf(id), name}
}

// named finds a field.
func (e *Env) named(name string) (field, bool) {
	if e.World.Settings().TimeTrackingOff && (strings.EqualFold(name, "worklogAuthor") || strings.EqualFold(name, "worklogDate")) {
		return field{}, false
	}
	all := e.fields()
	i := slices.IndexFunc(all, func(f field) bool { return f.is(name) })
	if i < 0 {
		return field{}, false
	}
	return all[i], true
}

// fields are all that a query may name.
func (e *Env) fields() []field {
	return slices.Concat(catalogFields(), peopleFields(), timeFields(), textFields(), planFields(), e.madeFields())
}

func catalogFields() []field {
	return []field{
		valueField("project", project, func(i *world.Issue) string { return i.Project }).of("com.atlassian.jira.project.Project", suggestProjects),
		valueField("status", status, func(i *world.Issue) string { return i.Status.ID }).of("com.atlassian.jira.issue.status.Status", suggestStatuses),
		valueField("statusCategory", category, func(i *world.Issue) string { return string(i.Status.Category) }).of("com.atlassian.jira.issue.status.category.StatusCategory", suggestCategories),
		valueField("issuetype type", issueType, func(i *world.Issue) string { return i.Type.ID }).of("com.atlassian.jira.issue.issuetype.IssueType", suggestTypes),
		valueField("resolution", resolution, func(i *world.Issue) string { return i.Resolution }).of("com.atlassian.jira.issue.resolution.Resolution", suggestResolutions),
		newField("priority", equality+ordering, bindPriority).of("com.atlassian.jira.issue.priority.Priority", suggestPriorities),
		newField("key issuekey issue id", equality+ordering, bindKey).of(kindIssue, nil),
		newField("filter savedFilter request searchRequest", membership, bindFilter).of(kindFilter, suggestFilters).outOfOrder(),
	}
}

func peopleFields() []field {
	return []field{
		valueField("assignee", user, func(i *world.Issue) string { return i.Assignee }).of(kindUser, suggestUsers),
		valueField("reporter", user, func(i *world.Issue) string { return i.Reporter }).of(kindUser, suggestUsers),
		valueField("creator", user, func(i *world.Issue) string { return i.Creator }).of(kindUser, suggestUsers),
		newField("worklogAuthor", equality, bindWorklogAuthor).of(kindUser, suggestUsers).outOfOrder(),
	}
}

func timeFields() []field {
	return []field{
		newField("due duedate", equality+ordering, bindDue).of(kindDate, nil),
		newField("worklogDate", equality+ordering, bindWorklogDate).of(kindDate, nil).outOfOrder(),
		durationField("remainingEstimate timeestimate", func(i *world.Issue) *int64 { return i.Remaining }).outOfOrder(),
		timeField("created createdDate", func(i *world.Issue) time.Time { return i.Created }),
		timeField("updated updatedDate", func(i *world.Issue) time.Time { return i.Updated }),
		timeField("resolved resolutionDate", func(i *world.Issue) time.Time { return i.Resolved }),
	}
}

func textFields() []field {
	return []field{
		textField("summary", func(i *world.Issue) string { return i.Summary }),
		textField("description", func(i *world.Issue) string { return world.PlainText(i.Description) }).outOfOrder(),
		textField("text", func(i *world.Issue) string { return i.Summary + "\n" + world.PlainText(i.Description) }).outOfOrder(),
	}
}

// newField makes a field with its names, separated by spaces.
func newField(names, operators string, bind func(*binder, clause) predicate) field {
	return field{names: strings.Fields(names), operators: operators, bind: bind, kind: kindText}
}

// of says what the values are, and which can be suggested.
func (f field) of(kind string, suggest func(*Env) []Suggestion) field {
	f.kind, f.suggest = kind, suggest
	return f
}

// outOfOrder is the field if ORDER BY does not take it.
func (f field) outOfOrder() field {
	f.unsorted = true
	return f
}

// valueField is a field with one value out of several named ones.
func valueField(names string, resolve func(*binder, clause, operand) []string, get func(*world.Issue) string) field {
	return newField(names, equality, func(b *binder, c clause) predicate {
		s := b.set(c, resolve)
		return func(i *world.Issue) bool { return s.test(c.op, get(i)) }
	})
}

func bindWorklogAuthor(b *binder, c clause) predicate {
	s := b.set(c, user)
	return b.someLog(c.op, s.empty, func(l *world.Worklog) bool { return s.test(c.op, l.Author) })
}

// someLog holds for issues with a worklog that satisfies the test and, if EMPTY
// is asked for, for issues without any.
func (b *binder) someLog(op string, empty bool, test func(*world.Worklog) bool) predicate {
	orNone := empty && (op == "=" || op == "IN" || op == "IS")
	return func(i *world.Issue) bool {
		logs := b.env.worklogs(i.ID)
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
func textField(name string, get func(*world.Issue) string) field {
	return newField(name, matching, func(b *binder, c clause) predicate {
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
	})
}

// HasWords tells whether a text contains all words of another, in any case. A
// wanted word that ends in * is a prefix.
func HasWords(s, wanted string) bool {
	return containsAll(words(s), strings.Fields(strings.ToLower(wanted)))
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
