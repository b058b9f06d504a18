package jirarest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// issue finds an issue that the caller may browse; others do not exist.
func (c issueCall) issue(keyOrID string) (*world.Issue, error) {
	issue, found := c.w.Issue(keyOrID)
	if !found || !c.sees(issue) {
		return nil, refuse(http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
	}
	return issue, nil
}

func (c issueCall) getIssue() (answer, error) {
	issue, err := c.issue(c.params["issue"])
	if err != nil {
		return answer{}, err
	}
	chosen := c.selectFields(c.list("fields"), "*all")
	chosen.onlyID = false
	b := c.issueBean(issue, chosen)
	b.Properties = c.searches().issueProperties(issue, c.list("properties"))
	expand := c.query.Get("expand")
	if expands(expand, "names") {
		b.Names = chosen.names()
	}
	if expands(expand, "schema") {
		b.Schema = chosen.schema()
	}
	if expands(expand, "transitions") {
		b.Transitions = c.transitions(issue)
	}
	return ok(b)
}

// sees tells whether the caller may see an issue.
func (c *call) sees(i *world.Issue) bool { return c.w.Sees(c.me.AccountID, i) }

// issueRequest is the body of a creation or an edit.
type issueRequest struct {
	Fields     map[string]json.RawMessage              `json:"fields"`
	Update     map[string][]map[string]json.RawMessage `json:"update"`
	Transition *struct {
		ID looseID `json:"id"`
	} `json:"transition"`
	Properties []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"properties"`
	HistoryMetadata json.RawMessage `json:"historyMetadata"`
}

// issueRequest reads and judges the body.
func (c issueCall) issueRequest() (issueRequest, error) {
	var body issueRequest
	if err := c.decode(&body); err != nil {
		return body, err
	}
	if c.api.o.Strict && !c.textual() {
		return body, badPayload()
	}
	for _, p := range body.Properties {
		if p.Key == "" || len(p.Key) > maxPropertyKey || len(p.Value) == 0 || len(p.Value) > maxPropertyValue {
			return body, badField("properties", "A property needs a key and a value that are not too long.")
		}
	}
	return body, nil
}

// textual reports whether the id of the body's transition is a text, as the document
// wants it.
func (c issueCall) textual() bool {
	var body struct {
		Transition struct {
			ID string `json:"id"`
		} `json:"transition"`
	}
	return json.Unmarshal(c.body, &body) == nil
}

// keep sets the properties that came with a creation or an edit.
func (c issueCall) keep(issue *world.Issue, body issueRequest) {
	for _, p := range body.Properties {
		c.w.SetProperty(world.IssueProperties(issue.ID), p.Key, p.Value)
	}
}

func (c issueCall) createIssue() (answer, error) {
	body, err := c.issueRequest()
	if err != nil {
		return answer{}, err
	}
	p, err := c.createIn(body.Fields["project"])
	if err != nil {
		return answer{}, err
	}
	delete(body.Fields, "project")
	draft := world.Issue{
		Project: p.Key, Status: p.Statuses[0], Reporter: c.me.AccountID, Creator: c.me.AccountID,
		Watchers: []string{c.me.AccountID}, Created: c.now, Updated: c.now, Labels: []string{}, Components: []string{}, FixVersions: []string{},
	}
	e := edit{call: c.call, issue: &draft, errors: map[string]string{}}
	e.apply(body)
	if _, given := body.Fields["summary"]; !given {
		e.errors["summary"] = "You must specify a summary of the issue."
	}
	if draft.Type.ID == "" && e.errors["issuetype"] == "" {
		e.errors["issuetype"] = "Specify an issue type"
	}
	if len(e.errors) > 0 {
		return answer{}, &problem{status: http.StatusBadRequest, fields: e.errors}
	}
	issue, err := c.w.CreateIssue(draft)
	if err != nil {
		return answer{}, fmt.Errorf("create issue: %w", err)
	}
	c.keep(issue, body)
	c.told("jira:issue_created", "issue_created", issue, nil)
	return answer{http.StatusCreated, map[string]string{"id": issue.ID, "key": issue.Key, "self": c.link("issue/%s", issue.ID)}}, nil
}

// createIn is the project in which the caller creates an issue.
func (c issueCall) createIn(raw json.RawMessage) (world.Project, error) {
	var ref reference
	if raw != nil && json.Unmarshal(raw, &ref) != nil {
		return world.Project{}, badField("project", "data was not an object")
	}
	key := ref.Key
	if key == "" {
		key = string(ref.ID)
	}
	p, found := c.w.Project(key)
	switch {
	case !found || !c.can(world.BrowseProjects, p.Key):
		return p, badField("project", "Specify a valid project ID or key")
	case !c.can(world.CreateIssues, p.Key):
		return p, c.forbidden("You do not have permission to create issues in this project.")
	case len(p.Statuses) == 0:
		return p, badField("project", "The project has no workflow.")
	}
	return p, nil
}

func (c issueCall) editIssue() (answer, error) {
	issue, err := c.issue(c.params["issue"])
	if err != nil {
		return answer{}, err
	}
	if !c.can(world.EditIssues, issue.Project) {
		return answer{}, c.forbidden("You do not have permission to edit issues in this project.")
	}
	body, err := c.issueRequest()
	if err != nil {
		return answer{}, err
	}
	if len(body.Fields) == 0 && len(body.Update) == 0 && len(body.Properties) == 0 {
		return answer{}, badRequest("one of 'fields' or 'update' required")
	}
	after, err := c.change(issue, "issue_updated", func(e *edit) { e.apply(body) })
	if err != nil {
		return answer{}, err
	}
	c.keep(issue, body)
	if c.query.Get("returnIssue") == "true" {
		return ok(c.issueBean(after, c.selectFields(nil, "*all")))
	}
	return noContent()
}

// change edits an issue and reports the differences. If the edit has errors,
// nothing is saved. If somebody else edits at the same moment, it starts again
// from their result.
func (c issueCall) change(issue *world.Issue, kind string, do func(*edit)) (*world.Issue, error) {
	for {
		after := *issue
		e := edit{call: c.call, issue: &after, errors: map[string]string{}}
		do(&e)
		if len(e.errors) > 0 {
			return nil, &problem{status: http.StatusBadRequest, fields: e.errors}
		}
		items := c.difference(issue, &after)
		if len(items) == 0 {
			return issue, nil
		}
		after.Updated = c.now
		if c.w.SwapIssue(issue, &after) {
			c.told("jira:issue_updated", kind, &after, items)
			return &after, nil
		}
		var err error
		if issue, err = c.issue(issue.ID); err != nil {
			return nil, err
		}
	}
}

func (c issueCall) deleteIssue() (answer, error) {
	issue, err := c.issue(c.params["issue"])
	if err != nil {
		return answer{}, err
	}
	if !c.can(world.DeleteIssues, issue.Project) {
		return answer{}, c.forbidden("You do not have permission to delete issues in this project.")
	}
	parts := slices.Clone(c.w.ProjectIssues(issue.Project))
	parts = slices.DeleteFunc(parts, func(i *world.Issue) bool { return !i.Type.Subtask || i.Parent != issue.Key })
	if len(parts) > 0 && c.query.Get("deleteSubtasks") != "true" {
		return answer{}, badRequest("The issue '%s' has subtasks. You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.", issue.Key)
	}
	for _, i := range append(parts, issue) {
		if _, err := c.w.DeleteIssue(i.ID, c.now); err != nil {
			return answer{}, refuse(http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
		}
		c.told("jira:issue_deleted", "issue_deleted", i, nil)
	}
	return noContent()
}

func (c issueCall) assignIssue() (answer, error) {
	issue, err := c.issue(c.params["issue"])
	if err != nil {
		return answer{}, err
	}
	if !c.can(world.AssignIssues, issue.Project) {
		return answer{}, c.forbidden("You do not have permission to assign issues in this project.")
	}
	if err := c.decodeLoosely(&struct{}{}); err != nil {
		return answer{}, err
	}
	if _, err := c.change(issue, "issue_assigned", func(e *edit) { e.set("assignee", c.body) }); err != nil {
		return answer{}, err
	}
	return noContent()
}

// How many issues can be fetched at once: many if few fields are named, each with a
// single value.
const (
	maxFetched     = 100
	maxFetchedMany = 1000
	maxFetchFields = 100
)

// fetchRequest is the body of a bulk fetch.
type fetchRequest struct {
	Issues       []string `json:"issueIdsOrKeys"`
	Fields       []string `json:"fields"`
	FieldsByKeys bool     `json:"fieldsByKeys"`
	Expand       []string `json:"expand"`
	Properties   []string `json:"properties"`
}

// bulkFetch shows issues by their ids or keys, in the order of their ids. Those that
// the caller does not see are left out.
func (c issueCall) bulkFetch() (answer, error) {
	var body fetchRequest
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	body.Fields, body.Properties = splitLists(body.Fields), splitLists(body.Properties)
	if err := c.judgeFetch(body); err != nil {
		return answer{}, err
	}
	chosen := c.selectFields(body.Fields, "*navigable")
	out := []*issueBean{}
	for _, i := range c.named(body.Issues) {
		b := c.issueBean(i, chosen)
		b.Properties = c.searches().issueProperties(i, body.Properties)
		if slices.Contains(body.Expand, "transitions") {
			b.Transitions = c.transitions(i)
		}
		out = append(out, b)
	}
	return ok(map[string]any{"issues": out, "issueErrors": []any{}})
}

func (c issueCall) judgeFetch(body fetchRequest) error {
	most := maxFetched
	if c.isLight(body) {
		most = maxFetchedMany
	}
	switch {
	case len(body.Issues) == 0:
		return badRequest("At least one issue id or key must be given.")
	case len(body.Issues) > most:
		return badRequest("At most %d issues can be fetched with these fields.", most)
	case len(body.Properties) > maxProperties:
		return badRequest("At most %d properties can be requested.", maxProperties)
	}
	return nil
}

// isLight reports whether a request names few fields, each with a single value.
func (c issueCall) isLight(body fetchRequest) bool {
	if len(body.Fields) > maxFetchFields || len(body.Expand) > 0 {
		return false
	}
	named := 0
	for _, name := range body.Fields {
		if strings.HasPrefix(name, "-") {
			continue
		}
		named++
		many := func(f fieldDef) bool { return strings.EqualFold(f.id, name) && f.kind == "array" }
		if strings.HasPrefix(name, "*") || slices.ContainsFunc(c.fields(), many) {
			return false
		}
	}
	return named > 0
}

// named are the issues that the caller sees of a list, each once, by id.
func (c issueCall) named(keysOrIDs []string) []*world.Issue {
	var found []*world.Issue
	for _, name := range keysOrIDs {
		if issue, err := c.issue(name); err == nil {
			found = append(found, issue)
		}
	}
	slices.SortFunc(found, func(a, b *world.Issue) int { return cmp.Compare(idNumber(a.ID), idNumber(b.ID)) })
	return slices.CompactFunc(found, func(a, b *world.Issue) bool { return a.ID == b.ID })
}
