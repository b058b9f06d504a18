package jirarest

import (
	"encoding/base64"
	"slices"
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
		{"security", func(i *world.Issue) (string, string) { return i.Security, i.Security }},
		{"labels", plain(func(i *world.Issue) string { return strings.Join(i.Labels, " ") })},
		{"components", plain(func(i *world.Issue) string { return strings.Join(i.Components, ", ") })},
		{"fixVersions", plain(func(i *world.Issue) string { return strings.Join(i.FixVersions, ", ") })},
		{world.TeamField, plain(func(i *world.Issue) string { t, _ := c.w.Team(i.Team); return t.Name })}, // no ids, as in Jira
		{world.SprintField, c.sprintText},
		{world.StoryPointsField, c.pointsText(world.StoryPointsField)},
		{world.PointEstimateField, c.pointsText(world.PointEstimateField)},
		{"parent", plain(func(i *world.Issue) string { return i.Parent })},
		{"timeoriginalestimate", func(i *world.Issue) (string, string) { return seconds(i.OriginalEstimate) }},
		{"timeestimate", func(i *world.Issue) (string, string) { return seconds(i.Remaining) }},
		{"timespent", func(i *world.Issue) (string, string) { return seconds(i.Spent) }},
	}
}

// sprintText is the ids and the names of the sprints.
func (c issueCall) sprintText(i *world.Issue) (ids, names string) {
	var list []string
	for _, s := range c.w.Sprints("") {
		if slices.Contains(i.Sprints, s.ID) {
			list = append(list, s.Name)
		}
	}
	return strings.Join(i.Sprints, ", "), strings.Join(list, ", ")
}

func (c issueCall) pointsText(field string) func(*world.Issue) (id, text string) {
	return plain(func(i *world.Issue) string {
		if p, _ := c.w.Project(i.Project); p.PointsField() != field || i.Points == nil {
			return ""
		}
		return strconv.FormatFloat(*i.Points, 'f', -1, 64)
	})
}

// changed is one field's change. A custom field has its name beside its id.
func (c issueCall) changed(field, from, fromText, to, toText string) changeItem {
	item := changeItem{
		Field: field, FieldType: "jira", FieldID: field,
		From: orNull(from), FromString: orNull(fromText), To: orNull(to), ToString: orNull(toText),
	}
	if i := slices.IndexFunc(c.api.fields, func(f fieldDef) bool { return f.id == field && f.custom != "" }); i >= 0 {
		item.Field, item.FieldType = c.api.fields[i].name, "custom"
	}
	return item
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
			items = append(items, c.changed(f.id, fromID, from, toID, to))
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
		body["changelog"] = map[string]any{"id": c.keepChange(issue, items), "items": items}
	}
	c.changes = append(c.changes, Change{Event: event, Account: c.me.AccountID, Body: body, IssueKey: issue.Key, ProjectKey: issue.Project})
}

// keepChange puts a change into the issue's changelog and returns its id.
func (c issueCall) keepChange(issue *world.Issue, items []changeItem) string {
	change := world.Change{IssueID: issue.ID, Author: c.me.AccountID, At: c.now}
	for _, i := range items {
		change.Items = append(change.Items, world.ChangeItem{Field: i.FieldID, From: text(i.From), FromText: text(i.FromString), To: text(i.To), ToText: text(i.ToString)})
	}
	return c.w.AddChange(change).ID
}

// text is the opposite of orNull.
func text(value any) string {
	s, _ := value.(string)
	return s
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

// The limits of lists of changes.
const (
	changelogPage      = 100
	maxChangelogIssues = 1000
	maxChangelogFields = 10
	bulkChangelogPage  = 1000
	maxBulkChangelogs  = 10_000
)

// changelogBean is a change of an issue as Jira shows it.
type changelogBean struct {
	ID      string       `json:"id"`
	Author  any          `json:"author,omitempty"`
	Created any          `json:"created"`
	Items   []changeItem `json:"items"`
}

func (c issueCall) changelogBean(change world.Change) changelogBean {
	b := changelogBean{ID: change.ID, Author: c.users().user(change.Author), Created: c.time(change.At)}
	for _, i := range change.Items {
		b.Items = append(b.Items, c.changed(i.Field, i.From, i.FromText, i.To, i.ToText))
	}
	return b
}

// changelog lists an issue's changes, oldest first.
func (c issueCall) changelog() (answer, error) {
	issue, err := c.issue(c.params["issue"])
	if err != nil {
		return answer{}, err
	}
	startAt, maxResults, err := c.page(changelogPage, changelogPage)
	if err != nil {
		return answer{}, err
	}
	all := c.w.Changes(issue.ID)
	page := []changelogBean{}
	for _, change := range slice(all, startAt, maxResults) {
		page = append(page, c.changelogBean(change))
	}
	address := c.link("issue/%s/changelog", issue.ID)
	return ok(map[string]any{
		"self": address, "startAt": startAt, "maxResults": maxResults, "total": len(all),
		"isLast": startAt+len(page) >= len(all), "values": page,
	})
}

// bulkChangelogRequest is the body of a list of several issues' changes.
type bulkChangelogRequest struct {
	Issues     []string `json:"issueIdsOrKeys"`
	Fields     []string `json:"fieldIds"`
	MaxResults *int     `json:"maxResults"`
	Token      string   `json:"nextPageToken"`
}

func (c issueCall) bulkChangelogRequest() (body bulkChangelogRequest, size, start int, err error) {
	if err := c.decode(&body); err != nil {
		return body, 0, 0, err
	}
	size = bulkChangelogPage
	if body.MaxResults != nil {
		size = *body.MaxResults
	}
	raw, errToken := base64.RawURLEncoding.DecodeString(body.Token)
	if body.Token != "" && errToken == nil {
		start, errToken = strconv.Atoi(string(raw))
	}
	switch {
	case len(body.Issues) == 0 || len(body.Issues) > maxChangelogIssues:
		err = badRequest("Between 1 and %d issues must be given.", maxChangelogIssues)
	case len(body.Fields) > maxChangelogFields:
		err = badRequest("At most %d fields can be given.", maxChangelogFields)
	case size < 1 || size > maxBulkChangelogs:
		err = badRequest("maxResults must be from 1 to %d.", maxBulkChangelogs)
	case errToken != nil || start < 0:
		err = badRequest("The provided next page token is invalid.")
	}
	return body, size, start, err
}

// issueChanges are changes of one issue.
type issueChanges struct {
	IssueID string          `json:"issueId"`
	Changes []changelogBean `json:"changeHistories"`
}

// bulkChangelogs lists the changes of several issues, oldest first, each page
// grouped by issue.
func (c issueCall) bulkChangelogs() (answer, error) {
	body, size, start, err := c.bulkChangelogRequest()
	if err != nil {
		return answer{}, err
	}
	var ids []string
	for _, issue := range c.named(body.Issues) {
		ids = append(ids, issue.ID)
	}
	all := ofFields(c.w.Changes(ids...), body.Fields)
	page := slice(all, start, size)
	out := []issueChanges{}
	for _, id := range ids {
		one := issueChanges{IssueID: id}
		for _, change := range page {
			if change.IssueID == id {
				one.Changes = append(one.Changes, c.changelogBean(change))
			}
		}
		if len(one.Changes) > 0 {
			out = append(out, one)
		}
	}
	answered := map[string]any{"issueChangeLogs": out}
	if next := start + len(page); next < len(all) {
		answered["nextPageToken"] = base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(next)))
	}
	return ok(answered)
}

// ofFields keeps what is about certain fields; none named are all.
func ofFields(changes []world.Change, fields []string) []world.Change {
	if len(fields) == 0 {
		return changes
	}
	var kept []world.Change
	for _, c := range changes {
		c.Items = slices.DeleteFunc(slices.Clone(c.Items), func(i world.ChangeItem) bool { return !slices.Contains(fields, i.Field) })
		if len(c.Items) > 0 {
			kept = append(kept, c)
		}
	}
	return kept
}
