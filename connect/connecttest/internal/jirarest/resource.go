package jirarest

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
