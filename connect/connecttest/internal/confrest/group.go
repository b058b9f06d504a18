package confrest

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
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
	names := c.groups(p)
	for _, name := range api.Slice(names, start, limit) {
		groups = append(groups, c.group(name))
	}
	return api.OK(map[string]any{
		"results": groups, "start": start, "limit": limit, "size": len(groups), "totalSize": len(names),
		"_links": c.pageLinks("user/memberof", url.Values{"accountId": {id}}, start, limit, len(names)),
	})
}

// groups follow from a person's data: whether they are an admin, and the
// projects in which they have a role.
func (c *call) groups(p world.Person) []string {
	if p.App {
		return nil
	}
	names := []string{"confluence-users", "jira-users"}
	if p.Admin {
		names = append(names, "site-admins")
	}
	for _, project := range c.w.Projects() {
		for _, actors := range project.Actors {
			if slices.Contains(actors, p.AccountID) {
				names = append(names, "team-"+project.Key)
				break
			}
		}
	}
	return names
}

func (c *call) group(name string) groupBean {
	h := sha256.Sum256([]byte("group " + name))
	id := fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
	return groupBean{
		Type: "group", Name: name, ID: id, UsageType: "USERBASE_GROUP", ManagedBy: "ADMINS",
		Links: map[string]string{"self": c.link("group/by-id?id=" + id)},
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
