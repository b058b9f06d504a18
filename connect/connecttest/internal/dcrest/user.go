package dcrest

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// loginFormat is how Data Center writes the time of a login.
const loginFormat = "2006-01-02T15:04:05-0700"

// sized is a list of which only the size is shown.
type sized struct {
	Size  int   `json:"size"`
	Items []any `json:"items"`
}

// userBean is a user as Data Center shows one.
type userBean struct {
	Self        string            `json:"self"`
	Key         string            `json:"key"`
	Name        string            `json:"name"`
	Email       string            `json:"emailAddress"`
	AvatarURLs  map[string]string `json:"avatarUrls"`
	DisplayName string            `json:"displayName"`
	Active      bool              `json:"active"`
	Deleted     bool              `json:"deleted"`
	TimeZone    string            `json:"timeZone"`
	Locale      string            `json:"locale"`
	LastLogin   string            `json:"lastLoginTime,omitempty"`
	Groups      *sized            `json:"groups,omitempty"`
	Roles       *sized            `json:"applicationRoles,omitempty"`
	Expand      string            `json:"expand,omitempty"`
}

// user shows a user as lists show it.
func (c userCall) user(u *user) userBean {
	picture := c.avatarURL(u)
	bean := userBean{
		Self: c.link("user" + query("username", u.name)), Key: u.key, Name: u.name, Email: u.email,
		AvatarURLs:  map[string]string{"16x16": picture, "24x24": picture, "32x32": picture, "48x48": picture},
		DisplayName: u.displayName, Active: u.active, Deleted: u.deleted, TimeZone: u.timeZone, Locale: u.locale,
	}
	if !u.lastLogin.IsZero() {
		bean.LastLogin = u.lastLogin.In(c.zone()).Format(loginFormat)
	}
	return bean
}

// full shows a user as the operation on a single user does.
func (c userCall) full(u *user) userBean {
	bean := c.user(u)
	bean.Groups = &sized{Size: 1, Items: []any{}}
	if u.admin {
		bean.Groups.Size = 2
	}
	bean.Roles, bean.Expand = &sized{Size: len(u.apps), Items: []any{}}, "groups,applicationRoles"
	return bean
}

func (c *call) zone() *time.Location {
	zone, err := time.LoadLocation(c.me.timeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// avatarURL is the user's chosen picture, by default the person's.
func (c userCall) avatarURL(u *user) string {
	own, chosen := c.api.o.BaseURL()+"/avatar/", avatarCall(c).findAvatar(u.avatar, u)
	switch {
	case chosen != nil && chosen.image != nil:
		return c.base() + "/secure/useravatar" + query("avatarId", u.avatar)
	case chosen != nil:
		return own + "icon/" + chosen.id + ".svg"
	case u.account == "":
		return own + "icon/" + url.PathEscape(u.displayName) + ".svg"
	}
	return own + url.PathEscape(u.account) + ".svg"
}

// getUser shows deleted users to administrators who ask for them.
func (c userCall) getUser() (api.Answer, error) {
	deleted, err := c.query.Bool("includeDeleted", false)
	if err != nil {
		return api.Answer{}, err
	}
	if deleted && !c.me.admin {
		return api.Answer{}, forbidden("Only administrators may ask for deleted users.")
	}
	u, given := c.named("key")
	if u == nil && deleted {
		u = c.deletedUser()
	}
	switch {
	case !given:
		return api.Answer{}, api.Refuse(http.StatusNotFound, "Either the 'username' or the 'key' query parameters need to be provided.")
	case u != c.me && !c.browsesUsers():
		return api.Answer{}, forbidden("You do not have permission to browse users.")
	case u == nil:
		return api.Answer{}, c.noneNamed()
	}
	return api.OK(c.full(u))
}

func (c userCall) deletedUser() *user {
	key, name := c.query.Get("key"), c.query.Get("username")
	i := slices.IndexFunc(c.users, func(u *user) bool { return u.deleted && (u.key == key || key == "" && u.name == name) })
	if i < 0 {
		return nil
	}
	return c.users[i]
}

// noneNamed says that the query names nobody.
func (c userCall) noneNamed() error {
	if key := c.query.Get("key"); key != "" {
		return api.Refuse(http.StatusNotFound, "The user with the key '%s' does not exist", key)
	}
	return noUser(c.query.Get("username"))
}

// accessibility lists the settings that a person may switch on for themselves.
// No operation here does so.
func (userCall) accessibility() (api.Answer, error) {
	type setting struct {
		Key     string `json:"key"`
		Enabled bool   `json:"enabled"`
	}
	return api.OK([]setting{{Key: "a11y-setting-underlined-links"}})
}

// deleteSession ends the sessions of a user; the tokens stay valid.
func (c userCall) deleteSession() (api.Answer, error) {
	u := c.byName(c.params["username"])
	if u == nil {
		return api.Answer{}, noUser(c.params["username"])
	}
	c.endSessions(u.key)
	return api.Empty(http.StatusOK)
}
