package confrest

import (
	"net/url"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// defaultGroups is how many groups a page has by default.
const defaultGroups = 200

type groupBean struct {
	Type      string            `json:"type"`
	Name      string            `json:"name"`
	ID        string            `json:"id"`
	UsageType string            `json:"usageType"`
	ManagedBy string            `json:"managedBy"`
	Links     map[string]string `json:"_links"`
}

// memberOf lists the groups of an account, page by page.
func (c *call) memberOf() (api.Answer, error) {
	id := c.query.Get("accountId")
	if id == "" {
		return api.Answer{}, missingAccount()
	}
	p, found := c.w.Person(id)
	if !found {
		return api.Answer{}, noUser(id)
	}
	start, limit, err := c.page(defaultGroups)
	if err != nil {
		return api.Answer{}, err
	}
	groups := []groupBean{}
	all := c.w.GroupsOf(p)
	for _, g := range api.Slice(all, start, limit) {
		groups = append(groups, c.group(g))
	}
	return api.OK(map[string]any{
		"results": groups, "start": start, "limit": limit, "size": len(groups), "totalSize": len(all),
		"_links": c.pageLinks("user/memberof", url.Values{"accountId": {id}}, start, limit, len(all)),
	})
}

func (c *call) group(g world.Group) groupBean {
	return groupBean{
		Type: "group", Name: g.Name, ID: g.ID, UsageType: "USERBASE_GROUP", ManagedBy: "ADMINS",
		Links: map[string]string{"self": c.link("group/by-id?id=" + g.ID)},
	}
}

// page reads start and limit.
func (c *call) page(fallback int) (start, limit int, err error) {
	if start, err = c.query.Number("start", 0); err != nil {
		return 0, 0, err
	}
	limit, err = c.query.Number("limit", fallback)
	return start, limit, err
}

// pageLinks are the links of a page; next is set if there is more.
func (c *call) pageLinks(path string, query url.Values, start, limit, total int) map[string]string {
	links := c.selfLinks(path)
	at := func(start int) string {
		query.Set("start", strconv.Itoa(start))
		query.Set("limit", strconv.Itoa(limit))
		return "/rest/api/" + path + "?" + query.Encode()
	}
	if limit > 0 && start+limit < total {
		links["next"] = at(start + limit)
	}
	if limit > 0 && start > 0 {
		links["prev"] = at(max(0, start-limit))
	}
	return links
}
