package world

import "slices"

// Permission is a permission that can be asked about.
type Permission struct {
	ID          string
	Key         string
	Name        string
	Description string
	Global      bool
	holders     holders
}

// holders is who has a permission.
type holders int

const (
	browsers holders = iota // whoever may browse the project
	members                 // its developers and administrators
	projectAdmins
	siteAdmins
	everybody    // logged in
	userBrowsers // logged in, except for some
)

// The keys of the permissions that rules refer to.
const (
	BrowseProjects    = "BROWSE_PROJECTS"
	AdministerProject = "ADMINISTER_PROJECTS"
	CreateIssues      = "CREATE_ISSUES"
	EditIssues        = "EDIT_ISSUES"
	AssignIssues      = "ASSIGN_ISSUES"
	AssignableUser    = "ASSIGNABLE_USER"
	TransitionIssues  = "TRANSITION_ISSUES"
	DeleteIssues      = "DELETE_ISSUES"
	WorkOnIssues      = "WORK_ON_ISSUES"
	SetIssueSecurity  = "SET_ISSUE_SECURITY"
	EditOwnWorklogs   = "EDIT_OWN_WORKLOGS"
	EditAllWorklogs   = "EDIT_ALL_WORKLOGS"
	DeleteOwnWorklogs = "DELETE_OWN_WORKLOGS"
	DeleteAllWorklogs = "DELETE_ALL_WORKLOGS"
	Administer        = "ADMINISTER"
	UserPicker        = "USER_PICKER"
)

// permissions is every permission the site knows.
func permissions() []Permission {
	return []Permission{
		{"0", Administer, "Administer Jira", "Create and administer projects, issue types, fields, workflows, and schemes for all projects. Users with this permission can perform most administration tasks, except: managing users, importing data, and editing system email settings.", true, siteAdmins},
		{"44", "SYSTEM_ADMIN", "Administer Jira (system)", "Ability to perform all administration functions. There must be at least one group with this permission.", true, siteAdmins},
		{"27", UserPicker, "Browse users and groups", "View and select users or groups from the user picker, and share issues.", true, userBrowsers},
		{"22", "CREATE_SHARED_OBJECTS", "Share dashboards and filters", "Share dashboards and filters with other users.", true, everybody},
		{"33", "BULK_CHANGE", "Make bulk changes", "Modify collections of issues at once.", true, everybody},
		{"10", BrowseProjects, "Browse Projects", "Ability to browse projects and the issues within them.", false, browsers},
		{"23", AdministerProject, "Administer Projects", "Ability to administer a project in Jira.", false, projectAdmins},
		{"11", CreateIssues, "Create Issues", "Ability to create issues.", false, members},
		{"12", EditIssues, "Edit Issues", "Ability to edit issues.", false, members},
		{"13", AssignIssues, "Assign Issues", "Ability to assign issues to other people.", false, members},
		{"17", AssignableUser, "Assignable User", "Users with this permission may be assigned to issues.", false, members},
		{"46", TransitionIssues, "Transition Issues", "Ability to transition issues.", false, members},
		{"14", "RESOLVE_ISSUES", "Resolve Issues", "Ability to resolve and reopen issues. This includes the ability to set a fix version.", false, members},
		{"18", "CLOSE_ISSUES", "Close Issues", "Ability to close issues. Often useful where your developers resolve issues, and a QA department closes them.", false, members},
		{"28", "SCHEDULE_ISSUES", "Schedule Issues", "Ability to view or edit an issue's due date.", false, members},
		{"15", "ADD_COMMENTS", "Add Comments", "Ability to comment on issues.", false, members},
		{"16", DeleteIssues, "Delete Issues", "Ability to delete issues.", false, projectAdmins},
		{"20", WorkOnIssues, "Work On Issues", "Ability to log work done against an issue. Only useful if Time Tracking is turned on.", false, members},
		{"40", EditOwnWorklogs, "Edit Own Worklogs", "Ability to edit own worklogs made on issues.", false, members},
		{"41", EditAllWorklogs, "Edit All Worklogs", "Ability to edit all worklogs made on issues.", false, projectAdmins},
		{"42", DeleteOwnWorklogs, "Delete Own Worklogs", "Ability to delete own worklogs made on issues.", false, members},
		{"19", "CREATE_ATTACHMENTS", "Create Attachments", "Users with this permission may create attachments.", false, members},
		{"39", "DELETE_OWN_ATTACHMENTS", "Delete Own Attachments", "Users with this permission may delete own attachments.", false, members},
		{"38", "DELETE_ALL_ATTACHMENTS", "Delete All Attachments", "Users with this permission may delete all attachments.", false, projectAdmins},
		{"35", "EDIT_OWN_COMMENTS", "Edit Own Comments", "Ability to edit own comments made on issues.", false, members},
		{"34", "EDIT_ALL_COMMENTS", "Edit All Comments", "Ability to edit all comments made on issues.", false, projectAdmins},
		{"37", "DELETE_OWN_COMMENTS", "Delete Own Comments", "Ability to delete own comments made on issues.", false, members},
		{"36", "DELETE_ALL_COMMENTS", "Delete All Comments", "Ability to delete all comments made on issues.", false, projectAdmins},
		{"21", "LINK_ISSUES", "Link Issues", "Ability to link issues together and create linked issues. Only useful if issue linking is turned on.", false, members},
		{"25", "MOVE_ISSUES", "Move Issues", "Ability to move issues between projects or between workflows of the same project (if applicable).", false, members},
		{"30", "MODIFY_REPORTER", "Modify Reporter", "Ability to modify the reporter when creating or editing an issue.", false, projectAdmins},
		{"26", SetIssueSecurity, "Set Issue Security", "Ability to set the level of security on an issue so that only people in that security level can see the issue.", false, projectAdmins},
		{"32", "MANAGE_WATCHERS", "Manage Watchers", "Ability to manage the watchers of an issue.", false, projectAdmins},
		{"31", "VIEW_VOTERS_AND_WATCHERS", "View Voters and Watchers", "Ability to view the voters and watchers of an issue.", false, browsers},
		{"29", "VIEW_DEV_TOOLS", "View Development Tools", "Allows users in a software project to view development-related information on the issue, such as commits, reviews and build information.", false, members},
		{"43", DeleteAllWorklogs, "Delete All Worklogs", "Ability to delete all worklogs made on issues.", false, projectAdmins},
	}
}

// Permission finds a permission by its key.
func (w *World) Permission(key string) (Permission, bool) {
	i := slices.IndexFunc(w.permissions, func(p Permission) bool { return p.Key == key })
	if i < 0 {
		return Permission{}, false
	}
	return w.permissions[i], true
}

// CanBrowse tells whether the account ("" is nobody) may browse the project,
// which is given by key or id.
func (w *World) CanBrowse(account, project string) bool {
	return w.Can(account, BrowseProjects, project)
}

// Can tells whether the account ("" is nobody) holds the permission, a project
// permission in the given project. For what does not exist it is false.
func (w *World) Can(account, permission, project string) bool {
	p, known := w.Permission(permission)
	if !known {
		return false
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	who, ok := w.state.person(account)
	if account != "" && (!ok || !who.Active) {
		return false
	}
	if p.Global {
		return account != "" && (who.Admin || p.holders == everybody || p.holders == userBrowsers && !who.NoUserBrowsing)
	}
	if who.LogsOnly && (permission == EditOwnWorklogs || permission == DeleteOwnWorklogs) {
		return false
	}
	pr, ok := w.state.project(project)
	return ok && pr.grants(who, p.holders)
}

// grants decides a project permission. The zero person is nobody.
func (p Project) grants(who Person, to holders) bool {
	if who.AppKey != "" {
		return !p.ExcludeApps
	}
	has := func(role string) bool { return who.AccountID != "" && slices.Contains(p.Actors[role], who.AccountID) }
	switch to {
	case browsers:
		return p.Access == AccessPublic || p.Access == AccessOpen && who.AccountID != "" ||
			has(RoleViewers) || has(RoleDevelopers) || has(RoleAdministrators)
	case members:
		return has(RoleDevelopers) || has(RoleAdministrators)
	default:
		return to == projectAdmins && has(RoleAdministrators)
	}
}
