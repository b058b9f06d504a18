package dcrest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The lengths of lists of users: by default, at most, and at most if project
// permissions are checked.
const (
	defaultUsers  = 50
	maxUsers      = 1000
	maxInProjects = 100
)

// page reads startAt and maxResults. A size above most is lowered.
func (c searchCall) page(most int) (startAt, maxResults int, err error) {
	if startAt, err = c.query.Number("startAt", 0); err != nil {
		return 0, 0, err
	}
	maxResults, err = c.query.Number("maxResults", defaultUsers)
	return startAt, min(maxResults, most), err
}

// matches compares with the beginning of the user name, of the address, or of a
// part of the display name. A single dot is in every address; people use it to
// get everybody.
func (u *user) matches(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	name := strings.ToLower(u.displayName)
	return text == "." || strings.HasPrefix(strings.ToLower(u.name), text) || strings.HasPrefix(strings.ToLower(u.email), text) ||
		strings.HasPrefix(name, text) || strings.Contains(name, " "+text)
}

// list returns a page of the users that keep accepts, by user name.
func (c searchCall) list(startAt, maxResults int, keep func(*user) bool) (api.Answer, error) {
	found := []userBean{}
	for _, u := range api.Slice(c.found(keep), startAt, maxResults) {
		found = append(found, userCall(c).user(u))
	}
	return api.OK(found)
}

func (c searchCall) found(keep func(*user) bool) []*user {
	var list []*user
	for _, u := range c.users {
		if !u.deleted && keep(u) {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b *user) int { return strings.Compare(a.name, b.name) })
	return list
}

// findUsers shows nobody to a caller who may not browse users.
func (c searchCall) findUsers() (api.Answer, error) {
	text := c.query.Get("username")
	if text == "" {
		return api.Answer{}, api.BadRequest("The username query parameter was not provided")
	}
	startAt, maxResults, err := c.page(maxUsers)
	if err != nil {
		return api.Answer{}, err
	}
	active, err := c.query.Bool("includeActive", true)
	if err != nil {
		return api.Answer{}, err
	}
	inactive, err := c.query.Bool("includeInactive", false)
	if err != nil {
		return api.Answer{}, err
	}
	return c.list(startAt, maxResults, func(u *user) bool {
		return c.browsesUsers() && u.matches(text) && (u.active && active || !u.active && inactive)
	})
}

// place finds the project of an issue or of a project key, if the caller may
// see it.
func (c searchCall) place(issueKey, projectKey string) (string, error) {
	if issueKey != "" {
		issue, found := c.w.Issue(issueKey)
		if !found || !c.w.Sees(c.me.account, issue) {
			return "", api.Refuse(http.StatusNotFound, "Issue Does Not Exist")
		}
		return issue.Project, nil
	}
	p, found := c.w.Project(projectKey)
	if !found || !c.can(c.me, world.BrowseProjects, p.Key) {
		return "", api.Refuse(http.StatusNotFound, "No project could be found with key '%s'.", projectKey)
	}
	return p.Key, nil
}

// findAssignable is about an issue or, for a new one, a project. Without either
// it is a 404: the document has no 400 here.
func (c searchCall) findAssignable() (api.Answer, error) {
	if _, err := c.query.Number("actionDescriptorId", 0); err != nil {
		return api.Answer{}, err
	}
	_, maxResults, err := c.page(maxInProjects)
	if err != nil {
		return api.Answer{}, err
	}
	project, err := c.place(c.query.Get("issueKey"), c.query.Get("project"))
	if err != nil {
		return api.Answer{}, err
	}
	return c.list(0, maxResults, func(u *user) bool {
		return u.active && u.matches(c.query.Get("username")) && c.can(u, world.AssignableUser, project)
	})
}

// findBulkAssignable is about all the projects at once.
func (c searchCall) findBulkAssignable() (api.Answer, error) {
	_, maxResults, err := c.page(maxInProjects)
	if err != nil {
		return api.Answer{}, err
	}
	keys := c.query.List("projectKeys")
	if len(keys) == 0 {
		return api.Answer{}, api.Refuse(http.StatusNotFound, "The projectKeys query parameter was not provided.")
	}
	for _, key := range keys {
		if _, found := c.w.Project(key); !found {
			return api.Answer{}, api.Refuse(http.StatusNotFound, "No project could be found with key '%s'.", key)
		}
		if !c.can(c.me, world.BrowseProjects, key) {
			return api.Answer{}, forbidden("You do not have permission to browse the project '%s'.", key)
		}
	}
	return c.list(0, maxResults, func(u *user) bool {
		return u.active && u.matches(c.query.Get("username")) &&
			!slices.ContainsFunc(keys, func(key string) bool { return !c.can(u, world.AssignableUser, key) })
	})
}

// findWithPermissions is for administrators, of the site or of the project.
func (c searchCall) findWithPermissions() (api.Answer, error) {
	startAt, maxResults, err := c.page(maxUsers)
	if err != nil {
		return api.Answer{}, err
	}
	wanted, err := c.permissions()
	if err != nil {
		return api.Answer{}, err
	}
	issueKey, projectKey := c.query.Get("issueKey"), c.query.Get("projectKey")
	if issueKey == "" && projectKey == "" {
		return api.Answer{}, api.BadRequest("Either a project key or an issue key must be provided.")
	}
	project, err := c.place(issueKey, projectKey)
	if err != nil {
		return api.Answer{}, err
	}
	if !c.me.admin && !c.can(c.me, world.AdministerProject, project) {
		return api.Answer{}, forbidden("You do not have permission to administer the project '%s'.", project)
	}
	return c.list(startAt, maxResults, func(u *user) bool {
		return u.active && u.matches(c.query.Get("username")) &&
			!slices.ContainsFunc(wanted, func(p string) bool { return !c.can(u, p, project) })
	})
}

// permissions reads the requested ones. The old name of browsing is known too.
func (c searchCall) permissions() ([]string, error) {
	keys := c.query.List("permissions")
	if len(keys) == 0 {
		return nil, api.BadRequest("The permissions query parameter was not provided.")
	}
	for i, key := range keys {
		if key == "BROWSE" {
			keys[i] = world.BrowseProjects
		}
		if _, known := c.w.Permission(keys[i]); !known {
			return nil, api.BadRequest("The permission '%s' does not exist.", key)
		}
	}
	return keys, nil
}

// findViewers shows nobody without a search text, or to a caller who may not
// browse users.
func (c searchCall) findViewers() (api.Answer, error) {
	_, maxResults, err := c.page(maxInProjects)
	if err != nil {
		return api.Answer{}, err
	}
	issueKey, projectKey := c.query.Get("issueKey"), c.query.Get("projectKey")
	if issueKey == "" && projectKey == "" {
		return api.Answer{}, api.BadRequest("Either a project key or an issue key must be provided.")
	}
	project, err := c.place(issueKey, projectKey)
	if err != nil {
		return api.Answer{}, err
	}
	text := c.query.Get("username")
	return c.list(0, maxResults, func(u *user) bool {
		return text != "" && c.browsesUsers() && u.active && u.matches(text) && c.can(u, world.BrowseProjects, project)
	})
}
