package jira

import "context"

// Settings are a site's global settings.
type Settings struct {
	TimeTrackingEnabled bool `json:"timeTrackingEnabled"`
	// TimeTracking is nil while time tracking is off.
	TimeTracking TimeTracking `json:"timeTrackingConfiguration"`
}

// TimeTracking says how a site counts and writes durations.
type TimeTracking struct {
	WorkingHoursPerDay float64 `json:"workingHoursPerDay"`
	WorkingDaysPerWeek float64 `json:"workingDaysPerWeek"`
	TimeFormat         string  `json:"timeFormat"`
	DefaultUnit        string  `json:"defaultUnit"`
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
