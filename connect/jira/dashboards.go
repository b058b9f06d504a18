package jira

import "context"

// Dashboard is a dashboard without its items.
type Dashboard struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Owner is nil for the system dashboard.
	Owner       *User  `json:"owner"`
	Self        string `json:"self"`
	Description string `json:"description"`
	// IsWritable reports whether the caller may edit it.
	IsWritable bool `json:"isWritable"`
	// View is its address in a browser.
	View            string `json:"view"`
	SystemDashboard bool   `json:"systemDashboard"`
	IsFavourite     bool   `json:"isFavourite"`
	// Popularity is how many people have it as a favourite; Rank is its place
	// among the caller's favourites.
	Popularity int64 `json:"popularity"`
	Rank       int   `json:"rank"`
	// AutomaticRefreshMs is in milliseconds; 0 means never.
	AutomaticRefreshMs int `json:"automaticRefreshMs"`
	// SharePermissions say who sees it, EditPermissions who edits it.
	SharePermissions []SharePermission `json:"sharePermissions"`
	EditPermissions  []SharePermission `json:"editPermissions"`
}

// SharePermission is a group of people that something is shared with.
type SharePermission struct {
	ID int64 `json:"id"`
	// Type is user, group, project, global, loggedin or project-unknown. The
	// field of that name is set.
	Type    string     `json:"type"`
	User    *User      `json:"user"`
	Group   *GroupName `json:"group"`
	Project *Project   `json:"project"`
	// Role narrows Project to the people in one role.
	Role *Role `json:"role"`
}

// DashboardsService reads dashboards.
type DashboardsService service

// Get returns one dashboard.
//
// GET /rest/api/3/dashboard/{id}. Permission: to own it or to have it shared.
// Scope: READ. Statuses: 200, 400, 401, 404 (also when it may not be seen).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-id-get
func (s *DashboardsService) Get(ctx context.Context, id string) (Dashboard, error) {
	return get[Dashboard](ctx, s.api, "/dashboard/{id}", nil, id)
}
