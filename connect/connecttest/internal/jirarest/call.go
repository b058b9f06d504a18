package jirarest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/avatar"
	"github.com/sightline-go/sightline/connect/connecttest/internal/worktime"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// timeFormat is how Jira writes times.
const timeFormat = "2006-01-02T15:04:05.000-0700"

// call is one request being answered.
type call struct {
	api     *API
	w       *world.World
	r       *http.Request
	query   url.Values
	p       Principal
	me      world.Person // zero: anonymous
	zone    *time.Location
	version string
	params  map[string]string
	body    []byte
	now     time.Time
	changes []Change
	shown   map[string]*userBean // users that the answer has shown
}

// answer is the result of a call. The body may be nil.
type answer struct {
	status int
	body   any
}

func ok(body any) (answer, error) { return answer{http.StatusOK, body}, nil }

func noContent() (answer, error) { return answer{status: http.StatusNoContent}, nil }

// file is a body that is not JSON.
type file struct{ kind, content string }

func (a answer) write(w http.ResponseWriter) {
	switch body := a.body.(type) {
	case nil:
		w.WriteHeader(a.status)
		return
	case file:
		w.Header().Set("Content-Type", body.kind)
		w.Header().Set("Content-Security-Policy", "sandbox")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, body.content) // the caller has gone: nothing to do
		return
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a.body); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-cache, no-store, no-transform")
	w.WriteHeader(a.status)
	_, _ = w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n"))) // the caller has gone: nothing to do
}

// problem is a refusal, in the shape of Jira's error collection.
type problem struct {
	status   int
	messages []string
	fields   map[string]string
}

// Error joins what is wrong.
func (p *problem) Error() string {
	return fmt.Sprintf("refuse with %d: %s %v", p.status, strings.Join(p.messages, " "), p.fields)
}

func (p *problem) write(w http.ResponseWriter, realm string) {
	if p.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `OAuth realm="`+url.QueryEscape(realm)+`"`)
	}
	body := problemBean{p.messages, p.fields}
	if body.Messages == nil {
		body.Messages = []string{}
	}
	if body.Errors == nil {
		body.Errors = map[string]string{}
	}
	answer{p.status, body}.write(w)
}

// problemBean is Jira's error collection.
type problemBean struct {
	Messages []string          `json:"errorMessages"`
	Errors   map[string]string `json:"errors"`
}

func refuse(status int, format string, args ...any) *problem {
	return &problem{status: status, messages: []string{fmt.Sprintf(format, args...)}}
}

func badRequest(format string, args ...any) *problem {
	return refuse(http.StatusBadRequest, format, args...)
}

func badField(field, format string, args ...any) *problem {
	return &problem{status: http.StatusBadRequest, fields: map[string]string{field: fmt.Sprintf(format, args...)}}
}

func unauthorized() *problem {
	return refuse(http.StatusUnauthorized, "Client must be authenticated to access this resource.")
}

func badPayload() *problem {
	return badRequest("Invalid request payload. Refer to the REST API documentation and try again.")
}

// decode reads the body strictly into v: one JSON value, no unknown members.
func (c *call) decode(v any) error {
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.DisallowUnknownFields()
	if d.Decode(v) != nil {
		return badPayload()
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return badPayload()
	}
	return nil
}

// decodeLoosely reads a body whose unknown members do not matter.
func (c *call) decodeLoosely(v any) error {
	if json.Unmarshal(c.body, v) != nil {
		return badPayload()
	}
	return nil
}

// number reads a whole number from the query.
func (c *call) number(name string, fallback int64) (int64, error) {
	s := c.query.Get(name)
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, badRequest("The value '%s' of the parameter %s is not a number.", s, name)
	}
	return n, nil
}

// page reads startAt and maxResults; a page is never longer than most.
func (c *call) page(fallback, most int64) (startAt, maxResults int, err error) {
	return c.pageBy("maxResults", fallback, most)
}

// pageBy is page where the size of a page has another name.
func (c *call) pageBy(sizeName string, fallback, most int64) (startAt, maxResults int, err error) {
	start, err := c.number("startAt", 0)
	if err != nil {
		return 0, 0, err
	}
	size, err := c.number(sizeName, fallback)
	if err != nil {
		return 0, 0, err
	}
	if start < 0 || size < 0 {
		return 0, 0, badRequest("startAt and %s must not be negative.", sizeName)
	}
	const end = 1 << 31
	return int(min(start, end)), int(min(size, most)), nil
}

// slice cuts a page out of a list.
func slice[T any](list []T, startAt, maxResults int) []T {
	start := min(startAt, len(list))
	return list[start:min(start+maxResults, len(list))]
}

// list reads a parameter that may repeat and holds a comma between values.
func (c *call) list(name string) []string { return splitLists(c.query[name]) }

func splitLists(values []string) []string {
	var out []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// link makes an address under the API's root.
func (c *call) link(format string, args ...any) string {
	for i, a := range args {
		if s, isText := a.(string); isText {
			args[i] = url.PathEscape(s)
		}
	}
	return c.api.o.BaseURL() + "/rest/api/" + c.version + "/" + fmt.Sprintf(format, args...)
}

// icon is the address of a picture for a name.
func (c *call) icon(name string) string { return c.api.o.BaseURL() + avatar.Icon(name) }

// time writes a time in the caller's zone, nil for none.
func (c *call) time(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(c.zone).Format(timeFormat)
}

// idNumber is an id where the API wants a number.
func idNumber(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64) // ids in a world are decimal
	return n
}

// workTime is how long days and weeks of work are.
func (c *call) workTime() worktime.Units { return worktime.Of(c.w.Settings()) }
