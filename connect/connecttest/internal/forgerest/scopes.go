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
	scopeReadEmail = "read:email-address:jira"
	scopeConfigure = "manage:jira-configuration"
)

func (a *app) may(scope string) bool { return slices.Contains(a.manifest.scopes, scope) }

// neededScope is the one classic scope that an operation needs, by its name in
// the specification. It goes by families: what is about people, what only
// administrators do, what reads although it is a POST, and the rest by method.
// Granular scopes are not known here.
func neededScope(operation, method string) string {
	switch operation {
	case "getNotificationSchemes", "createProjectRole", "getProjectRoleById", "getAllProjectRoles", "partialUpdateProjectRole",
		"fullyUpdateProjectRole", "deleteProjectRole", "getSharedTimeTrackingConfiguration", "setSharedTimeTrackingConfiguration",
		"createCustomField", "sanitiseJqlQueries", "getUsersFromGroup":
		return scopeConfigure
	case "getUserEmail":
		return scopeReadEmail
	case "bulkGetGroups", "getConfiguration":
		return scopeReadUser
	case "getBulkPermissions", "searchAndReconsileIssuesUsingJqlPost", "searchForIssuesUsingJqlPost", "getWorklogsForIds",
		"countIssues", "matchIssues", "bulkFetchIssues", "getBulkChangelogs", "parseJqlQueries", "getAutoCompletePost", "getPermittedProjects":
		return scopeReadWork
	}
	switch {
	case strings.HasPrefix(operation, "find"), strings.HasPrefix(operation, "getUser"),
		operation == "getCurrentUser", operation == "getAllUsers", operation == "bulkGetUsers":
		return scopeReadUser
	case method == http.MethodGet, method == http.MethodHead:
		return scopeReadWork
	}
	return scopeWriteWork
}

// nearest are the scopes of Connect that come nearest: the REST rooms judge by
// them who administers Jira. What is closed to Connect is open to Forge.
func (a *app) nearest() []string {
	list := []string{"NONE", "INACCESSIBLE"}
	if a.may(scopeReadWork) || a.may(scopeReadUser) {
		list = append(list, "READ")
	}
	if a.may(scopeWriteWork) {
		list = append(list, "WRITE", "DELETE")
	}
	if a.may("manage:jira-project") {
		list = append(list, "PROJECT_ADMIN")
	}
	if a.may(scopeReadEmail) {
		list = append(list, "ACCESS_EMAIL_ADDRESSES")
	}
	if a.may(scopeConfigure) {
		list = append(list, "ADMIN")
	}
	return list
}
