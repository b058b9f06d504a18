package jira

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// TimeTrackingProvider is what people log work with: Jira itself or an app.
type TimeTrackingProvider struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// URL is the provider's own configuration page; empty if it has none.
	URL string `json:"url"`
}

// TimeTrackingService reads how a site logs work.
type TimeTrackingService service

// Selected returns the provider that the site uses. on is false while time
// tracking is off.
//
// GET /rest/api/3/configuration/timetracking. Permission: Administer Jira.
// Scope: READ. Statuses: 200, 204 (off), 401, 403.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-time-tracking/#api-rest-api-3-configuration-timetracking-get
func (s *TimeTrackingService) Selected(ctx context.Context) (provider TimeTrackingProvider, on bool, err error) {
	provider, resp, err := do[TimeTrackingProvider](ctx, s.api, rest.Request{
		Method: http.MethodGet, Path: "/configuration/timetracking",
	})
	return provider, err == nil && resp.Status != http.StatusNoContent, err
}
