package control

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Call is one of the site's own calls: what it does in a line, what it takes, and
// what serves it.
type Call struct {
	Method string `json:"method"`
	Path   string `json:"path"` // {name} is one segment
	About  string `json:"about"`
	// Query and Body are the names of its parameters and of the members of its JSON
	// body. Others are refused. A * stands for any name.
	Query []string `json:"query,omitempty"`
	Body  []string `json:"body,omitempty"`

	serve http.HandlerFunc
}

// On makes a Call of a method and a path, as a ServeMux writes them.
func On(pattern, about string, serve http.HandlerFunc) Call {
	method, path, _ := strings.Cut(pattern, " ")
	return Call{Method: method, Path: path, About: about, serve: serve}
}

// WithQuery is the call with the names of its parameters.
func (c Call) WithQuery(names ...string) Call {
	c.Query = names
	return c
}

// WithBody is the call with the names of its body's members.
func (c Call) WithBody(names ...string) Call {
	c.Body = names
	return c
}

// Fields are the names of the members that a struct is read from.
func Fields[T any]() []string { return fields(reflect.TypeFor[T]()) }

func fields(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			names = append(names, fields(f.Type)...)
		case f.IsExported() && name != "" && name != "-":
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Root is where the list of all calls lies. pages is where those of the site's own
// pages do, which know what they send.
const (
	Root  = "/-/"
	pages = "/-/ui/"
)

// Routes mounts the calls, and the list of them at Root.
func Routes(calls ...Call) *http.ServeMux {
	mux := http.NewServeMux()
	for _, c := range calls {
		mux.HandleFunc(c.Method+" "+c.Path, c.checked)
	}
	index := Call{Method: http.MethodGet, Path: Root, About: "these calls"}
	list := append([]Call{index}, calls...)
	index.serve = func(w http.ResponseWriter, _ *http.Request) {
		reply.JSON(w, http.StatusOK, map[string]any{"calls": list})
	}
	mux.HandleFunc("GET "+Root+"{$}", index.checked)
	return mux
}

// checked serves the call if it knows all parameters and members.
func (c Call) checked(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(c.Path, pages) {
		c.serve(w, r)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
		if !knows(c.Query, name) {
			reply.Problem(w, http.StatusBadRequest, "unknown parameter "+strconv.Quote(name)+has(c.Query))
			return
		}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, reply.BodyLimit+1))
	if err != nil {
		reply.Problem(w, http.StatusBadRequest, "the body could not be read")
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) == nil { // what is no object is the call's to refuse
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if !knows(c.Body, name) {
				reply.Problem(w, http.StatusBadRequest, "unknown member "+strconv.Quote(name)+" of the body"+has(c.Body))
				return
			}
		}
	}
	c.serve(w, r)
}

func knows(names []string, name string) bool {
	return slices.Contains(names, name) || slices.Contains(names, "*")
}

func has(names []string) string {
	if len(names) == 0 {
		return ": this call has none"
	}
	return ": this call has " + strings.Join(names, ", ")
}
