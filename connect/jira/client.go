package jira

import (
	"context"
	"net/http"

	"sightline/connect/rest"
)

// Client holds the services of one Jira site.
type Client struct {
	Myself         *MyselfService
	Users          *UsersService
	Projects       *ProjectsService
	Roles          *RolesService
	Search         *SearchService
	Issues         *IssuesService
	Worklogs       *WorklogsService
	Dashboards     *DashboardsService
	DashboardItems *DashboardItemsService
	UserProperties *UserPropertiesService
	Permissions    *PermissionsService
	Settings       *SettingsService

	rest *rest.Client
}

// service is what every resource's service is.
type service struct{ rest *rest.Client }

// New returns a client of the site at baseURL, for example
// https://your-domain.atlassian.net, that calls with hc.
func New(hc *http.Client, baseURL string) (*Client, error) {
	c, err := rest.New(hc, baseURL)
	if err != nil {
		return nil, err
	}
	s := &service{rest: c}
	return &Client{
		Myself:         (*MyselfService)(s),
		Users:          (*UsersService)(s),
		Projects:       (*ProjectsService)(s),
		Roles:          (*RolesService)(s),
		Search:         (*SearchService)(s),
		Issues:         (*IssuesService)(s),
		Worklogs:       (*WorklogsService)(s),
		Dashboards:     (*DashboardsService)(s),
		DashboardItems: (*DashboardItemsService)(s),
		UserProperties: (*UserPropertiesService)(s),
		Permissions:    (*PermissionsService)(s),
		Settings:       (*SettingsService)(s),
		rest:           c,
	}, nil
}

// Page is one page of a list that is addressed by offset.
type Page[T any] struct {
	StartAt    int64 `json:"startAt"`
	MaxResults int   `json:"maxResults"`
	Total      int64 `json:"total"`
	IsLast     bool  `json:"isLast"`
	Values     []T   `json:"values"`
}

// get is the call of most methods: a GET whose answer has one shape.
func get[T any](ctx context.Context, c *rest.Client, path string, query any, params ...string) (T, error) {
	value, _, err := rest.Do[T](ctx, c, rest.Request{Method: http.MethodGet, Path: path, Params: params, Query: query})
	return value, err
}
