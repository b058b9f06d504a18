package jiradc

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// DuplicatedOptions control the count. Zero values are left out.
type DuplicatedOptions struct {
	// Flush counts anew instead of using a result of the last ten minutes. It
	// works for Jira system administrators only.
	Flush bool `url:"flush,omitempty"`
}

// DirectoryAccount is an account in one of several user directories. The
// documentation mentions the directory and whether the account is active, but does
// not name the members.
type DirectoryAccount struct {
	DirectoryID   int64  `json:"directoryId"`
	DirectoryName string `json:"directoryName"`
	Active        bool   `json:"userActive"`
}

// DuplicatesService finds people with accounts in more than one user directory, if
// more than one account is active or the only active one is not in the first
// directory.
type DuplicatesService service

// Count returns how many such people there are. Experimental.
//
// GET /rest/api/2/user/duplicated/count. Permission: logged in. Statuses: 200,
// 401, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-duplicated-count-get
func (s *DuplicatesService) Count(ctx context.Context, opts DuplicatedOptions) (int, error) {
	n, err := send[count](ctx, s.rest, rest.Request{
		Method: http.MethodGet, Path: "/rest/api/2/user/duplicated/count", Query: opts, Header: experimental(),
	})
	return int(n), err
}

// List returns the accounts of such people by user name. Experimental.
//
// GET /rest/api/2/user/duplicated/list. Permission: Jira administrator.
// Statuses: 200, 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-duplicated-list-get
func (s *DuplicatesService) List(ctx context.Context, opts DuplicatedOptions) (map[string][]DirectoryAccount, error) {
	return send[map[string][]DirectoryAccount](ctx, s.rest, rest.Request{
		Method: http.MethodGet, Path: "/rest/api/2/user/duplicated/list", Query: opts, Header: experimental(),
	})
}

// count is a number, bare or as the member count: the documentation names a
// person instead.
type count int

func (c *count) UnmarshalJSON(data []byte) error {
	var object struct {
		Count *int `json:"count"`
	}
	if json.Unmarshal(data, &object) == nil && object.Count != nil {
		*c = count(*object.Count)
		return nil
	}
	return json.Unmarshal(data, (*int)(c))
}
