package jira

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// Client holds the services of one Jira site.
type Client struct {
	Myself              *MyselfService
	Users               *UsersService
	UserProperties      *UserPropertiesService
	Projects            *ProjectsService
	Roles               *RolesService
	Search              *SearchService
	Issues              *IssuesService
	Worklogs            *WorklogsService
	Attachments         *AttachmentsService
	Dashboards          *DashboardsService
	DashboardItems      *DashboardItemsService
	NotificationSchemes *NotificationSchemesService
	Permissions         *PermissionsService
	Settings            *SettingsService
	TimeTracking        *TimeTrackingService

	api api
}

// api is one version of Jira's API.
type api struct {
	rest *rest.Client
	root string
}

// service is what every resource's service is.
type service struct{ api api }

// New returns a client of the site at baseURL, for example
// https://your-domain.atlassian.net, that calls version 3 with hc.
func New(hc *http.Client, baseURL string) (*Client, error) {
	c, err := rest.New(hc, baseURL)
	if err != nil {
		return nil, err
	}
	return newClient(api{c, "/rest/api/3"}), nil
}

// V2 returns the same client for version 2 of the API, where rich text is plain:
// write a worklog's comment with [PlainText] instead of [Paragraph]. The comments
// of options say which of them only version 3 has.
// https://developer.atlassian.com/cloud/jira/platform/rest/v2/intro/
func (c *Client) V2() *Client { return newClient(api{c.api.rest, "/rest/api/2"}) }

func newClient(a api) *Client {
	s := &service{api: a}
	return &Client{
		Myself:              (*MyselfService)(s),
		Users:               (*UsersService)(s),
		UserProperties:      (*UserPropertiesService)(s),
		Projects:            (*ProjectsService)(s),
		Roles:               (*RolesService)(s),
		Search:              (*SearchService)(s),
		Issues:              (*IssuesService)(s),
		Worklogs:            (*WorklogsService)(s),
		Attachments:         (*AttachmentsService)(s),
		Dashboards:          (*DashboardsService)(s),
		DashboardItems:      (*DashboardItemsService)(s),
		NotificationSchemes: (*NotificationSchemesService)(s),
		Permissions:         (*PermissionsService)(s),
		Settings:            (*SettingsService)(s),
		TimeTracking:        (*TimeTrackingService)(s),
		api:                 a,
	}
}

// Page is one page of a list that is addressed by offset.
type Page[T any] struct {
	// StartAt is the offset of the page, from 0.
	StartAt int64 `json:"startAt"`
	// MaxResults is how many values the page could have held.
	MaxResults int `json:"maxResults"`
	// Total is how many values the list has; 0 if Jira does not say.
	Total int64 `json:"total"`
	// IsLast reports that no page follows.
	IsLast bool `json:"isLast"`
	// Values are the values of this page.
	Values []T `json:"values"`
}

// next is the offset of the next page and whether there is one.
func (p Page[T]) next(at int64) (int64, bool) {
	n := len(p.Values)
	return at + int64(n), !p.IsLast && n > 0
}

// do makes a call of the API's version.
func do[T any](ctx context.Context, a api, r rest.Request) (T, *rest.Response, error) {
	r.Path = a.root + r.Path
	return rest.Do[T](ctx, a.rest, r)
}

// get is the call of most methods: a GET whose answer has one shape.
func get[T any](ctx context.Context, a api, path string, query any, params ...string) (T, error) {
	value, _, err := do[T](ctx, a, rest.Request{Method: http.MethodGet, Path: path, Params: params, Query: query})
	return value, err
}
