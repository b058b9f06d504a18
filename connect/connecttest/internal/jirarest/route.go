package jirarest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Connect scopes of operations,
// https://developer.atlassian.com/cloud/jira/platform/scopes-for-connect-apps/.
const (
	scopeNone         = "NONE"
	scopeRead         = "READ"
	scopeWrite        = "WRITE"
	scopeDelete       = "DELETE"
	scopeAdmin        = "ADMIN"
	scopeInaccessible = "INACCESSIBLE" // no app may call it
)

// operation is one method of one path. In the path {name} is one segment.
type operation struct {
	name      string
	method    string
	path      string
	scope     string
	anonymous bool
	serve     func(*call) (answer, error)
}

// Words of the tables below.
const (
	get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	open, login         = true, false // to anybody, or only to who is logged in
)

// operations is the table of contents.
func operations() []operation {
	return slices.Concat(siteOperations(), projectOperations(), issueOperations(), dashboardOperations())
}

func siteOperations() []operation {
	return []operation{
		{"getServerInfo", get, "serverInfo", scopeRead, open, (*call).serverInfo},
		{"getConfiguration", get, "configuration", scopeRead, login, (*call).configuration},
		{"getSelectedTimeTrackingImplementation", get, "configuration/timetracking", scopeRead, login, (*call).timeTracking},
		{"getMyPermissions", get, "mypermissions", scopeRead, open, (*call).myPermissions},
		{"getBulkPermissions", post, "permissions/check", scopeRead, open, (*call).checkPermissions},

		{"getCurrentUser", get, "myself", scopeRead, login, (*call).myself},
		{"getUser", get, "user", scopeRead, login, (*call).getUser},
		{"findUsers", get, "user/search", scopeRead, open, (*call).findUsers},
		{"findAssignableUsers", get, "user/assignable/search", scopeRead, login, (*call).findAssignable},
		{"getAllUsers", get, "users/search", scopeInaccessible, login, (*call).allUsers},
		{"getUserPropertyKeys", get, "user/properties", scopeRead, login, keysOf((*call).ownUser)},
		{"getUserProperty", get, "user/properties/{key}", scopeRead, login, getOf((*call).ownUser)},
		{"setUserProperty", put, "user/properties/{key}", scopeWrite, login, setOf((*call).ownUser)},
		{"deleteUserProperty", del, "user/properties/{key}", scopeDelete, login, deleteOf((*call).ownUser)},
	}
}

func projectOperations() []operation {
	return []operation{
		{"searchProjects", get, "project/search", scopeRead, open, (*call).searchProjects},
		{"getProject", get, "project/{project}", scopeRead, open, (*call).getProject},
		{"getProjectRoles", get, "project/{project}/role", scopeRead, open, (*call).projectRoles},
		{"getProjectRole", get, "project/{project}/role/{role}", scopeRead, open, (*call).projectRole},
		{"getProjectRoleDetails", get, "project/{project}/roledetails", scopeRead, open, (*call).roleDetails},

		{"searchAndReconsileIssuesUsingJql", get, "search/jql", scopeRead, open, (*call).searchByQuery},
		{"searchAndReconsileIssuesUsingJqlPost", post, "search/jql", scopeRead, open, (*call).searchByBody},
		{"searchForIssuesUsingJql", get, "search", scopeRead, open, (*call).searchGone},
		{"searchForIssuesUsingJqlPost", post, "search", scopeRead, open, (*call).searchGone},
	}
}

func issueOperations() []operation {
	return []operation{
		{"createIssue", post, "issue", scopeWrite, login, (*call).createIssue},
		{"getIssue", get, "issue/{issue}", scopeRead, open, (*call).getIssue},
		{"editIssue", put, "issue/{issue}", scopeWrite, open, (*call).editIssue},
		{"deleteIssue", del, "issue/{issue}", scopeDelete, open, (*call).deleteIssue},
		{"assignIssue", put, "issue/{issue}/assignee", scopeWrite, open, (*call).assignIssue},
		{"getTransitions", get, "issue/{issue}/transitions", scopeRead, open, (*call).getTransitions},
		{"doTransition", post, "issue/{issue}/transitions", scopeWrite, open, (*call).doTransition},
		{"getIssuePropertyKeys", get, "issue/{issue}/properties", scopeRead, open, keysOf((*call).ownIssue)},
		{"getIssueProperty", get, "issue/{issue}/properties/{key}", scopeRead, open, getOf((*call).ownIssue)},
		{"setIssueProperty", put, "issue/{issue}/properties/{key}", scopeWrite, open, setOf((*call).ownIssue)},
		{"deleteIssueProperty", del, "issue/{issue}/properties/{key}", scopeDelete, open, deleteOf((*call).ownIssue)},

		{"getIssueWorklog", get, "issue/{issue}/worklog", scopeRead, open, (*call).listWorklogs},
		{"addWorklog", post, "issue/{issue}/worklog", scopeWrite, open, (*call).addWorklog},
		{"getWorklog", get, "issue/{issue}/worklog/{worklog}", scopeRead, open, (*call).getWorklog},
		{"updateWorklog", put, "issue/{issue}/worklog/{worklog}", scopeWrite, open, (*call).updateWorklog},
		{"deleteWorklog", del, "issue/{issue}/worklog/{worklog}", scopeDelete, open, (*call).deleteWorklog},
		{"getIdsOfWorklogsModifiedSince", get, "worklog/updated", scopeRead, login, (*call).updatedWorklogs},
		{"getIdsOfWorklogsDeletedSince", get, "worklog/deleted", scopeRead, login, (*call).deletedWorklogs},
		{"getWorklogsForIds", post, "worklog/list", scopeRead, login, (*call).worklogsByID},
	}
}

func dashboardOperations() []operation {
	return []operation{
		{"getAllDashboards", get, "dashboard", scopeRead, open, (*call).listDashboards},
		{"getDashboardsPaginated", get, "dashboard/search", scopeRead, open, (*call).searchDashboards},
		{"getAllAvailableDashboardGadgets", get, "dashboard/gadgets", scopeRead, login, (*call).availableGadgets},
		{"getDashboard", get, "dashboard/{dashboard}", scopeRead, open, (*call).getDashboard},
		{"getAllGadgets", get, "dashboard/{dashboard}/gadget", scopeRead, open, (*call).listGadgets},
		{"getDashboardItemPropertyKeys", get, "dashboard/{dashboard}/items/{item}/properties", scopeRead, open, keysOf((*call).ownItem)},
		{"getDashboardItemProperty", get, "dashboard/{dashboard}/items/{item}/properties/{key}", scopeRead, open, getOf((*call).ownItem)},
		{"setDashboardItemProperty", put, "dashboard/{dashboard}/items/{item}/properties/{key}", scopeWrite, open, setOf((*call).ownItem)},
		{"deleteDashboardItemProperty", del, "dashboard/{dashboard}/items/{item}/properties/{key}", scopeDelete, open, deleteOf((*call).ownItem)},
	}
}

// split takes an escaped path apart: the version of the API, "" when it is
// none, and the segments behind it. One slash at the end does not count.
func split(escaped string) (version string, segments []string) {
	rest, ok := strings.CutPrefix(escaped, "/rest/api/")
	if !ok {
		return "", nil
	}
	version, rest, _ = strings.Cut(strings.TrimSuffix(rest, "/"), "/")
	if version == "latest" {
		version = "2"
	}
	if version != "2" && version != "3" || rest == "" {
		return "", nil
	}
	return version, strings.Split(rest, "/")
}

// find gives the operation, with the values of its path, or the methods that
// the path has.
func (a *API) find(method, version string, segments []string) (op *operation, params map[string]string, allowed []string) {
	if version == "" {
		return nil, nil, nil
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	plain := ""
	for i := range a.operations {
		o := &a.operations[i]
		values, ok := match(o.path, segments)
		if !ok || plain != "" && o.path != plain {
			continue
		}
		if o.method == method {
			return o, values, nil
		}
		allowed = append(allowed, o.method)
		if !strings.Contains(o.path, "{") {
			plain = o.path // a fixed path wins over one with a value
		}
	}
	slices.Sort(allowed)
	return nil, nil, allowed
}

// match compares escaped segments with a path and gives its values.
func match(path string, segments []string) (map[string]string, bool) {
	want := strings.Split(path, "/")
	if len(want) != len(segments) {
		return nil, false
	}
	var values map[string]string
	for i, w := range want {
		got, err := url.PathUnescape(segments[i])
		name, isValue := strings.CutPrefix(w, "{")
		switch {
		case err != nil || got == "" || !isValue && got != w:
			return nil, false
		case isValue:
			if values == nil {
				values = map[string]string{}
			}
			values[strings.TrimSuffix(name, "}")] = got
		}
	}
	return values, true
}
