// Package api is what the smaller REST APIs of the local site have in common:
// tables of operations, reading of requests, and answers.
package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Operation is one method of one path.
type Operation[R any] struct {
	Name   string // operationId of the specification
	Method string
	Path   string   // below the root of the API; {name} is one segment
	Query  []string // the parameters that the specification declares
	Rules  R        // the API's own rules for it
}

// Op makes an Operation; the parameters are separated by spaces.
func Op[R any](name, method, path, query string, rules R) Operation[R] {
	return Operation[R]{Name: name, Method: method, Path: path, Query: strings.Fields(query), Rules: rules}
}

// Table is all operations of an API. A path without values comes before one
// with values that would also match.
type Table[R any] []Operation[R]

// Segments splits an escaped path below the root; nil if it lies elsewhere. One
// slash at the end is ignored.
func Segments(root, escapedPath string) []string {
	rest, ok := strings.CutPrefix(escapedPath, root)
	if !ok || rest == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(rest, "/"), "/")
}

// Find returns the operation and the values in its path or, if the method is
// wrong, the methods that the path has.
func (t Table[R]) Find(method string, segments []string) (op *Operation[R], values map[string]string, allowed []string) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	fixed := ""
	for i := range t {
		o := &t[i]
		values, ok := match(o.Path, segments)
		if !ok || fixed != "" && o.Path != fixed {
			continue
		}
		if o.Method == method {
			return o, values, nil
		}
		allowed = append(allowed, o.Method)
		if !strings.Contains(o.Path, "{") {
			fixed = o.Path
		}
	}
	slices.Sort(allowed)
	return nil, nil, slices.Compact(allowed)
}

// match compares escaped segments, none of them empty, with a path.
func match(path string, segments []string) (map[string]string, bool) {
	want := strings.Split(path, "/")
	if len(want) != len(segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, w := range want {
		got, err := url.PathUnescape(segments[i])
		name, isValue := strings.CutPrefix(w, "{")
		switch {
		case err != nil || got == "" || !isValue && got != w:
			return nil, false
		case isValue:
			values[strings.TrimSuffix(name, "}")] = got
		}
	}
	return values, true
}
