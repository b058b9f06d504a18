package jirarest

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
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

// person shows an account.
func (c userCall) person(p world.Person) *userBean {
	u := &userBean{
		Self:      c.link("user?accountId=%s", "") + url.QueryEscape(p.AccountID),
		AccountID: p.AccountID, AccountType: accountType(p), DisplayName: p.DisplayName, Active: p.Active,
		TimeZone: p.TimeZone, AvatarURLs: c.avatars(p.AccountID),
	}
	if c.finders().seesEmail(p) {
		u.Email = p.Email
	}
	return u
}

func accountType(p world.Person) string {
	if p.App {
		return "app"
	}
	return "atlassian"
}

// user shows an account by its id, nil for nobody. An answer has the same few
// people again and again.
func (c userCall) user(accountID string) any {
	if u, seen := c.shown[accountID]; seen {
		return u
	}
	p, found := c.w.Person(accountID)
	if !found {
		return nil
	}
	c.shown[accountID] = c.person(p)
	return c.shown[accountID]
}

func (c userCall) avatars(accountID string) avatarURLs {
	return sameURL(c.api.o.BaseURL() + "/avatar/" + url.PathEscape(accountID) + ".svg")
}

func sameURL(address string) avatarURLs {
	return avatarURLs{address, address, address, address}
}

// full shows an account as the operations on one user do.
func (c userCall) full(p world.Person) *userBean {
	u := c.person(p)
	u.Locale, u.Expand = p.Locale, "groups,applicationRoles"
	u.Groups, u.Roles = &sizedList{Items: []any{}}, &sizedList{Items: []any{}}
	return u
}

func (c userCall) myself() (answer, error) { return ok(c.full(c.me)) }

func (c userCall) getUser() (answer, error) {
	id := c.query.Get("accountId")
	if id == "" {
		return answer{}, badRequest("The query parameter 'accountId' needs to be provided")
	}
	if id != c.me.AccountID && !c.finders().browsesUsers() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to browse users.")
	}
	p, found := c.w.Person(id)
	if !found {
		return answer{}, refuse(http.StatusNotFound, "Specified user does not exist or you do not have required permissions")
	}
	return ok(c.full(p))
}

// allUsers lists everybody, inactive ones too: the only list without a window.
func (c userCall) allUsers() (answer, error) {
	if !c.finders().browsesUsers() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to browse users.")
	}
	startAt, maxResults, err := c.page(50, userWindow)
	if err != nil {
		return answer{}, err
	}
	return ok(c.finders().userBeans(slice(c.w.People(), startAt, maxResults), func(world.Person) bool { return true }))
}

// The list of people by their ids: how long a page is, and, as nobody says it, how
// long it can be made.
const (
	bulkUserPage = 10
	maxBulkUsers = 200
)

// bulkUsers lists people by their account ids, without those that nobody has.
func (c userCall) bulkUsers() (answer, error) {
	startAt, maxResults, err := c.page(bulkUserPage, maxBulkUsers)
	if err != nil {
		return answer{}, err
	}
	ids := c.query["accountId"]
	if len(ids) == 0 {
		return answer{}, badRequest("The query parameter 'accountId' needs to be provided")
	}
	people := []*userBean{}
	for i, id := range ids {
		if p, known := c.w.Person(id); known && !slices.Contains(ids[:i], id) {
			people = append(people, c.person(p))
		}
	}
	page := slice(people, startAt, maxResults)
	return ok(map[string]any{
		"startAt": startAt, "maxResults": maxResults, "total": len(people), "isLast": startAt+len(page) >= len(people), "values": page,
	})
}

// email tells an approved app a person's address, whatever their profile says.
func (c userCall) email() (answer, error) {
	id := c.query.Get("accountId")
	if c.p.App == "" || indexFold(c.p.Scopes, scopeEmail) < 0 {
		return answer{}, badRequest("The calling app is not approved to use this API.")
	}
	if id == "" {
		return answer{}, badRequest("The query parameter 'accountId' needs to be provided")
	}
	p, found := c.w.Person(id)
	if !found || p.Email == "" {
		return answer{}, refuse(http.StatusNotFound, "Specified user does not exist or you do not have required permissions")
	}
	return ok(map[string]string{"accountId": p.AccountID, "email": p.Email})
}
