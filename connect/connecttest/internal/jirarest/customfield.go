package jirarest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The kinds of custom fields of Jira's own, and of the agile and teams apps.
const (
	customTypes   = "com.atlassian.jira.plugin.system.customfieldtypes:"
	kindOfSprints = "com.pyxis.greenhopper.jira:gh-sprint"
	kindOfPoints  = "com.pyxis.greenhopper.jira:jsw-story-points"
	kindOfTeams   = "com.atlassian.teams:rm-teams-custom-field-team"
)

// appFields are the custom fields of the agile and teams apps.
func appFields() []fieldDef {
	points := func(id string) func(issueCall, *world.Issue) any {
		return func(c issueCall, i *world.Issue) any {
			if p, _ := c.w.Project(i.Project); p.PointsField() != id || i.Points == nil {
				return nil
			}
			return *i.Points
		}
	}
	return []fieldDef{
		{id: world.TeamField, name: "Team", kind: "team", navigable: true, custom: kindOfTeams, locked: true, get: issueCall.team},
		{id: world.PointEstimateField, name: "Story point estimate", kind: "number", navigable: true, custom: kindOfPoints, locked: true, get: points(world.PointEstimateField)},
		{id: world.SprintField, name: "Sprint", kind: "array", items: "json", navigable: true, custom: kindOfSprints, locked: true, get: issueCall.sprints},
		{id: world.StoryPointsField, name: "Story Points", kind: "number", navigable: true, custom: customTypes + "float", get: points(world.StoryPointsField)},
	}
}

// fields are all that issues can have, those that administrators made included.
func (c *call) fields() []fieldDef {
	made := c.w.CustomFields()
	if len(made) == 0 {
		return c.api.fields
	}
	all := slices.Clone(c.api.fields)
	for _, f := range made {
		kind := typeOf(f.Type)
		all = append(all, fieldDef{
			id: f.ID, name: f.Name, kind: kind.kind, items: kind.items, navigable: true, custom: f.Type,
			get: func(issueCall, *world.Issue) any { return nil },
		})
	}
	return all
}

type teamBean struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Title     string `json:"title"`
	AvatarURL string `json:"avatarUrl"`
	Visible   bool   `json:"isVisible"`
	Shared    bool   `json:"isShared"`
}

func (c issueCall) team(i *world.Issue) any {
	t, found := c.w.Team(i.Team)
	if !found {
		return nil
	}
	return teamBean{t.ID, t.Name, t.Name, c.icon(t.Name), true, true}
}

type sprintBean struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	State     string `json:"state"`
	Board     int64  `json:"boardId"`
	Goal      string `json:"goal"`
	Start     any    `json:"startDate,omitempty"`
	End       any    `json:"endDate,omitempty"`
	Completed any    `json:"completeDate,omitempty"`
}

func (c issueCall) sprints(i *world.Issue) any {
	if len(i.Sprints) == 0 {
		return nil
	}
	out := []sprintBean{}
	for _, s := range c.w.Sprints("") {
		if slices.Contains(i.Sprints, s.ID) {
			out = append(out, sprintBean{idNumber(s.ID), s.Name, string(s.State), idNumber(s.Board), s.Goal, c.time(s.Start), c.time(s.End), c.time(s.Ended)})
		}
	}
	return out
}

// fieldBean is a field as Jira shows it.
type fieldBean struct {
	ID          string     `json:"id"`
	Key         string     `json:"key"`
	Name        string     `json:"name"`
	Custom      bool       `json:"custom"`
	Orderable   bool       `json:"orderable"`
	Navigable   bool       `json:"navigable"`
	Searchable  bool       `json:"searchable"`
	ClauseNames []string   `json:"clauseNames"`
	Schema      schemaBean `json:"schema"`
}

func (f fieldDef) bean() fieldBean {
	b := fieldBean{
		ID: f.id, Key: f.id, Name: f.name, Orderable: true, Navigable: f.navigable, Searchable: true,
		ClauseNames: []string{f.id}, Schema: f.schema(),
	}
	switch {
	case f.custom != "":
		b.Custom, b.ClauseNames = true, jql.ClauseNames(f.id, f.name)
	case f.id == "components":
		b.ClauseNames = []string{"component"}
	case f.id == "fixVersions":
		b.ClauseNames = []string{"fixVersion"}
	case f.id == "duedate":
		b.ClauseNames = []string{"due", "duedate"}
	}
	return b
}

// listFields lists the fields that issues have now.
func (c fieldCall) listFields() (answer, error) {
	out := []fieldBean{}
	for _, f := range c.issues().selectFields(nil, "*all").fields {
		out = append(out, f.bean())
	}
	return ok(out)
}

// foundField is a field as the search for fields shows it.
type foundField struct {
	ID            string     `json:"id"`
	Key           string     `json:"key,omitempty"`
	Name          string     `json:"name"`
	Description   string     `json:"description"`
	Schema        schemaBean `json:"schema"`
	StableID      string     `json:"stableId,omitempty"`
	TypeName      string     `json:"typeDisplayName,omitempty"`
	Locked        *bool      `json:"isLocked,omitempty"`
	Searcher      string     `json:"searcherKey,omitempty"`
	ScreensCount  *int       `json:"screensCount,omitempty"`
	ContextsCount *int       `json:"contextsCount,omitempty"`
	LastUsed      *lastUsed  `json:"lastUsed,omitempty"`
}

type lastUsed struct {
	Type string `json:"type"`
}

// searchFields pages through the fields, for administrators.
func (c fieldCall) searchFields() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "Only Jira administrators can access custom fields.")
	}
	startAt, maxResults, err := c.page(50, 100)
	if err != nil {
		return answer{}, err
	}
	kinds, ids := c.list("type"), c.list("id")
	if i := slices.IndexFunc(kinds, func(k string) bool { return k != "custom" && k != "system" }); i >= 0 {
		return answer{}, badRequest("The type '%s' is not valid: it must be 'custom' or 'system'.", kinds[i])
	}
	for _, id := range c.list("projectIds") {
		if _, err := c.projects().project(id); err != nil {
			return answer{}, badRequest("The project with id '%s' does not exist.", id)
		}
	}
	query := strings.ToLower(c.query.Get("query"))
	found := []foundField{}
	for _, f := range c.fields() {
		kind := "system"
		if f.custom != "" {
			kind = "custom"
		}
		b := c.found(f)
		matches := strings.Contains(strings.ToLower(b.Name), query) || strings.Contains(strings.ToLower(b.Description), query)
		if matches && (len(kinds) == 0 || slices.Contains(kinds, kind)) && (len(ids) == 0 || slices.Contains(ids, f.id)) {
			found = append(found, b)
		}
	}
	if err := c.sortFields(found); err != nil {
		return answer{}, err
	}
	return ok(pageOf(c.call, found, startAt, maxResults))
}

// found shows a field with what the caller expands.
func (c fieldCall) found(f fieldDef) foundField {
	b := foundField{ID: f.id, Name: f.name, Schema: f.schema(), StableID: f.id}
	searcher := ""
	for _, made := range c.w.CustomFields() {
		if made.ID == f.id {
			b.Description, searcher = made.Description, made.Searcher
		}
	}
	one, none := 1, 0
	for _, name := range splitLists([]string{c.query.Get("expand")}) {
		switch name {
		case "key":
			b.Key = f.id
		case "isLocked":
			b.Locked = &f.locked
		case "searcherKey":
			b.Searcher = searcher
		case "screensCount":
			b.ScreensCount = &none
		case "contextsCount":
			b.ContextsCount = &one
		case "lastUsed":
			b.LastUsed = &lastUsed{"NOT_TRACKED"}
		}
	}
	return b
}

// sortFields sorts by name, or by what is the same for all fields here.
func (c fieldCall) sortFields(list []foundField) error {
	by, down := strings.CutPrefix(cmp.Or(c.query.Get("orderBy"), "name"), "-")
	by = strings.TrimLeft(by, "+ ")
	if !slices.Contains([]string{"name", "contextsCount", "lastUsed", "screensCount", "projectsCount"}, by) {
		return badRequest("The orderBy value '%s' is not valid.", by)
	}
	slices.SortStableFunc(list, func(a, b foundField) int {
		order := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		if down && by == "name" {
			return -order
		}
		return order
	})
	return nil
}

// fieldType is what the values of a kind of custom field are.
type fieldType struct{ key, kind, items string }

func typeOf(key string) fieldType {
	i := slices.IndexFunc(fieldTypes(), func(t fieldType) bool { return customTypes+t.key == key })
	if i < 0 {
		return fieldType{}
	}
	return fieldTypes()[i]
}

func fieldTypes() []fieldType {
	return []fieldType{
		{"cascadingselect", "option-with-child", ""},
		{"datepicker", "date", ""},
		{"datetime", "datetime", ""},
		{"float", "number", ""},
		{"grouppicker", "group", ""},
		{"importid", "number", ""},
		{"labels", "array", "string"},
		{"multicheckboxes", "array", "option"},
		{"multigrouppicker", "array", "group"},
		{"multiselect", "array", "option"},
		{"multiuserpicker", "array", "user"},
		{"multiversion", "array", "version"},
		{"project", "project", ""},
		{"radiobuttons", "option", ""},
		{"readonlyfield", "string", ""},
		{"select", "option", ""},
		{"textarea", "string", ""},
		{"textfield", "string", ""},
		{"url", "string", ""},
		{"userpicker", "user", ""},
		{"version", "version", ""},
	}
}

func searchers() []string {
	return []string{
		"cascadingselectsearcher", "daterange", "datetimerange", "exactnumber", "exacttextsearcher", "grouppickersearcher", "labelsearcher",
		"multiselectsearcher", "numberrange", "projectsearcher", "textsearcher", "userpickergroupsearcher", "versionsearcher",
	}
}

// createField makes a custom field. It is on no screen, so issues have no values
// in it.
func (c fieldCall) createField() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "Only Jira administrators can create custom fields.")
	}
	var body struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Type        string `json:"type"`
		Searcher    string `json:"searcherKey"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	searcher, own := strings.CutPrefix(body.Searcher, customTypes)
	switch {
	case strings.TrimSpace(body.Name) == "" || utf8.RuneCountInString(body.Name) > 255:
		return answer{}, badField("name", "The name of the custom field must have between 1 and 255 characters.")
	case typeOf(body.Type).key == "":
		return answer{}, badField("type", "The custom field type '%s' could not be found.", body.Type)
	case body.Searcher != "" && (!own || !slices.Contains(searchers(), searcher)):
		return answer{}, badField("searcherKey", "The searcher '%s' could not be found.", body.Searcher)
	}
	made := c.w.CreateCustomField(world.CustomField{Name: body.Name, Description: body.Description, Type: body.Type, Searcher: body.Searcher})
	all := c.fields()
	bean := all[slices.IndexFunc(all, func(f fieldDef) bool { return f.id == made.ID })].bean()
	bean.Searchable = made.Searcher != ""
	return answer{http.StatusCreated, bean}, nil
}
