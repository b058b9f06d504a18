package dcrest

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

const (
	firstSystemAvatar = 10334
	systemAvatarCount = 10
	firstCustomAvatar = 10500
)

// avatar is a picture that can be chosen: one of the system's or one that a
// user has made.
type avatar struct {
	id    string
	owner string // user key, "" is the system's
	image []byte // PNG; the system's have none
}

func systemAvatars() []*avatar {
	var list []*avatar
	for i := range systemAvatarCount {
		list = append(list, &avatar{id: strconv.Itoa(firstSystemAvatar + i)})
	}
	return list
}

// avatarBean is an avatar as Data Center shows it.
type avatarBean struct {
	ID       string `json:"id"`
	Owner    string `json:"owner,omitempty"`
	Selected bool   `json:"selected"`
}

func (c avatarCall) avatarBean(a *avatar, u *user) avatarBean {
	bean := avatarBean{ID: a.id, Selected: a.id == u.avatar || u.avatar == "" && a.id == strconv.Itoa(firstSystemAvatar)}
	if a.owner != "" {
		bean.Owner = u.name
	}
	return bean
}

// findAvatar finds one that the user can have.
func (c avatarCall) findAvatar(id string, u *user) *avatar {
	i := slices.IndexFunc(c.avatars, func(a *avatar) bool { return a.id == id && (a.owner == "" || a.owner == u.key) })
	if i < 0 {
		return nil
	}
	return c.avatars[i]
}

// whoseAvatar finds the user whose avatar to change, by default the caller.
func (c avatarCall) whoseAvatar() (*user, error) {
	u, err := c.self(c.query.Get("username"))
	switch {
	case err != nil:
		return nil, err
	case u != c.me && !c.me.admin:
		return nil, forbidden("You do not have permission to change the avatar of this user.")
	}
	return u, nil
}

// listAvatars shows the user's own avatars only to the user and to
// administrators.
func (c avatarCall) listAvatars() (api.Answer, error) {
	u, err := c.self(c.query.Get("username"))
	if err != nil {
		return api.Answer{}, err
	}
	system, custom := []avatarBean{}, []avatarBean{}
	for _, a := range c.avatars {
		switch {
		case a.owner == "":
			system = append(system, c.avatarBean(a, u))
		case a.owner == u.key && (u == c.me || c.me.admin):
			custom = append(custom, c.avatarBean(a, u))
		}
	}
	return api.OK(map[string][]avatarBean{"system": system, "custom": custom})
}

// selectAvatar makes an avatar the user's picture. Only the id counts.
func (c avatarCall) selectAvatar() (api.Answer, error) {
	u, err := c.whoseAvatar()
	if err != nil {
		return api.Answer{}, err
	}
	var in struct {
		ID       string `json:"id"`
		Owner    string `json:"owner"`
		Selected bool   `json:"selected"`
	}
	if err := api.Decode(c.body, &in); err != nil {
		return api.Answer{}, err
	}
	a := c.findAvatar(in.ID, u)
	if a == nil {
		return api.Answer{}, api.BadField("id", "There is no avatar with the id '%s' for this user.", in.ID)
	}
	u.avatar = a.id
	return api.OK(c.avatarBean(a, u))
}

// deleteAvatar removes one of the user's own; those of the system stay.
func (c avatarCall) deleteAvatar() (api.Answer, error) {
	u, err := c.whoseAvatar()
	if err != nil {
		return api.Answer{}, err
	}
	a := c.findAvatar(c.params["id"], u)
	switch {
	case a == nil:
		return api.Answer{}, api.Refuse(http.StatusNotFound, "There is no avatar with the id '%s'.", c.params["id"])
	case a.owner == "":
		return api.Answer{}, forbidden("An avatar of the system cannot be deleted.")
	}
	c.avatars = slices.DeleteFunc(c.avatars, func(other *avatar) bool { return other == a })
	if u.avatar == a.id {
		u.avatar = ""
	}
	return api.Empty(http.StatusNoContent)
}
