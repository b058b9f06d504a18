package confrest

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// maxBulkUsers is how many users one bulk lookup returns; more are left out.
const maxBulkUsers = 100

// icon is a profile picture.
type icon struct {
	Path      string `json:"path"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	IsDefault bool   `json:"isDefault"`
}

// operation is something the user may do.
type operation struct {
	Operation  string `json:"operation"`
	TargetType string `json:"targetType"`
}

// userBean is an account as Confluence shows it. User name and user key are
// never shown.
type userBean struct {
	Type           string            `json:"type"`
	AccountID      string            `json:"accountId"`
	AccountType    string            `json:"accountType"`
	Email          string            `json:"email"`
	PublicName     string            `json:"publicName"`
	Picture        icon              `json:"profilePicture"`
	DisplayName    string            `json:"displayName"`
	TimeZone       string            `json:"timeZone,omitempty"`
	IsExternal     bool              `json:"isExternalCollaborator"`
	IsGuest        bool              `json:"isGuest"`
	Operations     []operation       `json:"operations,omitempty"`
	PersonalSpace  *spaceBean        `json:"personalSpace,omitempty"`
	Expandable     map[string]string `json:"_expandable"`
	Links          map[string]string `json:"_links"`
	accountIsAdmin bool
}

// user shows an account. The address is shown only to the person and to
// administrators, whatever the profile's visibility.
func (c *call) user(p world.Person) userBean {
	expand := c.query.List("expand")
	u := userBean{
		Type: "known", AccountID: p.AccountID, AccountType: "atlassian", PublicName: p.DisplayName,
		Picture:     icon{Path: "/avatar/" + url.PathEscape(p.AccountID) + ".svg", Width: 48, Height: 48},
		DisplayName: p.DisplayName, TimeZone: p.TimeZone, accountIsAdmin: p.Admin,
		Expandable: map[string]string{"operations": "", "personalSpace": ""},
		Links: map[string]string{
			"base": c.base(), "context": "/wiki", "self": c.link("user?accountId=" + url.QueryEscape(p.AccountID)),
		},
	}
	if p.App {
		u.AccountType = "app"
	}
	if p.AccountID == c.me.AccountID || c.me.Admin || p.ShowsEmail {
		u.Email = p.Email
	}
	if slices.Contains(expand, "operations") {
		u.Operations = u.allowed()
		delete(u.Expandable, "operations")
	}
	if slices.Contains(expand, "personalSpace") {
		u.PersonalSpace = c.personalSpace(p.AccountID)
		delete(u.Expandable, "personalSpace")
	}
	return u
}

func (u userBean) allowed() []operation {
	out := []operation{{"use", "application"}, {"create_space", "application"}}
	if u.accountIsAdmin {
		out = append(out, operation{"administer", "application"})
	}
	return out
}

// expandable refuses a word that expand does not know; only a strict site
// checks it.
func (c *call) expandable(words ...string) error {
	for _, word := range c.query.List("expand") {
		if c.api.o.Strict && !slices.Contains(words, word) {
			return api.BadRequest("Unknown value of the parameter expand: %s.", word)
		}
	}
	return nil
}

func (c *call) anonymousUser() (api.Answer, error) {
	if err := c.expandable("operations"); err != nil {
		return api.Answer{}, err
	}
	body := map[string]any{
		"type": "anonymous", "displayName": "Anonymous",
		"profilePicture": icon{Path: "/avatar/icon/Anonymous.svg", Width: 48, Height: 48, IsDefault: true},
		"_expandable":    map[string]string{"operations": ""},
		"_links":         map[string]string{"base": c.base(), "context": "/wiki", "self": c.link("user/anonymous")},
	}
	if slices.Contains(c.query.List("expand"), "operations") {
		body["operations"], body["_expandable"] = []operation{}, map[string]string{}
	}
	return api.OK(body)
}

func (c *call) currentUser() (api.Answer, error) {
	if err := c.expandable("operations", "personalSpace", "isExternalCollaborator"); err != nil {
		return api.Answer{}, err
	}
	return api.OK(c.user(c.me))
}

// oneUser shows an account.
func (c *call) oneUser() (api.Answer, error) {
	if err := c.expandable("operations", "personalSpace", "isExternalCollaborator"); err != nil {
		return api.Answer{}, err
	}
	id := c.query.Get("accountId")
	if id == "" {
		return api.Answer{}, missingAccount()
	}
	p, found := c.w.Person(id)
	if !found {
		return api.Answer{}, noUser(id)
	}
	return api.OK(c.user(p))
}

// bulkUsers takes the ids as repeated parameters or with commas between them.
// Accounts that do not exist are left out.
func (c *call) bulkUsers() (api.Answer, error) {
	if err := c.expandable("operations", "personalSpace", "isExternalCollaborator"); err != nil {
		return api.Answer{}, err
	}
	ids := c.query.List("accountId")
	if len(ids) == 0 {
		return api.Answer{}, missingAccount()
	}
	found := []userBean{}
	for _, id := range ids[:min(len(ids), maxBulkUsers)] {
		if p, ok := c.w.Person(id); ok {
			found = append(found, c.user(p))
		}
	}
	return api.OK(map[string]any{
		"results": found, "start": 0, "limit": maxBulkUsers, "size": len(found), "_links": c.selfLinks("user/bulk"),
	})
}

func missingAccount() error {
	return api.BadRequest("The query parameter 'accountId' must be provided.")
}

func noUser(id string) error {
	return api.Refuse(http.StatusNotFound, "No user found with the account id '%s'.", id)
}

// selfLinks are the links of a list.
func (c *call) selfLinks(path string) map[string]string {
	return map[string]string{"base": c.base(), "context": "/wiki", "self": c.link(path)}
}
