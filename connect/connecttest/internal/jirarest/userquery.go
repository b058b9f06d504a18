package jirarest

import (
	"net/http"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
	"github.com/sightline-go/sightline/connect/userquery"
)

// usersByQuery finds active people with a structured query.
func (c findCall) usersByQuery() (answer, error) {
	return structured(c.call, "maxResults", func(p world.Person) *userBean { return c.users().person(p) })
}

// userKey names a person. Keys no longer exist, only account ids.
type userKey struct {
	AccountID string `json:"accountId"`
	Key       string `json:"key"`
}

// userKeysByQuery is usersByQuery with shorter results. Its size is maxResult,
// in old documents maxResults; it accepts both.
func (c findCall) userKeysByQuery() (answer, error) {
	size := "maxResult"
	if !c.query.Has(size) && c.query.Has("maxResults") {
		size = "maxResults"
	}
	return structured(c.call, size, func(p world.Person) userKey { return userKey{AccountID: p.AccountID} })
}

// structured takes the page first and filters then. Total is the number of
// people that the pages go through, so that a caller who pages up to it sees
// them all.
func structured[T any](c *call, size string, show func(world.Person) T) (answer, error) {
	if !c.finders().browsesUsers() {
		return answer{}, refuse(http.StatusForbidden, "You do not have permission to browse users.")
	}
	if c.query.Get("query") == "" {
		return answer{}, badRequest("The query parameter 'query' must be provided.")
	}
	q, err := userquery.Parse(c.query.Get("query"))
	if err != nil {
		return answer{}, badRequest("The query is not valid: %s.", err)
	}
	startAt, maxResults, err := c.pageBy(size, 100, userWindow)
	if err != nil {
		return answer{}, err
	}
	matches := c.finders().anyOf(q)
	page := pageAs(c, size, c.finders().window(), startAt, maxResults)
	values := []T{}
	for _, p := range page.Values {
		if p.Active && matches(p) {
			values = append(values, show(p))
		}
	}
	return ok(pageBean[T]{page.Self, page.NextPage, page.MaxResults, page.StartAt, page.Total, page.IsLast, values})
}

// anyOf matches whoever meets all terms of one alternative.
func (c findCall) anyOf(q userquery.Query) userFilter {
	var any [][]userFilter
	for _, terms := range q.Any {
		var all []userFilter
		for _, t := range terms {
			all = append(all, c.term(t))
		}
		any = append(any, all)
	}
	return func(p world.Person) bool {
		return slices.ContainsFunc(any, func(all []userFilter) bool {
			return !slices.ContainsFunc(all, func(keep userFilter) bool { return !keep(p) })
		})
	}
}

func (c findCall) term(t userquery.Term) userFilter {
	switch t := t.(type) {
	case userquery.Role:
		accounts := c.involved(t)
		return func(p world.Person) bool { return accounts[p.AccountID] }
	case userquery.Value:
		return func(p world.Person) bool { return c.holdsProperty(p, t.Key, t.Path, t.Text) }
	}
	return func(world.Person) bool { return false }
}

// involved are the accounts in a role. Issues and projects that the caller may
// not browse have none, like those that do not exist.
func (c findCall) involved(r userquery.Role) map[string]bool {
	var issues []*world.Issue
	if r.Project != "" && c.can(world.BrowseProjects, r.Project) {
		issues = c.w.ProjectIssues(r.Project)
	}
	for _, key := range r.Issues {
		if issue, err := c.issues().issue(key); err == nil {
			issues = append(issues, issue)
		}
	}
	accounts := map[string]bool{}
	for _, i := range issues {
		for _, account := range inRole(i, r.Kind) {
			accounts[account] = true
		}
	}
	return accounts
}

func inRole(i *world.Issue, kind userquery.Kind) []string {
	switch kind {
	case userquery.Assignee:
		return []string{i.Assignee}
	case userquery.Reporter:
		return []string{i.Reporter}
	case userquery.Watcher:
		return i.Watchers
	case userquery.Voter:
		return i.Voters
	case userquery.Commenter:
		return i.Commenters
	case userquery.Transitioner:
		return i.Transitioners
	}
	return nil
}
