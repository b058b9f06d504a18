package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

var errNotREST = errors.New("the path must begin with /rest/")

// RESTCall is a call of the REST API that a page of the site makes for somebody.
type RESTCall struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Body    json.RawMessage   `json:"body"`
	Headers map[string]string `json:"headers"`
	// App limits the call to that Connect app's scopes, as AP.request does.
	App string `json:"app"`
}

// Request is the call as it would reach the site, without credentials. outer is
// the page's own call.
func (c RESTCall) Request(outer *http.Request) (*http.Request, error) {
	if !strings.HasPrefix(c.Path, "/rest/") {
		return nil, &url.Error{Op: "call", URL: c.Path, Err: errNotREST}
	}
	body := c.Body
	if string(body) == "null" {
		body = nil
	}
	r, err := http.NewRequestWithContext(outer.Context(), strings.ToUpper(c.Method), c.Path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Host, r.RemoteAddr, r.RequestURI = outer.Host, outer.RemoteAddr, r.URL.RequestURI()
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Del("Authorization")
	return r, nil
}
