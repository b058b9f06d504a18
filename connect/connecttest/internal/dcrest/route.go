package dcrest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// rules are what an operation demands of the caller and the request.
type rules struct {
	anonymous    int // the status for an anonymous caller, 0: they may call
	admin        bool
	experimental bool
	takes        takes
	serve        func(*call) (api.Answer, error)
}

// takes is the kind of body that is read before the operation runs.
type takes int

const (
	takesNothing takes = iota
	takesJSON
	takesForm // of either kind
)

// Words of the tables below.
const (
	get, post, put, del  = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	login, denied, open  = http.StatusUnauthorized, http.StatusForbidden, 0
	admins, all          = true, false
	experimental, stable = true, false
	bare                 = takesNothing
	withJSON, withForm   = takesJSON, takesForm
)

// operations is the table of contents.
func operations() api.Table[rules] {
	list := userOperations()
	list = append(list, anonymizationOperations()...)
	list = append(list, searchOperations()...)
	list = append(list, personalOperations()...)
	list = append(list, siteOperations()...)
	return append(list, issueOperations()...)
}

func userOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("getUser_1", get, "user", "includeDeleted key username", rules{login, all, stable, bare, on(userCall.getUser)}),
		api.Op("updateUser_1", put, "user", "key username", rules{login, admins, experimental, withJSON, on(userCall.updateUser)}),
		api.Op("createUser", post, "user", "", rules{login, admins, experimental, withJSON, on(userCall.createUser)}),
		api.Op("removeUser", del, "user", "key username", rules{login, admins, experimental, bare, on(userCall.removeUser)}),
		api.Op("changeUserPassword", put, "user/password", "key username", rules{login, all, experimental, withJSON, on(userCall.changePassword)}),
		api.Op("addUserToApplication_1", post, "user/application", "applicationKey username", rules{login, admins, experimental, bare, on(userCall.addApplication)}),
		api.Op("removeUserFromApplication_1", del, "user/application", "applicationKey username", rules{login, admins, experimental, bare, on(userCall.removeApplication)}),
		api.Op("getDuplicatedUsersCount", get, "user/duplicated/count", "flush", rules{login, all, experimental, bare, on(userCall.countDuplicates)}),
		api.Op("getDuplicatedUsersMapping", get, "user/duplicated/list", "flush", rules{login, admins, experimental, bare, on(userCall.listDuplicates)}),
		api.Op("deleteSession", del, "user/session/{username}", "", rules{login, admins, stable, bare, on(userCall.deleteSession)}),
	}
}

func anonymizationOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("validateUserAnonymization", get, "user/anonymization", "expand userKey", rules{denied, admins, stable, bare, on(anonymizeCall.validateAnonymization)}),
		api.Op("scheduleUserAnonymization", post, "user/anonymization", "", rules{denied, admins, stable, withJSON, on(anonymizeCall.scheduleAnonymization)}),
		api.Op("getProgress_1", get, "user/anonymization/progress", "taskId", rules{denied, admins, stable, bare, on(anonymizeCall.anonymizationProgress)}),
		api.Op("validateUserAnonymizationRerun", get, "user/anonymization/rerun", "expand oldUserKey oldUserName userKey", rules{denied, admins, stable, bare, on(anonymizeCall.validateRerun)}),
		api.Op("scheduleUserAnonymizationRerun", post, "user/anonymization/rerun", "", rules{denied, admins, stable, withJSON, on(anonymizeCall.scheduleRerun)}),
		api.Op("unlockAnonymization", del, "user/anonymization/unlock", "", rules{denied, admins, stable, bare, on(anonymizeCall.unlockAnonymization)}),
	}
}

func searchOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("findUsers", get, "user/search", "includeInactive maxResults includeActive startAt username", rules{login, all, stable, bare, on(searchCall.findUsers)}),
		api.Op("findAssignableUsers_1", get, "user/assignable/search", "issueKey maxResults project actionDescriptorId username", rules{login, all, stable, bare, on(searchCall.findAssignable)}),
		api.Op("findBulkAssignableUsers", get, "user/assignable/multiProjectSearch", "maxResults projectKeys username", rules{login, all, stable, bare, on(searchCall.findBulkAssignable)}),
		api.Op("findUsersWithAllPermissions", get, "user/permission/search", "projectKey issueKey maxResults permissions startAt username", rules{login, all, stable, bare, on(searchCall.findWithPermissions)}),
		api.Op("findUsersWithBrowsePermission", get, "user/viewissue/search", "projectKey issueKey maxResults username", rules{login, all, stable, bare, on(searchCall.findViewers)}),
		api.Op("findUsersForPicker", get, "user/picker", "maxResults query exclude showAvatar", rules{login, all, stable, bare, on(searchCall.pickUsers)}),
	}
}

func personalOperations() api.Table[rules] {
	const who = "userKey username"
	return api.Table[rules]{
		api.Op("getA11yPersonalSettings", get, "user/a11y/personal-settings", "", rules{login, all, stable, bare, on(userCall.accessibility)}),
		api.Op("storeTemporaryAvatarUsingMultiPart_3", post, "user/avatar/temporary", "username", rules{login, all, stable, withForm, on(avatarCall.uploadAvatar)}),
		api.Op("createAvatarFromTemporary_4", post, "user/avatar", "username", rules{login, all, stable, withJSON, on(avatarCall.createAvatar)}),
		api.Op("updateUserAvatar_1", put, "user/avatar", "username", rules{login, all, stable, withJSON, on(avatarCall.selectAvatar)}),
		api.Op("deleteAvatar_2", del, "user/avatar/{id}", "username", rules{login, all, stable, bare, on(avatarCall.deleteAvatar)}),
		api.Op("getAllAvatars_1", get, "user/avatars", "username", rules{login, all, stable, bare, on(avatarCall.listAvatars)}),
		api.Op("defaultColumns", get, "user/columns", "username", rules{login, all, stable, bare, on(columnCall.getColumns)}),
		api.Op("setColumnsUrlEncoded", put, "user/columns", "", rules{login, all, stable, withForm, on(columnCall.setColumns)}),
		api.Op("resetColumns", del, "user/columns", "username", rules{login, all, stable, bare, on(columnCall.resetColumns)}),
		api.Op("getPropertiesKeys_4", get, "user/properties", who, rules{login, all, stable, bare, on(propertyCall.propertyKeys)}),
		api.Op("getProperty_6", get, "user/properties/{key}", who, rules{login, all, stable, bare, on(propertyCall.getProperty)}),
		api.Op("setProperty_5", put, "user/properties/{key}", who, rules{login, all, stable, withJSON, on(propertyCall.setProperty)}),
		api.Op("deleteProperty_6", del, "user/properties/{key}", who, rules{login, all, stable, bare, on(propertyCall.deleteProperty)}),
	}
}

// shared is what the rules of most operations that Cloud has too say.
func shared(body takes) rules { return rules{login, all, stable, body, on(sharedCall.pass)} }

// siteOperations are what a client asks first: who it is, where, and what there is.
func siteOperations() api.Table[rules] {
	return api.Table[rules]{
		api.Op("getServerInfo", get, "serverInfo", "doHealthCheck", rules{open, all, stable, bare, on(sharedCall.serverInfo)}),
		api.Op("getMyself", get, "myself", "expand", rules{login, all, stable, bare, on(sharedCall.myself)}),
		api.Op("getFields", get, "field", "", shared(bare)),
		api.Op("getStatuses", get, "status", "", shared(bare)),
		api.Op("getPriorities", get, "priority", "", shared(bare)),
		api.Op("getIssueAllTypes", get, "issuetype", "", shared(bare)),
		api.Op("getAllProjects", get, "project", "expand recent includeArchived browseArchive", shared(bare)),
		api.Op("getProject", get, "project/{project}", "expand", shared(bare)),
		api.Op("getProjectComponents", get, "project/{project}/components", "", shared(bare)),
		api.Op("getProjectVersions", get, "project/{project}/versions", "expand", shared(bare)),
		api.Op("getDashboards", get, "dashboard", "filter startAt maxResults", shared(bare)),
		api.Op("getDashboard", get, "dashboard/{dashboard}", "", shared(bare)),
	}
}

func issueOperations() api.Table[rules] {
	const found = "jql startAt maxResults validateQuery fields expand properties"
	const adjusted = "notifyUsers adjustEstimate newEstimate"
	return api.Table[rules]{
		api.Op("searchIssues", get, "search", found, rules{login, all, stable, bare, onIssues(issueCall.searchByQuery)}),
		api.Op("searchIssuesPost", post, "search", "", rules{login, all, stable, withJSON, onIssues(issueCall.searchByBody)}),
		api.Op("createIssue", post, "issue", "updateHistory", shared(withJSON)),
		api.Op("getIssue", get, "issue/{issue}", "fields expand properties updateHistory", shared(bare)),
		api.Op("editIssue", put, "issue/{issue}", "notifyUsers", shared(withJSON)),
		api.Op("deleteIssue", del, "issue/{issue}", "deleteSubtasks", shared(bare)),
		api.Op("assignIssue", put, "issue/{issue}/assignee", "", shared(withJSON)),
		api.Op("getTransitions", get, "issue/{issue}/transitions", "expand transitionId", shared(bare)),
		api.Op("doTransition", post, "issue/{issue}/transitions", "", shared(withJSON)),
		api.Op("getIssueWorklog", get, "issue/{issue}/worklog", "", shared(bare)),
		api.Op("addWorklog", post, "issue/{issue}/worklog", adjusted+" reduceBy", shared(withJSON)),
		api.Op("getWorklog", get, "issue/{issue}/worklog/{worklog}", "", shared(bare)),
		api.Op("updateWorklog", put, "issue/{issue}/worklog/{worklog}", adjusted, shared(withJSON)),
		api.Op("deleteWorklog", del, "issue/{issue}/worklog/{worklog}", adjusted+" increaseBy", shared(bare)),
	}
}
