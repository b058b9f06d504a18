package control

import (
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Call is one of the site's own calls: what it does in a line, and what serves
// it.
type Call struct {
	Method string `json:"method"`
	Path   string `json:"path"` // {name} is one segment
	About  string `json:"about"`

	serve http.HandlerFunc
}

// On makes a Call of a method and a path, as a ServeMux writes them.
func On(pattern, about string, serve http.HandlerFunc) Call {
	method, path, _ := strings.Cut(pattern, " ")
	return Call{Method: method, Path: path, About: about, serve: serve}
}

// Root is where the list of all calls lies.
const Root = "/-/"

// Routes mounts the calls, and the list of them at Root.
func Routes(calls ...Call) *http.ServeMux {
	mux := http.NewServeMux()
	for _, c := range calls {
		mux.HandleFunc(c.Method+" "+c.Path, c.serve)
	}
	list := append([]Call{{Method: http.MethodGet, Path: Root, About: "these calls"}}, calls...)
	mux.HandleFunc("GET "+Root+"{$}", func(w http.ResponseWriter, _ *http.Request) {
		reply.JSON(w, http.StatusOK, map[string]any{"calls": list})
	})
	return mux
}
