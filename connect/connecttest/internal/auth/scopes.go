package auth

import (
	"slices"
	"strings"
)

// ActAsUser is the scope of apps that may impersonate people.
const ActAsUser = "ACT_AS_USER"

// KnownScope says whether Connect has the scope, given in upper case.
func KnownScope(scope string) bool {
	_, known := impliedScopes(scope)
	return known
}

// impliedScopes returns the scopes that a Connect scope, in upper case,
// includes. See
// https://developer.atlassian.com/cloud/jira/platform/scopes-for-connect-apps/
func impliedScopes(scope string) (implied []string, known bool) {
	ladder := []string{"NONE", "READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN"}
	if i := slices.Index(ladder, scope); i >= 0 {
		return ladder[:i], true
	}
	return nil, scope == ActAsUser || scope == "ACCESS_EMAIL_ADDRESSES"
}

// ExpandScopes lists the declared scopes and those that they include, sorted,
// in upper case.
func ExpandScopes(declared []string) []string {
	list := []string{"NONE"}
	for _, scope := range declared {
		scope = strings.ToUpper(scope)
		implied, _ := impliedScopes(scope)
		list = append(append(list, scope), implied...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
