package jira

import (
	"context"
	"iter"
)

// NotificationScheme says who is notified of which events.
type NotificationScheme struct {
	ID          int64  `json:"id"`
	Self        string `json:"self"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Events are set if Expand asked for them.
	Events []NotificationSchemeEvent `json:"notificationSchemeEvents"`
	// Projects are the ids of the projects that use it.
	Projects []int64 `json:"projects"`
	Scope    *Scope  `json:"scope"`
}

// NotificationSchemeEvent is an event and the recipients of its notifications,
// which may be none.
type NotificationSchemeEvent struct {
	Event         NotificationEvent `json:"event"`
	Notifications []Notification    `json:"notifications"`
}

// NotificationEvent is something that happens to an issue.
type NotificationEvent struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Template is the event that an administrator's own event was made from.
	Template *NotificationEvent `json:"templateEvent"`
}

// The kinds of recipients.
const (
	NotifyCurrentAssignee  = "CurrentAssignee"
	NotifyReporter         = "Reporter"
	NotifyCurrentUser      = "CurrentUser"
	NotifyProjectLead      = "ProjectLead"
	NotifyComponentLead    = "ComponentLead"
	NotifyUser             = "User"
	NotifyGroup            = "Group"
	NotifyProjectRole      = "ProjectRole"
	NotifyEmailAddress     = "EmailAddress"
	NotifyAllWatchers      = "AllWatchers"
	NotifyUserCustomField  = "UserCustomField"
	NotifyGroupCustomField = "GroupCustomField"
)

// Notification is one recipient of an event.
type Notification struct {
	ID int64 `json:"id"`
	// Type is one of the Notify constants.
	Type string `json:"notificationType"`
	// Recipient is an account id, group id, role id or field id, if the type
	// needs one. Parameter is the same, but with a group's name.
	Recipient string `json:"recipient"`
	Parameter string `json:"parameter"`
	// What Recipient stands for is set if Expand asked for it.
	User         *User      `json:"user"`
	Group        *GroupName `json:"group"`
	ProjectRole  *Role      `json:"projectRole"`
	Field        *Field     `json:"field"`
	EmailAddress string     `json:"emailAddress"`
}

// GroupName is a group of people.
type GroupName struct {
	GroupID string `json:"groupId"`
	Name    string `json:"name"`
}

// Field is a field of issues.
type Field struct {
	ID     string `json:"id"`
	Key    string `json:"key"`
	Name   string `json:"name"`
	Custom bool   `json:"custom"`
}

// Scope names the project that an object belongs to alone.
type Scope struct {
	// Type is PROJECT or TEMPLATE.
	Type    string  `json:"type"`
	Project Project `json:"project"`
}

// NotificationSchemeListOptions narrow a list of notification schemes. Zero
// values are left out.
type NotificationSchemeListOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 50 by default.
	MaxResults int     `url:"maxResults,omitempty"`
	IDs        []int64 `url:"id,omitempty"`
	ProjectIDs []int64 `url:"projectId,omitempty"`
	// OnlyDefault returns the default scheme only.
	OnlyDefault bool `url:"onlyDefault,omitempty"`
	// Expand is notificationSchemeEvents, user, group, projectRole, field or
	// all.
	Expand []string `url:"expand,omitempty,comma"`
}

// NotificationSchemesService reads notification schemes.
type NotificationSchemesService service

// List returns one page of the schemes, by name.
//
// GET /rest/api/3/notificationscheme. Permission: access to Jira; only schemes
// of projects that the caller administers are listed. Scope: ADMIN. Statuses:
// 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-notification-schemes/#api-rest-api-3-notificationscheme-get
func (s *NotificationSchemesService) List(ctx context.Context, opts NotificationSchemeListOptions) (Page[NotificationScheme], error) {
	return getPage[NotificationScheme](ctx, s.api, "/notificationscheme", opts)
}

// All walks every page of List from opts.StartAt on.
func (s *NotificationSchemesService) All(ctx context.Context, opts NotificationSchemeListOptions) iter.Seq2[NotificationScheme, error] {
	return each(s, opts.StartAt, schemeID, func(s *NotificationSchemesService, at int64) ([]NotificationScheme, int64, bool, error) {
		opts.StartAt = at
		page, err := s.List(ctx, opts)
		next, more := page.next(at)
		return page.Values, next, more, err
	})
}

func schemeID(n NotificationScheme) int64 { return n.ID }
