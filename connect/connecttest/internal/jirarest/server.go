package jirarest

import (
	"net/http"
)

// serverInfo tells about the site.
func (c *call) serverInfo() (answer, error) {
	base := c.api.o.BaseURL()
	return ok(map[string]any{
		"baseUrl": base, "displayUrl": base, "version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0},
		"deploymentType": "Cloud", "buildNumber": 100290, "buildDate": "2026-01-01T00:00:00.000+0000",
		"serverTime": c.now.In(c.zone).Format(timeFormat), "serverTimeZone": "Etc/UTC", "scmInfo": "local",
		"serverTitle": "Jira",
	})
}

// Working time of the site.
const (
	hoursPerDay = 8
	daysPerWeek = 5
)

// configuration tells the site's settings.
func (c *call) configuration() (answer, error) {
	settings := c.w.Settings()
	return ok(map[string]any{
		"votingEnabled": false, "watchingEnabled": false, "unassignedIssuesAllowed": true, "subTasksEnabled": true,
		"issueLinkingEnabled": false, "timeTrackingEnabled": !settings.TimeTrackingOff, "attachmentsEnabled": !settings.AttachmentsOff,
		"timeTrackingConfiguration": map[string]any{
			"workingHoursPerDay": float64(hoursPerDay), "workingDaysPerWeek": float64(daysPerWeek),
			"timeFormat": "pretty", "defaultUnit": "minute",
		},
	})
}

// timeTracking tells who keeps the time, nothing when nobody does.
func (c *call) timeTracking() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to administer Jira.")
	}
	if c.w.Settings().TimeTrackingOff {
		return noContent()
	}
	return ok(map[string]string{"key": "JIRA", "name": "JIRA provided time tracking"})
}
