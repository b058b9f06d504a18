package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Answer is the result of an operation. Body may be nil; a body of type HTML or
// Image is sent unchanged, any other as JSON.
type Answer struct {
	Status int
	Body   any
}

// HTML is a page.
type HTML string

// Image is a picture in PNG format.
type Image []byte

// OK answers 200.
func OK(body any) (Answer, error) { return Answer{http.StatusOK, body}, nil }

// Empty answers with only the status.
func Empty(status int) (Answer, error) { return Answer{Status: status}, nil }

// Write sends the answer.
func (a Answer) Write(w http.ResponseWriter) {
	kind, data := "application/json;charset=UTF-8", []byte(nil)
	switch body := a.Body.(type) {
	case nil:
		w.WriteHeader(a.Status)
		return
	case HTML:
		kind, data = "text/html;charset=UTF-8", []byte(body)
	case Image:
		kind, data = "image/png", body
	default:
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false) // addresses stay readable
		if err := encoder.Encode(body); err != nil {
			http.Error(w, "encode answer", http.StatusInternalServerError)
			return
		}
		data = bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache, no-store, no-transform")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(a.Status)
	_, _ = w.Write(data) // the caller has gone: nothing to do
}

// Problem is a refusal. Each API writes it in its own shape.
type Problem struct {
	Status   int
	Messages []string
	Fields   map[string]string
}

// Error joins what is wrong.
func (p *Problem) Error() string {
	return fmt.Sprintf("refuse with %d: %s %v", p.Status, strings.Join(p.Messages, " "), p.Fields)
}

// Refuse makes a Problem with one message.
func Refuse(status int, format string, args ...any) *Problem {
	return &Problem{Status: status, Messages: []string{fmt.Sprintf(format, args...)}}
}

// BadRequest makes a Problem with status 400.
func BadRequest(format string, args ...any) *Problem {
	return Refuse(http.StatusBadRequest, format, args...)
}

// BadField makes a Problem with status 400 about one member of the body.
func BadField(field, format string, args ...any) *Problem {
	return &Problem{Status: http.StatusBadRequest, Fields: map[string]string{field: fmt.Sprintf(format, args...)}}
}
