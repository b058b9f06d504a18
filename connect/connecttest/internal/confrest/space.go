package confrest

import (
	"slices"
)

// spaceBean is a space as Confluence shows it.
type spaceBean struct {
	ID         int64             `json:"id"`
	Key        string            `json:"key"`
	Name       string            `json:"name"`
	Type       string            `json:"type"`
	Status     string            `json:"status"`
	Expandable map[string]string `json:"_expandable"`
	Links      map[string]string `json:"_links"`
}

// personalSpace is nil when the account has none or the caller may not see it.
func (c *call) personalSpace(account string) *spaceBean {
	i := slices.IndexFunc(c.spaces, func(s space) bool { return s.personal == account && account != "" })
	if i < 0 || !c.sees(c.spaces[i]) {
		return nil
	}
	s := c.spaces[i]
	return &spaceBean{
		ID: s.id, Key: s.key, Name: s.name, Type: "personal", Status: "current", Expandable: map[string]string{},
		Links: map[string]string{"self": c.link("space/" + s.key), "webui": "/spaces/" + s.key},
	}
}

// sees tells whether the caller may view a space and what is in it.
func (c *call) sees(s space) bool {
	return len(s.readers) == 0 || c.me.Admin || slices.Contains(s.readers, c.me.AccountID)
}

func (c *call) findSpace(key string) (space, bool) {
	i := slices.IndexFunc(c.spaces, func(s space) bool { return s.key == key })
	if i < 0 || !c.sees(c.spaces[i]) {
		return space{}, false
	}
	return c.spaces[i], true
}
