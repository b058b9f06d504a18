package rest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/rest"
)

// Only so many answers are read beyond 384 KiB at once; the others wait until one of
// those is closed, or their contexts end.
func TestLargeAnswersTakeTurns(t *testing.T) {
	t.Parallel()
	const size = 2 << 20
	limit := &rest.Limit{Large: rest.NewSlots(1), Base: transport(func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Request: req, Body: io.NopCloser(strings.NewReader(strings.Repeat("x", size)))}, nil
	})}
	open := func(ctx context.Context) io.ReadCloser {
		resp, err := limit.RoundTrip(limitRequest(ctx, t))
		if err != nil {
			t.Fatal(err)
		}
		return resp.Body
	}
	first := open(t.Context())
	if n, err := io.Copy(io.Discard, first); n != size || err != nil {
		t.Fatalf("first: %d bytes, %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	second := open(ctx)
	if _, err := io.CopyN(io.Discard, second, 384<<10); err != nil {
		t.Errorf("up to 384 KiB nobody waits: %v", err)
	}
	cancel()
	if n, err := io.Copy(io.Discard, second); n > 64<<10 || !errors.Is(err, context.Canceled) {
		t.Errorf("second: %d more bytes, %v, want to wait", n, err)
	}
	_ = second.Close()
	_ = first.Close()
	_ = first.Close() // as some callers do
	third := open(t.Context())
	if n, err := io.Copy(io.Discard, third); n != size || err != nil {
		t.Errorf("third: %d bytes, %v", n, err)
	}
	_ = third.Close()
}
