package confrest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// Limits of user properties. The specification says that keys and values can be
// too long, but not how long: these are Jira's limits, in characters.
const (
	defaultKeys    = 5
	maxKeys        = 25
	maxKeyLength   = 255
	maxValueLength = 32768
)

var (
	keyPattern     = regexp.MustCompile(`^[-_a-zA-Z0-9]+$`)
	accountPattern = regexp.MustCompile(`^[-_.:a-zA-Z0-9]{1,128}$`)
)

// propertyBean is a property as Confluence shows it.
type propertyBean struct {
	Key      string            `json:"key"`
	Value    json.RawMessage   `json:"value"`
	ID       string            `json:"id"`
	Modified string            `json:"lastModifiedDate"`
	Created  string            `json:"createdDate"`
	Links    map[string]string `json:"_links"`
}

// owned finds the properties of the account in the path that the calling app
// has made.
func (c *call) owned() (propertyOwner, error) {
	id := c.params["user"]
	if !accountPattern.MatchString(id) {
		return propertyOwner{}, api.BadRequest("'%s' is not a valid user id.", id)
	}
	if _, found := c.w.Person(id); !found {
		return propertyOwner{}, noUser(id)
	}
	return propertyOwner{c.p.App, id}, nil
}

// ownedKey is owned, and checks the key in the path.
func (c *call) ownedKey() (propertyOwner, string, error) {
	key := c.params["key"]
	switch {
	case !keyPattern.MatchString(key):
		return propertyOwner{}, "", api.BadRequest("The key must match %s.", keyPattern)
	case len(key) > maxKeyLength:
		return propertyOwner{}, "", api.BadRequest("The key is too long: at most %d characters.", maxKeyLength)
	}
	o, err := c.owned()
	return o, key, err
}

// propertyKeys lists keys in order. A limit above the maximum is lowered to it;
// a strict site refuses it.
func (c *call) propertyKeys() (api.Answer, error) {
	o, err := c.owned()
	if err != nil {
		return api.Answer{}, err
	}
	start, limit, err := c.page(defaultKeys)
	if err != nil {
		return api.Answer{}, err
	}
	if limit > maxKeys && c.api.o.Strict {
		return api.Answer{}, api.BadRequest("The parameter limit must be at most %d.", maxKeys)
	}
	limit = min(limit, maxKeys)
	keys := slices.Sorted(maps.Keys(c.properties[o]))
	results := []map[string]string{}
	for _, key := range api.Slice(keys, start, limit) {
		results = append(results, map[string]string{"key": key})
	}
	return api.OK(map[string]any{
		"results": results, "start": start, "limit": limit, "size": len(results),
		"_links": c.pageLinks("user/"+url.PathEscape(o.account)+"/property", url.Values{}, start, limit, len(keys)),
	})
}

func (c *call) getProperty() (api.Answer, error) {
	o, key, err := c.ownedKey()
	if err != nil {
		return api.Answer{}, err
	}
	p, found := c.properties[o][key]
	if !found {
		return api.Answer{}, noProperty(key)
	}
	return api.OK(propertyBean{
		Key: p.key, Value: p.value, ID: strconv.Itoa(p.id), Modified: p.modified.UTC().Format(time.RFC3339Nano),
		Created: p.created.UTC().Format(time.RFC3339Nano),
		Links:   c.selfLinks("user/" + url.PathEscape(o.account) + "/property/" + key),
	})
}

// createProperty refuses a key that exists.
func (c *call) createProperty() (api.Answer, error) {
	o, key, err := c.ownedKey()
	if err != nil {
		return api.Answer{}, err
	}
	value, err := c.value()
	if err != nil {
		return api.Answer{}, err
	}
	if _, exists := c.properties[o][key]; exists {
		return api.Answer{}, api.Refuse(http.StatusConflict, "A property with the key '%s' already exists.", key)
	}
	if c.properties[o] == nil {
		c.properties[o] = map[string]property{}
	}
	c.lastID++
	c.properties[o][key] = property{c.lastID, key, value, c.now, c.now}
	return api.Empty(http.StatusCreated)
}

// updateProperty refuses a key that does not exist.
func (c *call) updateProperty() (api.Answer, error) {
	o, key, err := c.ownedKey()
	if err != nil {
		return api.Answer{}, err
	}
	value, err := c.value()
	if err != nil {
		return api.Answer{}, err
	}
	p, found := c.properties[o][key]
	if !found {
		return api.Answer{}, noProperty(key)
	}
	p.value, p.modified = value, c.now
	c.properties[o][key] = p
	return api.Empty(http.StatusNoContent)
}

func (c *call) deleteProperty() (api.Answer, error) {
	o, key, err := c.ownedKey()
	if err != nil {
		return api.Answer{}, err
	}
	if _, found := c.properties[o][key]; !found {
		return api.Answer{}, noProperty(key)
	}
	delete(c.properties[o], key)
	return api.Empty(http.StatusNoContent)
}

// value reads the envelope: one member, value, an object that is not empty.
func (c *call) value() (json.RawMessage, error) {
	var in struct {
		Value json.RawMessage `json:"value"`
	}
	if err := api.Decode(c.body, &in); err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	switch {
	case len(in.Value) == 0 || bytes.Equal(in.Value, []byte("null")):
		return nil, api.BadRequest("The value is empty.")
	case json.Unmarshal(in.Value, &members) != nil:
		return nil, api.BadRequest("The value must be a JSON object.")
	case len(members) == 0:
		return nil, api.BadRequest("The value is empty.")
	case utf8.RuneCount(in.Value) > maxValueLength:
		return nil, api.BadRequest("The value is too long: at most %d characters.", maxValueLength)
	}
	return in.Value, nil
}

func noProperty(key string) error {
	return api.Refuse(http.StatusNotFound, "There is no property with the key '%s'.", key)
}
