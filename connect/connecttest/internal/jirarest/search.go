package jirarest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Limits of a search, as the specification gives them.
const (
	defaultPage   = 50
	maxPage       = 5000 // of ids and keys
	maxFieldsPage = 100  // of anything more
	maxOrder      = 7
	maxProperties = 5
	maxReconcile  = 50
)

// searchRequest is a search, as both methods send it.
type searchRequest struct {
	JQL          string   `json:"jql"`
	Token        string   `json:"nextPageToken"`
	MaxResults   *int64   `json:"maxResults"`
	Fields       []string `json:"fields"`
	Expand       string   `json:"expand"`
	Properties   []string `json:"properties"`
	FieldsByKeys bool     `json:"fieldsByKeys"` // ids and keys of system fields are the same
	Reconcile    []int64  `json:"reconcileIssues"`
}

func (c searchCall) searchByQuery() (answer, error) {
	s := searchRequest{
		JQL: c.query.Get("jql"), Token: c.query.Get("nextPageToken"), Fields: c.list("fields"),
		Expand: c.query.Get("expand"), Properties: c.list("properties"),
	}
	if c.query.Get("maxResults") != "" {
		n, err := c.number("maxResults", defaultPage)
		if err != nil {
			return answer{}, err
		}
		s.MaxResults = &n
	}
	for _, id := range c.list("reconcileIssues") {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return answer{}, badRequest("The issue id '%s' in reconcileIssues is not a number.", id)
		}
		s.Reconcile = append(s.Reconcile, n)
	}
	return c.search(s)
}

func (c searchCall) searchByBody() (answer, error) {
	var s searchRequest
	if err := c.decode(&s); err != nil {
		return answer{}, err
	}
	s.Fields, s.Properties = splitLists(s.Fields), splitLists(s.Properties)
	return c.search(s)
}

// searchGone is the answer of search/jql's predecessor since 2025.
func (c searchCall) searchGone() (answer, error) {
	return answer{}, refuse(http.StatusGone, "The requested API has been removed. Please migrate to the /rest/api/%s/search/jql API. "+
		"A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046", c.version)
}

// resultsBean is a page of found issues.
type resultsBean struct {
	Issues []*issueBean          `json:"issues"`
	Token  string                `json:"nextPageToken,omitempty"`
	IsLast bool                  `json:"isLast"`
	Names  map[string]string     `json:"names,omitempty"`
	Schema map[string]schemaBean `json:"schema,omitempty"`
}

func (c searchCall) search(s searchRequest) (answer, error) {
	found, err := c.find(s)
	if err != nil {
		return answer{}, err
	}
	chosen := c.issues().selectFields(s.Fields, "id")
	size, err := s.size(chosen)
	if err != nil {
		return answer{}, err
	}
	start, err := c.place(s, found)
	if err != nil {
		return answer{}, err
	}
	page := slice(found, start, size)
	out := resultsBean{Issues: make([]*issueBean, 0, len(page)), IsLast: start+len(page) >= len(found)}
	for _, i := range page {
		b := c.issues().issueBean(i, chosen)
		b.Properties = c.issueProperties(i, s.Properties)
		if expands(s.Expand, "transitions") {
			b.Transitions = c.issues().transitions(i)
		}
		out.Issues = append(out.Issues, b)
	}
	if !out.IsLast {
		out.Token = c.token(s.JQL, start+len(page), page[len(page)-1].ID)
	}
	if expands(s.Expand, "names") {
		out.Names = chosen.names()
	}
	if expands(s.Expand, "schema") {
		out.Schema = chosen.schema()
	}
	return ok(out)
}

func expands(list, name string) bool { return slices.Contains(splitLists([]string{list}), name) }

// find runs the query as the caller.
func (c searchCall) find(s searchRequest) ([]*world.Issue, error) {
	q, err := jql.Parse(s.JQL)
	if err != nil {
		return nil, queryProblem(err)
	}
	switch {
	case !q.Bounded() && !c.api.o.Unbounded:
		return nil, badRequest("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
	case q.OrderFields() > maxOrder:
		return nil, badRequest("The order by clause can contain a maximum of %d fields.", maxOrder)
	case len(s.Properties) > maxProperties:
		return nil, badRequest("At most %d properties can be requested.", maxProperties)
	case len(s.Reconcile) > maxReconcile:
		return nil, badRequest("At most %d issues can be reconciled.", maxReconcile)
	}
	e := c.env()
	for _, id := range s.Reconcile {
		delete(e.Indexed, strconv.FormatInt(id, 10))
	}
	found, err := q.Search(e)
	if err != nil {
		return nil, queryProblem(err)
	}
	return c.asTheyAre(found), nil
}

// env is what the caller's queries run in: what the index has.
func (c searchCall) env() jql.Env {
	return jql.Env{
		World: c.w, Account: c.me.AccountID, Now: c.now, Zone: c.zone, Indexed: c.w.Indexed(),
		Browse: func(project string) bool { return c.can(world.BrowseProjects, project) },
	}
}

// asTheyAre are the issues that an index found, as they are by now, without those
// that are gone or that the caller may not see.
func (c searchCall) asTheyAre(found []*world.Issue) []*world.Issue {
	now := found[:0]
	for _, i := range found {
		if i, there := c.w.Issue(i.ID); there && c.sees(i) {
			now = append(now, i)
		}
	}
	return now
}

// count says how many issues a query finds.
func (c searchCall) count() (answer, error) {
	var body struct {
		JQL string `json:"jql"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	found, err := c.find(searchRequest{JQL: body.JQL})
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]int{"count": len(found)})
}

func queryProblem(err error) error {
	return &problem{status: http.StatusBadRequest, messages: messagesOf(err)}
}

// messagesOf says what is wrong with a query.
func messagesOf(err error) []string {
	var wrong *jql.Error
	if errors.As(err, &wrong) {
		return wrong.Messages
	}
	return []string{"The query could not be run."}
}

// size is how many issues a page has.
func (s searchRequest) size(chosen selection) (int, error) {
	n := int64(defaultPage)
	if s.MaxResults != nil {
		n = *s.MaxResults
	}
	if n < 1 {
		return 0, badRequest("The value of maxResults must be at least 1.")
	}
	if len(chosen.fields) > 0 || len(s.Properties) > 0 {
		return int(min(n, maxFieldsPage)), nil
	}
	return int(min(n, maxPage)), nil
}

// pageToken is the content of a token for the next page: how many issues came
// before, and which was the last. Sum binds it to the query.
type pageToken struct {
	Before int    `json:"b"`
	Last   string `json:"l"`
	Sum    uint64 `json:"s"`
}

func (c searchCall) token(query string, before int, last string) string {
	t := pageToken{Before: before, Last: last}
	t.Sum = t.sum(query, c.me.AccountID)
	raw, err := json.Marshal(t)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (t pageToken) sum(query, account string) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%q %q %d %s", query, account, t.Before, t.Last) // never fails
	return h.Sum64()
}

// place is where the page starts: after the last issue of the previous page,
// wherever that is now.
func (c searchCall) place(s searchRequest, found []*world.Issue) (int, error) {
	if s.Token == "" {
		return 0, nil
	}
	var t pageToken
	raw, err := base64.RawURLEncoding.DecodeString(s.Token)
	if err != nil || json.Unmarshal(raw, &t) != nil || t.Before < 0 || t.Sum != t.sum(s.JQL, c.me.AccountID) {
		return 0, badRequest("The provided next page token is invalid or does not belong to this query.")
	}
	if i := slices.IndexFunc(found, func(i *world.Issue) bool { return i.ID == t.Last }); i >= 0 {
		return i + 1, nil
	}
	return min(t.Before, len(found)), nil
}

// issueProperties shows the named properties of an issue; *all are all, and
// a leading minus leaves one out.
func (c searchCall) issueProperties(i *world.Issue, names []string) map[string]json.RawMessage {
	if len(names) == 0 {
		return nil
	}
	out := map[string]json.RawMessage{}
	for _, p := range c.w.Properties(world.IssueProperties(i.ID)) {
		if (slices.Contains(names, "*all") || slices.Contains(names, p.Key)) && !slices.Contains(names, "-"+p.Key) {
			out[p.Key] = p.Value
		}
	}
	return out
}

// matchBean is what one query matches.
type matchBean struct {
	Errors []string `json:"errors"`
	Issues []int64  `json:"matchedIssues"`
}

// match checks issues against queries, each for itself.
func (c searchCall) match() (answer, error) {
	var body struct {
		Issues  []int64  `json:"issueIds"`
		Queries []string `json:"jqls"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if len(body.Issues) == 0 || len(body.Queries) == 0 {
		return answer{}, badRequest("At least one issue id and one JQL query must be given.")
	}
	e := c.env()
	if !c.api.o.MatchIndexed {
		e.Indexed = nil
	}
	out := make([]matchBean, 0, len(body.Queries))
	for _, query := range body.Queries {
		out = append(out, c.matched(e, query, body.Issues))
	}
	return ok(map[string]any{"matches": out})
}

func (c searchCall) matched(e jql.Env, query string, ids []int64) matchBean {
	out := matchBean{Errors: []string{}, Issues: []int64{}}
	q, err := jql.Parse(query)
	for _, id := range ids {
		issue, found := c.w.Issue(strconv.FormatInt(id, 10))
		if err != nil || !found || !c.sees(issue) || slices.Contains(out.Issues, id) {
			continue
		}
		var matches bool
		if matches, err = q.Match(e, issue); matches {
			out.Issues = append(out.Issues, id)
		}
	}
	if err != nil {
		return matchBean{Errors: messagesOf(err), Issues: []int64{}}
	}
	return out
}
