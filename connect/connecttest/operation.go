package connecttest

import (
	"net/http"
	"strings"
)

func (s *Site) operation(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, "/rest/api/") {
		return s.jira.Operation(r)
	}
	if name := s.productOperation(r); name != "" {
		return name
	}
	return ownOperation(r.Method, r.URL.Path)
}

// Requests returns what was seen after the request numbered since, oldest
// first: the calls of apps and clients to the site and those of the site to
// apps. Only the newest 5,000 are kept.
func (s *Site) Requests(since int) []Request {
	list, _ := s.journal.Since(since)
	return list
}
