package jirarest

import (
	"cmp"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// findPermitted finds who holds all of some permissions.
func (c findCall) findPermitted() (answer, error) {
	keep, err := c.attributes()
	if err != nil {
		return answer{}, err
	}
	keys, err := c.namedPermissions()
	if err != nil {
		return answer{}, err
	}
	if err := c.needsTarget(); err != nil {
		return answer{}, err
	}
	project, err := c.target()
	switch {
	case err != nil && c.me.AccountID == "":
		return answer{}, unauthorized()
	case err != nil:
		return answer{}, err
	case !c.projects().administers(project):
		return answer{}, c.forbidden("You do not have permission to administer the project '%s'.", project.Key)
	}
	return c.filterPage(func(p world.Person) bool {
		return keep(p) && !slices.ContainsFunc(keys, func(key string) bool { return !c.w.Can(p.AccountID, key, project.Key) })
	})
}

// namedPermissions reads the list of permissions, each by its key or the name
// that it had before.
func (c findCall) namedPermissions() ([]string, error) {
	keys := c.list("permissions")
	if len(keys) == 0 {
		return nil, badRequest("The query parameter 'permissions' must be provided.")
	}
	for i, key := range keys {
		keys[i] = cmp.Or(formerPermissions()[key], key)
		if _, known := c.w.Permission(keys[i]); !known {
			return nil, badRequest("The permission '%s' does not exist.", key)
		}
	}
	return keys, nil
}

// formerPermissions are the deprecated names that a search still takes.
func formerPermissions() map[string]string {
	return map[string]string{
		"ASSIGN_ISSUE": "ASSIGN_ISSUES", "ATTACHMENT_DELETE_ALL": "DELETE_ALL_ATTACHMENTS", "ATTACHMENT_DELETE_OWN": "DELETE_OWN_ATTACHMENTS",
		"BROWSE": "BROWSE_PROJECTS", "CLOSE_ISSUE": "CLOSE_ISSUES", "COMMENT_DELETE_ALL": "DELETE_ALL_COMMENTS",
		"COMMENT_DELETE_OWN": "DELETE_OWN_COMMENTS", "COMMENT_EDIT_ALL": "EDIT_ALL_COMMENTS", "COMMENT_EDIT_OWN": "EDIT_OWN_COMMENTS",
		"COMMENT_ISSUE": "ADD_COMMENTS", "CREATE_ATTACHMENT": "CREATE_ATTACHMENTS", "CREATE_ISSUE": "CREATE_ISSUES",
		"DELETE_ISSUE": "DELETE_ISSUES", "EDIT_ISSUE": "EDIT_ISSUES", "LINK_ISSUE": "LINK_ISSUES",
		"MANAGE_WATCHER_LIST": "MANAGE_WATCHERS", "MOVE_ISSUE": "MOVE_ISSUES", "PROJECT_ADMIN": "ADMINISTER_PROJECTS",
		"RESOLVE_ISSUE": "RESOLVE_ISSUES", "SCHEDULE_ISSUE": "SCHEDULE_ISSUES", "TRANSITION_ISSUE": "TRANSITION_ISSUES",
		"VIEW_VERSION_CONTROL": "VIEW_DEV_TOOLS", "VIEW_VOTER": "VIEW_VOTERS_AND_WATCHERS",
	}
}
