package jira

import (
	"context"
	"net/http"
	"path"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/rest"
)

const maxRoleName = 255

// Role is a project role. Only Get returns its actors.
type Role struct {
	ID             int64       `json:"id"`
	Self           string      `json:"self"`
	Name           string      `json:"name"`
	TranslatedName string      `json:"translatedName"`
	Description    string      `json:"description"`
	Actors         []RoleActor `json:"actors"`
	// Admin marks the project's role of administrators, Default the role that
	// new people get.
	Admin        bool `json:"admin"`
	Default      bool `json:"default"`
	Configurable bool `json:"roleConfigurable"`
	// Type is DEFAULT, GUEST_ROLE or AI_AGENT_ROLE; only Details returns it.
	Type string `json:"type"`
	// Scope is set for a role that only one project has.
	Scope *Scope `json:"scope"`
}

// RoleInput is a role to make, or what to change in one.
type RoleInput struct {
	// Name must be new and without spaces around it, at most 255 characters.
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
}

// The types of a role's actors.
const (
	ActorUser  = "atlassian-user-role-actor"
	ActorGroup = "atlassian-group-role-actor"
)

// RoleActor is a person or a group in a role.
type RoleActor struct {
	ID          int64  `json:"id"`
	DisplayName string `json:"displayName"`
	Type        string `json:"type"`
	AvatarURL   string `json:"avatarUrl"`
	// User is set for ActorUser, Group for ActorGroup.
	User  *RoleUser  `json:"actorUser"`
	Group *RoleGroup `json:"actorGroup"`
}

// RoleUser is the person of an actor.
type RoleUser struct {
	AccountID string `json:"accountId"`
}

// RoleGroup is the group of an actor.
type RoleGroup struct {
	GroupID     string `json:"groupId"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
}

// RoleDetailsOptions narrow the list of role details.
type RoleDetailsOptions struct {
	// CurrentMember returns only the roles that the caller has.
	CurrentMember        bool `url:"currentMember,omitempty"`
	ExcludeConnectAddons bool `url:"excludeConnectAddons,omitempty"`
	// ExcludeOtherServiceRoles needs version 3.
	ExcludeOtherServiceRoles bool `url:"excludeOtherServiceRoles,omitempty"`
}

// RolesService reads the roles of a project and makes new ones.
type RolesService service

// List returns the ids of a project's roles, keyed by role name.
//
// GET /rest/api/3/project/{projectIdOrKey}/role. Permission: Administer
// projects of any project, or Administer Jira. Scope: READ. Statuses: 200,
// 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-project-projectidorkey-role-get
func (s *RolesService) List(ctx context.Context, project string) (map[string]string, error) {
	// Jira gives each role's address; its id is the last segment.
	roles, err := get[map[string]string](ctx, s.api, "/project/{projectIdOrKey}/role", nil, project)
	return roleIDs(roles), err
}

// roleIDs turns addresses of roles into the roles' ids.
func roleIDs(addresses map[string]string) map[string]string {
	if addresses == nil {
		return nil
	}
	ids := make(map[string]string, len(addresses))
	for name, self := range addresses {
		ids[name] = path.Base(self)
	}
	return ids
}

// Get returns one role of a project with its actors.
//
// GET /rest/api/3/project/{projectIdOrKey}/role/{id}. Permission: Administer
// projects of it, or Administer Jira. Scope: READ. Statuses: 200, 400, 401,
// 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-project-projectidorkey-role-id-get
func (s *RolesService) Get(ctx context.Context, project, roleID string) (Role, error) {
	return s.get(ctx, nil, project, roleID)
}

// GetActive is Get without the people whose accounts are deactivated: an actor does not
// tell.
func (s *RolesService) GetActive(ctx context.Context, project, roleID string) (Role, error) {
	return s.get(ctx, struct {
		ExcludeInactive bool `url:"excludeInactiveUsers"`
	}{true}, project, roleID)
}

func (s *RolesService) get(ctx context.Context, query any, project, roleID string) (Role, error) {
	found, err := list[RoleActor, Role](ctx, s.api, "/project/{projectIdOrKey}/role/{id}", "actors", query, project, roleID)
	role := found.About
	role.Actors = found.Items
	return role, err
}

// Details returns all roles of a project with their descriptions.
//
// GET /rest/api/3/project/{projectIdOrKey}/roledetails. Permission: Administer
// projects of it, or Administer Jira. Scope: READ. Statuses: 200, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-project-projectidorkey-roledetails-get
func (s *RolesService) Details(ctx context.Context, project string, opts RoleDetailsOptions) ([]Role, error) {
	return records[Role](ctx, s.api, "/project/{projectIdOrKey}/roledetails", opts, project)
}

// Create makes a role without default actors, for all projects.
//
// POST /rest/api/3/role. Permission: Administer Jira. Scope: ADMIN. Statuses:
// 200, 400 (no name, or spaces around it), 401, 403, 409 (name taken).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-role-post
func (s *RolesService) Create(ctx context.Context, in RoleInput) (Role, error) {
	if err := rest.CheckLimit("role name characters", maxRoleName, utf8.RuneCountInString(in.Name)); err != nil {
		return Role{}, err
	}
	role, _, err := do[Role](ctx, s.api, rest.Request{Method: http.MethodPost, Path: "/role", Body: in})
	return role, err
}

const rolePath = "/role/{id}"

// Everywhere returns the roles that all projects have.
//
// GET /rest/api/3/role. Permission: Administer Jira. Scope: ADMIN. Statuses: 200, 401,
// 403.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-role-get
func (s *RolesService) Everywhere(ctx context.Context) ([]Role, error) {
	return records[Role](ctx, s.api, "/role", nil)
}

// Definition returns one role of all projects, by its id.
//
// GET /rest/api/3/role/{id}. Permission: Administer Jira. Scope: ADMIN. Statuses: 200,
// 401, 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-role-id-get
func (s *RolesService) Definition(ctx context.Context, roleID string) (Role, error) {
	return get[Role](ctx, s.api, rolePath, nil, roleID)
}

// Replace changes a role's name and description, which are both required.
//
// PUT /rest/api/3/role/{id}. Permission: Administer Jira. Scope: ADMIN. Statuses: 200,
// 400, 401, 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-role-id-put
func (s *RolesService) Replace(ctx context.Context, roleID string, in RoleInput) (Role, error) {
	return s.change(ctx, http.MethodPut, roleID, in)
}

// Update changes a role's name or, if in has none, its description: not both.
//
// POST /rest/api/3/role/{id}. Permission: Administer Jira. Scope: ADMIN. Statuses: 200,
// 400, 401, 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-role-id-post
func (s *RolesService) Update(ctx context.Context, roleID string, in RoleInput) (Role, error) {
	return s.change(ctx, http.MethodPost, roleID, in)
}

func (s *RolesService) change(ctx context.Context, method, roleID string, in RoleInput) (Role, error) {
	if err := rest.CheckLimit("role name characters", maxRoleName, utf8.RuneCountInString(in.Name)); err != nil {
		return Role{}, err
	}
	role, _, err := do[Role](ctx, s.api, rest.Request{Method: method, Path: rolePath, Params: []string{roleID}, Body: in})
	return role, err
}

// Delete removes a role from all projects. If it is in use, swap is the id of the
// role that its people get instead.
//
// DELETE /rest/api/3/role/{id}. Permission: Administer Jira. Scope: ADMIN. Statuses:
// 204, 400 (no role swap), 401, 403, 404, 409 (in use, and no swap).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/#api-rest-api-3-role-id-delete
func (s *RolesService) Delete(ctx context.Context, roleID, swap string) error {
	_, _, err := do[rest.None](ctx, s.api, rest.Request{
		Method: http.MethodDelete, Path: rolePath, Params: []string{roleID},
		Query: struct {
			Swap string `url:"swap,omitempty"`
		}{swap},
	})
	return err
}
