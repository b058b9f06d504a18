package jirarest

import (
	"cmp"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// shareBean is a group of people with whom something is shared.
type shareBean struct {
	Type    string       `json:"type"`
	User    *ownerBean   `json:"user,omitempty"`
	Group   *groupName   `json:"group,omitempty"`
	Project *projectBean `json:"project,omitempty"`
}

type groupName struct {
	Name    string `json:"name"`
	GroupID string `json:"groupId"`
	Self    string `json:"self"`
}

// shares shows with whom something is shared.
func (c shareCall) shares(list []world.Share) []shareBean {
	out := []shareBean{}
	for _, s := range list {
		b := shareBean{Type: s.Kind}
		switch s.Kind {
		case world.ShareUser:
			b.User = c.dashboards().ownerBean(s.With)
		case world.ShareGroup:
			g, _ := c.w.Group(s.With)
			b.Group = &groupName{g.Name, g.ID, c.link("group?groupId=%s", g.ID)}
		case world.ShareProject:
			p, _ := c.w.Project(s.With)
			b.Project = c.projects().projectBean(p)
		}
		out = append(out, b)
	}
	return out
}

// shareRequest is how a body names people.
type shareRequest struct {
	Type string `json:"type"`
	User struct {
		AccountID string `json:"accountId"`
	} `json:"user"`
	Group struct {
		Name    string `json:"name"`
		GroupID string `json:"groupId"`
	} `json:"group"`
	Project struct {
		ID  string `json:"id"`
		Key string `json:"key"`
	} `json:"project"`
}

// sharesOf reads with whom something is to be shared.
func (c shareCall) sharesOf(list []shareRequest) ([]world.Share, error) {
	var out []world.Share
	for _, r := range list {
		s := world.Share{Kind: r.Type}
		found := true
		switch r.Type {
		case world.ShareGlobal, world.ShareLoggedIn:
		case "authenticated":
			s.Kind = world.ShareLoggedIn
		case world.ShareUser:
			s.With = r.User.AccountID
			_, found = c.w.Person(s.With)
		case world.ShareGroup:
			var g world.Group
			g, found = c.w.Group(cmp.Or(r.Group.GroupID, r.Group.Name))
			s.With = g.ID
		case world.ShareProject:
			p, err := c.projects().project(cmp.Or(r.Project.ID, r.Project.Key))
			s.With, found = p.Key, err == nil
		default:
			return nil, badField("sharePermissions", "The share type '%s' is not valid.", r.Type)
		}
		if !found {
			return nil, badField("sharePermissions", "The %s that it is shared with does not exist.", r.Type)
		}
		out = append(out, s)
	}
	if len(out) > 0 && !c.can("CREATE_SHARED_OBJECTS", "") {
		return nil, badField("sharePermissions", "You do not have permission to share.")
	}
	return out, nil
}
