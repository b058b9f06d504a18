package dcrest

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// appSoftware is the application that everybody has access to at first.
const appSoftware = "jira-software"

func isApplication(key string) bool {
	return slices.Contains([]string{"jira-core", appSoftware, "jira-servicedesk"}, key)
}

func checkApplications(keys []string) string {
	for _, key := range keys {
		if !isApplication(key) {
			return fmt.Sprintf("There is no application with the key '%s'.", key)
		}
	}
	return ""
}

// access reads the user and the application; every error in them is a 400.
func (c userCall) access() (u *user, key string, err error) {
	key, name := c.query.Get("applicationKey"), c.query.Get("username")
	u = c.byName(name)
	switch {
	case key == "" || name == "":
		return nil, "", api.BadRequest("The query parameters 'applicationKey' and 'username' must be provided.")
	case !isApplication(key):
		return nil, "", api.BadRequest("There is no application with the key '%s'.", key)
	case u == nil:
		return nil, "", api.BadRequest("The user named '%s' does not exist", name)
	}
	return u, key, nil
}

func (c userCall) addApplication() (api.Answer, error) {
	u, key, err := c.access()
	if err != nil {
		return api.Answer{}, err
	}
	if !slices.Contains(u.apps, key) {
		u.apps = append(slices.Clip(u.apps), key)
		slices.Sort(u.apps)
	}
	return api.Empty(http.StatusOK)
}

func (c userCall) removeApplication() (api.Answer, error) {
	u, key, err := c.access()
	if err != nil {
		return api.Answer{}, err
	}
	i := slices.Index(u.apps, key)
	if i < 0 {
		return api.Answer{}, api.BadRequest("The user '%s' has no access to the application '%s'.", u.name, key)
	}
	u.apps = slices.Delete(slices.Clone(u.apps), i, i+1)
	return api.Empty(http.StatusNoContent)
}
