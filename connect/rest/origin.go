package rest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

// ErrForeignOrigin says that a call was aimed at another origin than the one
// its transport has a secret for. Nothing was sent.
var ErrForeignOrigin = wire.ErrForeignOrigin

// CheckOrigin returns nil if the request goes to the scheme, host and port of
// the address home, and an error that wraps [ErrForeignOrigin] if it goes
// elsewhere. A home that is not an http or https address is another error. A
// transport that calls it keeps its secret at home, whatever address or
// redirect comes along.
func CheckOrigin(req *http.Request, home string) error { return wire.CheckOrigin(req, home) }
