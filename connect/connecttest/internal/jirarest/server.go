package jirarest

import (
	"net/http"
)

// serverInfo tells about the site.
func (c serverCall) serverInfo() (answer, error) {
	base := c.api.o.BaseURL()
	return ok(map[string]any{
		"baseUrl": base, "displayUrl": base, "version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0},
		"deploymentType": "Cloud", "buildNumber": 100290, "buildDate": "2026-01-01T00:00:00.000+0000",
		"serverTime": c.now.In(c.zone).Format(timeFormat), "serverTimeZone": "Etc/UTC", "scmInfo": "local",
		"serverTitle": "Jira",
	})
}

// configuration tells the site's settings; those of time only if it is tracked.
func (c serverCall) configuration() (answer, error) {
	settings := c.w.Settings()
	out := map[string]any{
		"votingEnabled": false, "watchingEnabled": false, "unassignedIssuesAllowed": true, "subTasksEnabled": true,
		"issueLinkingEnabled": false, "timeTrackingEnabled": !settings.TimeTrackingOff, "attachmentsEnabled": !settings.AttachmentsOff,
	}
	if !settings.TimeTrackingOff {
		time := c.workTime()
		out["timeTrackingConfiguration"] = map[string]any{
			"workingHoursPerDay": time.hoursPerDay, "workingDaysPerWeek": time.daysPerWeek,
			"timeFormat": "pretty", "defaultUnit": "minute",
		}
	}
	return ok(out)
}

// timeTracking tells what tracks time, nothing if nothing does.
func (c serverCall) timeTracking() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to administer Jira.")
	}
	settings := c.w.Settings()
	if settings.TimeTrackingOff {
		return noContent()
	}
	type provider struct {
		Key  string `json:"key"`
		Name string `json:"name"`
		URL  string `json:"url,omitempty"`
	}
	if settings.TimeTracking.Key != "" {
		return ok(provider(settings.TimeTracking))
	}
	return ok(provider{Key: "JIRA", Name: "JIRA provided time tracking"})
}
