package jirarest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func itoa(n int) string { return strconv.Itoa(n) }

func padded(n int) string { return fmt.Sprintf("%010d", n) }

// roleBean is a project role as Jira shows it.
type roleBean struct {
	Self         string       `json:"self"`
	Name         string       `json:"name"`
	ID           int64        `json:"id"`
	Description  string       `json:"description"`
	Actors       *[]actorBean `json:"actors,omitempty"`
	Translated   string       `json:"translatedName,omitempty"`
	Admin        *bool        `json:"admin,omitempty"`
	Default      *bool        `json:"default,omitempty"`
	Configurable *bool        `json:"roleConfigurable,omitempty"`
	Type         string       `json:"type,omitempty"`
}

type actorBean struct {
	ID          int64     `json:"id"`
	DisplayName string    `json:"displayName"`
	Type        string    `json:"type"`
	AvatarURL   string    `json:"avatarUrl"`
	User        actorUser `json:"actorUser"`
}

type actorUser struct {
	AccountID string `json:"accountId"`
}

// role shows a role without its actors.
func (c roleCall) role(r world.Role) *roleBean {
	return &roleBean{Self: c.link("role/%s", r.ID), Name: r.Name, ID: idNumber(r.ID), Description: r.Description}
}

// maxRoleName is in characters.
const maxRoleName = 255

// roleRequest is the body of a creation or a change.
type roleRequest struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

func checkRoleName(name string) error {
	switch {
	case name == "" || strings.TrimSpace(name) != name:
		return badField("name", "The role name cannot be empty or start or end with whitespace.")
	case utf8.RuneCountInString(name) > maxRoleName:
		return badField("name", "The role name must not be longer than %d characters.", maxRoleName)
	}
	return nil
}

// createRole makes a role for all projects.
func (c roleCall) createRole() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to administer Jira.")
	}
	var body roleRequest
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if err := checkRoleName(body.Name); err != nil {
		return answer{}, err
	}
	r, err := c.w.CreateRole(body.Name, body.Description)
	if errors.Is(err, world.ErrExists) {
		return answer{}, refuse(http.StatusConflict, "A project role with name '%s' already exists.", body.Name)
	}
	if err != nil {
		return answer{}, fmt.Errorf("create role: %w", err)
	}
	return ok(c.role(r))
}

// named finds the role of the path, for administrators of Jira.
func (c roleCall) named() (world.Role, error) {
	if !c.isAdmin() {
		return world.Role{}, refuse(http.StatusForbidden, "You do not have permission to administer Jira.")
	}
	r, found := c.w.Role(c.params["role"])
	if !found {
		return r, refuse(http.StatusNotFound, "Can not retrieve a role with id '%s'.", c.params["role"])
	}
	return r, nil
}

// getRole shows one role of all projects.
func (c roleCall) getRole() (answer, error) {
	r, err := c.named()
	if err != nil {
		return answer{}, err
	}
	return ok(c.role(r))
}

// listRoles lists the roles of all projects.
func (c roleCall) listRoles() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to administer Jira.")
	}
	out := []*roleBean{}
	for _, r := range c.w.Roles() {
		out = append(out, c.role(r))
	}
	return ok(out)
}

// updateRole changes a role's name and description, which must both be there.
func (c roleCall) updateRole() (answer, error) {
	return c.changeRole(func(r *world.Role, body roleRequest) error {
		if body.Description == "" {
			return badField("description", "You must specify a description of the role.")
		}
		r.Name, r.Description = body.Name, body.Description
		return checkRoleName(body.Name)
	})
}

// partlyUpdateRole changes the name, or the description if there is no name.
func (c roleCall) partlyUpdateRole() (answer, error) {
	return c.changeRole(func(r *world.Role, body roleRequest) error {
		switch {
		case body.Name != "":
			r.Name = body.Name
			return checkRoleName(body.Name)
		case body.Description == "":
			return badRequest("You must specify a name or a description of the role.")
		}
		r.Description = body.Description
		return nil
	})
}

func (c roleCall) changeRole(change func(*world.Role, roleRequest) error) (answer, error) {
	r, err := c.named()
	if err != nil {
		return answer{}, err
	}
	var body roleRequest
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if err := change(&r, body); err != nil {
		return answer{}, err
	}
	if err := c.w.PutRole(r); err != nil {
		return answer{}, badField("name", "A project role with name '%s' already exists.", r.Name)
	}
	return ok(c.role(r))
}

// deleteRole deletes a role. People who have it get the one to swap with.
func (c roleCall) deleteRole() (answer, error) {
	r, err := c.named()
	if err != nil {
		return answer{}, err
	}
	swap := c.query.Get("swap")
	if _, found := c.w.Role(swap); c.query.Has("swap") && (!found || swap == r.ID) {
		return answer{}, badRequest("Can not retrieve a role with id '%s' to swap with.", swap)
	}
	if swap == "" && c.w.RoleInUse(r.ID) {
		return answer{}, refuse(http.StatusConflict, "The role '%s' is in use. Specify a role to swap with.", r.Name)
	}
	c.w.DeleteRole(r.ID, swap)
	return noContent()
}

// administered finds a project that the caller administers.
func (c roleCall) administered() (world.Project, error) {
	p, err := c.projects().project(c.params["project"])
	switch {
	case err != nil:
		return p, err
	case c.projects().administers(p):
		return p, nil
	case c.me.AccountID == "":
		return p, unauthorized()
	}
	return p, refuse(http.StatusNotFound, "You do not have permission to administer the project '%s'.", p.Key)
}

func (c roleCall) roleLinks(p world.Project) map[string]string {
	out := map[string]string{}
	for _, r := range c.w.Roles() {
		out[r.Name] = c.link("project/%s/role/%s", p.ID, r.ID)
	}
	return out
}

// projectRoles lists the roles for whoever sees the project and administers any.
func (c roleCall) projectRoles() (answer, error) {
	p, err := c.projects().project(c.params["project"])
	if err == nil && !slices.ContainsFunc(c.w.Projects(), c.projects().administers) {
		p, err = c.administered()
	}
	if err != nil {
		return answer{}, err
	}
	return ok(c.roleLinks(p))
}

func (c roleCall) projectRole() (answer, error) {
	p, err := c.administered()
	if err != nil {
		return answer{}, err
	}
	id := c.params["role"]
	role, found := c.w.Role(id)
	if !found {
		return answer{}, refuse(http.StatusNotFound, "Can not retrieve a role with id '%s'.", id)
	}
	actors := []actorBean{}
	for _, a := range c.w.Actors(p, role.ID) {
		if !a.Active && c.query.Get("excludeInactiveUsers") == "true" {
			continue
		}
		actors = append(actors, c.actor(a))
	}
	return ok(roleBean{
		Self: c.link("project/%s/role/%s", p.ID, role.ID), Name: role.Name, ID: idNumber(role.ID),
		Description: role.Description, Actors: &actors,
	})
}

func (c roleCall) actor(p world.Person) actorBean {
	place := slices.IndexFunc(c.w.People(), func(o world.Person) bool { return o.AccountID == p.AccountID })
	return actorBean{
		ID: int64(10000 + place), DisplayName: p.DisplayName, Type: "atlassian-user-role-actor",
		AvatarURL: c.users().avatars(p.AccountID).Size16, User: actorUser{p.AccountID},
	}
}

func (c roleCall) roleDetails() (answer, error) {
	p, err := c.administered()
	if err != nil {
		return answer{}, err
	}
	yes := true
	out := []roleBean{}
	for _, r := range c.w.Roles() {
		isMember := slices.ContainsFunc(c.w.Actors(p, r.ID), func(a world.Person) bool { return a.AccountID == c.me.AccountID })
		if c.query.Get("currentMember") == "true" && !isMember || c.query.Get("excludeConnectAddons") == "true" && r.ID == world.RoleApps {
			continue
		}
		b := roleBean{
			Self: c.link("project/%s/role/%s", p.ID, r.ID), Name: r.Name, ID: idNumber(r.ID), Description: r.Description,
			Translated: r.Name, Admin: &r.Admin, Default: &r.Default, Configurable: &yes,
		}
		if c.version == "3" {
			b.Type = "DEFAULT"
		}
		out = append(out, b)
	}
	return ok(out)
}
