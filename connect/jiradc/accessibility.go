package jiradc

import (
	"context"

	"github.com/sightline-go/sightline/connect/rest"
)

// AccessibilitySetting is something that makes Jira easier to use for the
// caller.
type AccessibilitySetting struct {
	// Key is for example a11y-setting-underlined-links.
	Key     string `json:"key"`
	Enabled bool   `json:"enabled"`
}

// AccessibilityService reads the caller's own accessibility settings.
type AccessibilityService service

// PersonalSettings returns all settings and whether the caller has switched them
// on.
//
// GET /rest/api/2/user/a11y/personal-settings. Permission: logged in. Statuses:
// 200.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-a11y-personal-settings-get
func (s *AccessibilityService) PersonalSettings(ctx context.Context) ([]AccessibilitySetting, error) {
	found, err := list[AccessibilitySetting, rest.None](ctx, s.rest, "/rest/api/2/user/a11y/personal-settings", "", nil)
	return found.Items, err
}
