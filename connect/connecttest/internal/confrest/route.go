package confrest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// Connect scopes of the operations,
// https://developer.atlassian.com/cloud/confluence/connect-app-descriptor/#scopes.
const (
	scopeRead  = "READ"
	scopeWrite = "WRITE"
	scopeEmail = "ACCESS_EMAIL_ADDRESSES"
)

// rules are what an operation demands.
type rules struct {
	scope     string
	anonymous int // the status for somebody without access to Confluence
	xsrf      bool
	body      bool // takes JSON
	serve     func(*call) (api.Answer, error)
}

// Words of the table below.
const (
	get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	denied, unknown     = http.StatusForbidden, http.StatusUnauthorized
	withBody, bare      = true, false
)

// operations is the table of contents.
func operations() api.Table[rules] {
	list := api.Table[rules]{
		api.Op("getAnonymousUser", get, "user/anonymous", "expand", rules{scopeRead, denied, false, bare, (*call).anonymousUser}),
		api.Op("getCurrentUser", get, "user/current", "expand", rules{scopeRead, denied, false, bare, (*call).currentUser}),
		api.Op("getUser", get, "user", "accountId expand", rules{scopeRead, denied, false, bare, (*call).oneUser}),
		api.Op("getGroupMembershipsForUser", get, "user/memberof", "accountId start limit", rules{scopeRead, denied, false, bare, (*call).memberOf}),
		api.Op("getBulkUserLookup", get, "user/bulk", "accountId expand", rules{scopeRead, denied, false, bare, (*call).bulkUsers}),
		api.Op("getPrivacyUnsafeUserEmail", get, "user/email", "accountId", rules{scopeEmail, unknown, false, bare, (*call).email}),
		api.Op("getPrivacyUnsafeUserEmailBulk", get, "user/email/bulk", "accountId", rules{scopeEmail, unknown, false, bare, (*call).emails}),
		api.Op("getUserProperties", get, "user/{user}/property", "start limit", rules{scopeRead, unknown, false, bare, (*call).propertyKeys}),
		api.Op("getUserProperty", get, "user/{user}/property/{key}", "", rules{scopeRead, unknown, false, bare, (*call).getProperty}),
		api.Op("updateUserProperty", put, "user/{user}/property/{key}", "", rules{scopeWrite, unknown, false, withBody, (*call).updateProperty}),
		api.Op("createUserProperty", post, "user/{user}/property/{key}", "", rules{scopeWrite, unknown, false, withBody, (*call).createProperty}),
		api.Op("deleteUserProperty", del, "user/{user}/property/{key}", "", rules{scopeWrite, unknown, false, bare, (*call).deleteProperty}),
	}
	list = append(list, watches("content/{target}", (*call).content, "getContentWatchStatus", "addContentWatcher", "removeContentWatcher")...)
	list = append(list, watches("label/{target}", (*call).label, "isWatchingLabel", "addLabelWatcher", "removeLabelWatcher")...)
	return append(list, watches("space/{target}", (*call).space, "isWatchingSpace", "addSpaceWatcher", "removeSpaceWatch")...)
}

// watches are the three operations on one kind of target. Both writes need the
// header against forged requests, though the specification declares or mentions
// it in a different place each time.
func watches(path string, find targetFinder, status, add, remove string) api.Table[rules] {
	const who = "key username accountId"
	return api.Table[rules]{
		api.Op(status, get, "user/watch/"+path, who, rules{scopeRead, denied, false, bare, watchStatus(find)}),
		api.Op(add, post, "user/watch/"+path, who, rules{scopeWrite, denied, true, bare, setWatch(find, true)}),
		api.Op(remove, del, "user/watch/"+path, who, rules{scopeWrite, denied, true, bare, setWatch(find, false)}),
	}
}
