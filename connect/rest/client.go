package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client says where an API answers and carries the calls there.
type Client struct {
	// HTTP carries the calls. Its transport authenticates, retries and limits
	// them.
	HTTP *http.Client
	// Base is the API's address; its path, if any, precedes every call's.
	Base *url.URL
	// Now is the clock for the times that answers announce; nil means time.Now.
	Now func() time.Time
	// Lists says how lists are read.
	Lists ListPolicy

	meter *meter // of a walk
}

// New returns a client of the API at base, an absolute http or https URL
// without user, query and fragment.
func New(hc *http.Client, base string) (*Client, error) {
	if hc == nil {
		return nil, errors.New("new client: no http client")
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("new client: base is not an absolute http or https url")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("new client: base has a user, query or fragment")
	}
	return &Client{HTTP: hc, Base: u}, nil
}

// Request describes one call.
type Request struct {
	Method string
	// Path is a template such as /rest/api/3/issue/{issueIdOrKey}. Errors name
	// the call by it, without its values.
	Path string
	// Params are the values of the template's names in order of appearance.
	// Each is escaped to one segment. "", "." and ".." are refused with
	// [ErrParam], as they would name another operation.
	Params []string
	// Query is url.Values or a struct whose fields carry `url:"name"` tags
	// with the options omitempty (leave out a zero value) and comma (join a
	// slice instead of repeating the name). A nil pointer is left out.
	Query any
	// Body is sent as JSON, url.Values as a form, Raw as it is; nil sends none.
	Body any
	// Records is how many records the answer of a [DoList] may hold at most; 0
	// means 10,000.
	Records int
	// Header is added to the call; Accept and Content-Type are set where
	// absent.
	Header http.Header
}

// Raw is a body that is sent or received as it is, instead of as JSON.
type Raw struct {
	ContentType string
	Data        []byte
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	target, err := c.target(r)
	if err != nil {
		return nil, err
	}
	body, contentType, err := encodeBody(r.Body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(withOperation(ctx, r, target), r.Method, target, body)
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, r.Header.Clone())
	setAbsent(req.Header, "Accept", "application/json")
	setAbsent(req.Header, "Content-Type", contentType)
	return req, nil
}

func setAbsent(h http.Header, name, value string) {
	if value != "" && len(h.Values(name)) == 0 {
		h.Set(name, value)
	}
}

func (c *Client) target(r Request) (string, error) {
	path, err := expand(r.Path, r.Params)
	if err != nil {
		return "", err
	}
	query, err := encodeQuery(r.Query)
	if err != nil {
		return "", err
	}
	target := c.Base.Scheme + "://" + c.Base.Host + strings.TrimSuffix(c.Base.EscapedPath(), "/") + path
	if query != "" {
		target += "?" + query
	}
	return target, nil
}

func encodeBody(body any) (io.Reader, string, error) {
	switch b := body.(type) {
	case nil:
		return nil, "", nil
	case url.Values:
		return strings.NewReader(b.Encode()), "application/x-www-form-urlencoded", nil
	case Raw:
		return bytes.NewReader(b.Data), b.ContentType, nil
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, "", fmt.Errorf("encode body: %w", err)
	}
	return bytes.NewReader(data), "application/json", nil
}
