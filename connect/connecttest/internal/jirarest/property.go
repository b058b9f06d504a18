package jirarest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Limits of entity properties, in characters.
const (
	maxPropertyKey   = 255
	maxPropertyValue = 32768
)

// owner is what has properties: the name under which the world keeps them and
// the address of their list.
type owner struct {
	name  string
	link  string
	query string // goes behind the address of a property
}

// finder finds the owner that a request is about and checks the caller's right
// to read or write its properties.
type finder func(c *call, write bool) (owner, error)

func (o owner) self(key string) string { return o.link + "/" + url.PathEscape(key) + o.query }

// keysOf serves the list of an owner's property keys.
func keysOf(find finder) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		o, err := find(c, false)
		if err != nil {
			return answer{}, err
		}
		type entry struct {
			Self string `json:"self"`
			Key  string `json:"key"`
		}
		keys := []entry{}
		for _, p := range c.w.Properties(o.name) {
			keys = append(keys, entry{o.self(p.Key), p.Key})
		}
		return ok(map[string]any{"keys": keys})
	}
}

// getOf serves one property.
func getOf(find finder) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		o, err := find(c, false)
		if err != nil {
			return answer{}, err
		}
		p, found := c.w.Property(o.name, c.params["key"])
		if !found {
			return answer{}, noProperty(c.params["key"])
		}
		return ok(map[string]any{"key": p.Key, "value": p.Value})
	}
}

// setOf keeps a property: 201 when its key is new, 200 when not.
func setOf(find finder) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		o, err := find(c, true)
		if err != nil {
			return answer{}, err
		}
		key := c.params["key"]
		switch {
		case utf8.RuneCountInString(key) > maxPropertyKey:
			return answer{}, badRequest("The property key must not be longer than %d characters.", maxPropertyKey)
		case !json.Valid(c.body):
			return answer{}, badRequest("The property value must be a valid, non-empty JSON.")
		case utf8.RuneCount(c.body) > maxPropertyValue:
			return answer{}, badRequest("The property value must not be longer than %d characters.", maxPropertyValue)
		}
		status := http.StatusOK
		if c.w.SetProperty(o.name, key, c.body) {
			status = http.StatusCreated
		}
		return answer{status: status}, nil
	}
}

// deleteOf removes a property.
func deleteOf(find finder) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		o, err := find(c, true)
		if err != nil {
			return answer{}, err
		}
		if !c.w.DeleteProperty(o.name, c.params["key"]) {
			return answer{}, noProperty(c.params["key"])
		}
		return noContent()
	}
}

func noProperty(key string) error {
	return refuse(http.StatusNotFound, "The property with key '%s' does not exist.", key)
}

// ownItem finds a dashboard item. A caller who may not see the dashboard gets
// the same answer as for a missing one; one who may see but not edit it may not
// write.
func (c dashboardCall) ownItem(write bool) (owner, error) {
	if write && (!isNumber(c.params["dashboard"]) || !isNumber(c.params["item"])) {
		return owner{}, badRequest("The dashboard or dashboard item id is not a number.")
	}
	d, err := c.dashboard()
	if err != nil {
		return owner{}, err
	}
	item, found := d.Item(c.params["item"])
	switch {
	case !found:
		return owner{}, refuse(http.StatusNotFound, "The dashboard item with id '%s' does not exist.", c.params["item"])
	case write && c.me.AccountID == "":
		return owner{}, unauthorized()
	case write && !c.w.CanEdit(c.me.AccountID, d):
		return owner{}, refuse(http.StatusForbidden, "You are not the owner of the dashboard.")
	}
	return owner{name: world.ItemProperties(d.ID, item.ID), link: c.link("dashboard/%s/items/%s/properties", d.ID, item.ID)}, nil
}

// ownUser finds an account: the caller's own, or any for administrators.
func (c userCall) ownUser(bool) (owner, error) {
	id := c.query.Get("accountId")
	switch {
	case c.query.Has("username") || c.query.Has("userKey"):
		return owner{}, badRequest("The query parameters 'username' and 'userKey' are not supported in GDPR strict mode.")
	case id == "":
		return owner{}, badRequest("The query parameter 'accountId' must be provided.")
	case id != c.me.AccountID && !c.isAdmin():
		return owner{}, refuse(http.StatusForbidden, "You do not have permission to access the properties of this user.")
	}
	if _, found := c.w.Person(id); !found {
		return owner{}, refuse(http.StatusNotFound, "The user with account id '%s' does not exist.", id)
	}
	return owner{name: world.UserProperties(id), link: c.link("user/properties"), query: "?accountId=" + url.QueryEscape(id)}, nil
}

// ownIssue finds an issue.
func (c issueCall) ownIssue(write bool) (owner, error) {
	issue, err := c.issue(c.params["issue"])
	if err != nil {
		return owner{}, err
	}
	if write && !c.can(world.EditIssues, issue.Project) {
		return owner{}, c.forbidden("You do not have permission to edit issues in this project.")
	}
	return owner{name: world.IssueProperties(issue.ID), link: c.link("issue/%s/properties", issue.Key)}, nil
}

// forbidden refuses a caller who is logged in; others are asked to log in.
func (c *call) forbidden(format string, args ...any) error {
	if c.me.AccountID == "" {
		return unauthorized()
	}
	return refuse(http.StatusForbidden, format, args...)
}
