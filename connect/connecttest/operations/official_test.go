package operations

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// shared is where the official documents are, if they are available.
const shared = "../../../../shared"

// officialDocuments are routers over Atlassian's documents by product; none if
// the documents are missing. The chat has no document.
func officialDocuments(t *testing.T) map[string]routers.Router {
	t.Helper()
	found := map[string]routers.Router{}
	if _, err := os.Stat(shared); err != nil {
		return found
	}
	for product, file := range map[string]string{
		"jira-cloud-v2": "jira-cloud-v2", "jira-cloud-v3": "jira-cloud-v3",
		"confluence-cloud": "confluence-cloud-v1", dcProduct: "jira-dc-10.3", moreProduct: "jira-cloud-v3.more",
		moreConfluenceProduct: "confluence-cloud-v1.more",
	} {
		document := officialDocument(t, file)
		router, err := gorillamux.NewRouter(document)
		must(t, err)
		found[product] = router
	}
	return found
}

func officialDocument(t *testing.T, file string) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile(filepath.Join(shared, "openapi", file+".trim.json"))
	must(t, err)
	document.Servers = nil
	for _, schema := range document.Components.Schemas {
		if len(schema.Value.AnyOf) > 0 {
			// Closed around its alternatives it would accept none of them.
			schema.Value.AdditionalProperties = openapi3.AdditionalProperties{}
		}
	}
	for _, path := range document.Paths.Map() {
		for _, o := range path.Operations() {
			for _, p := range o.Parameters {
				mendDefault(p.Value.Schema)
			}
		}
	}
	return document
}

// mendDefault takes a default away that is none of the values that are allowed, as
// that of the type of fields to search.
func mendDefault(schema *openapi3.SchemaRef) {
	if schema == nil {
		return
	}
	s := schema.Value
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, s.Default) {
		s.Default = nil
	}
	mendDefault(s.Items)
}

// TestTableIsComplete compares the table with the list of operations, if that
// is available: a missing operation fails by name.
func TestTableIsComplete(t *testing.T) {
	t.Parallel()
	file, err := os.Open(filepath.Join(shared, "facts", "operations.tsv"))
	if err != nil {
		t.Skipf("the list of operations is absent: %v", err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	must(t, err)
	have := map[string][]int{}
	for _, o := range operations() {
		have[o.name()] = o.errors
	}
	for _, row := range rows[1:] {
		name := row[1] + " " + row[2] + " " + row[3]
		errors, ok := have[name]
		if !ok {
			t.Errorf("%s is missing", name)
			continue
		}
		want := strings.FieldsFunc(strings.TrimPrefix(row[10], "+"), func(r rune) bool { return r == ',' || r == ' ' })
		if row[1] != "chat" && len(want) != len(errors) {
			t.Errorf("%s: errors %v, documented %v", name, errors, want)
		}
		delete(have, name)
	}
	for name := range have {
		t.Errorf("%s is not in the list", name)
	}
}

// official validates both halves of a call against its document.
func (o operation) official(t *testing.T, documents map[string]routers.Router, e exchange) {
	t.Helper()
	router := documents[o.product]
	if router == nil {
		return
	}
	request := o.asDocumented(t, e)
	route, params, err := router.FindRoute(request)
	if err != nil {
		t.Fatalf("the document has no such call: %v", err)
	}
	options := &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true, IncludeResponseStatus: true,
	}
	in := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil && !o.tolerated(err) {
		t.Errorf("request: %v", err)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: e.status, Header: e.header, Options: options,
		Body: io.NopCloser(bytes.NewReader(e.body)),
	}
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil && !o.tolerated(err) {
		t.Errorf("answer: %v\n%s", err, e.body)
	}
}

// asDocumented is the call under the path that the document uses.
func (o operation) asDocumented(t *testing.T, e exchange) *http.Request {
	t.Helper()
	path := strings.TrimPrefix(e.request.URL.EscapedPath(), o.base())
	if o.product == "jira-dc" {
		path = strings.TrimPrefix(path, "/rest")
	}
	address := &url.URL{Scheme: "http", Host: "site.example", Opaque: "//site.example" + path, RawQuery: e.request.URL.RawQuery}
	address, err := url.Parse(address.String())
	must(t, err)
	request, err := http.NewRequestWithContext(t.Context(), e.request.Method, address.String(), bytes.NewReader(e.sent))
	must(t, err)
	request.Header = e.request.Header.Clone()
	return request
}

// leaves are the single complaints behind an error.
func leaves(err error) []error {
	var many openapi3.MultiError
	if !errors.As(err, &many) {
		return []error{err}
	}
	var list []error
	for _, one := range many {
		list = append(list, leaves(one)...)
	}
	return list
}

// tolerated reports whether all complaints are known differences between the
// documents and the services themselves.
func (o operation) tolerated(err error) bool {
	known := []string{
		// Jira writes times as +0000, which is not RFC 3339.
		`doesn't match the format "date-time"`,
		// Fields of an issue that have no value are null.
		"Value is not nullable",
		// The document has sentences in the place of the names of a position.
		`property "row" is unsupported`, `property "column" is unsupported`, " position of the gadget.",
		// The answers to putting a property are empty, of no type.
		`header Content-Type has unexpected value: ""`,
	}
	if o.product == dcProduct {
		known = append(known,
			// Lists are documented as one of their items.
			"value must be an object",
			// The uploaded avatar is answered as a page, for old browsers.
			`unsupported content type "text/html"`,
		)
	}
	for _, leaf := range leaves(err) {
		if !slices.ContainsFunc(known, func(text string) bool { return strings.Contains(leaf.Error(), text) }) {
			return false
		}
	}
	return true
}

// TestMoreErrorsAreDocumented compares the errors of the later rows with their
// document.
func TestMoreErrorsAreDocumented(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("the official documents are absent: %v", err)
	}
	documents := map[string]*openapi3.T{
		moreProduct: officialDocument(t, "jira-cloud-v3.more"), moreConfluenceProduct: officialDocument(t, "confluence-cloud-v1.more"),
	}
	have := map[string]bool{}
	for _, o := range more() {
		document := documents[o.product]
		have[o.product+" "+o.method+" "+o.path] = true
		found := document.Paths.Find(o.path)
		if found == nil || found.GetOperation(o.method) == nil {
			t.Errorf("%s is not documented", o.name())
			continue
		}
		var want []int
		for status := range found.GetOperation(o.method).Responses.Map() {
			if n, err := strconv.Atoi(status); err == nil && n >= http.StatusBadRequest {
				want = append(want, n)
			}
		}
		slices.Sort(want)
		if !slices.Equal(want, o.errors) {
			t.Errorf("%s: errors %v, documented %v", o.name(), o.errors, want)
		}
	}
	for product, document := range documents {
		for path, item := range document.Paths.Map() {
			for method := range item.Operations() {
				if !have[product+" "+method+" "+path] {
					t.Errorf("%s %s %s is missing", product, method, path)
				}
			}
		}
	}
}
