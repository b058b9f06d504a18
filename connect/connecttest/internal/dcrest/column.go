package dcrest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// column is a column of the issue navigator.
type column struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// columns are all columns; users who have not chosen see the first
// defaultCount.
func columns() (list []column, defaultCount int) {
	return []column{
		{"T", "issuetype"},
		{"Key", "issuekey"},
		{"Summary", "summary"},
		{"Assignee", "assignee"},
		{"Reporter", "reporter"},
		{"P", "priority"},
		{"Status", "status"},
		{"Resolution", "resolution"},
		{"Created", "created"},
		{"Updated", "updated"},
		{"Due", "duedate"},
		{"Affects Version/s", "versions"},
		{"Component/s", "components"},
		{"Creator", "creator"},
		{"Description", "description"},
		{"Environment", "environment"},
		{"Fix Version/s", "fixVersions"},
		{"Labels", "labels"},
		{"Last Viewed", "lastViewed"},
		{"Original Estimate", "timeoriginalestimate"},
		{"Progress", "progress"},
		{"Project", "project"},
		{"Remaining Estimate", "timeestimate"},
		{"Resolved", "resolutiondate"},
		{"Time Spent", "timespent"},
		{"Votes", "votes"},
		{"Watchers", "watches"},
		{"Work Ratio", "workratio"},
	}, 11
}

// whoseColumns finds the user, by default the caller. Only administrators may
// name somebody else: for others that is, here, a 401.
func (c columnCall) whoseColumns(username string) (*user, error) {
	u, err := c.self(username)
	if u != c.me && !c.me.admin {
		return nil, api.Refuse(http.StatusUnauthorized, "You are not permitted to access the columns of this user.")
	}
	return u, err
}

func (c columnCall) getColumns() (api.Answer, error) {
	u, err := c.whoseColumns(c.query.Get("username"))
	if err != nil {
		return api.Answer{}, err
	}
	list, defaults := columns()
	if u.columns == nil {
		return api.OK(list[:defaults])
	}
	chosen := []column{}
	for _, value := range u.columns {
		i := slices.IndexFunc(list, func(c column) bool { return c.Value == value })
		chosen = append(chosen, list[i])
	}
	return api.OK(chosen)
}

// setColumns takes a form. An unknown column is a 500, the only error in the
// document.
func (c columnCall) setColumns() (api.Answer, error) {
	if kind := api.MediaType(c.r); kind != "application/x-www-form-urlencoded" {
		return api.Answer{}, api.Refuse(http.StatusUnsupportedMediaType, "Unsupported Media Type: a form is expected.")
	}
	if c.badForm != nil {
		return api.Answer{}, api.BadRequest("The form cannot be read.")
	}
	if err := unknownFields(c.r.PostForm); err != nil {
		return api.Answer{}, err
	}
	u, err := c.whoseColumns(c.r.PostForm.Get("username"))
	if err != nil {
		return api.Answer{}, err
	}
	list, _ := columns()
	chosen := []string{}
	for _, value := range c.r.PostForm["columns"] {
		if !slices.ContainsFunc(list, func(c column) bool { return c.Value == value }) {
			return api.Answer{}, api.Refuse(http.StatusInternalServerError, "The column '%s' does not exist.", value)
		}
		if !slices.Contains(chosen, value) {
			chosen = append(chosen, value)
		}
	}
	u.columns = chosen
	return api.Empty(http.StatusOK)
}

func unknownFields(form url.Values) error {
	for name := range form {
		if name != "username" && name != "columns" {
			return api.BadRequest("Unrecognized field %s.", fmt.Sprintf("%q", name))
		}
	}
	return nil
}

func (c columnCall) resetColumns() (api.Answer, error) {
	u, err := c.whoseColumns(c.query.Get("username"))
	if err != nil {
		return api.Answer{}, err
	}
	u.columns = nil
	return api.Empty(http.StatusNoContent)
}
