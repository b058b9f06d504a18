package dcrest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// Limits of user properties, in bytes.
const (
	maxPropertyKey   = 255
	maxPropertyValue = 32768
)

// owned finds the owner of the properties. Everybody may read those of users
// they may browse; administrators write all, others only their own.
func (c propertyCall) owned(write bool) (*user, error) {
	u, given := c.named("userKey")
	switch {
	case !given:
		return nil, api.BadRequest("Either the 'username' or the 'userKey' query parameters need to be provided.")
	case write && u != c.me && !c.me.admin:
		return nil, forbidden("You do not have permission to administer this user.")
	case u != c.me && !c.browsesUsers():
		return nil, forbidden("You do not have permission to browse this user.")
	case u == nil:
		return nil, api.Refuse(http.StatusNotFound, "The user with the given name or key does not exist.")
	}
	return u, nil
}

func (c propertyCall) propertyKeys() (api.Answer, error) {
	u, err := c.owned(false)
	if err != nil {
		return api.Answer{}, err
	}
	type entry struct {
		Self string `json:"self"`
		Key  string `json:"key"`
	}
	keys := []entry{}
	for _, key := range slices.Sorted(maps.Keys(c.properties[u.key])) {
		self := c.link("user/properties/" + url.PathEscape(key) + query("userKey", u.key))
		keys = append(keys, entry{self, key})
	}
	return api.OK(map[string]any{"keys": keys})
}

func (c propertyCall) getProperty() (api.Answer, error) {
	u, err := c.owned(false)
	if err != nil {
		return api.Answer{}, err
	}
	value, found := c.properties[u.key][c.params["key"]]
	if !found {
		return api.Answer{}, noProperty(c.params["key"])
	}
	return api.OK(map[string]any{"key": c.params["key"], "value": value})
}

func (c propertyCall) setProperty() (api.Answer, error) {
	u, err := c.owned(true)
	if err != nil {
		return api.Answer{}, err
	}
	key := c.params["key"]
	switch {
	case len(key) > maxPropertyKey:
		return api.Answer{}, api.BadRequest("The property key must not be longer than %d bytes.", maxPropertyKey)
	case !json.Valid(c.body):
		return api.Answer{}, api.BadRequest("The property value must be a valid, non-empty JSON.")
	case len(c.body) > maxPropertyValue:
		return api.Answer{}, api.BadRequest("The property value must not be longer than %d bytes.", maxPropertyValue)
	}
	status := http.StatusOK
	if _, exists := c.properties[u.key][key]; !exists {
		status = http.StatusCreated
	}
	if c.properties[u.key] == nil {
		c.properties[u.key] = map[string]json.RawMessage{}
	}
	c.properties[u.key][key] = c.body
	return api.Empty(status)
}

func (c propertyCall) deleteProperty() (api.Answer, error) {
	u, err := c.owned(true)
	if err != nil {
		return api.Answer{}, err
	}
	if _, found := c.properties[u.key][c.params["key"]]; !found {
		return api.Answer{}, noProperty(c.params["key"])
	}
	delete(c.properties[u.key], c.params["key"])
	return api.Empty(http.StatusNoContent)
}

func noProperty(key string) error {
	return api.Refuse(http.StatusNotFound, "The property with key '%s' does not exist.", key)
}
