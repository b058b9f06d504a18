package forgerest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
)

// forgeEvent is Forge's name for what Connect's webhooks tell, "" when it has
// none or the site does not know it. A name of Forge's own stays.
// See https://developer.atlassian.com/platform/forge/events-reference/jira/
func forgeEvent(webhook string) string {
	if strings.HasPrefix(webhook, "avi:") {
		return webhook
	}
	return map[string]string{
		"jira:issue_created": "avi:jira:created:issue",
		"jira:issue_updated": "avi:jira:updated:issue",
		"jira:issue_deleted": "avi:jira:deleted:issue",
		"worklog_created":    "avi:jira:created:worklog",
		"worklog_updated":    "avi:jira:updated:worklog",
		"worklog_deleted":    "avi:jira:deleted:worklog",
	}[webhook]
}

// Publish queues an event for every trigger that listens, or only for those of
// one app, and returns to how many. An app is told what it may see, within the
// scope that the events need.
func (s *Server) Publish(c jirarest.Change, only string) int {
	event := forgeEvent(c.Event)
	if event == "" {
		return 0
	}
	count := 0
	for _, a := range s.installed() {
		own := appAccount(a)
		if only != "" && !a.isCalled(only) || !a.may(scopeReadWork) || c.ProjectKey != "" && !s.World.CanBrowse(own, c.ProjectKey) {
			continue
		}
		for _, mod := range a.manifest.of(kindTrigger) {
			self := c.Account == own
			if mod.Endpoint == "" || !slices.Contains(mod.Events, event) || self && mod.Filter.IgnoreSelf {
				continue
			}
			if body, err := eventText(event, c, self); err == nil {
				s.Outbox.Enqueue(s.post(a, mod.Endpoint, event, body, maxRetries))
				count++
			}
		}
	}
	return count
}

// eventText is an event's body.
func eventText(event string, c jirarest.Change, self bool) ([]byte, error) {
	body, err := eventBody(event, c, self)
	if err != nil {
		return nil, err
	}
	return json.Marshal(body)
}

// eventFields are the fields of an issue that Forge documents for its events: fewer
// than webhooks have.
func eventFields() []string {
	return []string{"summary", "issuetype", "creator", "created", "project", "reporter", "assignee", "updated", "status"}
}

// eventIssue is a webhook's issue as Forge's events have it.
func eventIssue(issue any) (any, error) {
	var out object
	data, err := json.Marshal(issue)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if fields, ok := out["fields"].(object); ok {
		maps.DeleteFunc(fields, func(name string, _ any) bool { return !slices.Contains(eventFields(), name) })
	}
	return out, err
}

// eventBody is the event as Forge writes it, made from the webhook as Connect
// does. What both have in common keeps its shape.
func eventBody(event string, c jirarest.Change, self bool) (object, error) {
	body := object{
		"eventType": event, "timestamp": c.Body["timestamp"], "atlassianId": c.Account, "selfGenerated": self,
		"associatedUsers": []object{{"accountId": c.Account}},
	}
	for _, name := range []string{"issue", "changelog", "worklog"} {
		if value, ok := c.Body[name]; ok {
			body[name] = value
		}
	}
	var err error
	if issue, ok := body["issue"]; ok {
		body["issue"], err = eventIssue(issue)
	}
	return body, err
}
