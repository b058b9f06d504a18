package jirarest

import (
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

const schemeExpand = "notificationSchemeEvents,user,group,projectRole,field,all"

// schemeBean is a notification scheme as Jira shows it.
type schemeBean struct {
	Expand      string        `json:"expand"`
	ID          int64         `json:"id"`
	Self        string        `json:"self"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Events      []schemeEvent `json:"notificationSchemeEvents,omitempty"`
	Projects    []int64       `json:"projects"`
}

type schemeEvent struct {
	Event         eventBean       `json:"event"`
	Notifications []recipientBean `json:"notifications"`
}

type eventBean struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

type recipientBean struct {
	Expand    string     `json:"expand,omitempty"`
	ID        int64      `json:"id"`
	Kind      string     `json:"notificationType"`
	Parameter string     `json:"parameter,omitempty"`
	Recipient string     `json:"recipient,omitempty"`
	Email     string     `json:"emailAddress,omitempty"`
	User      any        `json:"user,omitempty"`
	Group     *groupBean `json:"group,omitempty"`
	Role      *roleBean  `json:"projectRole,omitempty"`
}

type groupBean struct {
	ID   string `json:"groupId"`
	Name string `json:"name"`
	Self string `json:"self"`
}

// notificationSchemes lists the schemes of projects that the caller
// administers.
func (c notificationCall) notificationSchemes() (answer, error) {
	startAt, maxResults, err := c.page(50, 50)
	if err != nil {
		return answer{}, err
	}
	ids, projects := c.list("id"), c.list("projectId")
	for name, list := range map[string][]string{"id": ids, "projectId": projects} {
		for _, id := range list {
			if !isNumber(id) {
				return answer{}, badRequest("%s is not a valid value. %s must be zero or a positive integer.", id, name)
			}
		}
	}
	onlyDefault := c.query.Get("onlyDefault") == "true"
	found := []schemeBean{}
	for _, s := range c.w.NotificationSchemes() {
		wanted := (len(ids) == 0 || slices.Contains(ids, s.ID)) && (!onlyDefault || s.Default) &&
			(len(projects) == 0 || slices.ContainsFunc(s.Projects, func(id string) bool { return slices.Contains(projects, id) }))
		if wanted && slices.ContainsFunc(s.Projects, c.administersID) {
			found = append(found, c.schemeBean(s))
		}
	}
	return ok(pageOf(c.call, found, startAt, maxResults))
}

func (c notificationCall) administersID(project string) bool {
	p, found := c.w.Project(project)
	return found && c.projects().administers(p)
}

func (c notificationCall) schemeBean(s world.NotificationScheme) schemeBean {
	b := schemeBean{
		Expand: schemeExpand, ID: idNumber(s.ID), Self: c.link("notificationscheme/%s", s.ID),
		Name: s.Name, Description: s.Description, Projects: []int64{},
	}
	for _, id := range s.Projects {
		b.Projects = append(b.Projects, idNumber(id))
	}
	if c.query.Get("expand") == "" {
		return b
	}
	for _, e := range s.Events { // whatever is expanded is part of an event
		event := schemeEvent{Event: eventBean{e.ID, e.Name, e.Description}, Notifications: []recipientBean{}}
		for _, r := range e.Recipients {
			event.Notifications = append(event.Notifications, c.recipientBean(r))
		}
		b.Events = append(b.Events, event)
	}
	return b
}

func (c notificationCall) recipientBean(r world.Recipient) recipientBean {
	b := recipientBean{ID: r.ID, Kind: r.Kind, Parameter: r.Parameter, Recipient: r.Parameter}
	switch r.Kind {
	case "User":
		b.Expand = "user"
		if c.expandsRecipient("user") {
			b.User = c.users().user(r.Parameter)
		}
	case "Group":
		b.Expand, b.Parameter = "group", world.AdminGroup
		if c.expandsRecipient("group") {
			b.Group = &groupBean{r.Parameter, world.AdminGroup, c.link("group") + "?groupId=" + url.QueryEscape(r.Parameter)}
		}
	case "ProjectRole":
		b.Expand = "projectRole"
		if role, found := c.w.Role(r.Parameter); found && c.expandsRecipient("projectRole") {
			b.Role = c.roles().role(role)
		}
	case "EmailAddress":
		b.Email = r.Parameter
	}
	return b
}

func (c notificationCall) expandsRecipient(kind string) bool {
	return expands(c.query.Get("expand"), "all") || expands(c.query.Get("expand"), kind)
}
