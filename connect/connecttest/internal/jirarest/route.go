package jirarest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// Connect scopes of operations,
// https://developer.atlassian.com/cloud/jira/platform/scopes-for-connect-apps/.
const (
	scopeNone         = "NONE"
	scopeRead         = "READ"
	scopeWrite        = "WRITE"
	scopeDelete       = "DELETE"
	scopeAdmin        = "ADMIN"
	scopeEmail        = "ACCESS_EMAIL_ADDRESSES" // approved apps alone, and nobody else
	scopeInaccessible = "INACCESSIBLE"           // no app may call it
)

// rules are what an operation demands.
type rules struct {
	scope     string
	anonymous bool
	// body names the members that a strict site accepts, separated by spaces.
	// Nested members have a dot. Without body any JSON is accepted.
	body  string
	serve func(*call) (answer, error)
}

// operation is an operation of this API.
type operation = api.Operation[rules]

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
	filterBody  = "approximateLastUsed description editPermissions favourite favouritedCount id jql name owner searchUrl self sharePermissions sharedUsers subscriptions viewUrl"
	worklogBody = "author comment created id issueId properties self started timeSpent timeSpentSeconds updateAuthor updated visibility"
	checkBody   = "accountId globalPermissions projectPermissions projectPermissions.permissions projectPermissions.projects projectPermissions.issues"
)

// operations is the table of contents. Version 2 also has what a later document
// added only to version 3: its document is older, not the API.
func operations() api.Table[rules] {
	return slices.Concat(siteOperations(), userOperations(), projectOperations(), filterOperations(), groupOperations(), issueOperations(), worklogOperations(), dashboardOperations())
}

func siteOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("getServerInfo", get, "serverInfo", "", rules{scopeRead, open, "", on(serverCall.serverInfo)}),
		api.Op("getConfiguration", get, "configuration", "", rules{scopeRead, login, "", on(serverCall.configuration)}),
		api.Op("getSelectedTimeTrackingImplementation", get, "configuration/timetracking", "", rules{scopeRead, login, "", on(serverCall.timeTracking)}),
		api.Op("getSharedTimeTrackingConfiguration", get, "configuration/timetracking/options", "", rules{scopeRead, login, "", on(serverCall.timeOptions)}),
		api.Op("setSharedTimeTrackingConfiguration", put, "configuration/timetracking/options", "", rules{scopeAdmin, login, "workingHoursPerDay workingDaysPerWeek timeFormat defaultUnit", on(serverCall.setTimeOptions)}),
		api.Op("getPriorities", get, "priority", "", rules{scopeRead, open, "", on(serverCall.priorities)}),
		api.Op("getIssueAllTypes", get, "issuetype", "", rules{scopeRead, open, "", on(projectCall.issueTypes)}),
		api.Op("getIssueTypesForProject", get, "issuetype/project", "projectId level", rules{scopeRead, open, "", on(projectCall.issueTypesOf)}),
		api.Op("getMyPermissions", get, "mypermissions", "projectKey projectId issueKey issueId permissions projectUuid projectConfigurationUuid commentId", rules{scopeRead, open, "", on(permissionCall.myPermissions)}),
		api.Op("getPermittedProjects", post, "permissions/project", "", rules{scopeRead, open, "permissions", on(permissionCall.permittedProjects)}),
		api.Op("getBulkPermissions", post, "permissions/check", "", rules{scopeRead, open, checkBody, on(permissionCall.checkPermissions)}),
		api.Op("getNotificationSchemes", get, "notificationscheme", pageQuery+"id projectId onlyDefault expand", rules{scopeAdmin, login, "", on(notificationCall.notificationSchemes)}),
		api.Op("createProjectRole", post, "role", "", rules{scopeAdmin, login, "name description", on(roleCall.createRole)}),
		api.Op("getAllProjectRoles", get, "role", "", rules{scopeAdmin, login, "", on(roleCall.listRoles)}),
		api.Op("partialUpdateProjectRole", post, "role/{role}", "", rules{scopeAdmin, login, "name description", on(roleCall.partlyUpdateRole)}),
		api.Op("fullyUpdateProjectRole", put, "role/{role}", "", rules{scopeAdmin, login, "name description", on(roleCall.updateRole)}),
		api.Op("deleteProjectRole", del, "role/{role}", "swap", rules{scopeAdmin, login, "", on(roleCall.deleteRole)}),
		api.Op("getProjectRoleById", get, "role/{role}", "", rules{scopeAdmin, login, "", on(roleCall.getRole)}),
		api.Op("getStatuses", get, "status", "", rules{scopeRead, open, "", on(serverCall.statuses)}),
		api.Op("getFields", get, "field", "", rules{scopeRead, open, "", on(fieldCall.listFields)}),
		api.Op("createCustomField", post, "field", "", rules{scopeAdmin, login, "name description type searcherKey", on(fieldCall.createField)}),
		api.Op("getFieldsPaginated", get, "field/search", pageQuery+"type id query orderBy expand projectIds", rules{scopeNone, login, "", on(fieldCall.searchFields)}),
		api.Op("getAllLabels", get, "label", pageQuery, rules{scopeRead, login, "", on(partCall.listLabels)}),
		api.Op("getAttachmentMeta", get, "attachment/meta", "", rules{scopeRead, open, "", on(attachmentCall.attachmentMeta)}),
		api.Op("getAttachment", get, "attachment/{attachment}", "", rules{scopeRead, open, "", on(attachmentCall.getAttachment)}),
		api.Op("getAttachmentContent", get, "attachment/content/{attachment}", "redirect", rules{scopeRead, open, "", on(attachmentCall.attachmentContent)}),
	}
}

func userOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("getCurrentUser", get, "myself", "expand", rules{scopeRead, login, "", on(userCall.myself)}),
		api.Op("getUser", get, "user", "accountId username key expand", rules{scopeRead, login, "", on(userCall.getUser)}),
		api.Op("getAllUsers", get, "users/search", pageQuery+"expand", rules{scopeInaccessible, login, "", on(userCall.allUsers)}),
		api.Op("bulkGetUsers", get, "user/bulk", peopleQuery+"key", rules{scopeRead, login, "", on(userCall.bulkUsers)}),
		api.Op("getUserEmail", get, "user/email", "accountId", rules{scopeNone, login, "", on(userCall.email)}),
		api.Op("findUsers", get, "user/search", peopleQuery+"property", rules{scopeRead, open, "", on(findCall.findUsers)}),
		api.Op("findUsersByQuery", get, "user/search/query", "query "+pageQuery, rules{scopeRead, login, "", on(findCall.usersByQuery)}),
		api.Op("findUserKeysByQuery", get, "user/search/query/key", "query maxResult "+pageQuery, rules{scopeRead, login, "", on(findCall.userKeysByQuery)}),
		api.Op("findAssignableUsers", get, "user/assignable/search", peopleQuery+"sessionId project issueKey issueId actionDescriptorId recommend accountType appType", rules{scopeRead, login, "", on(findCall.findAssignable)}),
		api.Op("findBulkAssignableUsers", get, "user/assignable/multiProjectSearch", peopleQuery+"projectKeys", rules{scopeRead, open, "", on(findCall.findBulkAssignable)}),
		api.Op("findUsersWithAllPermissions", get, "user/permission/search", peopleQuery+"permissions issueKey projectKey", rules{scopeRead, open, "", on(findCall.findPermitted)}),
		api.Op("findUsersWithBrowsePermission", get, "user/viewissue/search", peopleQuery+"issueKey projectKey", rules{scopeRead, open, "", on(findCall.findBrowsing)}),
		api.Op("findUsersForPicker", get, "user/picker", "query maxResults showAvatar exclude excludeAccountIds avatarSize excludeConnectUsers", rules{scopeRead, open, "", on(findCall.pickUsers)}),
		api.Op("getUserPropertyKeys", get, "user/properties", ownerQuery, rules{scopeRead, login, "", keysOf(own(userCall.ownUser))}),
		api.Op("getUserProperty", get, "user/properties/{key}", ownerQuery, rules{scopeRead, login, "", getOf(own(userCall.ownUser))}),
		api.Op("setUserProperty", put, "user/properties/{key}", ownerQuery, rules{scopeWrite, login, "", setOf(own(userCall.ownUser))}),
		api.Op("deleteUserProperty", del, "user/properties/{key}", ownerQuery, rules{scopeDelete, login, "", deleteOf(own(userCall.ownUser))}),
	}
}

func projectOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("getAllProjects", get, "project", "expand recent properties", rules{scopeRead, open, "", on(projectCall.listProjects)}),
		api.Op("searchProjects", get, "project/search", pageQuery+"orderBy id keys query typeKey categoryId action expand status properties propertyQuery", rules{scopeRead, open, "", on(projectCall.searchProjects)}),
		api.Op("getProject", get, "project/{project}", "expand properties", rules{scopeRead, open, "", on(projectCall.getProject)}),
		api.Op("getProjectComponents", get, "project/{project}/components", "componentSource", rules{scopeRead, open, "", on(partCall.listComponents)}),
		api.Op("getProjectVersions", get, "project/{project}/versions", "expand", rules{scopeRead, open, "", on(partCall.listVersions)}),
		api.Op("getSecurityLevelsForProject", get, "project/{project}/securitylevel", "", rules{scopeRead, open, "", on(partCall.securityLevels)}),
		api.Op("getProjectRoles", get, "project/{project}/role", "", rules{scopeRead, open, "", on(roleCall.projectRoles)}),
		api.Op("getProjectRole", get, "project/{project}/role/{role}", "excludeInactiveUsers", rules{scopeRead, open, "", on(roleCall.projectRole)}),
		api.Op("getProjectRoleDetails", get, "project/{project}/roledetails", "currentMember excludeConnectAddons excludeOtherServiceRoles", rules{scopeRead, open, "", on(roleCall.roleDetails)}),

		api.Op("searchAndReconsileIssuesUsingJql", get, "search/jql", searchQuery, rules{scopeRead, open, "", on(searchCall.searchByQuery)}),
		api.Op("searchAndReconsileIssuesUsingJqlPost", post, "search/jql", "", rules{scopeRead, open, "jql nextPageToken maxResults fields expand properties fieldsByKeys reconcileIssues", on(searchCall.searchByBody)}),
		api.Op("countIssues", post, "search/approximate-count", "", rules{scopeRead, open, "jql", on(searchCall.count)}),
		api.Op("parseJqlQueries", post, "jql/parse", "validation", rules{scopeRead, open, "queries", on(queryCall.parse)}),
		api.Op("sanitiseJqlQueries", post, "jql/sanitize", "", rules{scopeAdmin, login, "queries queries.accountId queries.query", on(queryCall.sanitize)}),
		api.Op("getAutoComplete", get, "jql/autocompletedata", "", rules{scopeRead, open, "", on(queryCall.autocompleteData)}),
		api.Op("getAutoCompletePost", post, "jql/autocompletedata", "", rules{scopeRead, open, "includeCollapsedFields projectIds", on(queryCall.autocompleteIn)}),
		api.Op("getFieldAutoCompleteForQueryString", get, "jql/autocompletedata/suggestions", "fieldName fieldValue predicateName predicateValue", rules{scopeRead, open, "", on(queryCall.suggest)}),
		api.Op("matchIssues", post, "jql/match", "", rules{scopeRead, login, "issueIds jqls", on(searchCall.match)}),
		api.Op("searchForIssuesUsingJql", get, "search", searchQuery+" startAt validateQuery", rules{scopeRead, open, "", on(searchCall.searchGone)}),
		api.Op("searchForIssuesUsingJqlPost", post, "search", "", rules{scopeRead, open, "", on(searchCall.searchGone)}),
	}
}

func filterOperations() api.Table[rules] {
	const overriding = "expand overrideSharePermissions"
	return api.Table[rules]{
		api.Op("getFiltersPaginated", get, "filter/search", pageQuery+"filterName accountId owner groupname groupId projectId id orderBy isSubstringMatch "+overriding, rules{scopeRead, open, "", on(filterCall.searchFilters)}),
		api.Op("getFavouriteFilters", get, "filter/favourite", "expand", rules{scopeRead, open, "", on(filterCall.favouriteFilters)}),
		api.Op("getMyFilters", get, "filter/my", "expand includeFavourites", rules{scopeRead, open, "", on(filterCall.myFilters)}),
		api.Op("getFilter", get, "filter/{filter}", overriding, rules{scopeRead, open, "", on(filterCall.getFilter)}),
		api.Op("updateFilter", put, "filter/{filter}", overriding, rules{scopeWrite, open, filterBody, on(filterCall.updateFilter)}),
		api.Op("deleteFilter", del, "filter/{filter}", "", rules{scopeDelete, open, "", on(filterCall.deleteFilter)}),
	}
}

func groupOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("findGroups", get, "groups/picker", "accountId query exclude excludeId maxResults caseInsensitive userName", rules{scopeRead, open, "", on(groupCall.pickGroups)}),
		api.Op("bulkGetGroups", get, "group/bulk", pageQuery+"groupId groupName accessType applicationKey", rules{scopeAdmin, login, "", on(groupCall.bulkGroups)}),
		api.Op("getUsersFromGroup", get, "group/member", pageQuery+"groupname groupId includeInactiveUsers", rules{scopeAdmin, login, "", on(groupCall.groupMembers)}),
	}
}

func issueOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("createIssue", post, "issue", "updateHistory", rules{scopeWrite, login, issueBody, on(issueCall.createIssue)}),
		api.Op("bulkFetchIssues", post, "issue/bulkfetch", "", rules{scopeWrite, open, "issueIdsOrKeys fields fieldsByKeys expand properties", on(issueCall.bulkFetch)}),
		api.Op("getChangeLogs", get, "issue/{issue}/changelog", pageQuery, rules{scopeRead, open, "", on(issueCall.changelog)}),
		api.Op("getBulkChangelogs", post, "changelog/bulkfetch", "", rules{scopeInaccessible, login, "issueIdsOrKeys fieldIds maxResults nextPageToken", on(issueCall.bulkChangelogs)}),
		api.Op("getIssue", get, "issue/{issue}", "fields fieldsByKeys expand properties updateHistory failFast", rules{scopeRead, open, "", on(issueCall.getIssue)}),
		api.Op("editIssue", put, "issue/{issue}", "notifyUsers overrideScreenSecurity overrideEditableFlag returnIssue expand", rules{scopeWrite, open, issueBody, on(issueCall.editIssue)}),
		api.Op("deleteIssue", del, "issue/{issue}", "deleteSubtasks", rules{scopeDelete, open, "", on(issueCall.deleteIssue)}),
		api.Op("assignIssue", put, "issue/{issue}/assignee", "", rules{scopeWrite, open, userBody, on(issueCall.assignIssue)}),
		api.Op("getTransitions", get, "issue/{issue}/transitions", "expand transitionId skipRemoteOnlyCondition includeUnavailableTransitions sortByOpsBarAndStatus", rules{scopeRead, open, "", on(issueCall.getTransitions)}),
		api.Op("doTransition", post, "issue/{issue}/transitions", "", rules{scopeWrite, open, issueBody, on(issueCall.doTransition)}),
		api.Op("getIssuePropertyKeys", get, "issue/{issue}/properties", "", rules{scopeRead, open, "", keysOf(own(issueCall.ownIssue))}),
		api.Op("getIssueProperty", get, "issue/{issue}/properties/{key}", "", rules{scopeRead, open, "", getOf(own(issueCall.ownIssue))}),
		api.Op("setIssueProperty", put, "issue/{issue}/properties/{key}", "", rules{scopeWrite, open, "", setOf(own(issueCall.ownIssue))}),
		api.Op("deleteIssueProperty", del, "issue/{issue}/properties/{key}", "", rules{scopeDelete, open, "", deleteOf(own(issueCall.ownIssue))}),
	}
}

func worklogOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("getIssueWorklog", get, "issue/{issue}/worklog", pageQuery+"startedAfter startedBefore expand", rules{scopeRead, open, "", on(worklogCall.listWorklogs)}),
		api.Op("addWorklog", post, "issue/{issue}/worklog", adjustQuery+"reduceBy expand", rules{scopeWrite, open, worklogBody, on(worklogCall.addWorklog)}),
		api.Op("bulkDeleteWorklogs", del, "issue/{issue}/worklog", "adjustEstimate overrideEditableFlag", rules{scopeDelete, open, "ids", on(worklogCall.deleteWorklogs)}),
		api.Op("getWorklog", get, "issue/{issue}/worklog/{worklog}", "expand", rules{scopeRead, open, "", on(worklogCall.getWorklog)}),
		api.Op("updateWorklog", put, "issue/{issue}/worklog/{worklog}", adjustQuery+"expand", rules{scopeWrite, open, worklogBody, on(worklogCall.updateWorklog)}),
		api.Op("deleteWorklog", del, "issue/{issue}/worklog/{worklog}", adjustQuery+"increaseBy", rules{scopeDelete, open, "", on(worklogCall.deleteWorklog)}),
		api.Op("getIdsOfWorklogsModifiedSince", get, "worklog/updated", "since expand", rules{scopeRead, login, "", on(worklogCall.updatedWorklogs)}),
		api.Op("getIdsOfWorklogsDeletedSince", get, "worklog/deleted", "since", rules{scopeRead, login, "", on(worklogCall.deletedWorklogs)}),
		api.Op("getWorklogsForIds", post, "worklog/list", "expand", rules{scopeRead, login, "ids", on(worklogCall.worklogsByID)}),
	}
}

func dashboardOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("getAllDashboards", get, "dashboard", pageQuery+"filter", rules{scopeRead, open, "", on(dashboardCall.listDashboards)}),
		api.Op("createDashboard", post, "dashboard", "extendAdminPermissions", rules{scopeWrite, login, "name description sharePermissions editPermissions", on(dashboardCall.createDashboard)}),
		api.Op("getDashboardsPaginated", get, "dashboard/search", pageQuery+"dashboardName accountId owner groupname groupId projectId orderBy status expand", rules{scopeRead, open, "", on(dashboardCall.searchDashboards)}),
		api.Op("getAllAvailableDashboardGadgets", get, "dashboard/gadgets", "", rules{scopeRead, login, "", on(dashboardCall.availableGadgets)}),
		api.Op("getDashboard", get, "dashboard/{dashboard}", "", rules{scopeRead, open, "", on(dashboardCall.getDashboard)}),
		api.Op("getAllGadgets", get, "dashboard/{dashboard}/gadget", "moduleKey uri gadgetId", rules{scopeRead, open, "", on(dashboardCall.listGadgets)}),
		api.Op("addGadget", post, "dashboard/{dashboard}/gadget", "", rules{scopeWrite, login, "moduleKey uri color title position ignoreUriAndModuleKeyValidation", on(dashboardCall.addGadget)}),
		api.Op("getDashboardItemPropertyKeys", get, "dashboard/{dashboard}/items/{item}/properties", "", rules{scopeRead, open, "", keysOf(own(dashboardCall.ownItem))}),
		api.Op("getDashboardItemProperty", get, "dashboard/{dashboard}/items/{item}/properties/{key}", "", rules{scopeRead, open, "", getOf(own(dashboardCall.ownItem))}),
		api.Op("setDashboardItemProperty", put, "dashboard/{dashboard}/items/{item}/properties/{key}", "", rules{scopeWrite, open, "", setOf(own(dashboardCall.ownItem))}),
		api.Op("deleteDashboardItemProperty", del, "dashboard/{dashboard}/items/{item}/properties/{key}", "", rules{scopeDelete, open, "", deleteOf(own(dashboardCall.ownItem))}),
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

// The operations are methods of the resource that they are about. Each resource
// is a view of the call being answered and holds nothing else, so converting
// between resources costs nothing.
type (
	// serverCall has the operations on the site itself and its settings.
	serverCall struct{ *call }
	// attachmentCall has the operations on files on issues.
	attachmentCall struct{ *call }
	// permissionCall has the operations on permissions.
	permissionCall struct{ *call }
	// notificationCall has the operations on notification schemes.
	notificationCall struct{ *call }
	// fieldCall has the operations on the fields that issues can have.
	fieldCall struct{ *call }
	// partCall has the operations on what issues of a project can be part of:
	// components, versions, labels, levels of security.
	partCall struct{ *call }
	// queryCall has what helps to write queries.
	queryCall struct{ *call }
	// filterCall has the operations on saved queries.
	filterCall struct{ *call }
	// shareCall reads and shows with whom something is shared.
	shareCall struct{ *call }
	// groupCall has the operations on groups of people.
	groupCall struct{ *call }
	// roleCall has the operations on project roles and the people in them.
	roleCall struct{ *call }
	// userCall has the operations on single users and their properties.
	userCall struct{ *call }
	// findCall has the searches for users.
	findCall struct{ *call }
	// projectCall has the operations on projects.
	projectCall struct{ *call }
	// searchCall has the searches for issues.
	searchCall struct{ *call }
	// issueCall has the operations on issues, their fields, changes, transitions and properties.
	issueCall struct{ *call }
	// worklogCall has the operations on worklogs.
	worklogCall struct{ *call }
	// dashboardCall has the operations on dashboards, their gadgets and item properties.
	dashboardCall struct{ *call }
)

func (c *call) attachments() attachmentCall { return attachmentCall{c} }
func (c *call) dashboards() dashboardCall   { return dashboardCall{c} }
func (c *call) sharing() shareCall          { return shareCall{c} }
func (c *call) parts() partCall             { return partCall{c} }
func (c *call) roles() roleCall             { return roleCall{c} }
func (c *call) users() userCall             { return userCall{c} }
func (c *call) finders() findCall           { return findCall{c} }
func (c *call) projects() projectCall       { return projectCall{c} }
func (c *call) searches() searchCall        { return searchCall{c} }
func (c *call) issues() issueCall           { return issueCall{c} }
func (c *call) worklogs() worklogCall       { return worklogCall{c} }

// resource is any of the views.
type resource interface {
	~struct{ *call }
}

// on serves a call with an operation of a resource.
func on[R resource](serve func(R) (answer, error)) func(*call) (answer, error) {
	return func(c *call) (answer, error) { return serve(R{c}) }
}

// own finds the owner of properties with a method of a resource.
func own[R resource](find func(c R, write bool) (owner, error)) finder {
	return func(c *call, write bool) (owner, error) { return find(R{c}, write) }
}
