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
	return newClient(c), nil
}

func newClient(c *rest.Client) *Client {
	s := &service{rest: c}
	return &Client{
		Users:          (*UsersService)(s),
		Emails:         (*EmailsService)(s),
		Watches:        (*WatchesService)(s),
		UserProperties: (*UserPropertiesService)(s),
		rest:           c,
	}
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
	// Skipped are the records of the page that could not be read. Without a
	// Skip in the client's Lists they fail the call.
	Skipped []rest.Unreadable `json:"-"`
}

// PageLinks lead from a page to others.
type PageLinks struct {
	// Next is empty on the last page.
	Next string `json:"next"`
}

// more reports whether a page follows: if one of its links leads on, since a page
// may be short when what may not be seen was left out; without links, if it is
// full.
func (p Page[T]) more() bool {
	if p.Links != nil {
		return p.Links.Next != ""
	}
	return p.len() > 0 && p.Size >= p.Limit
}

func (p Page[T]) len() int { return len(p.Results) + len(p.Skipped) }

// each walks a list from start on, with a service whose calls count for the walk.
func each[S ~struct{ rest *rest.Client }, T any](s *S, start int, key func(T) string, fetch func(s *S, start int) (Page[T], error)) iter.Seq2[T, error] {
	return rest.Each(service(*s).rest, start, key, func(c *rest.Client, at int) ([]T, int, bool, error) {
		own := S(service{c})
		page, err := fetch(&own, at)
		return page.Results, at + page.len(), page.more(), err
	})
}

// Lists returns how the client reads lists.
func (c *Client) Lists() rest.ListPolicy { return c.rest.Lists }

// WithLists returns the same client with another way to read lists: all its
// walks (KeysAll and the like) and single pages keep to it. To change a part of
// it, begin with [Client.Lists].
func (c *Client) WithLists(lists rest.ListPolicy) *Client {
	own := *c.rest
	own.Lists = lists
	return newClient(&own)
}

// get is the call of most methods: a GET whose answer has one shape.
func get[T any](ctx context.Context, c *rest.Client, path string, query any, params ...string) (T, error) {
	value, _, err := rest.Do[T](ctx, c, rest.Request{Method: http.MethodGet, Path: path, Params: params, Query: query})
	return value, err
}

// records is get for an answer that is nothing but a list.
func records[T any](ctx context.Context, c *rest.Client, path string, query any) ([]T, error) {
	found, _, err := rest.DoList[T, rest.None](ctx, c, rest.Request{Method: http.MethodGet, Path: path, Query: query}, "")
	return found.Items, err
}

// getPage is get for a page.
func getPage[T any](ctx context.Context, c *rest.Client, path string, query any, params ...string) (Page[T], error) {
	found, _, err := rest.DoList[T, Page[T]](ctx, c, rest.Request{Method: http.MethodGet, Path: path, Params: params, Query: query}, "results")
	page := found.About
	page.Results, page.Skipped = found.Items, found.Skipped
	return page, err
}

// do is a call whose answer has no body.
func do(ctx context.Context, c *rest.Client, r rest.Request) error {
	_, _, err := rest.Do[rest.None](ctx, c, r)
	return err
}
