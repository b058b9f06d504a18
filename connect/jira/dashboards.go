package jira

import (
	"context"
	"iter"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

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

// DashboardListOptions narrow a list of dashboards. Zero values are left out.
type DashboardListOptions struct {
	StartAt int `url:"startAt,omitempty"`
	// MaxResults is 20 by default.
	MaxResults int `url:"maxResults,omitempty"`
	// Filter is my or favourite; empty: all that the caller sees.
	Filter string `url:"filter,omitempty"`
}

// DashboardPage is one page of dashboards.
type DashboardPage struct {
	StartAt    int `json:"startAt"`
	MaxResults int `json:"maxResults"`
	// Total is how many dashboards the list has.
	Total      int         `json:"total"`
	Dashboards []Dashboard `json:"dashboards"`
	// Skipped are the records of the page that could not be read. Without a
	// Skip in the client's Lists they fail the call.
	Skipped []rest.Unreadable `json:"-"`
}

// List returns one page of the dashboards that the caller sees.
//
// GET /rest/api/3/dashboard. Permission: none; only visible dashboards are listed.
// Scope: READ. Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-get
func (s *DashboardsService) List(ctx context.Context, opts DashboardListOptions) (DashboardPage, error) {
	found, err := list[Dashboard, DashboardPage](ctx, s.api, "/dashboard", "dashboards", opts)
	page := found.About
	page.Dashboards, page.Skipped = found.Items, found.Skipped
	return page, err
}

// All walks every page of List from opts.StartAt on.
func (s *DashboardsService) All(ctx context.Context, opts DashboardListOptions) iter.Seq2[Dashboard, error] {
	key := func(d Dashboard) string { return d.ID }
	return each(s, opts.StartAt, key, func(s *DashboardsService, at int) ([]Dashboard, int, bool, error) {
		opts.StartAt = at
		page, err := s.List(ctx, opts)
		next := at + len(page.Dashboards) + len(page.Skipped)
		return page.Dashboards, next, next < page.Total, err
	})
}

// DashboardInput is a dashboard to make. Both lists of permissions are sent, even if
// they are empty: then its owner alone sees it.
type DashboardInput struct {
	// Name has at most 255 characters and is none of the owner's other dashboards'.
	Name             string       `json:"name"`
	Description      string       `json:"description,omitempty"`
	SharePermissions []ShareInput `json:"sharePermissions"`
	EditPermissions  []ShareInput `json:"editPermissions"`
}

// Create makes a dashboard that the caller owns.
//
// POST /rest/api/3/dashboard. Permission: access to Jira; Share dashboards and
// filters to share it. Scope: WRITE. Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-post
func (s *DashboardsService) Create(ctx context.Context, in DashboardInput) (Dashboard, error) {
	in.SharePermissions, in.EditPermissions = orEmpty(in.SharePermissions), orEmpty(in.EditPermissions)
	made, _, err := do[Dashboard](ctx, s.api, rest.Request{Method: http.MethodPost, Path: "/dashboard", Body: in})
	return made, err
}

// orEmpty writes no list as an empty one.
func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

// Gadget is a gadget on a dashboard.
type Gadget struct {
	ID int64 `json:"id"`
	// ModuleKey is the full key of an app's module, or URI names a gadget of the
	// old kind.
	ModuleKey string `json:"moduleKey"`
	URI       string `json:"uri"`
	// Color is blue, red, yellow, green, cyan, purple, gray or white.
	Color    string         `json:"color"`
	Title    string         `json:"title"`
	Position GadgetPosition `json:"position"`
}

// GadgetPosition is where a gadget is, counted from 0.
type GadgetPosition struct {
	Row    int `json:"row"`
	Column int `json:"column"`
}

// GadgetListOptions narrow the gadgets of a dashboard. Zero values are left out.
type GadgetListOptions struct {
	ModuleKeys []string `url:"moduleKey,omitempty"`
	URIs       []string `url:"uri,omitempty"`
	IDs        []int64  `url:"gadgetId,omitempty"`
}

const gadgetsPath = "/dashboard/{dashboardId}/gadget"

// Gadgets returns the gadgets of a dashboard.
//
// GET /rest/api/3/dashboard/{dashboardId}/gadget. Permission: to see the dashboard.
// Scope: READ. Statuses: 200, 401, 404 (also when it may not be seen).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-dashboardid-gadget-get
func (s *DashboardsService) Gadgets(ctx context.Context, dashboard string, opts GadgetListOptions) ([]Gadget, error) {
	found, err := list[Gadget, rest.None](ctx, s.api, gadgetsPath, "gadgets", opts, dashboard)
	return found.Items, err
}

// GadgetInput is a gadget to put on a dashboard. Zero values are left out.
type GadgetInput struct {
	// ModuleKey or URI is required, not both.
	ModuleKey string          `json:"moduleKey,omitempty"`
	URI       string          `json:"uri,omitempty"`
	Title     string          `json:"title,omitempty"`
	Color     string          `json:"color,omitempty"`
	Position  *GadgetPosition `json:"position,omitempty"`
}

// AddGadget puts a gadget on a dashboard.
//
// POST /rest/api/3/dashboard/{dashboardId}/gadget. Permission: to edit the
// dashboard. Scope: WRITE. Statuses: 200, 400, 401, 404 (also when it may not be
// changed).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/#api-rest-api-3-dashboard-dashboardid-gadget-post
func (s *DashboardsService) AddGadget(ctx context.Context, dashboard string, in GadgetInput) (Gadget, error) {
	placed, _, err := do[Gadget](ctx, s.api, rest.Request{Method: http.MethodPost, Path: gadgetsPath, Params: []string{dashboard}, Body: in})
	return placed, err
}

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
