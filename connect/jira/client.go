package jira

import (
	"context"
	"iter"
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
	Changelogs          *ChangelogsService
	Statuses            *StatusesService
	Fields              *FieldsService
	JQL                 *JQLService
	Filters             *FiltersService
	Groups              *GroupsService
	Labels              *LabelsService
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
		Changelogs:          (*ChangelogsService)(s),
		Statuses:            (*StatusesService)(s),
		Fields:              (*FieldsService)(s),
		JQL:                 (*JQLService)(s),
		Filters:             (*FiltersService)(s),
		Groups:              (*GroupsService)(s),
		Labels:              (*LabelsService)(s),
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

// Lists returns how the client reads lists.
func (c *Client) Lists() rest.ListPolicy { return c.api.rest.Lists }

// WithLists returns the same client with another way to read lists: all its
// walks (All and the like) and single pages keep to it. To change a part of it,
// begin with [Client.Lists].
func (c *Client) WithLists(lists rest.ListPolicy) *Client {
	own := *c.api.rest
	own.Lists = lists
	return newClient(api{&own, c.api.root})
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
	// Skipped are the records of the page that could not be read. Without a
	// Skip in the client's Lists they fail the call.
	Skipped []rest.Unreadable `json:"-"`
}

// next is the offset of the next page and whether there is one. An empty page of
// a list that has more is not its end: the walk then stands still and says so.
func (p Page[T]) next(at int64) (int64, bool) {
	n := int64(len(p.Values) + len(p.Skipped))
	return at + n, !p.IsLast && (n > 0 || at < p.Total)
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

// list is get for an answer that holds a list, see [rest.DoList].
func list[T, A any](ctx context.Context, a api, path, member string, query any, params ...string) (rest.List[T, A], error) {
	return doList[T, A](ctx, a, rest.Request{Method: http.MethodGet, Path: path, Params: params, Query: query}, member)
}

func doList[T, A any](ctx context.Context, a api, r rest.Request, member string) (rest.List[T, A], error) {
	r.Path = a.root + r.Path
	found, _, err := rest.DoList[T, A](ctx, a.rest, r, member)
	return found, err
}

// records is get for an answer that is nothing but a list.
func records[T any](ctx context.Context, a api, path string, query any, params ...string) ([]T, error) {
	found, err := list[T, rest.None](ctx, a, path, "", query, params...)
	return found.Items, err
}

// getPage is get for a page.
func getPage[T any](ctx context.Context, a api, path string, query any) (Page[T], error) {
	found, err := list[T, Page[T]](ctx, a, path, "values", query)
	page := found.About
	page.Values, page.Skipped = found.Items, found.Skipped
	return page, err
}

// each walks a list with a service whose calls count for the walk.
func each[S ~struct{ api api }, T any, K, C comparable](s *S, at C, key func(T) K, fetch func(s *S, at C) ([]T, C, bool, error)) iter.Seq2[T, error] {
	a := service(*s).api
	return rest.Each(a.rest, at, key, func(c *rest.Client, at C) ([]T, C, bool, error) {
		own := S(service{api{c, a.root}})
		return fetch(&own, at)
	})
}
