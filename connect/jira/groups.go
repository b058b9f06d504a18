package jira

import (
	"context"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
)

// GroupPickerOptions choose the groups to offer. Zero values are left out.
type GroupPickerOptions struct {
	// Query is a part of the name; upper and lower case differ unless AnyCase is set.
	Query   string `url:"query,omitempty"`
	AnyCase bool   `url:"caseInsensitive,omitempty"`
	// Exclude are names, ExcludeIDs ids of groups that are not offered.
	Exclude    []string `url:"exclude,omitempty"`
	ExcludeIDs []string `url:"excludeId,omitempty"`
	// MaxResults is 20 by default.
	MaxResults int `url:"maxResults,omitempty"`
	// AccountID is somebody whose groups are offered alone.
	AccountID string `url:"accountId,omitempty"`
}

// FoundGroups are the groups that a picker offers.
type FoundGroups struct {
	Groups []PickedGroup `json:"groups"`
	// Total is how many matched; the list cannot be continued.
	Total int `json:"total"`
	// Header says, for people, how many of them are shown.
	Header string `json:"header"`
}

// PickedGroup is a group as a picker shows it.
type PickedGroup struct {
	GroupID string `json:"groupId"`
	Name    string `json:"name"`
	// HTML is the name with the match in b.
	HTML string `json:"html"`
}

// GroupsService reads groups of people.
type GroupsService service

// Picker returns groups to offer while somebody types; none to a caller who may not
// browse them.
//
// GET /rest/api/3/groups/picker. Permission: Browse users and groups. Scope: READ.
// Statuses: 200.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-groups/#api-rest-api-3-groups-picker-get
func (s *GroupsService) Picker(ctx context.Context, opts GroupPickerOptions) (FoundGroups, error) {
	page, err := list[PickedGroup, FoundGroups](ctx, s.api, "/groups/picker", "groups", opts)
	found := page.About
	found.Groups = page.Items
	return found, err
}

// GroupBulkOptions name groups. Zero values are left out; without any names all
// groups are listed.
type GroupBulkOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 50 by default.
	MaxResults int      `url:"maxResults,omitempty"`
	IDs        []string `url:"groupId,omitempty"`
	Names      []string `url:"groupName,omitempty"`
}

// Bulk returns one page of groups.
//
// GET /rest/api/3/group/bulk. Permission: Browse users and groups. Scope: ADMIN.
// Statuses: 200, 400, 401, 403, 500.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-groups/#api-rest-api-3-group-bulk-get
func (s *GroupsService) Bulk(ctx context.Context, opts GroupBulkOptions) (Page[GroupName], error) {
	return getPage[GroupName](ctx, s.api, "/group/bulk", opts)
}

// GroupMemberOptions page the people in a group. Zero values are left out.
type GroupMemberOptions struct {
	// GroupID is required.
	GroupID string `url:"groupId"`
	// IncludeInactive lists deactivated people too.
	IncludeInactive bool  `url:"includeInactiveUsers,omitempty"`
	StartAt         int64 `url:"startAt,omitempty"`
	// MaxResults is 50 by default and at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// Members returns one page of the people in a group.
//
// GET /rest/api/3/group/member. Permission: Browse users and groups. Scope: ADMIN; in
// a query, membersOf("name") needs less. Statuses: 200, 400, 401, 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-groups/#api-rest-api-3-group-member-get
func (s *GroupsService) Members(ctx context.Context, opts GroupMemberOptions) (Page[User], error) {
	if err := rest.CheckLimit("maxResults", 50, opts.MaxResults); err != nil {
		return Page[User]{}, err
	}
	return getPage[User](ctx, s.api, "/group/member", opts)
}

// AllMembers walks every page of Members from opts.StartAt on.
func (s *GroupsService) AllMembers(ctx context.Context, opts GroupMemberOptions) iter.Seq2[User, error] {
	return each(s, opts.StartAt, accountID, func(s *GroupsService, at int64) ([]User, int64, bool, error) {
		opts.StartAt = at
		page, err := s.Members(ctx, opts)
		next, more := page.next(at)
		return page.Values, next, more, err
	})
}
