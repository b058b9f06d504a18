// Package reply reads the bodies of the site's own calls and answers them.
package reply

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
)

// BodyLimit bounds what the site reads of a request of its own.
const BodyLimit = 1 << 20

// JSON answers with a value.
func JSON(w http.ResponseWriter, status int, value any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // addresses stay readable
	if err := encoder.Encode(value); err != nil {
		http.Error(w, "encode answer", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

// Problem answers as application/problem+json.
func Problem(w http.ResponseWriter, status int, detail string) {
	Note(w, detail)
	data, err := json.Marshal(struct {
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
	}{http.StatusText(status), status, detail})
	if err != nil {
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}

// Decode reads a JSON object strictly: one value, no unknown members.
func Decode(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, BodyLimit))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read body: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("read body: something follows the JSON value")
	}
	return nil
}

// Note puts into the log of requests, if the call is in it, why it was
// refused.
func Note(w http.ResponseWriter, reason string) {
	if rec, ok := w.(interface{ NoteReason(reason string) }); ok {
		rec.NoteReason(reason)
	}
}

// WithProblems answers requests that no route takes, 404 or 405, as a problem.
func WithProblems(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		refused := NewMemory()
		h.ServeHTTP(refused, r)
		if allow := refused.Header().Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		Problem(w, refused.Status, "the site has nothing here for "+r.Method)
	})
}

// UnknownParameter finds a query parameter that an operation does not have, ""
// if there is none.
func UnknownParameter(r *http.Request, known ...string) string {
	for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
		if !slices.Contains(known, name) {
			return name
		}
	}
	return ""
}

// Absent is the error of something that does not exist: a 404.
type Absent string

// Error is its text.
func (a Absent) Error() string { return string(a) }
