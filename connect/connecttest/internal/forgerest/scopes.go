package forgerest

import (
	"net/http"
	"slices"
	"strings"
)

// The scopes of Jira's REST API that the site knows.
// See https://developer.atlassian.com/cloud/jira/platform/scopes-for-oauth-2-3LO-and-forge-apps/
const (
	scopeReadWork  = "read:jira-work"
	scopeWriteWork = "write:jira-work"
	scopeReadUser  = "read:jira-user"
	scopeConfigure = "manage:jira-configuration"
)

func (a *app) may(scope string) bool { return slices.Contains(a.manifest.scopes, scope) }

// neededScope is the one classic scope that an operation needs, by its name in
// the specification. It goes by families: what is about people, what only
// administrators do, what reads although it is a POST, and the rest by method.
// Granular scopes are not known here.
func neededScope(operation, method string) string {
	switch operation {
	case "getNotificationSchemes", "createProjectRole", "getProjectRoleById", "setUserProperty", "deleteUserProperty":
		return scopeConfigure
	case "getBulkPermissions", "searchAndReconsileIssuesUsingJqlPost", "searchForIssuesUsingJqlPost", "getWorklogsForIds":
		return scopeReadWork
	}
	switch {
	case strings.HasPrefix(operation, "find"), strings.HasPrefix(operation, "getUser"),
		operation == "getCurrentUser", operation == "getAllUsers":
		return scopeReadUser
	case method == http.MethodGet, method == http.MethodHead:
		return scopeReadWork
	}
	return scopeWriteWork
}

// nearest are the scopes of Connect that come nearest: the REST rooms judge by
// them who administers Jira.
func (a *app) nearest() []string {
	list := []string{"NONE"}
	if a.may(scopeReadWork) || a.may(scopeReadUser) {
		list = append(list, "READ")
	}
	if a.may(scopeWriteWork) {
		list = append(list, "WRITE", "DELETE")
	}
	if a.may("manage:jira-project") {
		list = append(list, "PROJECT_ADMIN")
	}
	if a.may(scopeConfigure) {
		list = append(list, "ADMIN")
	}
	return list
}
