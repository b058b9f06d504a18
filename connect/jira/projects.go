package jira

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
)

// maxProjectNames is how many ids or keys one call may name.
const maxProjectNames = 50

// Project is a project.
type Project struct {
	ID             string            `json:"id"`
	Key            string            `json:"key"`
	Name           string            `json:"name"`
	ProjectTypeKey string            `json:"projectTypeKey"`
	Archived       bool              `json:"archived"`
	AvatarURLs     map[string]string `json:"avatarUrls"`
	// Lead is set by Get, and by Search if Expand asked for it.
	Lead *User `json:"lead"`
	// Roles are the addresses of the roles that the project knows, by the roles'
	// names, if Get returned them. See [Project.RoleIDs].
	Roles map[string]string `json:"roles"`
}

// RoleIDs are the ids of the roles that Get returned, by the roles' names.
//
// The official document has them in the schema of a project, which all operations
// on projects share: "The name and self URL for each role defined in the project". It
// does not say which operations fill the member, nor for whom, and for
// [RolesService.List], which gives the same, it asks for the right to administer a
// project. Expect nil.
func (p Project) RoleIDs() map[string]string { return roleIDs(p.Roles) }

// ProjectSearchOptions narrow a list of projects. Zero values are left out.
type ProjectSearchOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 100 at most.
	MaxResults int `url:"maxResults,omitempty"`
	// OrderBy is a field such as key or name, with a minus for descending.
	OrderBy string `url:"orderBy,omitempty"`
	// IDs and Keys name at most 50 projects each.
	IDs  []int64  `url:"id,omitempty"`
	Keys []string `url:"keys,omitempty"`
	// Query is a part of the key or name; upper and lower case are alike.
	Query   string `url:"query,omitempty"`
	TypeKey string `url:"typeKey,omitempty"`
	// Action is what the caller must be allowed to do with a project: view (the
	// default), browse, edit or create.
	Action string   `url:"action,omitempty"`
	Expand []string `url:"expand,omitempty,comma"`
}

func (o ProjectSearchOptions) check() error {
	return errors.Join(
		rest.CheckLimit("maxResults", 100, o.MaxResults),
		rest.CheckLimit("project ids", maxProjectNames, len(o.IDs)),
		rest.CheckLimit("project keys", maxProjectNames, len(o.Keys)),
	)
}

// ProjectsService reads projects.
type ProjectsService service

// Search returns one page of the projects that the caller may see.
//
// GET /rest/api/3/project/search. Permission: none; only visible projects are
// listed. Scope: READ. Statuses: 200, 400, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-search-get
func (s *ProjectsService) Search(ctx context.Context, opts ProjectSearchOptions) (Page[Project], error) {
	if err := opts.check(); err != nil {
		return Page[Project]{}, err
	}
	return getPage[Project](ctx, s.api, "/project/search", opts)
}

// All walks every page of Search from opts.StartAt on.
func (s *ProjectsService) All(ctx context.Context, opts ProjectSearchOptions) iter.Seq2[Project, error] {
	return each(s, opts.StartAt, projectID, func(s *ProjectsService, at int64) ([]Project, int64, bool, error) {
		opts.StartAt = at
		page, err := s.Search(ctx, opts)
		next, more := page.next(at)
		return page.Values, next, more, err
	})
}

func projectID(p Project) string { return cmp.Or(p.ID, p.Key) }

// Get returns one project by id or key.
//
// GET /rest/api/3/project/{projectIdOrKey}. Permission: Browse projects of it.
// Scope: READ. Statuses: 200, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-projectidorkey-get
func (s *ProjectsService) Get(ctx context.Context, idOrKey string) (Project, error) {
	return get[Project](ctx, s.api, "/project/{projectIdOrKey}", nil, idOrKey)
}
