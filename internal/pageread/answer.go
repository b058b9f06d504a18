package pageread

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// MaxPart is how many bytes a call of a page may have with its answers.
const MaxPart = 200_000

const (
	// maxUnpacked is how many bytes the answers of one call may have.
	maxUnpacked = 8 << 20
	maxAnswers  = 1000
	// maxHeader is how long the value of a header may be.
	maxHeader = 300
)

// ErrAnswers says that what a page has sent are no answers.
var ErrAnswers = errors.New("these are no answers of a page")

// answer is one of Jira's, as a page hands it over.
type answer struct {
	Key     string            `json:"key"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	// Body is JSON. A body that is not is in Text.
	Body json.RawMessage `json:"body"`
	Text string          `json:"text"`

	users int // the call that brought it, and bodies that are being read
}

func (a *answer) size() int { return len(a.Key) + len(a.Body) + len(a.Text) }

// unpack reads the answers that a page has packed: JSON, compressed, in base64.
// take is told of each; its error ends the reading.
func unpack(packed string, take func(*answer) error) error {
	if packed == "" {
		return nil
	}
	if len(packed) > MaxPart {
		return fmt.Errorf("%w: longer than a part", ErrAnswers)
	}
	stream, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed)))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAnswers, err)
	}
	list := json.NewDecoder(io.LimitReader(stream, maxUnpacked))
	if start, err := list.Token(); err != nil || start != json.Delim('[') {
		return fmt.Errorf("%w: not a list", ErrAnswers)
	}
	for n := 0; list.More(); n++ {
		one := &answer{}
		if err := list.Decode(one); err != nil {
			return fmt.Errorf("%w: %w", ErrAnswers, err)
		}
		if n == maxAnswers || one.Status < 200 || one.Status > 599 {
			return ErrAnswers
		}
		if err := take(one); err != nil {
			return err
		}
	}
	if _, err := list.Token(); err != nil { // too long, or cut off
		return fmt.Errorf("%w: %w", ErrAnswers, err)
	}
	return nil
}

// Headers are those that a page hands over with an answer: what a call's failure
// and a limit are told by.
func Headers() []string {
	return []string{
		"Content-Type", "Retry-After", "RateLimit-Reason", "RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining",
		"X-RateLimit-Reset", "X-RateLimit-NearLimit", "X-Failure-Category", "Atl-Request-Id", "Atl-Traceid",
	}
}

// response is the answer as a transport returns it; done is called once, when its
// body is closed.
func (a *answer) response(req *http.Request, done func()) *http.Response {
	body := []byte(a.Body)
	if len(body) == 0 {
		body = []byte(a.Text)
	}
	header := http.Header{}
	for _, name := range Headers() {
		if value := a.Headers[strings.ToLower(name)]; value != "" && len(value) <= maxHeader {
			header.Set(name, value)
		}
	}
	return &http.Response{
		Status: http.StatusText(a.Status), StatusCode: a.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: &closer{bytes.NewReader(body), done}, ContentLength: int64(len(body)), Request: req,
	}
}

// closer tells of the first time that it is closed.
type closer struct {
	io.Reader
	done func()
}

// Close implements io.Closer.
func (c *closer) Close() error {
	if c.done != nil {
		c.done()
		c.done = nil
	}
	return nil
}
