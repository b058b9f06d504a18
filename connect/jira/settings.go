package jira

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// Settings are a site's global settings.
type Settings struct {
	TimeTrackingEnabled bool `json:"timeTrackingEnabled"`
	// TimeTracking is nil while time tracking is off.
	TimeTracking TimeTracking `json:"timeTrackingConfiguration"`
}

// TimeTracking says how a site counts and writes durations.
type TimeTracking struct {
	// WorkingHoursPerDay and WorkingDaysPerWeek may have fractions.
	WorkingHoursPerDay float64 `json:"workingHoursPerDay"`
	WorkingDaysPerWeek float64 `json:"workingDaysPerWeek"`
	// TimeFormat is pretty, days or hours; DefaultUnit is minute, hour, day or week.
	TimeFormat  string `json:"timeFormat"`
	DefaultUnit string `json:"defaultUnit"`
}

// SettingsService reads global settings.
type SettingsService service

// Get returns the site's global settings.
//
// Permission: access to Jira. Scope: READ. Statuses: 200, 401.
//
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jira-settings/#api-rest-api-3-configuration-get
func (s *SettingsService) Get(ctx context.Context) (Settings, error) {
	return get[Settings](ctx, s.api, "/configuration", nil)
}

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

const timeOptionsPath = "/configuration/timetracking/options"

// Options returns how the site counts and writes durations. Who does not administer
// Jira finds the same in [Settings].
//
// GET /rest/api/3/configuration/timetracking/options. Permission: Administer Jira.
// Scope: READ. Statuses: 200, 401, 403.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-time-tracking/#api-rest-api-3-configuration-timetracking-options-get
func (s *TimeTrackingService) Options(ctx context.Context) (TimeTracking, error) {
	return get[TimeTracking](ctx, s.api, timeOptionsPath, nil)
}

// SetOptions changes how the site counts and writes durations, all four settings at
// once, and returns them.
//
// PUT /rest/api/3/configuration/timetracking/options. Permission: Administer Jira.
// Scope: ADMIN. Statuses: 200, 400, 401, 403.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-time-tracking/#api-rest-api-3-configuration-timetracking-options-put
func (s *TimeTrackingService) SetOptions(ctx context.Context, options TimeTracking) (TimeTracking, error) {
	kept, _, err := do[TimeTracking](ctx, s.api, rest.Request{Method: http.MethodPut, Path: timeOptionsPath, Body: options})
	return kept, err
}
