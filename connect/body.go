package connect

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep the JSON of a lifecycle call may nest.
const maxDepth = 32

// decodeBody reads the JSON object of a lifecycle call. Unknown members are
// ignored; a member of once that appears twice, in whatever case, is refused,
// as two readers would not agree on which one counts.
func decodeBody(r *http.Request, body []byte, into any, once ...string) error {
	if h := r.Header.Get("Content-Type"); h != "" {
		if t, _, _ := mime.ParseMediaType(h); t != "application/json" {
			return &BodyError{Detail: "the content type is not application/json"}
		}
	}
	if !utf8.Valid(body) {
		return &BodyError{Detail: "not UTF-8"}
	}
	if err := checkObject(body, once); err != nil {
		return err
	}
	if json.Unmarshal(body, into) != nil { // its error may quote the body
		return &BodyError{Detail: "not the expected JSON"}
	}
	return nil
}

// checkObject walks the text once, without recursion.
func checkObject(body []byte, once []string) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return &BodyError{Detail: "not a JSON object"}
	}
	var seen []string
	for depth, isName := 1, true; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return &BodyError{Detail: "not valid JSON"}
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return &BodyError{Detail: "nested too deeply"}
			}
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth > 1 {
			continue
		}
		if name, ok := t.(string); ok && isName {
			if seen, err = seeOnce(seen, name, once); err != nil {
				return err
			}
			isName = false
		} else {
			isName = true
		}
	}
	return nil
}

func seeOnce(seen []string, name string, once []string) ([]string, error) {
	for _, o := range once {
		if !strings.EqualFold(o, name) {
			continue
		}
		if slices.Contains(seen, o) {
			return nil, &BodyError{Field: o, Detail: "given twice"}
		}
		return append(seen, o), nil
	}
	return seen, nil
}
