package jira

import "context"

// DashboardItemsService reads and writes the properties of dashboard items, where
// a gadget keeps its configuration. A key has at most 255 characters, a value is
// any JSON of at most 32,768 characters.
type DashboardItemsService service

func itemProperties(a api, dashboard, item string) properties {
	return properties{
		api:    a,
		path:   "/dashboard/{dashboardId}/items/{itemId}/properties",
		params: []string{dashboard, item},
	}
}

// Keys returns the keys of an item's properties.
//
// GET /rest/api/3/dashboard/{dashboardId}/items/{itemId}/properties.
// Permission: to see the dashboard. Scope: READ. Statuses: 200, 401, 404 (also
// when it may not be seen).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-dashboardid-items-itemid-properties-get
func (s *DashboardItemsService) Keys(ctx context.Context, dashboard, item string) ([]string, error) {
	return itemProperties(s.api, dashboard, item).keys(ctx)
}

// GetItemProperty returns the value of an item's property.
//
// GET /rest/api/3/dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}.
// Permission: to see the dashboard. Scope: READ. Statuses: 200, 401, 404 (also
// when it may not be seen).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-dashboardid-items-itemid-properties-propertykey-get
func GetItemProperty[T any](ctx context.Context, c *Client, dashboard, item, key string) (T, error) {
	return getProperty[T](ctx, itemProperties(c.api, dashboard, item), key)
}

// SetProperty writes an item's property and reports whether it is new.
//
// PUT /rest/api/3/dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}.
// Permission: to edit the dashboard. Scope: WRITE. Statuses: 200, 201, 400,
// 401, 403 (seen but not writable), 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-dashboardid-items-itemid-properties-propertykey-put
func (s *DashboardItemsService) SetProperty(ctx context.Context, dashboard, item, key string, value any) (created bool, err error) {
	return itemProperties(s.api, dashboard, item).set(ctx, key, value)
}

// DeleteProperty removes an item's property.
//
// DELETE /rest/api/3/dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}.
// Permission: to edit the dashboard. Scope: DELETE. Statuses: 204, 400, 401,
// 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-dashboardid-items-itemid-properties-propertykey-delete
func (s *DashboardItemsService) DeleteProperty(ctx context.Context, dashboard, item, key string) error {
	return itemProperties(s.api, dashboard, item).remove(ctx, key)
}
