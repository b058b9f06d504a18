package dcrest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Shared answers what Data Center has in common with Cloud, under /rest/api/2/, as a
// person: issues, their work logs and transitions, projects, dashboards and lists
// that belong to the site. The account id is empty for who has none on the Cloud
// site. Its links begin with the address of the Data Center site.
type Shared func(w http.ResponseWriter, r *http.Request, account string)

// version is Jira's version here; clients choose what they call by it.
const version = "10.3.0"

// serverInfo tells about the site, also to callers who are not logged in.
func (c sharedCall) serverInfo() (api.Answer, error) {
	return api.OK(map[string]any{
		"baseUrl": c.base(), "version": version, "versionNumbers": []int{10, 3, 0}, "deploymentType": "Server",
		"buildNumber": 10030000, "buildDate": "2024-12-02T00:00:00.000+0000", "scmInfo": "local", "serverTitle": "Jira",
		"serverTime": c.now.UTC().Format("2006-01-02T15:04:05.000-0700"),
	})
}

// myself shows the caller.
func (c sharedCall) myself() (api.Answer, error) { return api.OK(userCall(c).full(c.me)) }

// pass answers a call as Cloud does, with Data Center's users in place of accounts.
func (c sharedCall) pass() (api.Answer, error) {
	body, err := c.cloudBody()
	if err != nil {
		return api.Answer{}, err
	}
	path := strings.TrimPrefix(c.r.URL.EscapedPath(), ContextPath)
	path = strings.Replace(path, "/rest/api/latest/", "/rest/api/2/", 1)
	return c.ask(c.r.Method, path, c.r.URL.RawQuery, body)
}

// ask makes a call of the Cloud API and translates the answer.
func (c sharedCall) ask(method, path, query string, body []byte) (api.Answer, error) {
	r, err := http.NewRequestWithContext(c.r.Context(), method, path+"?"+query, bytes.NewReader(body))
	if err != nil {
		return api.Answer{}, api.BadRequest("The request could not be read.")
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	got := reply.NewMemory()
	c.api.o.Shared(got, r, c.me.account)
	var v any
	if got.Body.Len() > 0 {
		if v, err = decode(got.Body.Bytes()); err != nil {
			return api.Answer{}, err
		}
		v = c.dataCenter(v)
	}
	if got.Status == http.StatusUnauthorized { // they have logged in, but have no account on the Cloud site
		return api.Answer{}, forbidden("You do not have permission to perform this operation.")
	}
	return api.Answer{Status: got.Status, Body: v}, nil
}

// decode reads JSON and keeps its numbers as they are written.
func decode(raw []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, api.BadRequest("The body is not JSON.")
	}
	return v, nil
}

// dataCenter puts users where Cloud shows accounts.
func (c sharedCall) dataCenter(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = c.dataCenter(v[i])
		}
	case map[string]any:
		if account, isUser := v["accountId"].(string); isUser {
			return c.userOf(account, v)
		}
		for key, each := range maps.All(v) {
			v[key] = c.dataCenter(each)
		}
	}
	return v
}

// userOf is the user with an account. Users of installed apps have none here: they
// are shown with the account as their name.
func (c sharedCall) userOf(account string, shown map[string]any) any {
	for _, u := range c.users {
		if u.account == account {
			return userCall(c).user(u)
		}
	}
	delete(shown, "accountId")
	delete(shown, "accountType")
	shown["name"], shown["key"] = account, account
	return shown
}

// cloudBody is the body with accounts where Data Center's callers name users.
func (c sharedCall) cloudBody() ([]byte, error) {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil, nil
	}
	v, err := decode(c.body)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(c.r.URL.Path, "/assignee") {
		v, err = c.account(v)
	} else {
		err = c.accounts(v)
	}
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write the body for Cloud: %w", err)
	}
	return raw, nil
}

// accounts names accounts in the user fields of a body, and in the operations on them.
func (c sharedCall) accounts(v any) error {
	body, _ := v.(map[string]any) // what it is not is for Cloud to refuse
	fields, _ := body["fields"].(map[string]any)
	update, _ := body["update"].(map[string]any)
	for _, name := range []string{"assignee", "reporter"} {
		if value, given := fields[name]; given {
			account, err := c.account(value)
			if err != nil {
				return err
			}
			fields[name] = account
		}
		list, _ := update[name].([]any)
		for _, each := range list {
			operation, _ := each.(map[string]any)
			for verb, value := range operation {
				account, err := c.account(value)
				if err != nil {
					return err
				}
				operation[verb] = account
			}
		}
	}
	return nil
}

// automatic asks Jira to choose the assignee.
const automatic = "-1"

// account is the reference to an account for one to a user, which may be null.
func (c sharedCall) account(v any) (any, error) {
	ref, isObject := v.(map[string]any)
	name, isName := ref["name"].(string)
	switch {
	case !isObject:
		return v, nil
	case ref["name"] == nil && ref["key"] == nil || name == "" && isName:
		return map[string]any{"accountId": nil}, nil
	case name == automatic:
		return map[string]any{"accountId": automatic}, nil
	}
	u := c.byName(name)
	if key, isKey := ref["key"].(string); u == nil && isKey {
		u = c.byKey(key)
	}
	if u == nil || u.account == "" {
		return nil, api.BadRequest("The user '%s' does not exist or cannot be chosen.", name)
	}
	return map[string]any{"accountId": u.account}, nil
}
