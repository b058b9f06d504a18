package dcrest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// Limits of a search: issues of a page, and of one fetch from the Cloud API.
const (
	defaultFound = 50
	maxFound     = 1000
	idsAtOnce    = 5000
	maxFetched   = 100
)

// issueSearch is a search, as both methods send it. Data Center counts in places
// where Cloud has tokens.
type issueSearch struct {
	JQL           string   `json:"jql"`
	StartAt       *int     `json:"startAt"`
	MaxResults    *int     `json:"maxResults"`
	Fields        []string `json:"fields"`
	Expand        []string `json:"expand"`
	ValidateQuery *bool    `json:"validateQuery"` // here it is always validated
	Properties    []string `json:"properties"`
}

func (c issueCall) searchByQuery() (api.Answer, error) {
	start, err := c.query.Number("startAt", 0)
	if err != nil {
		return api.Answer{}, err
	}
	size, err := c.query.Number("maxResults", defaultFound)
	if err != nil {
		return api.Answer{}, err
	}
	return c.search(issueSearch{
		JQL: c.query.Get("jql"), StartAt: &start, MaxResults: &size, Fields: c.query.List("fields"),
		Expand: c.query.List("expand"), Properties: c.query.List("properties"),
	})
}

func (c issueCall) searchByBody() (api.Answer, error) {
	var s issueSearch
	if err := api.Decode(c.body, &s); err != nil {
		return api.Answer{}, err
	}
	return c.search(s)
}

// search finds the ids with Cloud's search and shows those of one page.
func (c issueCall) search(s issueSearch) (api.Answer, error) {
	start, size := orElse(s.StartAt, 0), orElse(s.MaxResults, defaultFound)
	if start < 0 || size < -1 {
		return api.Answer{}, api.BadRequest("startAt and maxResults must not be negative.")
	}
	if size < 0 || size > maxFound { // -1 is: as many as there may be
		size = maxFound
	}
	ids, refused, err := c.find(s.JQL)
	if err != nil || refused.Status != 0 {
		return refused, err
	}
	page := api.Slice(ids, start, size)
	issues, err := c.show(page, s)
	if err != nil {
		return api.Answer{}, err
	}
	out := map[string]any{"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(ids), "issues": issues}
	if err := c.describe(out, page, s); err != nil {
		return api.Answer{}, err
	}
	return api.OK(out)
}

func orElse(n *int, fallback int) int {
	if n == nil {
		return fallback
	}
	return *n
}

// found is a page of Cloud's search.
type found struct {
	Issues []struct{ ID string } `json:"issues"`
	Token  string                `json:"nextPageToken"`
}

// find lists the ids of all issues that a query finds, in its order. What Cloud
// refuses is the answer.
func (c issueCall) find(jql string) (ids []string, refused api.Answer, err error) {
	var page found
	for first := true; first || page.Token != ""; first = false {
		body := map[string]any{"jql": jql, "maxResults": idsAtOnce, "fields": []string{"id"}}
		if page.Token != "" {
			body["nextPageToken"] = page.Token
		}
		got, err := c.post("search/jql", body)
		if err != nil || got.Status != http.StatusOK {
			return nil, got, err
		}
		page = found{}
		if err := remake(got.Body, &page); err != nil {
			return nil, api.Answer{}, err
		}
		for _, i := range page.Issues {
			ids = append(ids, i.ID)
		}
	}
	return ids, api.Answer{}, nil
}

// show fetches issues and puts them in the order of the ids. One that is gone since
// is left out.
func (c issueCall) show(ids []string, s issueSearch) ([]any, error) {
	byID := map[string]any{}
	fields := s.Fields
	if len(fields) == 0 {
		fields = []string{"*navigable"}
	}
	for some := range slices.Chunk(ids, maxFetched) {
		body := map[string]any{"issueIdsOrKeys": some, "fields": fields, "properties": orEmpty(s.Properties)}
		if slices.Contains(s.Expand, "transitions") {
			body["expand"] = []string{"transitions"}
		}
		got, err := c.post("issue/bulkfetch", body)
		if err != nil {
			return nil, err
		}
		fetched, _ := got.Body.(map[string]any)
		list, isList := fetched["issues"].([]any)
		if got.Status != http.StatusOK || !isList {
			return nil, &api.Problem{Status: got.Status, Messages: messagesIn(fetched)}
		}
		for _, each := range list {
			issue, _ := each.(map[string]any)
			id, _ := issue["id"].(string)
			byID[id] = issue
		}
	}
	issues := make([]any, 0, len(ids))
	for _, id := range ids {
		if issue, there := byID[id]; there {
			issues = append(issues, issue)
		}
	}
	return issues, nil
}

// describe adds the names and schemas of the fields if they are asked for.
func (c issueCall) describe(out map[string]any, ids []string, s issueSearch) error {
	var wanted []string
	for _, part := range []string{"names", "schema"} {
		if slices.Contains(s.Expand, part) {
			wanted = append(wanted, part)
		}
	}
	if len(wanted) == 0 || len(ids) == 0 {
		return nil
	}
	fields := strings.Join(s.Fields, ",")
	if fields == "" {
		fields = "*navigable"
	}
	got, err := c.ask(http.MethodGet, "/rest/api/2/issue/"+ids[0], url.Values{"expand": {strings.Join(wanted, ",")}, "fields": {fields}}.Encode(), nil)
	if err != nil {
		return err
	}
	issue, _ := got.Body.(map[string]any)
	for _, part := range wanted {
		out[part] = issue[part]
	}
	return nil
}

// post makes a call of the Cloud API with a body.
func (c issueCall) post(path string, body any) (api.Answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return api.Answer{}, api.BadRequest("The request could not be read.")
	}
	return c.ask(http.MethodPost, "/rest/api/2/"+path, "", raw)
}

// remake reads a decoded answer into a shape.
func remake(v, into any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write a decoded answer: %w", err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read Cloud's answer: %w", err)
	}
	return nil
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// messagesIn are those of a refusal.
func messagesIn(body map[string]any) []string {
	list, _ := body["errorMessages"].([]any)
	var out []string
	for _, each := range list {
		if text, isText := each.(string); isText {
			out = append(out, text)
		}
	}
	return out
}
