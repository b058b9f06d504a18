package operations

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/rest"
)

// operations are all rows, in an order in which each can succeed.
func operations() []operation {
	return slices.Concat(jiraV2(), jiraV3(), confluenceV1(), dataCenter(), chatStates())
}

func (o operation) name() string { return o.product + " " + o.method + " " + o.path }

// base comes before the path of a row on the site.
func (o operation) base() string {
	if o.product == dcProduct {
		return "/dc"
	}
	return ""
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// matches reports whether an exchange is a call of the operation.
func (o operation) matches(e exchange) bool {
	pattern := strings.ReplaceAll(o.base()+o.path, ".", `\.`)
	pattern = "^" + parameter.ReplaceAllString(pattern, "[^/]+") + "$"
	return e.request.Method == o.method && regexp.MustCompile(pattern).MatchString(e.request.URL.EscapedPath())
}

func TestEveryOperation(t *testing.T) {
	t.Parallel()
	if n := len(operations()); n != 86 {
		t.Errorf("%d operations, want 86", n)
	}
	documents := officialDocuments(t)
	w := newWorld(t)
	for _, o := range slices.Concat(operations(), more()) {
		t.Run(o.name(), func(t *testing.T) {
			calls, err := w.made(func() error { return o.call(t.Context(), w) })
			if err != nil {
				t.Fatal(err)
			}
			if len(calls) != 1 || !o.matches(calls[0]) {
				t.Fatalf("%d calls: %+v", len(calls), calls)
			}
			o.official(t, documents, calls[0])
		})
	}
}

func TestEveryDocumentedError(t *testing.T) {
	t.Parallel()
	documents := officialDocuments(t)
	w := newWorld(t)
	for _, o := range slices.Concat(operations(), more()) {
		for _, status := range o.errors {
			err := w.site.AddFault(connecttest.Fault{
				Method: o.method, Path: o.base() + parameter.ReplaceAllString(o.path, "*"), Status: status,
			})
			must(t, err)
			calls, err := w.made(func() error { return o.call(t.Context(), w) })
			if !errors.Is(err, sentinel(status)) {
				t.Errorf("%s: status %d arrives as %v", o.name(), status, err)
			}
			for _, e := range calls {
				o.official(t, documents, e)
			}
			w.site.ClearFaults()
		}
	}
}

// sentinel is what a status is for errors.Is.
func sentinel(status int) error {
	switch status {
	case 400:
		return rest.ErrBadRequest
	case 401:
		return rest.ErrUnauthorized
	case 403:
		return rest.ErrForbidden
	case 404:
		return rest.ErrNotFound
	case 405:
		return rest.ErrMethodNotAllowed
	case 408:
		return rest.ErrTimeout
	case 409:
		return rest.ErrConflict
	case 413:
		return rest.ErrTooLarge
	case 429:
		return rest.ErrRateLimited
	}
	return rest.ErrServer
}
