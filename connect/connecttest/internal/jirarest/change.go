package jirarest

import (
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// changeItem is one difference in a changelog.
type changeItem struct {
	Field      string `json:"field"`
	FieldType  string `json:"fieldtype"`
	FieldID    string `json:"fieldId"`
	From       any    `json:"from"`
	FromString any    `json:"fromString"`
	To         any    `json:"to"`
	ToString   any    `json:"toString"`
}

// trackedField is a field whose changes a changelog tells. value gives an id,
// where it has one, and a text.
type trackedField struct {
	id    string
	value func(*world.Issue) (id, text string)
}

func plain(get func(*world.Issue) string) func(*world.Issue) (string, string) {
	return func(i *world.Issue) (string, string) { return "", get(i) }
}

func (c issueCall) tracked() []trackedField {
	name := func(account string) (string, string) {
		p, _ := c.w.Person(account)
		return account, p.DisplayName
	}
	return []trackedField{
		{"summary", plain(func(i *world.Issue) string { return i.Summary })},
		{"description", plain(func(i *world.Issue) string { return world.PlainText(i.Description) })},
		{"issuetype", func(i *world.Issue) (string, string) { return i.Type.ID, i.Type.Name }},
		{"status", func(i *world.Issue) (string, string) { return i.Status.ID, i.Status.Name }},
		{"resolution", plain(func(i *world.Issue) string { return i.Resolution })},
		{"priority", func(i *world.Issue) (string, string) { return i.Priority.ID, i.Priority.Name }},
		{"assignee", func(i *world.Issue) (string, string) { return name(i.Assignee) }},
		{"reporter", func(i *world.Issue) (string, string) { return name(i.Reporter) }},
		{"duedate", func(i *world.Issue) (string, string) { return i.Due, i.Due }},
		{"labels", plain(func(i *world.Issue) string { return strings.Join(i.Labels, " ") })},
		{"parent", plain(func(i *world.Issue) string { return i.Parent })},
		{"timeoriginalestimate", func(i *world.Issue) (string, string) { return seconds(i.OriginalEstimate) }},
		{"timeestimate", func(i *world.Issue) (string, string) { return seconds(i.Remaining) }},
		{"timespent", func(i *world.Issue) (string, string) { return seconds(i.Spent) }},
	}
}

func seconds(n *int64) (id, text string) {
	if n == nil {
		return "", ""
	}
	s := strconv.FormatInt(*n, 10)
	return s, s
}

// difference lists what an edit changed.
func (c issueCall) difference(before, after *world.Issue) []changeItem {
	var items []changeItem
	for _, f := range c.tracked() {
		fromID, from := f.value(before)
		toID, to := f.value(after)
		if fromID != toID || from != to {
			items = append(items, changeItem{
				Field: f.id, FieldType: "jira", FieldID: f.id,
				From: orNull(fromID), FromString: orNull(from), To: orNull(toID), ToString: orNull(to),
			})
		}
	}
	return items
}

// told reports the webhook of an issue's change,
// https://developer.atlassian.com/cloud/jira/platform/webhooks/.
func (c issueCall) told(event, kind string, issue *world.Issue, items []changeItem) {
	body := map[string]any{
		"timestamp": c.now.UnixMilli(), "webhookEvent": event, "issue_event_type_name": kind,
		"user": c.inVersion2().users().user(c.me.AccountID), "issue": c.inVersion2().issues().issueBean(issue, c.selectFields(nil, "*all")),
	}
	if len(items) > 0 {
		body["changelog"] = map[string]any{"id": strconv.FormatInt(c.now.UnixNano()/1000, 10), "items": items}
	}
	c.changes = append(c.changes, Change{Event: event, Account: c.me.AccountID, Body: body, IssueKey: issue.Key, ProjectKey: issue.Project})
}

// toldWorklog reports the two webhooks of logged time: the worklog's, and the
// issue's, whose times changed with it.
func (c worklogCall) toldWorklog(event, kind string, l *world.Worklog, before *world.Issue) {
	after, found := c.w.Issue(l.IssueID)
	if !found {
		return
	}
	c.changes = append(c.changes, Change{
		Event: event, Account: c.me.AccountID, IssueKey: after.Key, ProjectKey: after.Project,
		Body: map[string]any{"timestamp": c.now.UnixMilli(), "webhookEvent": event, "worklog": c.inVersion2().worklogs().worklogBean(l)},
	})
	c.issues().told("jira:issue_updated", kind, after, c.issues().difference(before, after))
}

// inVersion2 is the call as version 2 shows things, as webhooks do; they
// contain no e-mail addresses.
func (c *call) inVersion2() *call {
	v := *c
	v.version, v.me, v.shown = "2", world.Person{}, map[string]*userBean{}
	return &v
}
