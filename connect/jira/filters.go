package jira

import (
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// Filter is a saved query.
type Filter struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Self string `json:"self"`
	// The rest is set by Get, Favourites and Mine; by Search if Expand asked for it.
	Description string `json:"description"`
	JQL         string `json:"jql"`
	Owner       *User  `json:"owner"`
	// Favourite says that it is one of the caller's, FavouritedCount of how many
	// people.
	Favourite       bool  `json:"favourite"`
	FavouritedCount int64 `json:"favouritedCount"`
	// SharePermissions say who sees it. Who sees it does not see its issues for that.
	SharePermissions []SharePermission `json:"sharePermissions"`
	EditPermissions  []SharePermission `json:"editPermissions"`
	// ViewURL is its address in a browser.
	ViewURL string `json:"viewUrl"`
}

// ShareInput is a group of people to share something with.
type ShareInput struct {
	// Type is user, group, project, global or loggedin. The field of that name is
	// required.
	Type    string        `json:"type"`
	User    *ShareUser    `json:"user,omitempty"`
	Group   *ShareGroup   `json:"group,omitempty"`
	Project *ShareProject `json:"project,omitempty"`
}

// ShareUser is the person of a share.
type ShareUser struct {
	AccountID string `json:"accountId"`
}

// ShareGroup is the group of a share, by its id.
type ShareGroup struct {
	GroupID string `json:"groupId"`
}

// ShareProject is the project of a share, by its id.
type ShareProject struct {
	ID string `json:"id"`
}

// FilterSearchOptions narrow a list of filters. Zero values are left out.
type FilterSearchOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 100 at most.
	MaxResults int `url:"maxResults,omitempty"`
	// Name is a search for words in the name; with Substring, for any part of it.
	Name      string `url:"filterName,omitempty"`
	Substring bool   `url:"isSubstringMatch,omitempty"`
	// IDs are at most 200.
	IDs []int64 `url:"id,omitempty"`
	// AccountID is the owner; GroupID and ProjectID are shared with.
	AccountID string `url:"accountId,omitempty"`
	GroupID   string `url:"groupId,omitempty"`
	ProjectID int64  `url:"projectId,omitempty"`
	// OrderBy is name (the default), id, owner, description, favourite_count,
	// is_favourite or is_shared, with a minus for descending.
	OrderBy string `url:"orderBy,omitempty"`
	// Expand names what is returned beside id and name: jql, owner, description,
	// favourite, favouritedCount, sharePermissions, editPermissions, viewUrl.
	Expand []string `url:"expand,omitempty,comma"`
}

const maxFilterIDs = 200

func (o FilterSearchOptions) check() error {
	return errors.Join(
		rest.CheckLimit("maxResults", 100, o.MaxResults),
		rest.CheckLimit("filter ids", maxFilterIDs, len(o.IDs)),
	)
}

// FiltersService reads and changes saved queries.
type FiltersService service

// Search returns one page of the filters that the caller sees.
//
// GET /rest/api/3/filter/search. Permission: none; only filters that the caller owns
// or that are shared with them. Scope: READ. Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/#api-rest-api-3-filter-search-get
func (s *FiltersService) Search(ctx context.Context, opts FilterSearchOptions) (Page[Filter], error) {
	if err := opts.check(); err != nil {
		return Page[Filter]{}, err
	}
	return getPage[Filter](ctx, s.api, "/filter/search", opts)
}

// All walks every page of Search from opts.StartAt on.
func (s *FiltersService) All(ctx context.Context, opts FilterSearchOptions) iter.Seq2[Filter, error] {
	key := func(f Filter) string { return f.ID }
	return each(s, opts.StartAt, key, func(s *FiltersService, at int64) ([]Filter, int64, bool, error) {
		opts.StartAt = at
		page, err := s.Search(ctx, opts)
		next, more := page.next(at)
		return page.Values, next, more, err
	})
}

// Favourites returns the caller's favourites: for an app, those of its own user.
//
// GET /rest/api/3/filter/favourite. Permission: none. Scope: READ. Statuses: 200, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/#api-rest-api-3-filter-favourite-get
func (s *FiltersService) Favourites(ctx context.Context) ([]Filter, error) {
	return records[Filter](ctx, s.api, "/filter/favourite", nil)
}

// Mine returns the filters that the caller owns and, if asked for, the favourites.
//
// GET /rest/api/3/filter/my. Permission: access to Jira. Scope: READ. Statuses: 200,
// 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/#api-rest-api-3-filter-my-get
func (s *FiltersService) Mine(ctx context.Context, favourites bool) ([]Filter, error) {
	return records[Filter](ctx, s.api, "/filter/my", struct {
		Favourites bool `url:"includeFavourites,omitempty"`
	}{favourites})
}

const filterPath = "/filter/{id}"

// Get returns one filter. One that does not exist, and one that the caller may not
// see, are a bad request.
//
// GET /rest/api/3/filter/{id}. Permission: none; it must be the caller's or shared
// with them. Scope: READ. Statuses: 200, 400 (unknown or hidden), 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/#api-rest-api-3-filter-id-get
func (s *FiltersService) Get(ctx context.Context, id string) (Filter, error) {
	return get[Filter](ctx, s.api, filterPath, nil, id)
}

// FilterInput is what a filter becomes.
type FilterInput struct {
	// Name is required and none of the owner's other filters'.
	Name string `json:"name"`
	// Description is taken away if it is empty.
	Description string `json:"description,omitempty"`
	// JQL stays if it is empty, Favourite and SharePermissions if they are nil.
	JQL              string        `json:"jql,omitempty"`
	Favourite        *bool         `json:"favourite,omitempty"`
	SharePermissions *[]ShareInput `json:"sharePermissions,omitempty"`
}

// Update changes a filter.
//
// PUT /rest/api/3/filter/{id}. Permission: to own it. Scope: WRITE. Statuses: 200,
// 400 (also without the permission), 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/#api-rest-api-3-filter-id-put
func (s *FiltersService) Update(ctx context.Context, id string, in FilterInput) (Filter, error) {
	changed, _, err := do[Filter](ctx, s.api, rest.Request{Method: http.MethodPut, Path: filterPath, Params: []string{id}, Body: in})
	return changed, err
}

// Delete removes a filter.
//
// DELETE /rest/api/3/filter/{id}. Permission: to own it, or Administer Jira. Scope:
// DELETE. Statuses: 204, 400 (unknown or without the permission), 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/#api-rest-api-3-filter-id-delete
func (s *FiltersService) Delete(ctx context.Context, id string) error {
	_, _, err := do[rest.None](ctx, s.api, rest.Request{Method: http.MethodDelete, Path: filterPath, Params: []string{id}})
	return err
}
