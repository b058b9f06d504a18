package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

// errMeter says that a walk has read all the bytes that it may.
var errMeter = errors.New("as many bytes as a list may have")

// errPiece says that a single record is too large.
var errPiece = errors.New("a record of more than 2 MiB")

// meter counts what the calls of one walk read.
type meter struct{ left int64 }

// metered returns a client whose calls count together, for one walk.
func (c *Client) metered() (*Client, *meter) {
	m := &meter{left: c.Lists.bytes()}
	own := *c
	own.meter = m
	return &own, m
}

// body is an answer's body. It fails after limit bytes, unlike an io.LimitReader,
// whose end looks like the body's.
type body struct {
	from  io.Reader
	left  int64
	over  error // what exceeds the limit
	meter *meter
	// piece is how much of left may be read for the next record. Whoever decodes
	// records sets it anew before each.
	piece int64
	// failed is why reading ended before the body did. A decoder does not
	// always return it as it is.
	failed error
}

// openBody refuses, before reading, an answer whose Content-Length is too large.
func (c *Client) openBody(ctx context.Context, resp *http.Response) (*body, error) {
	b := &body{from: wire.Body(ctx, resp.Body), left: maxAnswer, piece: maxAnswer, meter: c.meter, over: fmt.Errorf("more than %d bytes", maxAnswer)}
	if c.meter != nil && c.meter.left < b.left {
		b.left, b.over = c.meter.left, errMeter
	}
	if resp.ContentLength > b.left {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, b.over)
	}
	return b, nil
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 || b.piece < 0 {
		return 0, b.failed
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	b.left -= int64(n)
	b.piece -= int64(n)
	if b.meter != nil {
		b.meter.left -= int64(n)
	}
	if b.left < 0 {
		n, err = n-1, b.over
	}
	if b.piece < 0 && err == nil {
		err = errPiece
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.failed = err
	}
	return n, err
}
