package jira

import "context"

// Dashboard is a dashboard without its items.
type Dashboard struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Owner is nil for the system dashboard.
	Owner *User `json:"owner"`
	// IsWritable says whether the caller may edit it.
	IsWritable bool `json:"isWritable"`
	// View is its address for people.
	View            string `json:"view"`
	SystemDashboard bool   `json:"systemDashboard"`
}

// DashboardsService reads dashboards.
type DashboardsService service

// Get returns one dashboard.
//
// GET /rest/api/3/dashboard/{id}. Permission: to own it or to have it shared.
// Scope: READ. Statuses: 200, 400, 401, 404 (also when it may not be seen).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-id-get
func (s *DashboardsService) Get(ctx context.Context, id string) (Dashboard, error) {
	return get[Dashboard](ctx, s.rest, "/rest/api/3/dashboard/{id}", nil, id)
}
