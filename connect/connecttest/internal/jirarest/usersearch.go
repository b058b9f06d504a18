package jirarest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Limits of the searches for users.
const (
	userWindow   = 1000 // the users of the site that searches look at
	maxAccountID = 128
)

// userFilter keeps some people.
type userFilter func(world.Person) bool

// window is the people that searches look at.
func (c findCall) window() []world.Person { return slice(c.w.People(), 0, userWindow) }

// filterPage takes the page first and filters then, as most searches do: short
// and empty pages are normal and not the end.
func (c findCall) filterPage(keep userFilter) (answer, error) {
	startAt, maxResults, err := c.page(50, userWindow)
	if err != nil {
		return answer{}, err
	}
	return ok(c.userBeans(slice(c.window(), startAt, maxResults), keep))
}

func (c findCall) userBeans(list []world.Person, keep userFilter) []*userBean {
	out := []*userBean{}
	for _, p := range list {
		if keep(p) {
			out = append(out, c.users().person(p))
		}
	}
	return out
}

// attributes reads query and accountId, of which most searches take exactly
// one. A query that is empty matches everybody.
func (c findCall) attributes() (userFilter, error) {
	id, hasQuery := c.query.Get("accountId"), c.query.Has("query")
	switch {
	case c.query.Has("username"):
		return nil, badRequest("The query parameter 'username' is not supported in GDPR strict mode.")
	case id != "" && hasQuery:
		return nil, badRequest("Only one of the query parameters 'query' and 'accountId' can be provided.")
	case utf8.RuneCountInString(id) > maxAccountID:
		return nil, badRequest("The query parameter 'accountId' must not be longer than %d characters.", maxAccountID)
	case id != "":
		return func(p world.Person) bool { return p.AccountID == id }, nil
	case hasQuery:
		query := strings.TrimSpace(c.query.Get("query"))
		return func(p world.Person) bool { return c.named(p, query) }, nil
	}
	return nil, badRequest("One of the query parameters 'query' and 'accountId' must be provided.")
}

// named matches the start of a word of the name, or of the address where the
// caller may see it.
func (c findCall) named(p world.Person, query string) bool {
	if start, _ := matchWord(p.DisplayName, query); start >= 0 {
		return true
	}
	return c.seesEmail(p) && matchStart(p.Email, query) >= 0
}

// seesEmail tells whether the person's address is shown to the caller: people
// see their own, administrators all, people who are logged in what the profile
// allows.
func (c findCall) seesEmail(p world.Person) bool {
	return p.Email != "" && c.me.AccountID != "" && (p.ShowsEmail || c.me.Admin || c.me.AccountID == p.AccountID)
}

// matchWord finds the first word of a text from which it reads like the query,
// in any case; start is -1 if there is none.
func matchWord(text, query string) (start, end int) {
	for i := range text {
		if i == 0 || text[i-1] == ' ' {
			if n := matchStart(text[i:], query); n >= 0 {
				return i, i + n
			}
		}
	}
	return -1, -1
}

// matchStart returns how much of the text is the query, in any case; -1 if it
// does not start with it.
func matchStart(text, query string) int {
	end := 0
	for range utf8.RuneCountInString(query) {
		if end == len(text) {
			return -1
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	if !strings.EqualFold(text[:end], query) {
		return -1
	}
	return end
}

func (c findCall) browsesUsers() bool { return c.can(world.UserPicker, "") }

// findUsers filters first and takes the page then.
func (c findCall) findUsers() (answer, error) {
	keep := userFilter(func(world.Person) bool { return true })
	property, err := c.propertyFilter()
	if err != nil {
		return answer{}, err
	}
	if property == nil || c.query.Has("query") || c.query.Get("accountId") != "" || c.query.Has("username") {
		if keep, err = c.attributes(); err != nil {
			return answer{}, err
		}
	}
	startAt, maxResults, err := c.page(50, userWindow)
	if err != nil {
		return answer{}, err
	}
	found := []*userBean{}
	if c.browsesUsers() {
		found = c.userBeans(c.window(), func(p world.Person) bool {
			return p.Active && keep(p) && (property == nil || property(p))
		})
	}
	return ok(slice(found, startAt, maxResults))
}

// propertyFilter reads property=key.path=value; nil without one.
func (c findCall) propertyFilter() (userFilter, error) {
	if !c.query.Has("property") {
		return nil, nil
	}
	path, value, isPair := strings.Cut(c.query.Get("property"), "=")
	names := strings.Split(path, ".")
	if !isPair || slices.Contains(names, "") {
		return nil, badRequest("The query parameter 'property' must have the form propertyKey.path=value.")
	}
	return func(p world.Person) bool { return c.holdsProperty(p, names[0], names[1:], value) }, nil
}

// holdsProperty tells whether the person's property has the text at the path.
func (c findCall) holdsProperty(p world.Person, key string, path []string, text string) bool {
	property, found := c.w.Property(world.UserProperties(p.AccountID), key)
	var value any
	d := json.NewDecoder(strings.NewReader(string(property.Value)))
	d.UseNumber()
	return found && d.Decode(&value) == nil && reads(value, path, text)
}

// reads follows the path; in an array any element may have the text.
func reads(value any, path []string, text string) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, func(element any) bool { return reads(element, path, text) })
	case map[string]any:
		return len(path) > 0 && reads(v[path[0]], path[1:], text)
	case string:
		return len(path) == 0 && v == text
	case json.Number:
		return len(path) == 0 && v.String() == text
	case bool:
		return len(path) == 0 && strconv.FormatBool(v) == text
	}
	return false
}

// findAssignable finds the people to whom an issue can be assigned. A caller
// who may neither browse users nor assign issues there finds nobody; the
// specification leaves that open. Who names nobody gets everybody: the document refuses that, the real site does
// not, and many programs rely on it.
func (c findCall) findAssignable() (answer, error) {
	attributes := c.attributes
	if !c.api.o.Strict && c.query.Get("accountId") == "" && !c.query.Has("query") && !c.query.Has("username") {
		attributes = func() (userFilter, error) { return func(world.Person) bool { return true }, nil }
	}
	keep, err := attributes()
	if err != nil {
		return answer{}, err
	}
	project, err := c.assignableIn()
	if err != nil {
		return answer{}, err
	}
	may := c.browsesUsers() || c.can(world.AssignIssues, project)
	return c.filterPage(func(p world.Person) bool {
		return may && c.w.Can(p.AccountID, world.AssignableUser, project) && keep(p) && c.ofAccountType(p)
	})
}

// ofAccountType applies the filters accountType and appType. The apps of this
// site are of no known type.
func (c findCall) ofAccountType(p world.Person) bool {
	types, apps := c.list("accountType"), c.list("appType")
	if len(types) > 0 && !slices.Contains(types, accountType(p)) {
		return false
	}
	return !p.App || len(apps) == 0 || slices.Contains(apps, "unknown")
}

// assignableIn is the project that a search for assignees is about.
func (c findCall) assignableIn() (string, error) {
	id := c.query.Get("issueId")
	if id != "" && !isNumber(id) {
		return "", badRequest("The issue id '%s' is not a number.", id)
	}
	if key := cmp.Or(c.query.Get("issueKey"), id); key != "" {
		issue, err := c.issues().issue(key)
		if err != nil {
			return "", err
		}
		return issue.Project, c.hasTransition(issue)
	}
	key := c.query.Get("project")
	if key == "" {
		return "", badRequest("One of the query parameters 'project', 'issueKey' and 'issueId' must be provided.")
	}
	p, err := c.projects().project(key)
	return p.Key, err
}

// hasTransition checks actionDescriptorId, if given.
func (c findCall) hasTransition(issue *world.Issue) error {
	id := c.query.Get("actionDescriptorId")
	if id == "" {
		return nil
	}
	p, _ := c.w.Project(issue.Project)
	for n := range p.Statuses {
		if transitionID(n) == id {
			return nil
		}
	}
	return refuse(http.StatusNotFound, "The transition with id '%s' does not exist.", id)
}

// findBulkAssignable finds the people to whom issues can be assigned in each of
// some projects.
func (c findCall) findBulkAssignable() (answer, error) {
	keep, err := c.attributes()
	if err != nil {
		return answer{}, err
	}
	keys := c.list("projectKeys")
	if len(keys) == 0 {
		return answer{}, badRequest("The query parameter 'projectKeys' must be provided.")
	}
	for _, key := range keys {
		p, found := c.w.Project(key)
		if !found || p.Key != key || !c.can(world.BrowseProjects, key) {
			return answer{}, refuse(http.StatusNotFound, "No project could be found with key '%s'.", key)
		}
	}
	return c.filterPage(func(p world.Person) bool {
		return keep(p) && !slices.ContainsFunc(keys, func(key string) bool { return !c.w.Can(p.AccountID, world.AssignableUser, key) })
	})
}

// findBrowsing finds who may browse an issue or project.
func (c findCall) findBrowsing() (answer, error) {
	keep, err := c.attributes()
	if err != nil {
		return answer{}, err
	}
	if err := c.needsTarget(); err != nil {
		return answer{}, err
	}
	if !c.browsesUsers() {
		return ok([]*userBean{})
	}
	project, err := c.target()
	if err != nil {
		return answer{}, err
	}
	return c.filterPage(func(p world.Person) bool { return keep(p) && c.w.CanBrowse(p.AccountID, project.Key) })
}

// needsTarget wants issueKey or projectKey.
func (c findCall) needsTarget() error {
	if c.query.Get("issueKey") == "" && c.query.Get("projectKey") == "" {
		return badRequest("One of the query parameters 'issueKey' and 'projectKey' must be provided.")
	}
	return nil
}

// target is the project that issueKey or projectKey names.
func (c findCall) target() (world.Project, error) {
	if key := c.query.Get("issueKey"); key != "" {
		issue, err := c.issues().issue(key)
		if err != nil {
			return world.Project{}, err
		}
		p, _ := c.w.Project(issue.Project)
		return p, nil
	}
	return c.projects().project(c.query.Get("projectKey"))
}
