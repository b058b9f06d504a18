package world

import "slices"

// NotificationScheme says who is notified of what in its projects.
type NotificationScheme struct {
	ID          string
	Name        string
	Description string
	Default     bool
	Projects    []string // ids
	Events      []NotificationEvent
}

// NotificationEvent is a Jira event and who is notified of it, which may be
// nobody.
type NotificationEvent struct {
	ID          int64
	Name        string
	Description string
	Recipients  []Recipient
}

// Recipient is who is notified. Parameter is an account id, a role id, a group
// id or an address, depending on the kind.
type Recipient struct {
	ID        int64
	Kind      string
	Parameter string
}

// The group of the site's admins.
const (
	AdminGroup   = "site-admins"
	AdminGroupID = "8f3c2f0e-6f0b-4c1d-9a53-51d6c1c7a2b4"
)

// NotificationSchemes lists the schemes by name.
func (w *World) NotificationSchemes() []NotificationScheme {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.schemes)
}

// notificationSchemes makes the two of every site: the default one for all
// projects except the last, and one for that.
func notificationSchemes(projects []Project) []NotificationScheme {
	if len(projects) == 0 {
		return nil
	}
	var ids []string
	for _, p := range projects {
		ids = append(ids, p.ID)
	}
	last := len(ids) - 1
	return []NotificationScheme{
		{ID: "10000", Name: "Default Notification Scheme", Default: true, Projects: ids[:last], Events: defaultEvents(projects[0].LeadID)},
		{ID: "10001", Name: "Quiet Notification Scheme", Description: "Tells those who must know.", Projects: ids[last:], Events: quietEvents()},
	}
}

func defaultEvents(lead string) []NotificationEvent {
	return []NotificationEvent{
		{1, "Issue created", "Event published when an issue is created", []Recipient{{1, "CurrentAssignee", ""}, {2, "Reporter", ""}, {3, "AllWatchers", ""}}},
		{2, "Issue updated", "Event published when an issue is updated", []Recipient{{4, "CurrentAssignee", ""}, {5, "AllWatchers", ""}}},
		{3, "Issue assigned", "Event published when an issue is assigned", []Recipient{{6, "CurrentAssignee", ""}, {7, "User", lead}}},
		{10, "Work logged on issue", "Event published when work is logged on an issue", nil},
	}
}

func quietEvents() []NotificationEvent {
	return []NotificationEvent{
		{1, "Issue created", "Event published when an issue is created", []Recipient{{8, "ProjectRole", RoleAdministrators}, {9, "ProjectLead", ""}}},
		{4, "Issue resolved", "Event published when an issue is resolved", []Recipient{{10, "Group", AdminGroupID}, {11, "EmailAddress", "audit@example.com"}}},
	}
}
