package jira

import (
	"context"
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// MyPermissionsOptions name permissions and the place to check them in. Without a
// place, a permission counts that the caller has anywhere.
type MyPermissionsOptions struct {
	// Permissions are keys such as BROWSE_PROJECTS; required.
	Permissions []string `url:"permissions,omitempty,comma"`
	ProjectKey  string   `url:"projectKey,omitempty"`
	ProjectID   string   `url:"projectId,omitempty"`
	IssueKey    string   `url:"issueKey,omitempty"`
	IssueID     string   `url:"issueId,omitempty"`
	CommentID   string   `url:"commentId,omitempty"`
}

// Permission is a permission and whether the caller has it.
type Permission struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// Type is PROJECT or GLOBAL.
	Type           string `json:"type"`
	HavePermission bool   `json:"havePermission"`
}

// PermissionCheck asks which permissions a person has.
type PermissionCheck struct {
	// AccountID is the person; empty means the caller.
	AccountID          string                   `json:"accountId,omitempty"`
	GlobalPermissions  []string                 `json:"globalPermissions,omitempty"`
	ProjectPermissions []ProjectPermissionCheck `json:"projectPermissions,omitempty"`
}

// ProjectPermissionCheck asks for permissions on at most 1000 projects and 1000
// issues, by their ids.
type ProjectPermissionCheck struct {
	Permissions []string `json:"permissions"`
	Projects    []int64  `json:"projects,omitempty"`
	Issues      []int64  `json:"issues,omitempty"`
}

const maxPermissionPlaces = 1000

func (c PermissionCheck) check() error {
	for _, p := range c.ProjectPermissions {
		err := errors.Join(
			rest.CheckLimit("projects", maxPermissionPlaces, len(p.Projects)),
			rest.CheckLimit("issues", maxPermissionPlaces, len(p.Issues)),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// PermissionGrants are what of a PermissionCheck is granted.
type PermissionGrants struct {
	GlobalPermissions  []string                 `json:"globalPermissions"`
	ProjectPermissions []ProjectPermissionGrant `json:"projectPermissions"`
}

// ProjectPermissionGrant is where one permission is granted.
type ProjectPermissionGrant struct {
	Permission string  `json:"permission"`
	Projects   []int64 `json:"projects"`
	Issues     []int64 `json:"issues"`
}

// PermissionsService asks who may do what.
type PermissionsService service

// Mine returns the caller's permissions by their keys.
//
// GET /rest/api/3/mypermissions. Permission: none. Scope: READ. Statuses: 200,
// 400, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/#api-rest-api-3-mypermissions-get
func (s *PermissionsService) Mine(ctx context.Context, opts MyPermissionsOptions) (map[string]Permission, error) {
	list, err := get[struct {
		Permissions map[string]Permission `json:"permissions"`
	}](ctx, s.api, "/mypermissions", opts)
	return list.Permissions, err
}

// Check returns which permissions of the check the person has. Nothing is granted
// on projects and issues that do not exist.
//
// POST /rest/api/3/permissions/check. Permission: none for an app's own call,
// else Administer Jira to ask about others. Scope: READ. Statuses: 200, 400,
// 403.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/#api-rest-api-3-permissions-check-post
func (s *PermissionsService) Check(ctx context.Context, check PermissionCheck) (PermissionGrants, error) {
	if err := check.check(); err != nil {
		return PermissionGrants{}, err
	}
	grants, _, err := do[PermissionGrants](ctx, s.api, rest.Request{
		Method: http.MethodPost, Path: "/permissions/check", Body: check,
	})
	return grants, err
}

// PermittedProject is a project in which the caller has permissions.
type PermittedProject struct {
	ID  int64  `json:"id"`
	Key string `json:"key"`
}

// Projects returns the projects in which the caller has all of the permissions, which
// are keys of permissions on projects, such as EDIT_ISSUES.
//
// POST /rest/api/3/permissions/project. Permission: none. Scope: READ. Statuses: 200,
// 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/#api-rest-api-3-permissions-project-post
func (s *PermissionsService) Projects(ctx context.Context, permissions []string) ([]PermittedProject, error) {
	found, err := doList[PermittedProject, rest.None](ctx, s.api, rest.Request{
		Method: http.MethodPost,
		Path:   "/permissions/project",
		Body: struct {
			Permissions []string `json:"permissions"`
		}{permissions},
	}, "projects")
	return found.Items, err
}
