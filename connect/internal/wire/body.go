package wire

import (
	"context"
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

// Body reads the answer of a call with that context. Once the context has ended,
// that is the error of a read that fails: what the connection says then is chance,
// such as that it is closed.
func Body(ctx context.Context, answer io.Reader) io.Reader { return &contextBody{ctx, answer} }

type contextBody struct {
	ctx  context.Context //nolint:containedctx // reads have no other
	from io.Reader
}

// Read implements io.Reader.
func (b *contextBody) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if over := b.ctx.Err(); over != nil && err != nil && !errors.Is(err, io.EOF) {
		err = over
	}
	return n, err
}

// Drain reads what is left of an unwanted answer, so that closing it leaves a
// connection that can be used again. It stops after 64 KiB.
func Drain(body io.Reader) { _, _ = io.CopyN(io.Discard, body, maxDrain) }
