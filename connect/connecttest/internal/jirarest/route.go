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
	// query and body name what a strict site accepts, separated by spaces.
	// Nested members have a dot. Without body any JSON is accepted.
	query string
	body  string
}

// Words of the tables below.
const (
	get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	open, login         = true, false // for anybody, or only for people who are logged in

	pageQuery   = "startAt maxResults "
	peopleQuery = "query username accountId " + pageQuery
	ownerQuery  = "accountId userKey username"
	searchQuery = "jql nextPageToken maxResults fields expand properties fieldsByKeys failFast reconcileIssues"
	adjustQuery = "notifyUsers adjustEstimate newEstimate overrideEditableFlag "

	issueBody   = "fields update transition transition.id properties properties.key properties.value historyMetadata"
	userBody    = "accountId accountType active appType applicationRoles avatarUrls displayName emailAddress expand groups guest key locale name self timeZone"
	worklogBody = "author comment created id issueId properties self started timeSpent timeSpentSeconds updateAuthor updated visibility"
	checkBody   = "accountId globalPermissions projectPermissions projectPermissions.permissions projectPermissions.projects projectPermissions.issues"
)

// operations is the table of contents. Version 2 also has what a later document
// added only to version 3: its document is older, not the API.
func operations() []operation {
	return slices.Concat(siteOperations(), userOperations(), projectOperations(), issueOperations(), worklogOperations(), dashboardOperations())
}

func siteOperations() []operation {
	return []operation{
		{"getServerInfo", get, "serverInfo", scopeRead, open, on(serverCall.serverInfo), "", ""},
		{"getConfiguration", get, "configuration", scopeRead, login, on(serverCall.configuration), "", ""},
		{"getSelectedTimeTrackingImplementation", get, "configuration/timetracking", scopeRead, login, on(serverCall.timeTracking), "", ""},
		{"getMyPermissions", get, "mypermissions", scopeRead, open, on(permissionCall.myPermissions), "projectKey projectId issueKey issueId permissions projectUuid projectConfigurationUuid commentId", ""},
		{"getBulkPermissions", post, "permissions/check", scopeRead, open, on(permissionCall.checkPermissions), "", checkBody},
		{"getNotificationSchemes", get, "notificationscheme", scopeAdmin, login, on(notificationCall.notificationSchemes), pageQuery + "id projectId onlyDefault expand", ""},
		{"createProjectRole", post, "role", scopeAdmin, login, on(roleCall.createRole), "", "name description"},
		{"getProjectRoleById", get, "role/{role}", scopeAdmin, login, on(roleCall.getRole), "", ""},
		{"getAttachmentMeta", get, "attachment/meta", scopeRead, open, on(attachmentCall.attachmentMeta), "", ""},
		{"getAttachment", get, "attachment/{attachment}", scopeRead, open, on(attachmentCall.getAttachment), "", ""},
		{"getAttachmentContent", get, "attachment/content/{attachment}", scopeRead, open, on(attachmentCall.attachmentContent), "redirect", ""},
	}
}

func userOperations() []operation {
	return []operation{
		{"getCurrentUser", get, "myself", scopeRead, login, on(userCall.myself), "expand", ""},
		{"getUser", get, "user", scopeRead, login, on(userCall.getUser), "accountId username key expand", ""},
		{"getAllUsers", get, "users/search", scopeInaccessible, login, on(userCall.allUsers), pageQuery + "expand", ""},
		{"findUsers", get, "user/search", scopeRead, open, on(findCall.findUsers), peopleQuery + "property", ""},
		{"findUsersByQuery", get, "user/search/query", scopeRead, login, on(findCall.usersByQuery), "query " + pageQuery, ""},
		{"findUserKeysByQuery", get, "user/search/query/key", scopeRead, login, on(findCall.userKeysByQuery), "query maxResult " + pageQuery, ""},
		{"findAssignableUsers", get, "user/assignable/search", scopeRead, login, on(findCall.findAssignable), peopleQuery + "sessionId project issueKey issueId actionDescriptorId recommend accountType appType", ""},
		{"findBulkAssignableUsers", get, "user/assignable/multiProjectSearch", scopeRead, open, on(findCall.findBulkAssignable), peopleQuery + "projectKeys", ""},
		{"findUsersWithAllPermissions", get, "user/permission/search", scopeRead, open, on(findCall.findPermitted), peopleQuery + "permissions issueKey projectKey", ""},
		{"findUsersWithBrowsePermission", get, "user/viewissue/search", scopeRead, open, on(findCall.findBrowsing), peopleQuery + "issueKey projectKey", ""},
		{"findUsersForPicker", get, "user/picker", scopeRead, open, on(findCall.pickUsers), "query maxResults showAvatar exclude excludeAccountIds avatarSize excludeConnectUsers", ""},
		{"getUserPropertyKeys", get, "user/properties", scopeRead, login, keysOf(own(userCall.ownUser)), ownerQuery, ""},
		{"getUserProperty", get, "user/properties/{key}", scopeRead, login, getOf(own(userCall.ownUser)), ownerQuery, ""},
		{"setUserProperty", put, "user/properties/{key}", scopeWrite, login, setOf(own(userCall.ownUser)), ownerQuery, ""},
		{"deleteUserProperty", del, "user/properties/{key}", scopeDelete, login, deleteOf(own(userCall.ownUser)), ownerQuery, ""},
	}
}

func projectOperations() []operation {
	return []operation{
		{"searchProjects", get, "project/search", scopeRead, open, on(projectCall.searchProjects), pageQuery + "orderBy id keys query typeKey categoryId action expand status properties propertyQuery", ""},
		{"getProject", get, "project/{project}", scopeRead, open, on(projectCall.getProject), "expand properties", ""},
		{"getProjectRoles", get, "project/{project}/role", scopeRead, open, on(roleCall.projectRoles), "", ""},
		{"getProjectRole", get, "project/{project}/role/{role}", scopeRead, open, on(roleCall.projectRole), "excludeInactiveUsers", ""},
		{"getProjectRoleDetails", get, "project/{project}/roledetails", scopeRead, open, on(roleCall.roleDetails), "currentMember excludeConnectAddons excludeOtherServiceRoles", ""},

		{"searchAndReconsileIssuesUsingJql", get, "search/jql", scopeRead, open, on(searchCall.searchByQuery), searchQuery, ""},
		{"searchAndReconsileIssuesUsingJqlPost", post, "search/jql", scopeRead, open, on(searchCall.searchByBody), "", "jql nextPageToken maxResults fields expand properties fieldsByKeys reconcileIssues"},
		{"searchForIssuesUsingJql", get, "search", scopeRead, open, on(searchCall.searchGone), searchQuery + " startAt validateQuery", ""},
		{"searchForIssuesUsingJqlPost", post, "search", scopeRead, open, on(searchCall.searchGone), "", ""},
	}
}

func issueOperations() []operation {
	return []operation{
		{"createIssue", post, "issue", scopeWrite, login, on(issueCall.createIssue), "updateHistory", issueBody},
		{"getIssue", get, "issue/{issue}", scopeRead, open, on(issueCall.getIssue), "fields fieldsByKeys expand properties updateHistory failFast", ""},
		{"editIssue", put, "issue/{issue}", scopeWrite, open, on(issueCall.editIssue), "notifyUsers overrideScreenSecurity overrideEditableFlag returnIssue expand", issueBody},
		{"deleteIssue", del, "issue/{issue}", scopeDelete, open, on(issueCall.deleteIssue), "deleteSubtasks", ""},
		{"assignIssue", put, "issue/{issue}/assignee", scopeWrite, open, on(issueCall.assignIssue), "", userBody},
		{"getTransitions", get, "issue/{issue}/transitions", scopeRead, open, on(issueCall.getTransitions), "expand transitionId skipRemoteOnlyCondition includeUnavailableTransitions sortByOpsBarAndStatus", ""},
		{"doTransition", post, "issue/{issue}/transitions", scopeWrite, open, on(issueCall.doTransition), "", issueBody},
		{"getIssuePropertyKeys", get, "issue/{issue}/properties", scopeRead, open, keysOf(own(issueCall.ownIssue)), "", ""},
		{"getIssueProperty", get, "issue/{issue}/properties/{key}", scopeRead, open, getOf(own(issueCall.ownIssue)), "", ""},
		{"setIssueProperty", put, "issue/{issue}/properties/{key}", scopeWrite, open, setOf(own(issueCall.ownIssue)), "", ""},
		{"deleteIssueProperty", del, "issue/{issue}/properties/{key}", scopeDelete, open, deleteOf(own(issueCall.ownIssue)), "", ""},
	}
}

func worklogOperations() []operation {
	return []operation{
		{"getIssueWorklog", get, "issue/{issue}/worklog", scopeRead, open, on(worklogCall.listWorklogs), pageQuery + "startedAfter startedBefore expand", ""},
		{"addWorklog", post, "issue/{issue}/worklog", scopeWrite, open, on(worklogCall.addWorklog), adjustQuery + "reduceBy expand", worklogBody},
		{"getWorklog", get, "issue/{issue}/worklog/{worklog}", scopeRead, open, on(worklogCall.getWorklog), "expand", ""},
		{"updateWorklog", put, "issue/{issue}/worklog/{worklog}", scopeWrite, open, on(worklogCall.updateWorklog), adjustQuery + "expand", worklogBody},
		{"deleteWorklog", del, "issue/{issue}/worklog/{worklog}", scopeDelete, open, on(worklogCall.deleteWorklog), adjustQuery + "increaseBy", ""},
		{"getIdsOfWorklogsModifiedSince", get, "worklog/updated", scopeRead, login, on(worklogCall.updatedWorklogs), "since expand", ""},
		{"getIdsOfWorklogsDeletedSince", get, "worklog/deleted", scopeRead, login, on(worklogCall.deletedWorklogs), "since", ""},
		{"getWorklogsForIds", post, "worklog/list", scopeRead, login, on(worklogCall.worklogsByID), "expand", "ids"},
	}
}

func dashboardOperations() []operation {
	return []operation{
		{"getAllDashboards", get, "dashboard", scopeRead, open, on(dashboardCall.listDashboards), pageQuery + "filter", ""},
		{"getDashboardsPaginated", get, "dashboard/search", scopeRead, open, on(dashboardCall.searchDashboards), pageQuery + "dashboardName accountId owner groupname groupId projectId orderBy status expand", ""},
		{"getAllAvailableDashboardGadgets", get, "dashboard/gadgets", scopeRead, login, on(dashboardCall.availableGadgets), "", ""},
		{"getDashboard", get, "dashboard/{dashboard}", scopeRead, open, on(dashboardCall.getDashboard), "", ""},
		{"getAllGadgets", get, "dashboard/{dashboard}/gadget", scopeRead, open, on(dashboardCall.listGadgets), "moduleKey uri gadgetId", ""},
		{"getDashboardItemPropertyKeys", get, "dashboard/{dashboard}/items/{item}/properties", scopeRead, open, keysOf(own(dashboardCall.ownItem)), "", ""},
		{"getDashboardItemProperty", get, "dashboard/{dashboard}/items/{item}/properties/{key}", scopeRead, open, getOf(own(dashboardCall.ownItem)), "", ""},
		{"setDashboardItemProperty", put, "dashboard/{dashboard}/items/{item}/properties/{key}", scopeWrite, open, setOf(own(dashboardCall.ownItem)), "", ""},
		{"deleteDashboardItemProperty", del, "dashboard/{dashboard}/items/{item}/properties/{key}", scopeDelete, open, deleteOf(own(dashboardCall.ownItem)), "", ""},
	}
}

// split splits an escaped path: the API's version, "" if there is none, and the
// segments after it. One slash at the end is ignored.
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

// find returns the operation, with the values of its path, or the methods that
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
