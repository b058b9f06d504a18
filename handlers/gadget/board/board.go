// Package board is what all gadgets do alike with what they show: where that is, how
// times are written, what a view leaves out and why, how it is drawn once for its
// viewer, and how it is taken along as a table.
package board

import (
	"net/http"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
)

// At is a place and the address of its page's later calls. A function that
// serves an item also serves a sidebar.
type At struct {
	viewer.Place
	edge.Address
}

// Func serves a later call of a place.
type Func func(r *edge.Request, at At) error

// Call is a later call: its method, its name under the gadget's address, and
// what serves it.
type Call struct {
	Method, Name string
	Serve        Func
}

// Get is a call that reads.
func Get(name string, serve Func) Call { return Call{http.MethodGet, name, serve} }

// Post is a call that changes something.
func Post(name string, serve Func) Call { return Call{http.MethodPost, name, serve} }

// Unconfigured says that nobody has set a place up.
type Unconfigured struct {
	// Language is the viewer's.
	Language *lang.Language
}

// Error implements error.
func (*Unconfigured) Error() string { return "the place is not configured" }
