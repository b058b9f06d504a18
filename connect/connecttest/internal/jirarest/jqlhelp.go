package jirarest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// maxQueries is how many queries one call may bring.
const maxQueries = 1000

// parsedBean is a query as it was understood, or what is wrong with it.
type parsedBean struct {
	Query     string    `json:"query"`
	Structure *jql.Tree `json:"structure,omitempty"`
	Errors    []string  `json:"errors,omitempty"`
	Warnings  []string  `json:"warnings,omitempty"`
}

// parse reads queries. How strictly, the caller says: strict makes an error of what
// they cannot run, warn a warning, none looks at the grammar alone.
func (c queryCall) parse() (answer, error) {
	validation := cmp.Or(c.query.Get("validation"), "strict")
	if !slices.Contains([]string{"strict", "warn", "none"}, validation) {
		return answer{}, badRequest("The validation '%s' is not valid: it must be 'strict', 'warn' or 'none'.", validation)
	}
	var body struct {
		Queries []string `json:"queries"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if len(body.Queries) == 0 || len(body.Queries) > maxQueries {
		return answer{}, badRequest("Between 1 and %d queries must be given.", maxQueries)
	}
	out := []parsedBean{}
	for _, text := range body.Queries {
		out = append(out, c.parsed(text, validation))
	}
	return ok(map[string]any{"queries": out})
}

func (c queryCall) parsed(text, validation string) parsedBean {
	b := parsedBean{Query: text}
	q, err := jql.Parse(text)
	if err != nil {
		b.Errors = messagesOf(err)
		return b
	}
	tree := q.Tree()
	if validation != "none" {
		err = q.Check(c.searches().env())
	}
	switch {
	case err != nil && validation == "strict":
		b.Errors = messagesOf(err)
		return b
	case err != nil:
		b.Warnings = messagesOf(err)
	}
	b.Structure = &tree
	return b
}

// sanitizedBean is a query as it may be shown to an account.
type sanitizedBean struct {
	Initial   string       `json:"initialQuery"`
	Sanitized string       `json:"sanitizedQuery,omitempty"`
	Account   *string      `json:"accountId,omitempty"`
	Errors    *problemBean `json:"errors,omitempty"`
}

// sanitize puts ids in the place of names that an account may not see; without an
// account, that anonymous callers may not see.
func (c queryCall) sanitize() (answer, error) {
	if !c.isAdmin() {
		return answer{}, refuse(http.StatusForbidden, "Only Jira administrators can sanitize queries.")
	}
	var body struct {
		Queries []struct {
			Account *string `json:"accountId"`
			Query   string  `json:"query"`
		} `json:"queries"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if len(body.Queries) == 0 || len(body.Queries) > maxQueries {
		return answer{}, badRequest("Between 1 and %d queries must be given.", maxQueries)
	}
	out := []sanitizedBean{}
	for _, one := range body.Queries {
		account := ""
		if one.Account != nil {
			account = *one.Account
		}
		if _, known := c.w.Person(account); account != "" && !known {
			return answer{}, badRequest("The user with account id '%s' does not exist.", account)
		}
		out = append(out, c.sanitized(one.Query, one.Account, account))
	}
	return ok(map[string]any{"queries": out})
}

func (c queryCall) sanitized(text string, given *string, account string) sanitizedBean {
	b := sanitizedBean{Initial: text, Account: given}
	q, err := jql.Parse(text)
	if err != nil {
		b.Errors = &problemBean{Messages: messagesOf(err), Errors: map[string]string{}}
		return b
	}
	e := c.searches().env()
	e.Account = account
	e.Browse = func(project string) bool { return c.w.Can(account, world.BrowseProjects, project) }
	b.Sanitized = q.Sanitize(e).String()
	return b
}

// fieldData is a field as editors of queries want it. Jira writes its truths as
// texts.
type fieldData struct {
	Value      string   `json:"value"`
	Name       string   `json:"displayName"`
	Orderable  string   `json:"orderable"`
	Searchable string   `json:"searchable"`
	Auto       string   `json:"auto,omitempty"`
	CFID       string   `json:"cfid,omitempty"`
	Operators  []string `json:"operators"`
	Types      []string `json:"types"`
}

type functionData struct {
	Value  string   `json:"value"`
	Name   string   `json:"displayName"`
	IsList string   `json:"isList,omitempty"`
	Types  []string `json:"types"`
}

// autocompleteData lists fields, functions and reserved words.
func (c queryCall) autocompleteData() (answer, error) {
	fields, functions := []fieldData{}, []functionData{}
	for _, f := range jql.Fields(c.searches().env()) {
		d := fieldData{
			Value: f.Value, Name: f.Name, Orderable: strconv.FormatBool(f.Sortable), Searchable: "true", CFID: f.CFID,
			Operators: f.Operators, Types: []string{f.Type},
		}
		if f.Suggests {
			d.Auto = "true"
		}
		fields = append(fields, d)
	}
	for _, f := range jql.Functions() {
		d := functionData{Value: f.Name, Name: f.Name, Types: []string{f.Type}}
		if f.List {
			d.IsList = "true"
		}
		functions = append(functions, d)
	}
	return ok(map[string]any{"visibleFieldNames": fields, "visibleFunctionNames": functions, "jqlReservedWords": jql.ReservedWords()})
}

// autocompleteIn is autocompleteData for some projects, of which each must be one
// that the caller sees. All fields here belong to all projects.
func (c queryCall) autocompleteIn() (answer, error) {
	var body struct {
		Collapsed bool    `json:"includeCollapsedFields"`
		Projects  []int64 `json:"projectIds"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	for _, id := range body.Projects {
		if _, err := c.projects().project(strconv.FormatInt(id, 10)); err != nil {
			return answer{}, badRequest("The project with id '%d' does not exist.", id)
		}
	}
	return c.autocompleteData()
}

type suggestionBean struct {
	Value string `json:"value"`
	Name  string `json:"displayName"`
}

// suggest offers values of a field. The predicates of history, by and from and the
// like, are offered people and nothing.
func (c queryCall) suggest() (answer, error) {
	field, prefix := c.query.Get("fieldName"), c.query.Get("fieldValue")
	if predicate := c.query.Get("predicateName"); predicate != "" {
		if !slices.Contains([]string{"by", "from", "to"}, predicate) {
			return answer{}, badRequest("The predicate '%s' is not valid: it must be 'by', 'from' or 'to'.", predicate)
		}
		prefix = c.query.Get("predicateValue")
		if predicate == "by" {
			field = "assignee"
		}
	}
	out := []suggestionBean{}
	if field == "" {
		return ok(map[string]any{"results": out})
	}
	found, known := jql.Suggest(c.searches().env(), field, prefix)
	if !known {
		return answer{}, badRequest("Field '%s' does not exist or you do not have permission to view it.", field)
	}
	for _, s := range found {
		out = append(out, suggestionBean(s))
	}
	return ok(map[string]any{"results": out})
}
