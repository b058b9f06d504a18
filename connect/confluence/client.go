package confluence

import (
	"context"
	"iter"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/rest"
)

// Client holds the services of one Confluence site.
type Client struct {
	Users          *UsersService
	Emails         *EmailsService
	Watches        *WatchesService
	UserProperties *UserPropertiesService

	rest *rest.Client
}

// service is what every resource's service is.
type service struct{ rest *rest.Client }

// New returns a client of the site at baseURL, for example
// https://your-domain.atlassian.net, that calls with hc. The paths of all calls
// begin with /wiki. A base URL may end with /wiki, as that of an install does; it
// means the same site.
func New(hc *http.Client, baseURL string) (*Client, error) {
	c, err := rest.New(hc, strings.TrimSuffix(strings.TrimSuffix(baseURL, "/"), "/wiki"))
	if err != nil {
		return nil, err
	}
	s := &service{rest: c}
	return &Client{
		Users:          (*UsersService)(s),
		Emails:         (*EmailsService)(s),
		Watches:        (*WatchesService)(s),
		UserProperties: (*UserPropertiesService)(s),
		rest:           c,
	}, nil
}

// Page is one page of a list.
type Page[T any] struct {
	Results []T `json:"results"`
	Start   int `json:"start"`
	// Limit is how many results a page may have, Size how many this one has.
	Limit int `json:"limit"`
	Size  int `json:"size"`
	// Links are nil if the answer has none.
	Links *PageLinks `json:"_links"`
}

// PageLinks lead from a page to others.
type PageLinks struct {
	// Next is empty on the last page.
	Next string `json:"next"`
}

// more reports whether a page follows: not after a short page, nor after one
// with links of which none leads on.
func (p Page[T]) more() bool {
	return len(p.Results) > 0 && p.Size >= p.Limit && (p.Links == nil || p.Links.Next != "")
}

// each walks a list from start on.
func each[T any](start int, fetch func(start int) (Page[T], error)) iter.Seq2[T, error] {
	return rest.Each(start, func(at int) ([]T, int, bool, error) {
		page, err := fetch(at)
		return page.Results, at + len(page.Results), page.more(), err
	})
}

// get is the call of most methods: a GET whose answer has one shape.
func get[T any](ctx context.Context, c *rest.Client, path string, query any, params ...string) (T, error) {
	value, _, err := rest.Do[T](ctx, c, rest.Request{Method: http.MethodGet, Path: path, Params: params, Query: query})
	return value, err
}

// do is a call whose answer has no body.
func do(ctx context.Context, c *rest.Client, r rest.Request) error {
	_, _, err := rest.Do[rest.None](ctx, c, r)
	return err
}
