package jira

import "context"

// StatusesService reads the statuses of workflows.
type StatusesService service

// List returns the statuses of all workflows that are in use, each with its
// category. A project of its own workflow has statuses of its own, so names may
// come more than once.
//
// GET /rest/api/3/status. Permission: none. Scope: READ. Statuses: 200, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-statuses/#api-rest-api-3-status-get
func (s *StatusesService) List(ctx context.Context) ([]Status, error) {
	return records[Status](ctx, s.api, "/status", nil)
}
