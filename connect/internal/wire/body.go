package wire

import (
	"errors"
	"io"
	"net/http"
)

// maxDrain is how many bytes are read of an unwanted body so that its
// connection can be used again.
const maxDrain = 64 << 10

var errOnce = errors.New("the body can be read only once")

// HasBody reports whether the request carries a body.
func HasBody(req *http.Request) bool { return req.Body != nil && req.Body != http.NoBody }

// Rewindable reports whether the request's body can be sent a second time.
func Rewindable(req *http.Request) bool { return !HasBody(req) || req.GetBody != nil }

// Rewind returns the request's body from its beginning, http.NoBody if there
// is none. A body that can be read only once is an error.
func Rewind(req *http.Request) (io.ReadCloser, error) {
	switch {
	case !HasBody(req):
		return http.NoBody, nil
	case req.GetBody == nil:
		return nil, errOnce
	}
	return req.GetBody()
}

// CloseBody ends a request that is not sent, as a transport must.
func CloseBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// Drain reads what is left of an unwanted answer, so that closing it leaves a
// connection that can be used again. It stops after 64 KiB.
func Drain(body io.Reader) { _, _ = io.CopyN(io.Discard, body, maxDrain) }
