package jirarest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/avatar"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// fieldDef is a field of issues.
type fieldDef struct {
	id        string
	name      string
	kind      string // type in a schema
	navigable bool
	get       func(issueCall, *world.Issue) any
	items     string // of an array
	custom    string // the kind of a custom field
	locked    bool   // its app keeps it as it is
}

// systemFields are those of every site.
func systemFields() []fieldDef {
	return []fieldDef{
		systemField("summary", "Summary", "string", true, func(_ issueCall, i *world.Issue) any { return i.Summary }),
		systemField("issuetype", "Issue Type", "issuetype", true, func(c issueCall, i *world.Issue) any { return c.projects().typeBean(i.Type) }),
		systemField("project", "Project", "project", true, issueCall.issueProject),
		systemField("status", "Status", "status", true, func(c issueCall, i *world.Issue) any { return c.statusBean(i.Status) }),
		systemField("statusCategory", "Status Category", "statusCategory", true, func(c issueCall, i *world.Issue) any { return c.categoryOf(i.Status.Category) }),
		systemField("priority", "Priority", "priority", true, issueCall.priority),
		systemField("resolution", "Resolution", "resolution", true, issueCall.resolution),
		systemField("assignee", "Assignee", "user", true, func(c issueCall, i *world.Issue) any { return c.users().user(i.Assignee) }),
		systemField("reporter", "Reporter", "user", true, func(c issueCall, i *world.Issue) any { return c.users().user(i.Reporter) }),
		systemField("creator", "Creator", "user", true, func(c issueCall, i *world.Issue) any { return c.users().user(i.Creator) }),
		systemField("created", "Created", "datetime", true, func(c issueCall, i *world.Issue) any { return c.time(i.Created) }),
		systemField("updated", "Updated", "datetime", true, func(c issueCall, i *world.Issue) any { return c.time(i.Updated) }),
		systemField("resolutiondate", "Resolved", "datetime", true, func(c issueCall, i *world.Issue) any { return c.time(i.Resolved) }),
		systemField("duedate", "Due date", "date", true, func(_ issueCall, i *world.Issue) any { return orNull(i.Due) }),
		systemField("timeoriginalestimate", "Original estimate", "number", true, func(_ issueCall, i *world.Issue) any { return i.OriginalEstimate }),
		systemField("timeestimate", "Remaining Estimate", "number", true, func(_ issueCall, i *world.Issue) any { return i.Remaining }),
		systemField("timespent", "Time Spent", "number", true, func(_ issueCall, i *world.Issue) any { return i.Spent }),
		systemField("labels", "Labels", "array", true, func(_ issueCall, i *world.Issue) any { return i.Labels }).of("string"),
		systemField("components", "Components", "array", true, func(c issueCall, i *world.Issue) any { return c.parts().components(i) }).of("component"),
		systemField("fixVersions", "Fix versions", "array", true, func(c issueCall, i *world.Issue) any { return c.parts().versions(i) }).of("version"),
		systemField("security", "Security Level", "securitylevel", true, issueCall.security),
		systemField("parent", "Parent", "issuelink", true, issueCall.parent),
		systemField("description", "Description", "string", false, func(c issueCall, i *world.Issue) any { return c.text(i.Description) }),
		systemField("timetracking", "Time tracking", "timetracking", false, func(c issueCall, i *world.Issue) any { return c.workTime().Tracking(i) }),
		systemField("attachment", "Attachment", "array", false, func(c issueCall, i *world.Issue) any { return c.attachments().attachmentField(i) }).of("attachment"),
		systemField("worklog", "Log Work", "array", false, func(c issueCall, i *world.Issue) any { return c.worklogs().worklogField(i) }).of("worklog"),
	}
}

// systemField is a field of Jira's own.
func systemField(id, name, kind string, navigable bool, get func(issueCall, *world.Issue) any) fieldDef {
	return fieldDef{id: id, name: name, kind: kind, navigable: navigable, get: get}
}

// of says what an array holds.
func (f fieldDef) of(items string) fieldDef {
	f.items = items
	return f
}

// schema says what the field's values are.
func (f fieldDef) schema() schemaBean {
	b := schemaBean{Type: f.kind, Items: f.items, System: f.id}
	if f.custom != "" {
		b.System, b.Custom, b.CustomID = "", f.custom, world.CustomFieldNumber(f.id)
	}
	return b
}

// timeField says whether a field exists only if time is tracked.
func timeField(id string) bool {
	switch id {
	case "timeoriginalestimate", "timeestimate", "timespent", "timetracking", "worklog":
		return true
	}
	return false
}

// selection is what a request wants of each issue.
type selection struct {
	onlyID bool // only the id
	fields []fieldDef
}

// selectFields reads a list of fields. Unknown names are ignored, as in Jira. A
// list of exclusions starts from the given default.
func (c issueCall) selectFields(names []string, fallback string) selection {
	if len(names) == 0 {
		names = []string{fallback}
	}
	if len(names) == 1 && names[0] == "id" {
		return selection{onlyID: true}
	}
	wanted := map[string]bool{}
	if !slices.ContainsFunc(names, func(n string) bool { return !strings.HasPrefix(n, "-") }) {
		names = append([]string{excludeFrom(fallback)}, names...)
	}
	for _, n := range names {
		for _, f := range c.fields() {
			switch {
			case n == "*all", n == "*navigable" && f.navigable, strings.EqualFold(n, f.id):
				wanted[f.id] = true
			case strings.EqualFold(n, "-"+f.id):
				delete(wanted, f.id)
			}
		}
	}
	untimed := c.w.Settings().TimeTrackingOff
	return selection{fields: slices.DeleteFunc(slices.Clone(c.fields()), func(f fieldDef) bool {
		return !wanted[f.id] || untimed && timeField(f.id)
	})}
}

// excludeFrom is where a list of only exclusions starts.
func excludeFrom(fallback string) string {
	if fallback == "id" {
		return "*navigable"
	}
	return fallback
}

// issueBean is an issue as Jira shows it.
type issueBean struct {
	Expand      string                     `json:"expand,omitempty"`
	ID          string                     `json:"id"`
	Self        string                     `json:"self,omitempty"`
	Key         string                     `json:"key,omitempty"`
	Fields      map[string]any             `json:"fields,omitempty"`
	Properties  map[string]json.RawMessage `json:"properties,omitempty"`
	Names       map[string]string          `json:"names,omitempty"`
	Schema      map[string]schemaBean      `json:"schema,omitempty"`
	Transitions []transitionBean           `json:"transitions,omitempty"`
}

type schemaBean struct {
	Type     string `json:"type"`
	Items    string `json:"items,omitempty"`
	System   string `json:"system,omitempty"`
	Custom   string `json:"custom,omitempty"`
	CustomID int64  `json:"customId,omitempty"`
}

const issueExpand = "names,schema,transitions,operations,editmeta,changelog,renderedFields"

func (c issueCall) issueBean(i *world.Issue, s selection) *issueBean {
	if s.onlyID {
		return &issueBean{ID: i.ID}
	}
	b := &issueBean{Expand: issueExpand, ID: i.ID, Key: i.Key, Self: c.link("issue/%s", i.ID)}
	if len(s.fields) > 0 {
		b.Fields = make(map[string]any, len(s.fields))
		for _, f := range s.fields {
			b.Fields[f.id] = f.get(c, i)
		}
	}
	return b
}

func (s selection) names() map[string]string {
	out := map[string]string{}
	for _, f := range s.fields {
		out[f.id] = f.name
	}
	return out
}

func (s selection) schema() map[string]schemaBean {
	out := map[string]schemaBean{}
	for _, f := range s.fields {
		out[f.id] = f.schema()
	}
	return out
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

type namedBean struct {
	Self        string `json:"self,omitempty"`
	ID          string `json:"id,omitempty"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	IconURL     string `json:"iconUrl,omitempty"`
}

type statusBean struct {
	Self     string             `json:"self"`
	Name     string             `json:"name"`
	ID       string             `json:"id"`
	IconURL  string             `json:"iconUrl"`
	Category statusCategoryBean `json:"statusCategory"`
}

type statusCategoryBean struct {
	Self  string `json:"self"`
	ID    int    `json:"id"`
	Key   string `json:"key"`
	Color string `json:"colorName"`
	Name  string `json:"name"`
}

func (c issueCall) statusBean(s world.Status) statusBean {
	return statusBean{c.link("status/%s", s.ID), s.Name, s.ID, c.icon(s.Name), c.categoryOf(s.Category)}
}

func (c issueCall) categoryOf(k world.Category) statusCategoryBean {
	of := world.StatusCategories()[k.Index()] // a world has no others
	return statusCategoryBean{c.link("statuscategory/%d", of.ID), of.ID, string(of.Key), of.Color, of.Name}
}

func (c issueCall) priority(i *world.Issue) any {
	if i.Priority.ID == "" {
		return nil
	}
	return namedBean{Self: c.link("priority/%s", i.Priority.ID), ID: i.Priority.ID, Name: i.Priority.Name, IconURL: c.icon(i.Priority.Name)}
}

func (c issueCall) resolution(i *world.Issue) any {
	if i.Resolution == "" {
		return nil
	}
	id := itoa(10000 + int(avatar.Hue(i.Resolution)))
	return namedBean{Self: c.link("resolution/%s", id), ID: id, Name: i.Resolution}
}

func (c issueCall) security(i *world.Issue) any {
	level, ok := c.w.Level(i.Security)
	if !ok {
		return nil
	}
	return namedBean{Self: c.link("securitylevel/%s", level.ID), ID: level.ID, Name: level.Name}
}

func (c issueCall) issueProject(i *world.Issue) any {
	p, _ := c.w.Project(i.Project)
	return c.projects().projectBean(p)
}

func (c issueCall) parent(i *world.Issue) any {
	p, found := c.w.Issue(i.Parent)
	if !found || c.me.AccountID != "" && !c.sees(p) {
		return nil
	}
	fields := selection{fields: slices.DeleteFunc(slices.Clone(c.fields()), func(f fieldDef) bool {
		return !slices.Contains([]string{"summary", "status", "priority", "issuetype"}, f.id)
	})}
	b := c.issueBean(p, fields)
	b.Expand = ""
	return b
}

// text shows rich text: a document in version 3, plain text in version 2.
func (c *call) text(doc json.RawMessage) any {
	switch {
	case doc == nil:
		return nil
	case c.version == "3":
		return doc
	}
	return world.PlainText(doc)
}
