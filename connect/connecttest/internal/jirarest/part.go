package jirarest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// componentBean is a component as Jira shows it; an issue's has no more than the
// description.
type componentBean struct {
	Self         string `json:"self"`
	ID           string `json:"id"`
	Name         string `json:"name"`
	Description  string `json:"description,omitempty"`
	Lead         any    `json:"lead,omitempty"`
	AssigneeType string `json:"assigneeType,omitempty"`
	RealType     string `json:"realAssigneeType,omitempty"`
	TypeValid    *bool  `json:"isAssigneeTypeValid,omitempty"`
	Project      string `json:"project,omitempty"`
	ProjectID    int64  `json:"projectId,omitempty"`
}

func (c partCall) component(v world.Component) componentBean {
	return componentBean{Self: c.link("component/%s", v.ID), ID: v.ID, Name: v.Name, Description: v.Description}
}

// components are an issue's.
func (c partCall) components(i *world.Issue) []componentBean {
	out := []componentBean{}
	if len(i.Components) == 0 {
		return out
	}
	for _, v := range c.w.Components(i.Project) {
		if slices.Contains(i.Components, v.Name) {
			out = append(out, c.component(v))
		}
	}
	return out
}

// listComponents lists a project's components.
func (c partCall) listComponents() (answer, error) {
	p, err := c.projects().project(c.params["project"])
	if err != nil {
		return answer{}, err
	}
	if source := c.query.Get("componentSource"); source != "" && !slices.Contains([]string{"jira", "compass", "auto"}, source) {
		return answer{}, badRequest("The componentSource '%s' is not valid: it must be 'jira', 'compass' or 'auto'.", source)
	}
	out := []componentBean{}
	if c.query.Get("componentSource") == "compass" {
		return ok(out)
	}
	yes := true
	for _, v := range c.w.Components(p.Key) {
		b := c.component(v)
		b.Lead, b.AssigneeType, b.RealType, b.TypeValid = c.users().user(v.LeadID), "PROJECT_DEFAULT", "PROJECT_DEFAULT", &yes
		b.Project, b.ProjectID = p.Key, idNumber(p.ID)
		out = append(out, b)
	}
	return ok(out)
}

// versionBean is a version as Jira shows it.
type versionBean struct {
	Self        string         `json:"self"`
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Archived    bool           `json:"archived"`
	Released    bool           `json:"released"`
	Start       string         `json:"startDate,omitempty"`
	Release     string         `json:"releaseDate,omitempty"`
	Overdue     *bool          `json:"overdue,omitempty"`
	ProjectID   int64          `json:"projectId,omitempty"`
	Issues      *versionIssues `json:"issuesStatusForFixVersion,omitempty"`
}

type versionIssues struct {
	Unmapped   int `json:"unmapped"`
	ToDo       int `json:"toDo"`
	InProgress int `json:"inProgress"`
	Done       int `json:"done"`
}

func (c partCall) version(v world.Version) versionBean {
	return versionBean{
		Self: c.link("version/%s", v.ID), ID: v.ID, Name: v.Name, Description: v.Description,
		Archived: v.Archived, Released: v.Released, Start: v.Start, Release: v.Release,
	}
}

// versions are those that fix an issue.
func (c partCall) versions(i *world.Issue) []versionBean {
	out := []versionBean{}
	if len(i.FixVersions) == 0 {
		return out
	}
	for _, v := range c.w.Versions(i.Project) {
		if slices.Contains(i.FixVersions, v.Name) {
			b := c.version(v)
			b.Start = ""
			out = append(out, b)
		}
	}
	return out
}

// listVersions lists a project's versions.
func (c partCall) listVersions() (answer, error) {
	p, err := c.projects().project(c.params["project"])
	if err != nil {
		return answer{}, err
	}
	out := []versionBean{}
	for _, v := range c.w.Versions(p.Key) {
		b := c.version(v)
		late := !v.Released && v.Release != "" && v.Release < c.now.In(c.zone).Format("2006-01-02")
		b.Overdue, b.ProjectID = &late, idNumber(p.ID)
		if expands(c.query.Get("expand"), "issuesstatus") {
			b.Issues = c.issuesOf(v)
		}
		out = append(out, b)
	}
	return ok(out)
}

func (c partCall) issuesOf(v world.Version) *versionIssues {
	out := &versionIssues{}
	for _, i := range c.w.ProjectIssues(v.Project) {
		if !slices.Contains(i.FixVersions, v.Name) {
			continue
		}
		switch i.Status.Category {
		case world.CategoryNew:
			out.ToDo++
		case world.CategoryInProgress:
			out.InProgress++
		case world.CategoryDone:
			out.Done++
		default:
			out.Unmapped++
		}
	}
	return out
}

// maxLabels is how many labels a page has.
const maxLabels = 1000

// listLabels lists the labels of the issues that the caller sees.
func (c partCall) listLabels() (answer, error) {
	startAt, maxResults, err := c.page(maxLabels, maxLabels)
	if err != nil {
		return answer{}, err
	}
	all := c.w.Labels(func(project string) bool { return c.can(world.BrowseProjects, project) })
	return ok(pageOf(c.call, all, startAt, maxResults))
}

// securityLevels lists the levels of issue security that the caller may set: none
// of the projects here has any.
func (c partCall) securityLevels() (answer, error) {
	if _, err := c.projects().project(c.params["project"]); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"levels": []any{}})
}

// setParts puts components or versions into an edited issue by name or id. valid are
// the names and ids that its project has.
func setParts(to *[]string, raw json.RawMessage, what string, valid map[string]string) string {
	var refs []reference
	if json.Unmarshal(raw, &refs) != nil {
		return "data was not an array"
	}
	list := []string{}
	for _, ref := range refs {
		name, message := partNamed(ref, what, valid)
		if message != "" {
			return message
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	*to = list
	return ""
}

func partNamed(ref reference, what string, valid map[string]string) (name, message string) {
	for id, name := range valid {
		if string(ref.ID) == id || ref.ID == "" && strings.EqualFold(ref.Name, name) {
			return name, ""
		}
	}
	if ref.ID != "" {
		return "", what + " id '" + string(ref.ID) + "' is not valid"
	}
	return "", what + " name '" + ref.Name + "' is not valid"
}

// componentsByID and versionsByID are the names of a project's parts by their ids.
func (e *edit) componentsByID() map[string]string {
	out := map[string]string{}
	for _, v := range e.w.Components(e.issue.Project) {
		out[v.ID] = v.Name
	}
	return out
}

func (e *edit) versionsByID() map[string]string {
	out := map[string]string{}
	for _, v := range e.w.Versions(e.issue.Project) {
		out[v.ID] = v.Name
	}
	return out
}

// setTeam takes the bare id of a team.
func (e *edit) setTeam(raw json.RawMessage) string {
	var id string
	if isNull(raw) {
		e.issue.Team = ""
		return ""
	}
	if json.Unmarshal(raw, &id) != nil {
		return "Operation value must be a string"
	}
	team, found := e.w.Team(id)
	if !found {
		return "The team with id '" + id + "' does not exist."
	}
	e.issue.Team = team.ID
	return ""
}

// setPoints takes a number, in the field of estimates that the project has.
func (e *edit) setPoints(field string, raw json.RawMessage) string {
	var points *float64
	p, _ := e.w.Project(e.issue.Project)
	switch {
	case p.PointsField() != field:
		return "Field '" + field + "' cannot be set. It is not on the appropriate screen, or unknown."
	case json.Unmarshal(raw, &points) != nil:
		return "Operation value must be a number"
	}
	e.issue.Points = points
	return ""
}

// setSprint takes the id of a sprint, which takes the place of the one that is not
// over.
func (e *edit) setSprint(raw json.RawMessage) string {
	var id *int64
	if json.Unmarshal(raw, &id) != nil {
		return "Number value expected as the Sprint id."
	}
	kept := []string{}
	found := id == nil
	for _, s := range e.w.Sprints("") {
		chosen := id != nil && idNumber(s.ID) == *id
		switch {
		case chosen && s.State == world.SprintClosed:
			return "Issue can be assigned only active or future sprints."
		case chosen, s.State == world.SprintClosed && slices.Contains(e.issue.Sprints, s.ID):
			kept = append(kept, s.ID)
		}
		found = found || chosen
	}
	if !found {
		return "The sprint does not exist."
	}
	e.issue.Sprints = kept
	return ""
}
