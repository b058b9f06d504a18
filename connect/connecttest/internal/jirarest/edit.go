package jirarest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// maxSummary is in characters.
const maxSummary = 255

// edit sets fields of a copy of an issue and collects what is wrong with them.
type edit struct {
	*call
	issue  *world.Issue
	errors map[string]string
}

// apply does what a body asks for.
func (e *edit) apply(body issueRequest) {
	for name, raw := range body.Fields {
		if _, twice := body.Update[name]; twice {
			e.errors[name] = "Field '" + name + "' cannot appear in both 'fields' and 'update'"
			continue
		}
		e.set(name, raw)
	}
	for name, steps := range body.Update {
		for _, step := range steps {
			for verb, raw := range step {
				e.update(name, verb, raw)
			}
		}
	}
}

// update does one step of an update: set for any field, add and remove for labels,
// components and versions.
func (e *edit) update(name, verb string, raw json.RawMessage) {
	if verb == "set" {
		e.set(name, raw)
		return
	}
	list, value, message := e.step(name, raw)
	switch {
	case list == nil || verb != "add" && verb != "remove":
		e.errors[name] = "Operation '" + verb + "' is not possible on the field."
	case message != "":
		e.errors[name] = message
	default:
		rest := slices.DeleteFunc(slices.Clone(*list), func(v string) bool { return v == value })
		if verb == "add" {
			rest = append(rest, value)
		}
		*list = rest
	}
}

// step is the list that a step of an update changes, nil if the field has none, and
// the value to add or to remove.
func (e *edit) step(name string, raw json.RawMessage) (list *[]string, value, message string) {
	var ref reference
	switch name {
	case "labels":
		if json.Unmarshal(raw, &value) != nil {
			return nil, "", ""
		}
		return &e.issue.Labels, value, ""
	case "components":
		list, message = &e.issue.Components, "Component"
	case "fixVersions":
		list, message = &e.issue.FixVersions, "Version"
	}
	if list == nil || json.Unmarshal(raw, &ref) != nil {
		return nil, "", ""
	}
	valid := e.componentsByID()
	if message == "Version" {
		valid = e.versionsByID()
	}
	value, message = partNamed(ref, message, valid)
	return list, value, message
}

// set puts a value into a field.
func (e *edit) set(name string, raw json.RawMessage) {
	var message string
	switch name {
	case "summary":
		message = e.setSummary(raw)
	case "description":
		message = setText(e.call, &e.issue.Description, raw)
	case "assignee":
		message = e.setUser(&e.issue.Assignee, raw, true)
	case "reporter":
		message = e.setUser(&e.issue.Reporter, raw, false)
	case "duedate":
		message = e.setDue(raw)
	case "labels":
		message = e.setLabels(raw)
	case "priority":
		message = e.setPriority(raw)
	case "issuetype":
		message = e.setType(raw)
	case "timetracking":
		message = e.setTracking(raw)
	case "parent":
		message = e.setParent(raw)
	case "components":
		message = setParts(&e.issue.Components, raw, "Component", e.componentsByID())
	case "fixVersions":
		message = setParts(&e.issue.FixVersions, raw, "Version", e.versionsByID())
	case world.TeamField:
		message = e.setTeam(raw)
	case world.SprintField:
		message = e.setSprint(raw)
	case world.StoryPointsField, world.PointEstimateField:
		message = e.setPoints(name, raw)
	case "security":
		message = e.setSecurity(raw)
	default:
		message = "Field '" + name + "' cannot be set. It is not on the appropriate screen, or unknown."
	}
	if message != "" {
		e.errors[name] = message
	}
}

// setSecurity takes {"id"} or {"name"} of a level; null is none. The right to do so
// is one of its own.
func (e *edit) setSecurity(raw json.RawMessage) string {
	if !e.can(world.SetIssueSecurity, e.issue.Project) {
		return "Field 'security' cannot be set. It is not on the appropriate screen, or unknown."
	}
	if isNull(raw) {
		e.issue.Security = ""
		return ""
	}
	var ref reference
	if json.Unmarshal(raw, &ref) != nil {
		return "data was not an object"
	}
	if level, ok := e.w.Level(cmp.Or(string(ref.ID), ref.Name)); ok {
		e.issue.Security = level.ID
		return ""
	}
	return "Could not find valid 'id' or 'name' in security level object."
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func (e *edit) setSummary(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "Operation value must be a string"
	}
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "You must specify a summary of the issue."
	case utf8.RuneCountInString(s) > maxSummary:
		return "Summary must be less than 255 characters."
	case strings.ContainsAny(s, "\r\n"):
		return "The summary is invalid because it contains newline characters."
	}
	e.issue.Summary = s
	return ""
}

// setText reads rich text as the version of the API has it.
func setText(c *call, to *json.RawMessage, raw json.RawMessage) string {
	var s string
	switch {
	case isNull(raw):
		*to = nil
	case c.version == "3":
		if !world.ValidDocument(raw) {
			return "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
		}
		*to = slices.Clone(raw)
	case json.Unmarshal(raw, &s) != nil:
		return "Operation value must be a string"
	default:
		*to = world.Document(s)
	}
	return ""
}

// setUser takes {"accountId"} or {"id"}; null is nobody, "-1" the default,
// which is nobody too.
func (e *edit) setUser(to *string, raw json.RawMessage, assignable bool) string {
	if isNull(raw) {
		*to = ""
		return ""
	}
	var ref struct {
		AccountID *string `json:"accountId"`
		ID        *string `json:"id"`
	}
	if json.Unmarshal(raw, &ref) != nil {
		return "data was not an object"
	}
	id := cmp.Or(ref.AccountID, ref.ID)
	if id == nil || *id == "-1" {
		*to = ""
		return ""
	}
	if _, known := e.w.Person(*id); !known {
		return "The user with account id '" + *id + "' does not exist."
	}
	if assignable && !e.w.Can(*id, world.AssignableUser, e.issue.Project) {
		return "User '" + *id + "' cannot be assigned issues."
	}
	*to = *id
	return ""
}

func (e *edit) setDue(raw json.RawMessage) string {
	if isNull(raw) {
		e.issue.Due = ""
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "Operation value must be a string"
	}
	if s != "" && !world.IsDay(s) {
		return "Error parsing date string: " + s
	}
	e.issue.Due = s
	return ""
}

func (e *edit) setLabels(raw json.RawMessage) string {
	labels := []string{}
	if json.Unmarshal(raw, &labels) != nil {
		return "Operation value must be an array of strings"
	}
	for _, l := range labels {
		if strings.ContainsFunc(l, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }) {
			return "The label '" + l + "' contains spaces which is invalid."
		}
	}
	if labels == nil {
		labels = []string{}
	}
	e.issue.Labels = labels
	return ""
}

// looseID is an id in a body. The document wants a text; many programs send a number,
// and Jira takes it.
type looseID string

// UnmarshalJSON reads a text or a whole number.
func (id *looseID) UnmarshalJSON(raw []byte) error {
	var number int64
	if json.Unmarshal(raw, &number) == nil {
		*id = looseID(raw)
		return nil
	}
	return json.Unmarshal(raw, (*string)(id))
}

// reference is how a body names a priority or a type.
type reference struct {
	ID   looseID `json:"id"`
	Name string  `json:"name"`
	Key  string  `json:"key"`
}

func (e *edit) setPriority(raw json.RawMessage) string {
	var ref reference
	if isNull(raw) || json.Unmarshal(raw, &ref) != nil {
		return "Specify the Priority (id or name)"
	}
	for _, p := range e.w.Priorities() {
		if p.ID == string(ref.ID) || ref.ID == "" && strings.EqualFold(p.Name, ref.Name) {
			e.issue.Priority = p
			return ""
		}
	}
	return "The priority selected is invalid."
}

func (e *edit) setType(raw json.RawMessage) string {
	var ref reference
	if isNull(raw) || json.Unmarshal(raw, &ref) != nil {
		return "Specify an issue type"
	}
	for _, t := range e.w.IssueTypes() {
		if t.ID == string(ref.ID) || ref.ID == "" && strings.EqualFold(t.Name, ref.Name) {
			e.issue.Type = t
			return ""
		}
	}
	return "Specify a valid issue type"
}

func (e *edit) setTracking(raw json.RawMessage) string {
	var t struct {
		Original  *string `json:"originalEstimate"`
		Remaining *string `json:"remainingEstimate"`
	}
	switch {
	case e.w.Settings().TimeTrackingOff:
		return "Field 'timetracking' cannot be set. It is not on the appropriate screen, or unknown."
	case isNull(raw), json.Unmarshal(raw, &t) != nil:
		return "data was not an object"
	}
	original, okOriginal := e.estimate(t.Original, e.issue.OriginalEstimate)
	remaining, okRemaining := e.estimate(t.Remaining, e.issue.Remaining)
	if !okOriginal || !okRemaining {
		return "Original Estimate or Remaining Estimate is not a valid duration such as 2d 4h."
	}
	if t.Original != nil && t.Remaining == nil && e.issue.Remaining == nil {
		remaining = original
	}
	e.issue.OriginalEstimate, e.issue.Remaining = original, remaining
	return ""
}

// estimate reads a duration in seconds; nil keeps what was.
func (e *edit) estimate(text *string, was *int64) (*int64, bool) {
	if text == nil {
		return was, true
	}
	seconds, good := e.workTime().Parse(*text)
	return &seconds, good
}

func (e *edit) setParent(raw json.RawMessage) string {
	var ref reference
	if isNull(raw) {
		e.issue.Parent = ""
		return ""
	}
	if json.Unmarshal(raw, &ref) != nil {
		return "data was not an object"
	}
	parent, found := e.w.Issue(cmp.Or(ref.Key, string(ref.ID)))
	if !found || parent.Project != e.issue.Project || parent.ID == e.issue.ID {
		return "Could not find valid id or key for parent."
	}
	e.issue.Parent = parent.Key
	return ""
}
