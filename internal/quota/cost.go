package quota

import (
	"io"
	"net/http"
	"regexp"
	"strings"
)

// base is what each call costs that Jira executes.
const base = 1

// readingPosts are the endpoints that only read though the method is POST, and cost
// as reads do.
var readingPosts = regexp.MustCompile(`/(search/jql|search|issue/bulkfetch|changelog/bulkfetch|worklog/list|jql/match|jql/parse|jql/autocompletedata|jql/sanitize|jql/pdcleaner|search/approximate-count|permissions/check|permissions/project)$`)

// flat are the endpoints that vendors have measured: 1 point whatever they return.
var flat = regexp.MustCompile(`/(project/[^/]+/versions?|permissions/project|user/search)$`)

// double are the endpoints that return users, groups, roles or permissions, which
// cost 2 each.
var double = regexp.MustCompile(`/(myself|users?|groups?|group/member|mypermissions|permissions|permissions/check|role|roledetails)(/|$)`)

// property is a path whose object is a property, whoever has it.
var property = regexp.MustCompile(`/properties(/|$)`)

// priceOf says what each object costs that a call returns. What nobody has measured
// is counted as the formula has it.
func priceOf(req *http.Request) int {
	path := strings.TrimSuffix(req.URL.Path, "/")
	read := req.Method == "" || req.Method == http.MethodGet || req.Method == http.MethodHead ||
		req.Method == http.MethodPost && readingPosts.MatchString(path)
	switch {
	case !read, flat.MatchString(path):
		return 0
	case double.MatchString(path) && !property.MatchString(path):
		return 2
	}
	return 1
}

// charge reports the points of an answer: at once, or when its body has been read
// and its objects are known.
func charge(req *http.Request, resp *http.Response, report func(points int)) {
	switch price := priceOf(req); {
	case resp.StatusCode == http.StatusTooManyRequests:
		report(0) // it was not executed
	case resp.StatusCode/100 != 2, price == 0, req.Method == http.MethodHead, resp.StatusCode == http.StatusNoContent:
		report(base)
	case !strings.Contains(resp.Header.Get("Content-Type"), "json"):
		report(base + price)
	default:
		resp.Body = &counted{ReadCloser: resp.Body, price: price, report: report}
	}
}

// counted counts the objects of an answer while it is read, and reports its points
// when it is closed.
type counted struct {
	io.ReadCloser
	objects objects
	price   int
	report  func(points int)
	said    bool
}

// Read counts what it hands on.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.objects.add(p[:n])
	return n, err
}

// Close may be called twice.
func (c *counted) Close() error {
	if !c.said {
		c.said = true
		c.report(base + c.price*c.objects.count())
	}
	return c.ReadCloser.Close()
}
