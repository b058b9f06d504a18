package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxBody bounds a request's body, in bytes.
const maxBody = 4 << 20

// Query reads parameters. An empty one counts as missing.
type Query struct{ url.Values }

// Unknown refuses parameters that are not among the declared ones, naming
// them.
func (q Query) Unknown(declared []string) error {
	var names []string
	for name := range q.Values {
		if !slices.Contains(declared, name) && name != "jwt" { // the token may come as a parameter
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return BadRequest("Unknown query parameter: %s.", strings.Join(names, ", "))
}

// Number reads a whole number that is not negative.
func (q Query) Number(name string, fallback int) (int, error) {
	text := q.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	switch {
	case err != nil:
		return 0, BadRequest("The value '%s' of the parameter %s is not a number.", text, name)
	case n < 0:
		return 0, BadRequest("The parameter %s must not be negative.", name)
	}
	return int(n), nil
}

// Bool reads true or false.
func (q Query) Bool(name string, fallback bool) (bool, error) {
	text := q.Get(name)
	if text == "" {
		return fallback, nil
	}
	v, err := strconv.ParseBool(text)
	if err != nil {
		return false, BadRequest("The value '%s' of the parameter %s is neither true nor false.", text, name)
	}
	return v, nil
}

// List reads a parameter that may repeat and may hold commas between values.
func (q Query) List(name string) []string {
	var out []string
	for _, v := range q.Values[name] {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// Slice cuts a page out of a list.
func Slice[T any](list []T, start, size int) []T {
	start = min(start, len(list))
	return list[start : start+min(size, len(list)-start)]
}

// MediaType is the content type of a request without its parameters.
func MediaType(r *http.Request) string {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind
}

// ReadBody reads a body of the media type. Another type is a 415, too large a
// body a 413.
func ReadBody(w http.ResponseWriter, r *http.Request, mediaType string) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, Refuse(http.StatusRequestEntityTooLarge, "The request is too large.")
	case err != nil:
		return nil, BadRequest("The request could not be read.")
	case len(body) > 0 && MediaType(r) != mediaType:
		return nil, Refuse(http.StatusUnsupportedMediaType, "Unsupported Media Type: %s is expected.", mediaType)
	}
	return body, nil
}

// Decode reads one JSON value strictly; an unknown member is named.
func Decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) && wrongType.Field != "" {
			return BadField(wrongType.Field, "The value is not of the right type.")
		}
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return BadRequest("Unrecognized field %s.", name)
		}
		return BadRequest("The request body is not valid JSON for this operation.")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return BadRequest("Something follows the JSON value in the request body.")
	}
	return nil
}
