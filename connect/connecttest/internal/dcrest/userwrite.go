package dcrest

import (
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// minPassword is the length of the shortest password, in characters.
const minPassword = 8

// userWrite is the body of create and update. A nil field is not given.
type userWrite struct {
	Self         *string  `json:"self"` // not written to, like key
	Key          *string  `json:"key"`
	Name         *string  `json:"name"`
	Password     *string  `json:"password"`
	Email        *string  `json:"emailAddress"`
	DisplayName  *string  `json:"displayName"`
	Notification *string  `json:"notification"` // mails are not sent
	Applications []string `json:"applicationKeys"`
	Active       *bool    `json:"active"`
}

// written is what create and update answer. There is never a password in it.
type written struct {
	Self         string   `json:"self"`
	Key          string   `json:"key"`
	Name         string   `json:"name"`
	Email        string   `json:"emailAddress"`
	DisplayName  string   `json:"displayName"`
	Applications []string `json:"applicationKeys"`
	Active       bool     `json:"active"`
}

func (c userCall) written(u *user) written {
	return written{
		Self: c.link("user" + query("username", u.name)), Key: u.key, Name: u.name, Email: u.email,
		DisplayName: u.displayName, Applications: append([]string{}, u.apps...), Active: u.active,
	}
}

func (c userCall) createUser() (api.Answer, error) {
	var in userWrite
	if err := api.Decode(c.body, &in); err != nil {
		return api.Answer{}, err
	}
	u := &user{active: true, timeZone: "Etc/UTC", locale: "en_US", apps: []string{appSoftware}, directories: []directory{internalDirectory()}}
	problems := c.apply(in, u)
	for field, value := range map[string]string{"name": u.name, "emailAddress": u.email, "displayName": u.displayName} {
		if value == "" && problems[field] == "" {
			problems[field] = "You must specify a value."
		}
	}
	if len(problems) > 0 {
		return api.Answer{}, &api.Problem{Status: http.StatusBadRequest, Fields: problems}
	}
	u.key = c.nextKey()
	c.users = append(c.users, u)
	return api.Answer{Status: http.StatusCreated, Body: c.written(u)}, nil
}

// updateUser changes everything that is given, or nothing.
func (c userCall) updateUser() (api.Answer, error) {
	u, err := c.administered()
	if err != nil {
		return api.Answer{}, err
	}
	var in userWrite
	if err := api.Decode(c.body, &in); err != nil {
		return api.Answer{}, err
	}
	if in.Active != nil && !*in.Active && u == c.me {
		return api.Answer{}, api.BadField("active", "You cannot deactivate yourself.")
	}
	changed := *u
	if problems := c.apply(in, &changed); len(problems) > 0 {
		return api.Answer{}, &api.Problem{Status: http.StatusBadRequest, Fields: problems}
	}
	*u = changed
	return api.OK(c.written(u))
}

// administered finds the user that key or username names, for a caller who may
// change any user.
func (c userCall) administered() (*user, error) {
	u, given := c.named("key")
	switch {
	case !given:
		return nil, api.BadRequest("Either the 'username' or the 'key' query parameters need to be provided.")
	case u == nil:
		return nil, c.noneNamed()
	}
	return u, nil
}

// apply sets the given fields of the user and returns what is wrong with them,
// by field.
func (c userCall) apply(in userWrite, u *user) map[string]string {
	problems := map[string]string{}
	note := func(field, problem string) {
		if problem != "" {
			problems[field] = problem
		}
	}
	if in.Name != nil {
		note("name", c.checkName(*in.Name, u.key))
		u.name = strings.ToLower(*in.Name)
	}
	if in.DisplayName != nil {
		note("displayName", checkDisplayName(*in.DisplayName))
		u.displayName = *in.DisplayName
	}
	if in.Email != nil {
		note("emailAddress", checkEmail(*in.Email))
		u.email = *in.Email
	}
	if in.Password != nil {
		note("password", checkPassword(*in.Password, u.name))
		u.password = *in.Password
	}
	if in.Applications != nil {
		note("applicationKeys", checkApplications(in.Applications))
		u.apps = slices.Compact(slices.Sorted(slices.Values(in.Applications)))
	}
	if in.Active != nil {
		u.active = *in.Active
		u.directories = slices.Clone(u.directories)
		u.directories[0].Active = u.active
	}
	return problems
}

func (c userCall) checkName(name, key string) string {
	other := c.byName(name)
	switch {
	case strings.TrimSpace(name) == "":
		return "You must specify a username."
	case strings.ContainsAny(name, "<>&% \t\r\n"):
		return "The username must not contain spaces or any of <>&%."
	case other != nil && other.key != key:
		return "A user with that username already exists."
	}
	return ""
}

func checkDisplayName(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "You must specify a full name."
	case strings.ContainsAny(name, "<>"):
		return "The full name must not contain < or >."
	}
	return ""
}

func checkEmail(address string) string {
	parsed, err := mail.ParseAddress(address)
	switch {
	case address == "":
		return "You must specify an email address."
	case err != nil || parsed.Address != address:
		return "You must specify a valid email address."
	}
	return ""
}

// checkPassword is the password policy: long enough, and not the user name in
// disguise.
func checkPassword(password, name string) string {
	switch {
	case password == "":
		return "You must specify a password."
	case utf8.RuneCountInString(password) < minPassword:
		return "The password must have at least 8 characters."
	case name != "" && strings.Contains(strings.ToLower(password), strings.ToLower(name)):
		return "The password must not be similar to the username."
	}
	return ""
}

// removeUser deletes a user with properties, avatars and sessions. The record
// stays for requests that ask for deleted users.
func (c userCall) removeUser() (api.Answer, error) {
	u, err := c.administered()
	if err != nil {
		return api.Answer{}, err
	}
	if u == c.me {
		return api.Answer{}, api.BadRequest("You cannot delete the user that you are logged in as.")
	}
	u.deleted, u.active, u.directories = true, false, nil
	c.forget(u)
	return api.Empty(http.StatusNoContent)
}

// forget removes what belongs to a user.
func (c userCall) forget(u *user) {
	u.avatar, u.columns = "", nil
	c.endSessions(u.key)
	delete(c.properties, u.key)
	delete(c.uploads, u.key)
	c.avatars = slices.DeleteFunc(c.avatars, func(a *avatar) bool { return a.owner == u.key })
}

// changePassword is for everybody's own password, and for administrators, who
// do not need the old password of others.
func (c userCall) changePassword() (api.Answer, error) {
	u, given := c.named("key")
	switch {
	case !c.me.admin && (u != c.me || !given):
		return api.Answer{}, forbidden("You do not have permission to change the password of this user.")
	case !given:
		return api.Answer{}, api.BadRequest("Either the 'username' or the 'key' query parameters need to be provided.")
	case u == nil:
		return api.Answer{}, c.noneNamed()
	}
	var in struct {
		Current  *string `json:"currentPassword"`
		Password string  `json:"password"`
	}
	if err := api.Decode(c.body, &in); err != nil {
		return api.Answer{}, err
	}
	wrong := in.Current != nil && !u.accepts(*in.Current)
	if u == c.me && (wrong || in.Current == nil && !c.me.admin) {
		return api.Answer{}, api.BadField("currentPassword", "The current password is not right.")
	}
	if problem := checkPassword(in.Password, u.name); problem != "" {
		return api.Answer{}, api.BadField("password", "%s", problem)
	}
	u.password = in.Password
	c.endSessions(u.key)
	return api.Empty(http.StatusNoContent)
}
