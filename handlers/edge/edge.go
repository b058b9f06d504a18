// Package edge is where HTTP ends: the adapters that mount every route, the
// request as handlers see it, the one error exit, headers, the log line,
// compression and the language of an answer.
//
// A handler gets a [Request] and, if it serves a tenant, a caller that only a
// verifier can make. It returns an error or nothing. The package knows no other
// room.
package edge

import (
	"bytes"
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
)

// Product is the app's name in every language.
const Product = "Sightline"

// JSONType is the content type of descriptors.
const JSONType = "application/json; charset=utf-8"

// Config is everything the edge needs. Signed, Served, Refused, Traced, Ignored and Forge may be nil;
// everything else is required.
type Config struct {
	// BaseURL is the public address; routes are mounted under its path.
	BaseURL *url.URL
	// Dev shows why a request was refused on the page. Signed may then return
	// the canonical request behind a hash.
	Dev    bool
	Signed func(hash string) (canonical string, ok bool)
	// HostScript is the address of the host's all.js.
	HostScript string
	// Ancestors are the origins that may frame a page whose tenant is not
	// known, as sources of a content security policy.
	Ancestors []string
	// Static is the address of the static files under the base path.
	Static string

	Verifier *connect.Verifier
	// Forge is nil when Forge is off; then no route uses it.
	Forge     *Forge
	People    *viewer.People
	Languages *lang.Catalogue
	// EventTime is how long Forge waits until an event is stored.
	EventTime time.Duration

	// Served is called for every request with its route; it may be nil.
	Served func(method, route string, status int, took time.Duration)
	// Refused is called for every request that was refused or failed, with the code that
	// the log has, one of about a hundred; it may be nil.
	Refused func(reason string)
	// Traced is called when a request begins. The request goes on with the context
	// that it returns, and end is called when it has ended. It may be nil.
	Traced func(ctx context.Context, method string) (with context.Context, end func(Answered))
	// MaxPages is how many calls of pages are served at once; 0: [DefaultMaxPages].
	MaxPages int
	// Shed is called for every call of a page that was one too many, with one of
	// [LoadReasons]; it may be nil.
	Shed func(reason string)
	// Ignored is called for every event that was verified and changed nothing,
	// with the reason of its connect.IgnoredError; it may be nil.
	Ignored func(route, reason string)
	Log     *slog.Logger
	Now     func() time.Time
}

// Edge makes endpoints and their answers. Make it with [New].
type Edge struct {
	Config
	// buffers hold pages being rendered.
	buffers     sync.Pool
	compressors *compressors
	fixed       *fixedHeaders
	frames      frames
	load        load
}

// New makes an edge.
func New(c Config) *Edge {
	e := &Edge{Config: c, compressors: newCompressors(), fixed: newFixedHeaders(c), load: load{most: cmp.Or(c.MaxPages, DefaultMaxPages)}}
	e.buffers.New = func() any { return new(bytes.Buffer) }
	return e
}

// Path is the address of one of the app's own paths, base path included.
func (e *Edge) Path(p string) string {
	base := e.BaseURL.Path
	if base == "/" {
		base = ""
	}
	return base + p
}

// Absolute is the public address of one of the app's own paths.
func (e *Edge) Absolute(path string) string {
	return strings.TrimSuffix(e.BaseURL.String(), "/") + path
}

// Route is one address: its method, its path and what serves it.
type Route struct {
	Method, Path string
	Endpoint     Endpoint
}

// Get is a route for reading.
func Get(path string, e Endpoint) Route { return Route{http.MethodGet, path, e} }

// Post is a route for writing.
func Post(path string, e Endpoint) Route { return Route{http.MethodPost, path, e} }

// Mount mounts routes under the base path, and answers every other address. It
// takes only endpoints: a handler without an adapter does not compile into a
// route. What anybody may GET answers HEAD as well, as RFC 9110 section 9.1 asks
// of every server; net/http leaves the body out.
func (e *Edge) Mount(engine *gin.Engine, routes []Route) {
	engine.NoRoute(e.Public(notFound).handle)
	engine.NoMethod(e.Public(wrongMethod).handle)
	group := engine.Group(strings.TrimSuffix(e.BaseURL.Path, "/"))
	for _, r := range routes {
		group.Handle(r.Method, r.Path, r.Endpoint.handle)
		if r.Method == http.MethodGet && r.Endpoint.public {
			group.HEAD(r.Path, r.Endpoint.handle)
		}
	}
}
