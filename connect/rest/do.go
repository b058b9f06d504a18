package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

// ErrNoAnswer says that a call got no answer at all. The error wraps the
// transport's too.
var ErrNoAnswer = errors.New("no answer")

// ErrUnreadable says that a successful answer could not be read: its content type
// is not JSON, its JSON is broken or cut off, or it is over 16 MiB. The error's
// text quotes nothing of the body.
var ErrUnreadable = errors.New("unreadable answer")

const (
	maxAnswer = 16 << 20
	maxGrow   = 1 << 20
)

// None is the type of an answer whose body is ignored.
type None struct{}

// Response is an answer without its value.
type Response struct {
	Status int
	Header http.Header

	at time.Time // when it came
}

// Do makes one call and reads its answer as T: [None] ignores the body, [Raw]
// takes it as it is, anything else is decoded from JSON. A 204 gives the zero
// value.
//
// A status other than 2xx is an [*Error], with the Response. A call without an
// answer is an [ErrNoAnswer], an answer that cannot be read an [ErrUnreadable]. All
// errors name the call by its method and path template.
func Do[T any](ctx context.Context, c *Client, r Request) (T, *Response, error) {
	var value T
	resp, err := c.send(ctx, r)
	if err != nil {
		return value, nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	defer func() {
		wire.Drain(resp.Body)
		_ = resp.Body.Close()
	}()
	answer := &Response{Status: resp.StatusCode, Header: resp.Header, at: c.now()}
	if resp.StatusCode/100 != 2 {
		return value, answer, readError(r, resp, answer.at)
	}
	if err := decode(resp, &value); err != nil {
		var zero T
		return zero, answer, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	return value, answer, nil
}

func (c *Client) send(ctx context.Context, r Request) (*http.Response, error) {
	req, err := c.request(ctx, r)
	if err != nil {
		return nil, err
	}
	resp, err := c.HTTP.Do(req)
	// The address holds account ids and queries; the caller names the call.
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	return resp, nil
}

func decode(resp *http.Response, value any) error {
	switch v := value.(type) {
	case *None:
		return nil
	case *Raw:
		data, err := readBody(resp)
		*v = Raw{ContentType: resp.Header.Get("Content-Type"), Data: data}
		return err
	}
	if resp.StatusCode == http.StatusNoContent {
		return nil
	}
	if !isJSON(resp.Header) {
		return fmt.Errorf("%w: content type is not json", ErrUnreadable)
	}
	data, err := readBody(resp)
	if err != nil {
		return err
	}
	return DecodeValue(data, value)
}

// DecodeValue reads JSON into what into points to. Its error wraps [ErrUnreadable]
// and, unlike the decoder's own, quotes nothing of the JSON.
func DecodeValue(data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: %s", ErrUnreadable, describe(err))
	}
	return nil
}

func isJSON(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

func readBody(resp *http.Response) ([]byte, error) {
	var b bytes.Buffer
	// An announced length saves growing, but a lie costs no more than maxGrow.
	if n := min(resp.ContentLength, maxGrow); n > 0 {
		b.Grow(int(n) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if n > maxAnswer {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrUnreadable, maxAnswer)
	}
	return b.Bytes(), nil
}

// describe says what is wrong with JSON without quoting it, as the decoder's
// own errors do.
func describe(err error) string {
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return fmt.Sprintf("broken json at byte %d", syntax.Offset)
	}
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
		return fmt.Sprintf("json member %q is not a %s", mismatch.Field, mismatch.Type)
	}
	return "json of an unexpected shape"
}
