package jirarest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func TestPartsOfProjects(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var components []struct {
		ID, Name, Project string
		ProjectID         int64
		Lead              struct{ AccountID string }
	}
	s.Get(outsider, "/rest/api/3/project/HARB/components").Into(200, &components)
	if len(components) != 4 || components[0].Name != "Booking" || components[0].Project != "HARB" || components[0].ProjectID != 10000 || components[0].Lead.AccountID == "" {
		t.Errorf("got %+v", components)
	}
	s.Get(lead, "/rest/api/3/project/10000/components?componentSource=compass").Into(200, &components)
	if len(components) != 0 {
		t.Errorf("components of Compass: %+v", components)
	}
	var versions []struct {
		Name, ReleaseDate string
		Released, Overdue bool
		Status            *struct{ ToDo, InProgress, Done int } `json:"issuesStatusForFixVersion"`
	}
	s.Get(lead, "/rest/api/3/project/HARB/versions?expand=issuesstatus").Into(200, &versions)
	if len(versions) != 3 || !versions[0].Released || versions[1].Released || versions[0].Overdue || versions[1].ReleaseDate != "2026-03-22" || versions[0].Status.Done == 0 {
		t.Errorf("got %+v", versions)
	}
	late := serveAt(t, s.World, clock().AddDate(0, 1, 0))
	late.Get(lead, "/rest/api/3/project/HARB/versions").Into(200, &versions)
	if !versions[1].Overdue || versions[2].Overdue {
		t.Errorf("a month later: %+v", versions)
	}
	var labels struct{ Values []string }
	s.Get(lead, "/rest/api/3/label").Into(200, &labels)
	if !slices.Contains(labels.Values, "compliance") || !slices.IsSorted(labels.Values) {
		t.Errorf("got %+v", labels)
	}
	s.Get(outsider, "/rest/api/3/label?startAt=1").Into(200, &labels)
	if slices.Contains(labels.Values, "compliance") || slices.Contains(labels.Values, "accessibility") || len(labels.Values) == 0 {
		t.Errorf("of what the outsider sees: %+v", labels)
	}
	var levels struct{ Levels []any }
	s.Get(lead, "/rest/api/3/project/HARB/securitylevel").Into(200, &levels)
	if levels.Levels == nil || len(levels.Levels) > 0 {
		t.Errorf("got %+v", levels)
	}
	s.Refuses([]refusal{
		{outsider, "GET", "/rest/api/3/project/VALT/components", "", 404, "VALT"},
		{outsider, "GET", "/rest/api/3/project/VALT/versions", "", 404, "VALT"},
		{outsider, "GET", "/rest/api/3/project/VALT/securitylevel", "", 404, "VALT"},
		{lead, "GET", "/rest/api/3/project/HARB/components?componentSource=moon", "", 400, "componentSource"},
		{nobody, "GET", "/rest/api/3/label", "", 401, ""},
		{lead, "GET", "/rest/api/3/label?maxResults=-1", "", 400, "negative"},
	})
}

func TestCatalogs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var types []struct {
		Name  string
		Level int `json:"hierarchyLevel"`
	}
	for path, want := range map[string]int{"issuetype": 4, "issuetype/project?projectId=10000": 4, "issuetype/project?projectId=10000&level=1": 1} {
		s.Get(lead, "/rest/api/3/"+path).Into(200, &types)
		if len(types) != want || types[len(types)-1].Name != "Epic" || types[len(types)-1].Level != 1 {
			t.Errorf("%s: %+v", path, types)
		}
	}
	var priorities, projects []struct{ Name, Key string }
	s.Get(nobody, "/rest/api/2/priority").Into(200, &priorities)
	s.Get(outsider, "/rest/api/2/project?expand=lead").Into(200, &projects)
	if len(priorities) != 5 || priorities[0].Name != "Highest" || len(projects) != 2 || projects[1].Key != "LANT" {
		t.Errorf("got %+v %+v", priorities, projects)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/issuetype/project", "", 400, "projectId"},
		{lead, "GET", "/rest/api/3/issuetype/project?projectId=77", "", 404, "77"},
		{lead, "GET", "/rest/api/3/issuetype/project?projectId=10000&level=x", "", 400, "not a number"},
	})
}

func TestFieldSearch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	type field struct {
		ID, Name, Key, SearcherKey string
		IsLocked                   *bool
		Schema                     struct{ Type, Items, Custom, System string }
	}
	search := func(query string) (found struct {
		Total  int
		Values []field
	},
	) {
		s.Get(admin, "/rest/api/3/field/search?"+query).Into(200, &found)
		return found
	}
	var made struct {
		ID          string
		ClauseNames []string
		Schema      struct{ Custom, Type string }
	}
	s.Send(admin, "POST", "/rest/api/3/field", `{"name":"Colour","description":"of the hull","type":"com.atlassian.jira.plugin.system.customfieldtypes:multiselect",
		"searcherKey":"com.atlassian.jira.plugin.system.customfieldtypes:multiselectsearcher"}`).Into(201, &made)
	if made.ID != "customfield_10100" || made.Schema.Type != "array" || made.ClauseNames[0] != "cf[10100]" {
		t.Errorf("made %+v", made)
	}
	if all := search("maxResults=3"); all.Total != 31 || len(all.Values) != 3 || all.Values[0].Name != "Assignee" {
		t.Errorf("got %+v", all)
	}
	if got := search("type=custom&orderBy=-name"); got.Total != 5 || got.Values[0].Name != "Team" || got.Values[0].Schema.Custom != "com.atlassian.teams:rm-teams-custom-field-team" {
		t.Errorf("custom ones: %+v", got)
	}
	if got := search("query=HULL&expand=key,searcherKey,isLocked,screensCount,contextsCount,lastUsed"); got.Total != 1 || got.Values[0].Key != made.ID || !strings.HasSuffix(got.Values[0].SearcherKey, "multiselectsearcher") || *got.Values[0].IsLocked {
		t.Errorf("by description: %+v", got)
	}
	if got := search("id=duedate&id=customfield_10020&type=system&projectIds=10000"); got.Total != 1 || got.Values[0].ID != "duedate" {
		t.Errorf("by id: %+v", got)
	}
	var listed []struct{ ID string }
	s.Get(nobody, "/rest/api/3/field").Into(200, &listed)
	if n := len(listed); n != 31 || listed[n-1].ID != made.ID {
		t.Errorf("listed %d: %+v", n, listed)
	}
	if i := s.find(lead, "Colour is EMPTY and key = HARB-1", "fields="+made.ID).Issues; len(i) != 1 || len(i[0].Fields) != 1 || string(i[0].Fields[made.ID]) != "null" {
		t.Errorf("an issue with the field: %+v", i)
	}
	const kind = `"com.atlassian.jira.plugin.system.customfieldtypes:float"`
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/field/search", "", 403, "administrators"},
		{nobody, "GET", "/rest/api/3/field/search", "", 401, ""},
		{admin, "GET", "/rest/api/3/field/search?type=odd", "", 400, "'odd'"},
		{admin, "GET", "/rest/api/3/field/search?orderBy=odd", "", 400, "orderBy"},
		{admin, "GET", "/rest/api/3/field/search?projectIds=77", "", 400, "77"},
		{lead, "POST", "/rest/api/3/field", `{"name":"x","type":` + kind + `}`, 403, "administrators"},
		{admin, "POST", "/rest/api/3/field", `{"name":"","type":` + kind + `}`, 400, "name"},
		{admin, "POST", "/rest/api/3/field", `{"name":"x","type":"odd"}`, 400, "'odd'"},
		{admin, "POST", "/rest/api/3/field", `{"name":"x","type":` + kind + `,"searcherKey":"odd"}`, 400, "'odd'"},
		{admin, "POST", "/rest/api/3/field", `{"colour":"x"}`, 400, "payload"},
	})
}

// fieldsOf reads an issue's fields.
func (s *site) fieldsOf(key string) (fields map[string]json.RawMessage) {
	var issue struct{ Fields map[string]json.RawMessage }
	s.Get(lead, "/rest/api/3/issue/"+key).Into(200, &issue)
	return issue.Fields
}

// TestPlanAnIssue edits what an issue is planned with, and reads it, and its
// changelog, again.
func TestPlanAnIssue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	team := s.World.Teams()[2]
	s.World.SetSettings(world.Settings{})
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"components":[{"name":"tracking"},{"id":"10000"}],"fixVersions":[],"labels":["x"],
		"customfield_10001":"`+team.ID+`","customfield_10020":4,"customfield_10026":2.5}}`).Empty(204)
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"update":{"components":[{"remove":{"name":"Booking"}}],"fixVersions":[{"add":{"name":"3.0"}}],"labels":[{"add":"y"}]}}`).Empty(204)
	fields := s.fieldsOf("HARB-1")
	for id, want := range map[string]string{
		"components": `"name":"Tracking"`, "fixVersions": `"name":"3.0"`, "labels": `["x","y"]`, "customfield_10001": `"name":"` + team.Name + `","title"`,
		"customfield_10020": `"name":"HARB Sprint 24","state":"future","boardId":1`, "customfield_10026": "2.5", "customfield_10016": "null",
	} {
		if !strings.Contains(string(fields[id]), want) {
			t.Errorf("%s: got %s, want %s", id, fields[id], want)
		}
	}
	var log struct {
		Values []struct {
			Items []struct{ Field, FieldID, FieldType, From, FromString, To, ToString string }
		}
	}
	s.Get(lead, "/rest/api/3/issue/HARB-1/changelog").Into(200, &log)
	seen := map[string]string{}
	for _, v := range log.Values {
		for _, i := range v.Items {
			seen[i.FieldID] = i.Field + " " + i.FieldType + " " + i.To + " " + i.ToString
		}
	}
	for id, want := range map[string]string{
		"customfield_10001": "Team custom  " + team.Name, "customfield_10026": "Story Points custom  2.5", "components": "components jira  Tracking", "fixVersions": "fixVersions jira  3.0",
	} {
		if seen[id] != want {
			t.Errorf("changelog of %s: got %q, want %q", id, seen[id], want)
		}
	}
	if !strings.HasSuffix(seen["customfield_10020"], "HARB Sprint 24") {
		t.Errorf("changelog of the sprint: %q", seen["customfield_10020"])
	}
	for _, tt := range []struct{ issue, fields, part string }{
		{"HARB-1", `"components":[{"name":"Nothing"}]`, "Component name 'Nothing' is not valid"},
		{"HARB-1", `"components":[{"id":"10004"}]`, "Component id '10004' is not valid"}, // LANT's
		{"HARB-1", `"components":"x"`, "data was not an array"},
		{"HARB-1", `"fixVersions":[{"name":"9"}]`, "Version name '9' is not valid"},
		{"HARB-1", `"customfield_10001":"Quayside"`, "does not exist"},
		{"HARB-1", `"customfield_10001":7`, "must be a string"},
		{"HARB-1", `"customfield_10020":1`, "active or future"},
		{"HARB-1", `"customfield_10020":999`, "does not exist"},
		{"HARB-1", `"customfield_10020":"x"`, "Number value expected as the Sprint id."},
		{"HARB-1", `"customfield_10026":"x"`, "must be a number"},
		{"HARB-1", `"customfield_10016":1`, "not on the appropriate screen"},
		{"LANT-1", `"customfield_10026":1`, "not on the appropriate screen"},
	} {
		s.Send(lead, "PUT", "/rest/api/3/issue/"+tt.issue, `{"fields":{`+tt.fields+`}}`).Fails(400, tt.part)
	}
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"update":{"components":[{"add":{"name":"No"}}]}}`).Fails(400, "Component name 'No'")
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"update":{"summary":[{"add":"No"}]}}`).Fails(400, "not possible")
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"customfield_10001":null,"customfield_10020":null,"customfield_10026":null}}`).Empty(204)
	fields = s.fieldsOf("HARB-1")
	if string(fields["customfield_10001"]) != "null" || string(fields["customfield_10026"]) != "null" || strings.Contains(string(fields["customfield_10020"]), "future") {
		t.Errorf("taken away: %s", fields)
	}
}

func TestRolesOfTheSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var list []struct {
		ID   int64
		Name string
	}
	s.Get(admin, "/rest/api/3/role").Into(200, &list)
	if len(list) != 4 {
		t.Errorf("got %+v", list)
	}
	var one struct{ Name, Description string }
	s.Send(admin, "POST", "/rest/api/3/role", `{"name":"Guests"}`).Into(200, &one)
	s.Send(admin, "PUT", "/rest/api/3/role/10004", `{"name":"Pilots","description":"They steer."}`).Into(200, &one)
	s.Send(admin, "POST", "/rest/api/3/role/10004", `{"name":"Sailors","description":"ignored"}`).Into(200, &one)
	s.Send(admin, "POST", "/rest/api/3/role/10004", `{"description":"They sail."}`).Into(200, &one)
	if one.Name != "Sailors" || one.Description != "They sail." {
		t.Errorf("got %+v", one)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/role", "", 403, "administer"},
		{lead, "PUT", "/rest/api/3/role/10004", `{"name":"x","description":"y"}`, 403, "administer"},
		{admin, "PUT", "/rest/api/3/role/10004", `{"name":"x"}`, 400, "description"},
		{admin, "PUT", "/rest/api/3/role/10004", `{"name":" x","description":"y"}`, 400, "whitespace"},
		{admin, "PUT", "/rest/api/3/role/10004", `{"name":"viewers","description":"y"}`, 400, "already exists"},
		{admin, "PUT", "/rest/api/3/role/77", `{"name":"x","description":"y"}`, 404, "77"},
		{admin, "POST", "/rest/api/3/role/10004", `{}`, 400, "name or a description"},
		{admin, "DELETE", "/rest/api/3/role/77", "", 404, "77"},
		{admin, "DELETE", "/rest/api/3/role/10001", "", 409, "in use"},
		{admin, "DELETE", "/rest/api/3/role/10001?swap=77", "", 400, "77"},
		{admin, "DELETE", "/rest/api/3/role/10001?swap=10001", "", 400, "10001"},
		{lead, "DELETE", "/rest/api/3/role/10004", "", 403, "administer"},
	})
	s.Send(admin, "DELETE", "/rest/api/3/role/10001?swap=10004", "").Empty(204)
	var role struct {
		Actors []struct{ ActorUser struct{ AccountID string } }
	}
	s.Get(lead, "/rest/api/3/project/HARB/role/10004").Into(200, &role)
	if len(role.Actors) != 1 || role.Actors[0].ActorUser.AccountID != s.Account(outsider) {
		t.Errorf("the swapped role: %+v", role)
	}
	s.Send(admin, "DELETE", "/rest/api/3/role/10004?swap=10000", "").Empty(204)
	s.World.Reset()
	if len(s.World.Roles()) != 4 || !s.World.RoleInUse("10001") {
		t.Error("a reset does not bring the roles back")
	}
}

func TestTimeOptions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const path = "/rest/api/3/configuration/timetracking/options"
	var got struct {
		WorkingHoursPerDay, WorkingDaysPerWeek float64
		TimeFormat, DefaultUnit                string
	}
	s.Get(admin, path).Into(200, &got)
	if got.WorkingHoursPerDay != 8 || got.TimeFormat != "pretty" || got.DefaultUnit != "minute" {
		t.Errorf("got %+v", got)
	}
	s.Send(admin, "PUT", path, `{"workingHoursPerDay":7.6,"workingDaysPerWeek":4.5,"timeFormat":"hours","defaultUnit":"day"}`).Into(200, &got)
	var all struct {
		Tracking struct {
			WorkingHoursPerDay      float64
			TimeFormat, DefaultUnit string
		} `json:"timeTrackingConfiguration"`
	}
	s.Get(lead, "/rest/api/3/configuration").Into(200, &all)
	if got.WorkingDaysPerWeek != 4.5 || all.Tracking.WorkingHoursPerDay != 7.6 || all.Tracking.TimeFormat != "hours" || all.Tracking.DefaultUnit != "day" {
		t.Errorf("got %+v %+v", got, all)
	}
	body := func(hours, days, format, unit string) string {
		return `{"workingHoursPerDay":` + hours + `,"workingDaysPerWeek":` + days + `,"timeFormat":"` + format + `","defaultUnit":"` + unit + `"}`
	}
	s.Refuses([]refusal{
		{lead, "GET", path, "", 403, "administer"},
		{nobody, "GET", path, "", 401, ""},
		{lead, "PUT", path, body("8", "5", "pretty", "day"), 403, "administer"},
		{admin, "PUT", path, body("0", "5", "pretty", "day"), 400, "workingHoursPerDay"},
		{admin, "PUT", path, body("25", "5", "pretty", "day"), 400, "workingHoursPerDay"},
		{admin, "PUT", path, body("8", "8", "pretty", "day"), 400, "workingDaysPerWeek"},
		{admin, "PUT", path, body("8", "5", "nice", "day"), 400, "'nice'"},
		{admin, "PUT", path, body("8", "5", "pretty", "year"), 400, "'year'"},
		{admin, "PUT", path, `{}`, 400, "workingHoursPerDay"},
		{admin, "PUT", path, `[]`, 400, "payload"},
	})
}

func TestPermittedProjectsAndEmail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var got struct{ Projects []struct{ Key string } }
	for _, tt := range []struct {
		as, permissions string
		want            int
	}{{lead, `"BROWSE_PROJECTS"`, 3}, {outsider, `"BROWSE_PROJECTS"`, 2}, {outsider, `"BROWSE_PROJECTS","EDIT_ISSUES"`, 1}, {nobody, `"BROWSE_PROJECTS"`, 0}} {
		s.Send(tt.as, "POST", "/rest/api/3/permissions/project", `{"permissions":[`+tt.permissions+`]}`).Into(200, &got)
		if len(got.Projects) != tt.want {
			t.Errorf("%s %s: %+v", tt.as, tt.permissions, got)
		}
	}
	s.World.AddApp("acme", "Acme")
	mail := "/rest/api/3/user/email?accountId="
	asApp := func(path string) (status int, body string) {
		got := s.Send(world.AppAccount("acme"), http.MethodGet, path, "", "App", "acme", "Scopes", "READ ACCESS_EMAIL_ADDRESSES")
		return got.Status, got.Body
	}
	if status, body := asApp(mail + s.Account(other)); status != 200 || !strings.Contains(body, "praghunathan@example.com") {
		t.Errorf("got %d %s", status, body)
	}
	for path, want := range map[string]int{mail: 400, mail + "none": 404, mail + world.AppAccount("acme"): 404} {
		if status, body := asApp(path); status != want {
			t.Errorf("%s: got %d %s, want %d", path, status, body, want)
		}
	}
	s.Send(world.AppAccount("acme"), http.MethodGet, mail+s.Account(other), "", "App", "acme", "Scopes", "ADMIN").Fails(400, "not approved")
	s.Refuses([]refusal{
		{admin, "GET", mail + s.Account(other), "", 400, "not approved"},
		{nobody, "GET", mail + s.Account(other), "", 401, ""},
		{lead, "POST", "/rest/api/3/permissions/project", `{"permissions":[]}`, 400, "At least one"},
		{lead, "POST", "/rest/api/3/permissions/project", `{"permissions":["ODD"]}`, 400, "Unrecognized permission"},
		{lead, "POST", "/rest/api/3/permissions/project", `{"permissions":["ADMINISTER"]}`, 400, "Unrecognized permission"},
	})
}
