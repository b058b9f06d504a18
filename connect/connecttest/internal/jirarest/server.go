package jirarest

import (
	"cmp"
	"net/http"
	"slices"
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
			"workingHoursPerDay": time.HoursPerDay, "workingDaysPerWeek": time.DaysPerWeek,
			"timeFormat": cmp.Or(settings.TimeFormat, "pretty"), "defaultUnit": cmp.Or(settings.TimeUnit, "minute"),
		}
	}
	return ok(out)
}

// timeOptionsBean is how the site counts and writes durations.
type timeOptionsBean struct {
	HoursPerDay float64 `json:"workingHoursPerDay"`
	DaysPerWeek float64 `json:"workingDaysPerWeek"`
	Format      string  `json:"timeFormat"`
	Unit        string  `json:"defaultUnit"`
}

// timeOptions tells administrators the settings of time tracking.
func (c serverCall) timeOptions() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to administer Jira.")
	}
	settings, units := c.w.Settings(), c.workTime()
	return ok(timeOptionsBean{units.HoursPerDay, units.DaysPerWeek, cmp.Or(settings.TimeFormat, "pretty"), cmp.Or(settings.TimeUnit, "minute")})
}

// setTimeOptions changes them.
func (c serverCall) setTimeOptions() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to administer Jira.")
	}
	var body timeOptionsBean
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	switch {
	case body.HoursPerDay <= 0 || body.HoursPerDay > 24:
		return answer{}, badField("workingHoursPerDay", "The working hours per day must be more than 0 and at most 24.")
	case body.DaysPerWeek <= 0 || body.DaysPerWeek > 7:
		return answer{}, badField("workingDaysPerWeek", "The working days per week must be more than 0 and at most 7.")
	case !slices.Contains([]string{"pretty", "days", "hours"}, body.Format):
		return answer{}, badField("timeFormat", "The time format '%s' is not one of pretty, days and hours.", body.Format)
	case !slices.Contains([]string{"minute", "hour", "day", "week"}, body.Unit):
		return answer{}, badField("defaultUnit", "The unit '%s' is not one of minute, hour, day and week.", body.Unit)
	}
	settings := c.w.Settings()
	settings.WorkingHours, settings.WorkingDays, settings.TimeFormat, settings.TimeUnit = body.HoursPerDay, body.DaysPerWeek, body.Format, body.Unit
	c.w.SetSettings(settings)
	return c.timeOptions()
}

// priorities lists the priorities, most urgent first.
func (c serverCall) priorities() (answer, error) {
	out := []namedBean{}
	for _, p := range c.w.Priorities() {
		out = append(out, namedBean{Self: c.link("priority/%s", p.ID), ID: p.ID, Name: p.Name, IconURL: c.icon(p.Name)})
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

// statuses lists the statuses of all workflows.
func (c serverCall) statuses() (answer, error) {
	out := []statusBean{}
	for _, s := range c.w.Statuses() {
		out = append(out, c.issues().statusBean(s))
	}
	return ok(out)
}
