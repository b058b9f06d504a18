package dcrest

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// pickedUser is a line of the picker.
type pickedUser struct {
	Name        string `json:"name"`
	Key         string `json:"key"`
	HTML        string `json:"html"`
	DisplayName string `json:"displayName"`
	AvatarURL   string `json:"avatarUrl,omitempty"`
}

// pickUsers finds active users and marks what matched. A caller who may not
// browse users finds only an exact name.
func (c searchCall) pickUsers() (api.Answer, error) {
	_, maxResults, err := c.page(maxUsers)
	if err != nil {
		return api.Answer{}, err
	}
	showAvatar, err := c.query.Bool("showAvatar", false)
	if err != nil {
		return api.Answer{}, err
	}
	text, excluded := c.query.Get("query"), c.query.List("exclude")
	all := c.found(func(u *user) bool {
		matches := u.matches(text) && c.browsesUsers() || strings.EqualFold(u.name, text)
		return u.active && text != "" && matches && !slices.Contains(excluded, u.name)
	})
	picked := []pickedUser{}
	for _, u := range api.Slice(all, 0, maxResults) {
		p := pickedUser{Name: u.name, Key: u.key, HTML: u.highlighted(text), DisplayName: u.displayName}
		if showAvatar {
			p.AvatarURL = userCall(c).avatarURL(u)
		}
		picked = append(picked, p)
	}
	return api.OK(map[string]any{
		"users": picked, "total": len(all), "header": fmt.Sprintf("Showing %d of %d matching users", len(picked), len(all)),
	})
}

func (u *user) highlighted(text string) string {
	return mark(u.displayName, text) + " - " + mark(u.email, text) + " (" + mark(u.name, text) + ")"
}

// mark escapes a text and puts the beginnings of words that match in bold.
func mark(text, part string) string {
	words := strings.Split(text, " ")
	for i := range words {
		rest := strings.Join(words[i:], " ")
		if part == "" || len(rest) < len(part) || !strings.EqualFold(rest[:len(part)], part) {
			continue
		}
		before := strings.Join(words[:i], " ")
		if i > 0 {
			before += " "
		}
		return html.EscapeString(before) + "<strong>" + html.EscapeString(rest[:len(part)]) + "</strong>" + html.EscapeString(rest[len(part):])
	}
	return html.EscapeString(text)
}
