package jirarest

import (
	"cmp"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// groupPicks is how many groups the picker offers by default, maxPicks at most.
const (
	groupPicks = 20
	maxPicks   = 1000
)

type pickedGroup struct {
	Name    string       `json:"name"`
	HTML    string       `json:"html"`
	Labels  []groupLabel `json:"labels"`
	GroupID string       `json:"groupId"`
}

type groupLabel struct {
	Text  string `json:"text"`
	Title string `json:"title"`
	Type  string `json:"type"`
}

// pickGroups offers groups whose names contain the text, to people who may browse
// them.
func (c groupCall) pickGroups() (answer, error) {
	most, err := c.number("maxResults", groupPicks)
	if err != nil {
		return answer{}, err
	}
	if most < 0 {
		return answer{}, badRequest("maxResults must not be negative.")
	}
	query, without, withoutIDs := c.query.Get("query"), c.query["exclude"], c.query["excludeId"]
	all := c.w.Groups()
	if !c.finders().browsesUsers() {
		all = nil
	}
	found := slices.DeleteFunc(all, func(g world.Group) bool {
		_, matches := c.groupMatch(g.Name, query)
		return !matches || slices.Contains(without, g.Name) || slices.Contains(withoutIDs, g.ID) || !c.isMember(g)
	})
	out := []pickedGroup{}
	for _, g := range found[:min(len(found), int(min(most, maxPicks)))] {
		out = append(out, c.picked(g, query))
	}
	return ok(map[string]any{
		"header": fmt.Sprintf("Showing %d of %d matching groups", len(out), len(found)), "total": len(found), "groups": out,
	})
}

// groupMatch finds the text in a name; in any case, if asked for.
func (c groupCall) groupMatch(name, query string) (at int, matches bool) {
	if c.query.Get("caseInsensitive") == "true" {
		name, query = strings.ToLower(name), strings.ToLower(query)
	}
	at = strings.Index(name, query)
	return at, at >= 0
}

// isMember tells whether the account of the request, if there is one, is in it.
func (c groupCall) isMember(g world.Group) bool {
	id := c.query.Get("accountId")
	return id == "" || slices.Contains(g.Members, id)
}

func (c groupCall) picked(g world.Group, query string) pickedGroup {
	at, _ := c.groupMatch(g.Name, query)
	end := at + len(query)
	b := pickedGroup{Name: g.Name, HTML: html.EscapeString(g.Name), Labels: []groupLabel{}, GroupID: g.ID}
	if query != "" && end <= len(g.Name) {
		b.HTML = html.EscapeString(g.Name[:at]) + "<b>" + html.EscapeString(g.Name[at:end]) + "</b>" + html.EscapeString(g.Name[end:])
	}
	if g.Name == "site-admins" {
		b.Labels = append(b.Labels, groupLabel{"Admin", "Users in this group will be granted administrative access", "ADMIN"})
	}
	return b
}

type foundGroup struct {
	Name    string `json:"name"`
	GroupID string `json:"groupId"`
}

// bulkGroups pages through the groups, or those that are named.
func (c groupCall) bulkGroups() (answer, error) {
	if !c.finders().browsesUsers() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to browse users and groups.")
	}
	startAt, maxResults, err := c.page(50, maxPicks)
	if err != nil {
		return answer{}, err
	}
	kind := c.query.Get("accessType")
	if kind != "" && !slices.Contains([]string{"site-admin", "admin", "user"}, kind) {
		return answer{}, badRequest("The accessType '%s' is not valid: it must be 'site-admin', 'admin' or 'user'.", kind)
	}
	ids, names := c.query["groupId"], c.query["groupName"]
	out := []foundGroup{}
	for _, g := range c.w.Groups() {
		named := len(ids)+len(names) == 0 || slices.Contains(ids, g.ID) || slices.Contains(names, g.Name)
		admins := g.Name == "site-admins"
		if named && (kind == "" || admins == strings.HasSuffix(kind, "admin")) {
			out = append(out, foundGroup{g.Name, g.ID})
		}
	}
	return ok(pageOf(c.call, out, startAt, maxResults))
}

// groupMembers pages through the people in a group, the active ones unless asked
// for all.
func (c groupCall) groupMembers() (answer, error) {
	if !c.finders().browsesUsers() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to browse users and groups.")
	}
	startAt, maxResults, err := c.page(50, 50)
	if err != nil {
		return answer{}, err
	}
	id, name := c.query.Get("groupId"), c.query.Get("groupname")
	if (id == "") == (name == "") {
		return answer{}, badRequest("Specify either the groupname or the groupId.")
	}
	g, found := c.w.Group(cmp.Or(id, name))
	if !found || id != "" && g.ID != id {
		return answer{}, refuse(http.StatusNotFound, "The group named '%s' does not exist.", cmp.Or(id, name))
	}
	people := []*userBean{}
	for _, account := range g.Members {
		if p, _ := c.w.Person(account); p.Active || c.query.Get("includeInactiveUsers") == "true" {
			people = append(people, c.users().person(p))
		}
	}
	return ok(pageOf(c.call, people, startAt, maxResults))
}
