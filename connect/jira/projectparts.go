package jira

import (
	"context"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
)

// Component is a part of a project.
type Component struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Lead is nil if nobody leads it.
	Lead *User `json:"lead"`
	// Project is the key, ProjectID the id of its project.
	Project   string `json:"project"`
	ProjectID int64  `json:"projectId"`
}

// Version is a release of a project.
type Version struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Archived    bool   `json:"archived"`
	Released    bool   `json:"released"`
	// Overdue says that its release date is over and it is not released.
	Overdue bool `json:"overdue"`
	// StartDate and ReleaseDate are days like 2006-01-02; empty: not set.
	StartDate   string `json:"startDate"`
	ReleaseDate string `json:"releaseDate"`
	ProjectID   int64  `json:"projectId"`
}

// SecurityLevel is a level of issue security that the caller may set.
type SecurityLevel struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// Components returns the components of a project that are kept in Jira.
//
// GET /rest/api/3/project/{projectIdOrKey}/components. Permission: Browse projects of
// it. Scope: READ. Statuses: 200, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-components/#api-rest-api-3-project-projectidorkey-components-get
func (s *ProjectsService) Components(ctx context.Context, idOrKey string) ([]Component, error) {
	return records[Component](ctx, s.api, "/project/{projectIdOrKey}/components", nil, idOrKey)
}

// Versions returns the versions of a project.
//
// GET /rest/api/3/project/{projectIdOrKey}/versions. Permission: Browse projects of
// it. Scope: READ. Statuses: 200, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-versions/#api-rest-api-3-project-projectidorkey-versions-get
func (s *ProjectsService) Versions(ctx context.Context, idOrKey string) ([]Version, error) {
	return records[Version](ctx, s.api, "/project/{projectIdOrKey}/versions", nil, idOrKey)
}

// SecurityLevels returns the levels of issue security of a project that the caller
// may set.
//
// GET /rest/api/3/project/{projectKeyOrId}/securitylevel. Permission: Browse projects
// of it; Set issue security, else the list is empty. Scope: READ. Statuses: 200, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-permission-schemes/#api-rest-api-3-project-projectkeyorid-securitylevel-get
func (s *ProjectsService) SecurityLevels(ctx context.Context, idOrKey string) ([]SecurityLevel, error) {
	found, err := list[SecurityLevel, rest.None](ctx, s.api, "/project/{projectKeyOrId}/securitylevel", "levels", nil, idOrKey)
	return found.Items, err
}

// LabelListOptions page the list of labels. Zero values are left out.
type LabelListOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 1000 by default.
	MaxResults int `url:"maxResults,omitempty"`
}

// LabelsService reads the labels of issues.
type LabelsService service

// List returns one page of the labels of all issues, by name.
//
// GET /rest/api/3/label. Permission: access to Jira. Scope: READ. Statuses: 200.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-labels/#api-rest-api-3-label-get
func (s *LabelsService) List(ctx context.Context, opts LabelListOptions) (Page[string], error) {
	return getPage[string](ctx, s.api, "/label", opts)
}

// All walks every page of List from opts.StartAt on.
func (s *LabelsService) All(ctx context.Context, opts LabelListOptions) iter.Seq2[string, error] {
	return each(s, opts.StartAt, itself, func(s *LabelsService, at int64) ([]string, int64, bool, error) {
		opts.StartAt = at
		page, err := s.List(ctx, opts)
		next, more := page.next(at)
		return page.Values, next, more, err
	})
}
