package slackapp

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

const (
	// maxAnswer is how many bytes of an answer are read. Slack's largest that we
	// ask for, a channel's bookmarks, are a hundredth of it.
	maxAnswer = 1 << 20
	// pauseUnnamed is how long a 429 that names no time holds calls back.
	pauseUnnamed = 30 * time.Second
)

var errTooLarge = errors.New("the answer is too large")

// transport makes answers what Slack's client can read: it fails at a Retry-After
// that is not a whole number, takes a 429 without one for an error like any
// other, and reads an answer of any length.
type transport struct {
	base http.RoundTripper // nil means http.DefaultTransport
	now  func() time.Time
}

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	base := t.base
	if base == nil {
		base = http.DefaultTransport
	}
	resp, err := base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.ContentLength > maxAnswer {
		_ = resp.Body.Close()
		return nil, errTooLarge
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	if resp.StatusCode == http.StatusTooManyRequests {
		resp.Header.Set("Retry-After", wholeSeconds(resp.Header, t.now()))
	}
	return resp, nil
}

// wholeSeconds is a wait as Slack's client reads it, rounded up.
func wholeSeconds(h http.Header, now time.Time) string {
	wait, ok := rest.RetryAfter(h, now)
	if !ok {
		wait = pauseUnnamed
	}
	return strconv.Itoa(int(math.Ceil(wait.Seconds())))
}
