package jirarest

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// filterBean is a filter as Jira shows it: all of it, or what a search expands.
type filterBean struct {
	Expand           string       `json:"expand,omitempty"`
	Self             string       `json:"self"`
	ID               string       `json:"id"`
	Name             string       `json:"name"`
	Description      *string      `json:"description,omitempty"`
	Owner            any          `json:"owner,omitempty"`
	JQL              *string      `json:"jql,omitempty"`
	ViewURL          string       `json:"viewUrl,omitempty"`
	SearchURL        string       `json:"searchUrl,omitempty"`
	Favourite        *bool        `json:"favourite,omitempty"`
	FavouritedCount  *int         `json:"favouritedCount,omitempty"`
	SharePermissions *[]shareBean `json:"sharePermissions,omitempty"`
	EditPermissions  *[]shareBean `json:"editPermissions,omitempty"`
	Writable         *bool        `json:"isWritable,omitempty"`
	SharedUsers      any          `json:"sharedUsers,omitempty"`
	Subscriptions    any          `json:"subscriptions,omitempty"`
}

const (
	filterExpand = "description,owner,jql,viewUrl,searchUrl,favourite,favouritedCount,sharePermissions,editPermissions"
	maxFilterIDs = 200
)

// filter shows a filter with what expand names.
func (c filterCall) filter(f world.Filter, expand string) filterBean {
	b := filterBean{Self: c.link("filter/%s", f.ID), ID: f.ID, Name: f.Name}
	favourite, count := slices.Contains(f.Favourites, c.me.AccountID), len(f.Favourites)
	writable := c.me.AccountID != "" && f.OwnerID == c.me.AccountID
	for _, name := range splitLists([]string{expand}) {
		switch name {
		case "description":
			b.Description = &f.Description
		case "owner":
			b.Owner = c.users().user(f.OwnerID)
		case "jql":
			b.JQL = &f.JQL
		case "viewUrl":
			b.ViewURL = c.api.o.BaseURL() + "/issues/?filter=" + f.ID
		case "searchUrl": // still of the search that was removed
			b.SearchURL = c.link("search?jql=") + url.QueryEscape(f.JQL)
		case "favourite":
			b.Favourite = &favourite
		case "favouritedCount":
			b.FavouritedCount = &count
		case "sharePermissions":
			shares := c.sharing().shares(f.Shares)
			b.SharePermissions = &shares
		case "editPermissions":
			b.EditPermissions = &[]shareBean{}
		case "isWritable":
			b.Writable = &writable
		case "sharedUsers":
			b.SharedUsers = emptyList()
		case "subscriptions":
			b.Subscriptions = emptyList()
		}
	}
	return b
}

// emptyList is a list of what the site does not have.
func emptyList() map[string]any {
	return map[string]any{"size": 0, "items": []any{}, "max-results": 1000, "start-index": 0, "end-index": 0}
}

// whole shows all of a filter.
func (c filterCall) whole(f world.Filter) filterBean {
	return c.filter(f, filterExpand+",sharedUsers,subscriptions,"+c.query.Get("expand"))
}

func (c filterCall) wholes(list []world.Filter) []filterBean {
	out := []filterBean{}
	for _, f := range list {
		out = append(out, c.whole(f))
	}
	return out
}

// visible are the filters that the caller may see.
func (c filterCall) visible() []world.Filter {
	return slices.DeleteFunc(c.w.Filters(), func(f world.Filter) bool { return !c.w.SeesFilter(c.me.AccountID, f) })
}

// named finds the filter of the path. What does not exist or is hidden is a bad
// request, as in Jira.
func (c filterCall) named() (world.Filter, error) {
	f, found := c.w.Filter(c.params["filter"])
	seen := found && (c.w.SeesFilter(c.me.AccountID, f) || c.query.Get("overrideSharePermissions") == "true" && c.me.Admin)
	if !seen {
		return f, badRequest("The selected filter is not available to you, perhaps it has been deleted or had its permissions changed.")
	}
	return f, nil
}

func (c filterCall) getFilter() (answer, error) {
	f, err := c.named()
	if err != nil {
		return answer{}, err
	}
	return ok(c.whole(f))
}

// favouriteFilters are the caller's; nobody has none.
func (c filterCall) favouriteFilters() (answer, error) {
	return ok(c.wholes(c.favourites()))
}

func (c filterCall) favourites() []world.Filter {
	return slices.DeleteFunc(c.visible(), func(f world.Filter) bool { return !slices.Contains(f.Favourites, c.me.AccountID) })
}

// myFilters are those that the caller owns and, if asked for, the favourites.
func (c filterCall) myFilters() (answer, error) {
	own := slices.DeleteFunc(c.visible(), func(f world.Filter) bool {
		favourite := c.query.Get("includeFavourites") == "true" && slices.Contains(f.Favourites, c.me.AccountID)
		return c.me.AccountID == "" || f.OwnerID != c.me.AccountID && !favourite
	})
	return ok(c.wholes(own))
}

// searchFilters pages through the filters that the caller may see.
func (c filterCall) searchFilters() (answer, error) {
	startAt, maxResults, err := c.page(50, 100)
	if err != nil {
		return answer{}, err
	}
	matches, err := c.filterConditions()
	if err != nil {
		return answer{}, err
	}
	list := slices.DeleteFunc(c.visible(), func(f world.Filter) bool { return !matches(f) })
	if err := c.sortFilters(list); err != nil {
		return answer{}, err
	}
	out := []filterBean{}
	for _, f := range list {
		b := c.filter(f, c.query.Get("expand"))
		if b.Subscriptions != nil {
			b.Subscriptions = []any{}
		}
		b.Expand, b.SharedUsers = filterExpand+",isWritable,subscriptions", nil
		out = append(out, b)
	}
	return ok(pageOf(c.call, out, startAt, maxResults))
}

// filterConditions are what the search asks for.
func (c filterCall) filterConditions() (func(world.Filter) bool, error) {
	q := c.query
	ids := c.list("id")
	owner := cmp.Or(q.Get("accountId"), q.Get("owner"))
	group := cmp.Or(q.Get("groupId"), q.Get("groupname"))
	switch {
	case q.Has("accountId") && q.Has("owner"):
		return nil, badRequest("The accountId and owner parameters cannot be used together.")
	case q.Has("groupId") && q.Has("groupname"):
		return nil, badRequest("The groupId and groupname parameters cannot be used together.")
	case len(ids) > maxFilterIDs:
		return nil, badRequest("At most %d ids can be given.", maxFilterIDs)
	}
	if i := slices.IndexFunc(ids, func(id string) bool { return !isNumber(id) }); i >= 0 {
		return nil, badRequest("The value '%s' of the parameter id is not a number.", ids[i])
	}
	if g, known := c.w.Group(group); group != "" {
		if !known {
			return nil, badRequest("The group '%s' does not exist.", group)
		}
		group = g.ID
	}
	project, err := c.filterProject()
	if err != nil {
		return nil, err
	}
	sharedWith := func(f world.Filter, kind, with string) bool {
		return with == "" || slices.Contains(f.Shares, world.Share{Kind: kind, With: with})
	}
	return func(f world.Filter) bool {
		return c.nameMatches(f) && (owner == "" || f.OwnerID == owner) && (len(ids) == 0 || slices.Contains(ids, f.ID)) &&
			sharedWith(f, world.ShareGroup, group) && sharedWith(f, world.ShareProject, project)
	}, nil
}

// filterProject is the key of the project with which filters must be shared.
func (c filterCall) filterProject() (string, error) {
	id := c.query.Get("projectId")
	if id == "" {
		return "", nil
	}
	p, err := c.projects().project(id)
	if err != nil || !isNumber(id) {
		return "", badRequest("The project with id '%s' does not exist.", id)
	}
	return p.Key, nil
}

// nameMatches compares words or, if asked for, any part of the name. A word may end
// in *.
func (c filterCall) nameMatches(f world.Filter) bool {
	wanted := strings.ToLower(c.query.Get("filterName"))
	if c.query.Get("isSubstringMatch") == "true" {
		return strings.Contains(strings.ToLower(f.Name), wanted)
	}
	return jql.HasWords(f.Name, wanted)
}

func (c filterCall) sortFilters(list []world.Filter) error {
	by, down := strings.CutPrefix(cmp.Or(c.query.Get("orderBy"), "name"), "-")
	texts := map[string]func(world.Filter) string{
		"name":            func(f world.Filter) string { return strings.ToLower(f.Name) },
		"id":              func(f world.Filter) string { return padded(int(idNumber(f.ID))) },
		"description":     func(f world.Filter) string { return strings.ToLower(f.Description) },
		"owner":           func(f world.Filter) string { p, _ := c.w.Person(f.OwnerID); return p.DisplayName },
		"favourite_count": func(f world.Filter) string { return padded(len(f.Favourites)) },
		"is_favourite":    func(f world.Filter) string { return strconv.FormatBool(slices.Contains(f.Favourites, c.me.AccountID)) },
		"is_shared":       func(f world.Filter) string { return strconv.FormatBool(len(f.Shares) > 0) },
	}
	text, known := texts[strings.TrimLeft(by, "+ ")]
	if !known {
		return badRequest("The orderBy value '%s' is not valid.", by)
	}
	slices.SortStableFunc(list, func(a, b world.Filter) int {
		if down {
			a, b = b, a
		}
		return strings.Compare(text(a), text(b))
	})
	return nil
}

// filterRequest is the body of a change. What it does not name becomes empty, but
// the query and the shares stay.
type filterRequest struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	JQL         *string         `json:"jql"`
	Favourite   *bool           `json:"favourite"`
	Shares      *[]shareRequest `json:"sharePermissions"`
}

// owned finds the filter of the path if the caller may change it.
func (c filterCall) owned() (world.Filter, error) {
	f, err := c.named()
	override := c.me.Admin && c.query.Get("overrideSharePermissions") == "true"
	if err == nil && f.OwnerID != c.me.AccountID && !override {
		err = badRequest("You do not have permission to edit the filter '%s'.", f.Name)
	}
	return f, err
}

func (c filterCall) updateFilter() (answer, error) {
	f, err := c.owned()
	if err != nil {
		return answer{}, err
	}
	var body filterRequest
	if err := c.decodeLoosely(&body); err != nil {
		return answer{}, err
	}
	if strings.TrimSpace(body.Name) == "" || len(body.Name) > 255 {
		return answer{}, badField("filterName", "You must specify a name of at most 255 characters to save this filter as.")
	}
	f.Name, f.Description = body.Name, body.Description
	if body.JQL != nil {
		if err := c.checkQuery(*body.JQL); err != nil {
			return answer{}, err
		}
		f.JQL = *body.JQL
	}
	if body.Shares != nil {
		if f.Shares, err = c.sharing().sharesOf(*body.Shares); err != nil {
			return answer{}, err
		}
	}
	if body.Favourite != nil {
		f.Favourites = slices.DeleteFunc(slices.Clone(f.Favourites), func(id string) bool { return id == c.me.AccountID })
		if *body.Favourite {
			f.Favourites = append(f.Favourites, c.me.AccountID)
		}
	}
	err = c.w.PutFilter(f)
	if errors.Is(err, world.ErrExists) {
		return answer{}, badField("filterName", "Filter with same name already exists.")
	}
	if err != nil {
		return answer{}, fmt.Errorf("change filter: %w", err)
	}
	return ok(c.whole(f))
}

// checkQuery refuses a query that the caller cannot run.
func (c filterCall) checkQuery(text string) error {
	q, err := jql.Parse(text)
	if err == nil {
		err = q.Check(c.searches().env())
	}
	if err != nil {
		return queryProblem(err)
	}
	return nil
}

func (c filterCall) deleteFilter() (answer, error) {
	f, err := c.named()
	if err == nil && f.OwnerID != c.me.AccountID && !c.isAdmin() {
		err = badRequest("You do not have permission to delete the filter '%s'.", f.Name)
	}
	if err != nil {
		return answer{}, err
	}
	c.w.DeleteFilter(f.ID)
	return noContent()
}
