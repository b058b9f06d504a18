package jirarest

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"sightline/connect/connecttest/internal/world"
)

// userBean is an account as Jira shows it.
type userBean struct {
	Self        string     `json:"self"`
	AccountID   string     `json:"accountId"`
	AccountType string     `json:"accountType"`
	Email       string     `json:"emailAddress,omitempty"`
	AvatarURLs  avatarURLs `json:"avatarUrls"`
	DisplayName string     `json:"displayName"`
	Active      bool       `json:"active"`
	TimeZone    string     `json:"timeZone,omitempty"`
	Locale      string     `json:"locale,omitempty"`
	Groups      *sizedList `json:"groups,omitempty"`
	Roles       *sizedList `json:"applicationRoles,omitempty"`
	Expand      string     `json:"expand,omitempty"`
}

// avatarURLs is one picture for all sizes.
type avatarURLs struct {
	Size48 string `json:"48x48"`
	Size32 string `json:"32x32"`
	Size24 string `json:"24x24"`
	Size16 string `json:"16x16"`
}

// sizedList is a list that is only shown when expanded.
type sizedList struct {
	Size  int   `json:"size"`
	Items []any `json:"items"`
}

// person shows an account. The address is only for the person and for
// administrators.
func (c *call) person(p world.Person) *userBean {
	u := &userBean{
		Self:      c.link("user?accountId=%s", "") + url.QueryEscape(p.AccountID),
		AccountID: p.AccountID, AccountType: "atlassian", DisplayName: p.DisplayName, Active: p.Active,
		TimeZone: p.TimeZone, AvatarURLs: c.avatars(p.AccountID),
	}
	if p.App {
		u.AccountType = "app"
	}
	if c.me.AccountID == p.AccountID || c.me.Admin {
		u.Email = p.Email
	}
	return u
}

// user shows an account by its id, nil for nobody. An answer has the same few
// people again and again.
func (c *call) user(accountID string) any {
	if u, seen := c.users[accountID]; seen {
		return u
	}
	p, found := c.w.Person(accountID)
	if !found {
		return nil
	}
	c.users[accountID] = c.person(p)
	return c.users[accountID]
}

func (c *call) avatars(accountID string) avatarURLs {
	return sameURL(c.api.o.BaseURL() + "/avatar/" + url.PathEscape(accountID) + ".svg")
}

func sameURL(address string) avatarURLs {
	return avatarURLs{address, address, address, address}
}

// full shows an account as the operations on one user do.
func (c *call) full(p world.Person) *userBean {
	u := c.person(p)
	u.Locale, u.Expand = p.Locale, "groups,applicationRoles"
	u.Groups, u.Roles = &sizedList{Items: []any{}}, &sizedList{Items: []any{}}
	return u
}

func (c *call) myself() (answer, error) { return ok(c.full(c.me)) }

func (c *call) getUser() (answer, error) {
	id := c.query.Get("accountId")
	if id == "" {
		return answer{}, badRequest("The query parameter 'accountId' needs to be provided")
	}
	p, found := c.w.Person(id)
	if !found {
		return answer{}, refuse(http.StatusNotFound, "Specified user does not exist or you do not have required permissions")
	}
	return ok(c.full(p))
}

// userWindow is how many users of the site searches look at.
const userWindow = 1000

// findUsers filters first, then pages.
func (c *call) findUsers() (answer, error) {
	startAt, maxResults, err := c.page(50, userWindow)
	if err != nil {
		return answer{}, err
	}
	query, id := c.query.Get("query"), c.query.Get("accountId")
	if query == "" && id == "" && !c.query.Has("query") && !c.query.Has("property") {
		return answer{}, badRequest("Either 'query', 'accountId' or 'property' must be provided")
	}
	found := []*userBean{}
	if c.me.AccountID == "" {
		return ok(found)
	}
	for _, p := range slice(c.w.People(), 0, userWindow) {
		if p.Active && (id == p.AccountID || id == "" && named(p, query)) {
			found = append(found, c.person(p))
		}
	}
	return ok(slice(found, startAt, maxResults))
}

// named matches the start of a part of the name or the address.
func named(p world.Person, query string) bool {
	query = strings.ToLower(strings.TrimSpace(query))
	name := strings.ToLower(p.DisplayName)
	return strings.HasPrefix(name, query) || strings.Contains(name, " "+query) || strings.HasPrefix(strings.ToLower(p.Email), query)
}

// findAssignable pages first, then filters, as Jira does: short pages are
// normal.
func (c *call) findAssignable() (answer, error) {
	startAt, maxResults, err := c.page(50, userWindow)
	if err != nil {
		return answer{}, err
	}
	query, id := c.query.Get("query"), c.query.Get("accountId")
	if c.query.Has("query") && id != "" {
		return answer{}, badRequest("Only one of 'query' and 'accountId' can be given")
	}
	project, err := c.assignableIn()
	if err != nil {
		return answer{}, err
	}
	found := []*userBean{}
	for _, p := range slice(slice(c.w.People(), 0, userWindow), startAt, maxResults) {
		if c.w.Can(p.AccountID, world.AssignableUser, project) && (id == p.AccountID || id == "" && named(p, query)) {
			found = append(found, c.person(p))
		}
	}
	return ok(found)
}

// assignableIn is the project that a search for assignees is about.
func (c *call) assignableIn() (string, error) {
	if key := cmp.Or(c.query.Get("issueKey"), c.query.Get("issueId")); key != "" {
		issue, err := c.issue(key)
		if err != nil {
			return "", err
		}
		return issue.Project, nil
	}
	key := c.query.Get("project")
	if key == "" {
		return "", badRequest("One of 'project', 'issueKey' and 'issueId' is required")
	}
	p, err := c.project(key)
	return p.Key, err
}

func (c *call) allUsers() (answer, error) {
	startAt, maxResults, err := c.page(50, userWindow)
	if err != nil {
		return answer{}, err
	}
	found := []*userBean{}
	for _, p := range slice(c.w.People(), startAt, maxResults) {
		found = append(found, c.person(p))
	}
	return ok(found)
}
