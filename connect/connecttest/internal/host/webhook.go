package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Webhook is an event to send without a change.
type Webhook struct {
	// Event is its name, such as jira:issue_updated.
	Event string `json:"event"`
	// Issue is the key or id of the issue that it is about; empty: none.
	Issue string `json:"issue,omitempty"`
	// Project is the key of the project that it is about, when there is no
	// issue.
	Project string `json:"project,omitempty"`
	// Account is the person who did it; empty: the site's admin.
	Account string `json:"account,omitempty"`
	// App is the only app to send it to; empty: every one that listens.
	App string `json:"app,omitempty"`
	// Identifier is that of the delivery; empty: a new one.
	Identifier string `json:"identifier,omitempty"`
	// Body has further members of the body.
	Body map[string]any `json:"body,omitempty"`
}

// happening is a change as the webhooks of every app see it.
type happening struct {
	jirarest.Change
	app        string
	identifier string
	values     map[string]string
	issue      *world.Issue
}

// Fire sends a webhook to every app that listens to its event, and returns to
// how many modules. No data changes.
func (s *Server) Fire(hook Webhook) (int, error) {
	if hook.Event == "" {
		return 0, errors.New("fire webhook: the event is missing")
	}
	h, err := s.happen(hook)
	if err != nil {
		return 0, fmt.Errorf("fire webhook: %w", err)
	}
	return s.publish(h), nil
}

func (s *Server) happen(hook Webhook) (happening, error) {
	h := happening{app: hook.App, identifier: hook.Identifier}
	h.Event, h.Account, h.ProjectKey = hook.Event, hook.Account, hook.Project
	if h.Account == "" {
		h.Account = s.World.AdminID()
	}
	h.Body = map[string]any{"timestamp": s.Now().UnixMilli(), "webhookEvent": hook.Event}
	if err := s.addTo(h.Body, "user", "/rest/api/2/user?accountId="+uri.Escape(h.Account)); err != nil {
		return h, err
	}
	switch {
	case hook.Issue != "":
		issue, ok := s.World.Issue(hook.Issue)
		if !ok {
			return h, fmt.Errorf("issue %q: %w", hook.Issue, world.ErrNotFound)
		}
		h.IssueKey, h.ProjectKey = issue.Key, issue.Project
		if err := s.addTo(h.Body, "issue", "/rest/api/2/issue/"+issue.Key); err != nil {
			return h, err
		}
	case hook.Project != "":
		if err := s.addTo(h.Body, "project", "/rest/api/2/project/"+uri.Escape(hook.Project)); err != nil {
			return h, err
		}
	}
	maps.Copy(h.Body, hook.Body)
	return h, nil
}

// addTo adds to a body what the REST API answers at the path.
func (s *Server) addTo(body map[string]any, name, path string) error {
	got, err := s.ask(path, jirarest.Principal{Account: s.World.AdminID(), Via: "site"})
	if err != nil {
		return err
	}
	var value any
	if err := json.Unmarshal(got, &value); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	body[name] = value
	return nil
}

// Changed is told of every write through the REST API.
func (s *Server) Changed(c jirarest.Change) {
	if c.IssueKey != "" {
		s.Journal.Events.Send("issue", issueChange{Key: c.IssueKey})
	}
	s.publish(happening{Change: c})
}

// publish queues a delivery for every webhook module that listens, and for
// every trigger of Forge.
func (s *Server) publish(h happening) int {
	h.values = s.webhookValues(&h)
	count := s.Forge.Publish(h.Change, h.app)
	for _, a := range s.installed() {
		if h.app != "" && h.app != a.key() {
			continue
		}
		for _, m := range a.descriptor.of(kindWebhook) {
			if m.Event == h.Event && s.wanted(a, m, h) {
				s.Outbox.Enqueue(s.delivery(a, newWebhookCall(m, h)))
				count++
			}
		}
	}
	return count
}

// webhookValues are the variables of a webhook's address.
func (s *Server) webhookValues(h *happening) map[string]string {
	values := map[string]string{"issue.key": h.IssueKey, "project.key": h.ProjectKey, "user.accountId": h.Account}
	if issue, ok := s.World.Issue(h.IssueKey); ok && h.IssueKey != "" {
		h.issue, values["issue.id"] = issue, issue.ID
	} else if body, ok := h.Body["issue"].(map[string]any); ok {
		values["issue.id"], _ = body["id"].(string)
	}
	if p, ok := s.World.Project(h.ProjectKey); ok {
		values["project.id"] = p.ID
	}
	for _, name := range []string{"comment", "worklog", "version"} {
		if body, ok := h.Body[name].(map[string]any); ok {
			values[name+".id"], _ = body["id"].(string)
		}
	}
	return values
}

// wanted says whether the app may see what happened and its filter lets it
// through. For a deleted issue only the project is left to judge by.
func (s *Server) wanted(a *app, m module, h happening) bool {
	account := world.AppAccount(a.key())
	if h.ProjectKey != "" && !s.World.CanBrowse(account, h.ProjectKey) {
		return false
	}
	if m.Filter == "" {
		return true
	}
	query, err := jql.Parse(m.Filter)
	if err != nil || h.issue == nil {
		return err == nil && h.IssueKey != ""
	}
	ok, err := query.Match(jql.Env{World: s.World, Account: account, Now: s.Now()}, h.issue)
	return err == nil && ok
}

func newWebhookCall(m module, h happening) webhookCall {
	d := webhookCall{event: h.Event, identifier: h.identifier, account: h.Account, path: uri.Expand(m.URL, h.values)}
	if d.identifier == "" {
		d.identifier = sign.UUID()
	}
	if !m.ExcludeBody {
		d.body, _ = json.Marshal(h.Body)
	}
	return d
}

type issueChange struct {
	Key string `json:"key"`
}
