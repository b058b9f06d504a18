package jiradc

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// Client holds the services of one Jira Data Center.
type Client struct {
	Users          *UsersService
	Accessibility  *AccessibilityService
	Anonymization  *AnonymizationService
	Applications   *ApplicationsService
	Avatars        *AvatarsService
	Columns        *ColumnsService
	Duplicates     *DuplicatesService
	UserProperties *UserPropertiesService
	Sessions       *SessionsService

	rest *rest.Client
}

// service is what every resource's service is.
type service struct{ rest *rest.Client }

// New returns a client of the Jira at baseURL, for example
// https://jira.example.com/jira with the path that Jira runs under, that calls
// with hc.
func New(hc *http.Client, baseURL string) (*Client, error) {
	c, err := rest.New(hc, baseURL)
	if err != nil {
		return nil, err
	}
	return newClient(c), nil
}

// Lists returns how the client reads lists.
func (c *Client) Lists() rest.ListPolicy { return c.rest.Lists }

// WithLists returns the same client with another way to read lists: all its
// walks (SearchAll and the like) and single pages keep to it. To change a part
// of it, begin with [Client.Lists].
func (c *Client) WithLists(lists rest.ListPolicy) *Client {
	own := *c.rest
	own.Lists = lists
	return newClient(&own)
}

func newClient(c *rest.Client) *Client {
	s := &service{rest: c}
	return &Client{
		Users:          (*UsersService)(s),
		Accessibility:  (*AccessibilityService)(s),
		Anonymization:  (*AnonymizationService)(s),
		Applications:   (*ApplicationsService)(s),
		Avatars:        (*AvatarsService)(s),
		Columns:        (*ColumnsService)(s),
		Duplicates:     (*DuplicatesService)(s),
		UserProperties: (*UserPropertiesService)(s),
		Sessions:       (*SessionsService)(s),
		rest:           c,
	}
}

// UserRef names a person, by key or by user name.
type UserRef struct {
	// Key is the person's key. It changes only if the person is anonymized.
	Key string
	// Username is the name that the person logs in with.
	Username string
}

// refQuery is how most calls address a person.
type refQuery struct {
	Key      string `url:"key,omitempty"`
	Username string `url:"username,omitempty"`
}

// nameQuery addresses a person, or the caller when empty.
type nameQuery struct {
	Username string `url:"username,omitempty"`
}

// get is the call of most methods: a GET whose answer has one shape.
func get[T any](ctx context.Context, c *rest.Client, path string, query any, params ...string) (T, error) {
	return send[T](ctx, c, rest.Request{Method: http.MethodGet, Path: path, Params: params, Query: query})
}

// list is get for an answer that holds a list, see [rest.DoList].
func list[T, A any](ctx context.Context, c *rest.Client, path, member string, query any) (rest.List[T, A], error) {
	found, _, err := rest.DoList[T, A](ctx, c, rest.Request{Method: http.MethodGet, Path: path, Query: query}, member)
	return found, err
}

func send[T any](ctx context.Context, c *rest.Client, r rest.Request) (T, error) {
	value, _, err := rest.Do[T](ctx, c, r)
	return value, err
}

// do is a call whose answer has no body.
func do(ctx context.Context, c *rest.Client, r rest.Request) error {
	_, err := send[rest.None](ctx, c, r)
	return err
}

// experimental is the header that experimental calls are refused without.
func experimental() http.Header {
	return http.Header{"X-ExperimentalApi": {"true"}}
}
