package jirarest

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// pickedUser is a user as a picker shows it.
type pickedUser struct {
	AccountID   string `json:"accountId"`
	AccountType string `json:"accountType"`
	DisplayName string `json:"displayName"`
	HTML        string `json:"html"`
	AvatarURL   string `json:"avatarUrl,omitempty"`
}

// pickUsers finds users for a picker. Shown are the matches among the first
// maxResults users of the site; the total counts those of the whole window. A
// caller who may not browse users finds only exact names.
func (c findCall) pickUsers() (answer, error) {
	_, maxResults, err := c.page(50, userWindow)
	query := strings.TrimSpace(c.query.Get("query"))
	switch {
	case err != nil:
		return answer{}, err
	case !c.query.Has("query"):
		return answer{}, badRequest("The query parameter 'query' must be provided.")
	case c.query.Has("exclude") && c.query.Has("excludeAccountIds"):
		return answer{}, badRequest("Only one of the query parameters 'exclude' and 'excludeAccountIds' can be provided.")
	}
	total, users := 0, []pickedUser{}
	for i, p := range c.window() {
		if !c.picks(p, query) {
			continue
		}
		total++
		if i < maxResults {
			users = append(users, c.picked(p, query))
		}
	}
	header := fmt.Sprintf("Showing %d of %d matching users", len(users), total)
	return ok(map[string]any{"users": users, "total": total, "header": header})
}

func (c findCall) picks(p world.Person, query string) bool {
	switch {
	case !p.Active, slices.Contains(c.list("excludeAccountIds"), p.AccountID):
		return false
	case p.AppKey != "" && c.query.Get("excludeConnectUsers") == "true":
		return false
	case !c.browsesUsers():
		return strings.EqualFold(p.DisplayName, query)
	}
	return c.named(p, query)
}

func (c findCall) picked(p world.Person, query string) pickedUser {
	u := pickedUser{AccountID: p.AccountID, AccountType: accountType(p), DisplayName: p.DisplayName}
	u.HTML = highlight(p.DisplayName, query)
	if c.seesEmail(p) {
		u.HTML += " - " + highlight(p.Email, query)
	}
	if c.query.Get("showAvatar") == "true" {
		u.AvatarURL = c.users().avatars(p.AccountID).Size16
	}
	return u
}

// highlight escapes a text and makes what matches strong.
func highlight(text, query string) string {
	start, end := matchWord(text, query)
	if start < 0 || query == "" {
		return html.EscapeString(text)
	}
	return html.EscapeString(text[:start]) + "<strong>" + html.EscapeString(text[start:end]) + "</strong>" + html.EscapeString(text[end:])
}
