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
// value. Lists have [DoList].
//
// A status other than 2xx is an [*Error], with the Response. A call without an
// answer is an [ErrNoAnswer], an answer that cannot be read an [ErrUnreadable]. All
// errors name the call by its method and path template.
func Do[T any](ctx context.Context, c *Client, r Request) (T, *Response, error) {
	var value, zero T
	var answer *Response
	var err error
	switch v := any(&value).(type) {
	case *None:
		answer, err = c.do(ctx, r, nil)
	case *Raw:
		answer, err = c.doRaw(ctx, r, v)
	default:
		answer, err = c.do(ctx, r, func(from *body) error { return decode(from, &value) })
	}
	if err != nil {
		return zero, answer, err
	}
	return value, answer, nil
}

// do makes a call and hands the JSON of its answer to read. A nil read, and an
// answer of 204, leave the body alone.
func (c *Client) do(ctx context.Context, r Request, read func(*body) error) (*Response, error) {
	return c.call(ctx, r, func(resp *http.Response) error {
		if read == nil || resp.StatusCode == http.StatusNoContent {
			return nil
		}
		if !isJSON(resp.Header) {
			return fmt.Errorf("%w: content type is not json", ErrUnreadable)
		}
		from, err := c.openBody(ctx, resp)
		if err != nil {
			return err
		}
		if err := read(from); err != nil && from.failed != nil {
			return fmt.Errorf("%w: %w", ErrUnreadable, from.failed)
		} else if err != nil {
			return err
		}
		return nil
	})
}

func (c *Client) doRaw(ctx context.Context, r Request, into *Raw) (*Response, error) {
	return c.call(ctx, r, func(resp *http.Response) error {
		from, err := c.openBody(ctx, resp)
		if err != nil {
			return err
		}
		data, err := readAll(from, resp.ContentLength)
		*into = Raw{ContentType: resp.Header.Get("Content-Type"), Data: data}
		return err
	})
}

// call makes a call and hands its answer to read if it is a success.
func (c *Client) call(ctx context.Context, r Request, read func(*http.Response) error) (*Response, error) {
	resp, err := c.send(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	defer func() {
		wire.Drain(resp.Body)
		_ = resp.Body.Close()
	}()
	answer := &Response{Status: resp.StatusCode, Header: resp.Header, at: c.now()}
	if resp.StatusCode/100 != 2 {
		return answer, readError(r, resp, answer.at)
	}
	if err := read(resp); err != nil {
		return answer, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	return answer, nil
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

// decode reads one JSON value and nothing after it.
func decode(from io.Reader, value any) error {
	d := json.NewDecoder(from)
	if err := d.Decode(value); err != nil {
		return unreadable(err, "")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return unreadable(err, "more after the json")
	}
	return nil
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

func readAll(from io.Reader, announced int64) ([]byte, error) {
	var b bytes.Buffer
	// An announced length saves growing, but a lie costs no more than maxGrow.
	if n := min(announced, maxGrow); n > 0 {
		b.Grow(int(n) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(from); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
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
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "json that is cut off"
	}
	return "json of an unexpected shape"
}
