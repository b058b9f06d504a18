// Package clienttest is what the tests of the typed clients share: a server to
// call, its answers, and lists read to the end.
package clienttest

import (
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// New makes a client of a server whose API lies under /base, so that a call
// that forgets the base gets a 404 that it does not expect. The server runs
// until the test ends.
func New[C any](t *testing.T, connect func(client *http.Client, baseURL string) (C, error), h http.HandlerFunc) C {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/base/", http.StripPrefix("/base", h))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c, err := connect(server.Client(), server.URL+"/base")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Answer sends JSON, or a page when the body begins with a tag, or nothing but
// the status.
func Answer(w http.ResponseWriter, status int, body string) {
	switch {
	case strings.HasPrefix(body, "<"):
		w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	case body != "":
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// None is for methods that return nothing but an error.
func None(err error) (any, error) { return nil, err }

// Collect reads a list to its end or to its first error.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var list []T
	for item, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, item)
	}
	return list, nil
}
