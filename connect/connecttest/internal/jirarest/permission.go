package jirarest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

type permissionBean struct {
	ID          string `json:"id"`
	Key         string `json:"key"`
	Name        string `json:"name"`
	Type        string `json:"type"`
	Description string `json:"description"`
	Have        bool   `json:"havePermission"`
}

// myPermissions tells which of the named permissions the caller has, anywhere
// or in the given project or issue.
func (c permissionCall) myPermissions() (answer, error) {
	keys := c.list("permissions")
	if len(keys) == 0 {
		return answer{}, badRequest("The 'permissions' query parameter is required.")
	}
	project, err := c.permissionProject()
	if err != nil {
		return answer{}, err
	}
	out := map[string]permissionBean{}
	for _, key := range keys {
		p, known := c.w.Permission(key)
		if !known {
			return answer{}, badField(key, "Unrecognized permission")
		}
		b := permissionBean{p.ID, p.Key, p.Name, "PROJECT", p.Description, c.has(c.me.AccountID, p, project)}
		if p.Global {
			b.Type = "GLOBAL"
		}
		out[key] = b
	}
	return ok(map[string]any{"permissions": out})
}

// permissionProject is the project asked about, "" for any.
func (c permissionCall) permissionProject() (string, error) {
	if key := cmp.Or(c.query.Get("projectId"), c.query.Get("projectKey")); key != "" {
		p, err := c.projects().project(key)
		return p.Key, err
	}
	if key := cmp.Or(c.query.Get("issueId"), c.query.Get("issueKey")); key != "" {
		issue, err := c.issues().issue(key)
		if err != nil {
			return "", err
		}
		return issue.Project, nil
	}
	return "", nil
}

// has decides a permission; without a project it is enough to have it in one.
func (c permissionCall) has(account string, p world.Permission, project string) bool {
	if p.Global || project != "" {
		return c.w.Can(account, p.Key, project)
	}
	return slices.ContainsFunc(c.w.Projects(), func(pr world.Project) bool { return c.w.Can(account, p.Key, pr.Key) })
}

type permissionCheck struct {
	AccountID string         `json:"accountId"`
	Global    []string       `json:"globalPermissions"`
	Project   []projectCheck `json:"projectPermissions"`
}

type projectCheck struct {
	Permissions []string `json:"permissions"`
	Projects    []int64  `json:"projects"`
	Issues      []int64  `json:"issues"`
}

type projectGrant struct {
	Permission string  `json:"permission"`
	Issues     []int64 `json:"issues"`
	Projects   []int64 `json:"projects"`
}

// maxChecked is how many projects and how many issues one check may name.
const maxChecked = 1000

// checkPermissions tells what an account may do with many things at once.
func (c permissionCall) checkPermissions() (answer, error) {
	check, err := c.permissionCheck()
	if err != nil {
		return answer{}, err
	}
	global := []string{}
	for _, key := range check.Global {
		if c.w.Can(check.AccountID, key, "") {
			global = append(global, key)
		}
	}
	grants := []projectGrant{}
	for _, pc := range check.Project {
		for _, key := range pc.Permissions {
			if key != "" {
				grants = append(grants, c.grant(check.AccountID, key, pc))
			}
		}
	}
	return ok(map[string]any{"globalPermissions": global, "projectPermissions": grants})
}

// permissionCheck reads and judges the body.
func (c permissionCall) permissionCheck() (permissionCheck, error) {
	var check permissionCheck
	if err := c.decode(&check); err != nil {
		return check, err
	}
	check.AccountID = cmp.Or(check.AccountID, c.me.AccountID)
	if check.AccountID != c.me.AccountID {
		if !c.me.Admin && c.p.App == "" {
			return check, refuse(http.StatusForbidden, "Only Jira administrators can perform this operation.")
		}
		if _, known := c.w.Person(check.AccountID); !known {
			return check, badField("accountId", "Invalid account ID")
		}
	}
	for _, key := range check.Global {
		if p, known := c.w.Permission(key); !known || !p.Global {
			return check, badField(key, "Unrecognized permission")
		}
	}
	for _, pc := range check.Project {
		if err := c.judge(pc); err != nil {
			return check, err
		}
	}
	return check, nil
}

func (c permissionCall) judge(pc projectCheck) error {
	named := 0
	for _, key := range pc.Permissions {
		if p, known := c.w.Permission(key); key != "" && (!known || p.Global) {
			return badField(key, "Unrecognized permission")
		}
		if key != "" {
			named++
		}
	}
	if named == 0 {
		return badRequest("At least one project permission must be provided.")
	}
	if len(pc.Projects) > maxChecked || len(pc.Issues) > maxChecked {
		return badRequest("No more than %d projects and %d issues can be checked.", maxChecked, maxChecked)
	}
	return nil
}

func (c permissionCall) grant(account, key string, pc projectCheck) projectGrant {
	g := projectGrant{Permission: key, Issues: []int64{}, Projects: []int64{}}
	for _, id := range pc.Projects {
		if c.w.Can(account, key, strconv.FormatInt(id, 10)) && !slices.Contains(g.Projects, id) {
			g.Projects = append(g.Projects, id)
		}
	}
	for _, id := range pc.Issues {
		issue, found := c.w.Issue(strconv.FormatInt(id, 10))
		if found && c.w.Can(account, key, issue.Project) && c.w.Sees(account, issue) && !slices.Contains(g.Issues, id) {
			g.Issues = append(g.Issues, id)
		}
	}
	return g
}

// permittedProjects lists the projects in which the caller holds all of the
// permissions.
func (c permissionCall) permittedProjects() (answer, error) {
	var body struct {
		Permissions []string `json:"permissions"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if len(body.Permissions) == 0 {
		return answer{}, badRequest("At least one permission must be given.")
	}
	for _, key := range body.Permissions {
		if p, known := c.w.Permission(key); !known || p.Global {
			return answer{}, badField(key, "Unrecognized permission")
		}
	}
	type named struct {
		ID  int64  `json:"id"`
		Key string `json:"key"`
	}
	out := []named{}
	for _, p := range c.w.Projects() {
		lacks := func(key string) bool { return !c.can(key, p.Key) }
		if !slices.ContainsFunc(body.Permissions, lacks) {
			out = append(out, named{idNumber(p.ID), p.Key})
		}
	}
	return ok(map[string]any{"projects": out})
}
