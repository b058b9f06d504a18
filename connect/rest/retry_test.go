package rest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/rest"
)

var retryNow = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// play answers each call with the next of its lines: a status with headers, or
// an error.
type play struct {
	lines  []line
	bodies []string
	open   int // bodies not closed yet
}

type line struct {
	status int
	header http.Header
	err    error
}

func (p *play) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		_ = req.Body.Close()
		body = string(data)
	}
	p.bodies = append(p.bodies, body)
	next := p.lines[min(len(p.bodies), len(p.lines))-1]
	if next.err != nil {
		return nil, next.err
	}
	p.open++
	header := next.header
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: next.status, Header: header, Body: &counted{strings.NewReader("answer"), p}, Request: req}, nil
}

type counted struct {
	io.Reader
	play *play
}

func (c *counted) Close() error { c.play.open--; return nil }

type temporary bool

func (temporary) Error() string     { return "refused" }
func (t temporary) Temporary() bool { return bool(t) }

type retryCase struct {
	name   string
	method string
	body   io.Reader
	lines  []line
	status int // 0: an error
	waits  []time.Duration
}

func retryCases() []retryCase {
	after := func(text string) http.Header { return http.Header{"Retry-After": {text}} }
	reset := func(text string) http.Header { return http.Header{"X-Ratelimit-Reset": {text}} }
	broken := &net.OpError{Op: "read", Err: errors.New("connection reset")}
	return []retryCase{
		{"fine", "GET", nil, []line{{status: 200}}, 200, nil},
		{"not found", "GET", nil, []line{{status: 404}}, 404, nil},
		{"500 is final", "GET", nil, []line{{status: 500}}, 500, nil},
		{"once", "GET", nil, []line{{status: 503}, {status: 200}}, 200, secs(1)},
		{"no method is get", "", nil, []line{{status: 502}, {status: 200}}, 200, secs(1)},
		{"for ever", "DELETE", nil, []line{{status: 504}}, 504, secs(1, 2, 4, 8)},
		{"post is not idempotent", "POST", strings.NewReader("x"), []line{{status: 503}}, 503, nil},
		{"patch is not idempotent", "PATCH", strings.NewReader("x"), []line{{err: broken}}, 0, nil},
		{"429 has done nothing", "POST", strings.NewReader("x"), []line{{status: 429}, {status: 201}}, 201, secs(1)},
		{"put again", "PUT", strings.NewReader("x"), []line{{status: 503}, {err: broken}, {status: 204}}, 204, secs(1, 2)},
		{"body once only", "PUT", io.MultiReader(strings.NewReader("x")), []line{{status: 429}}, 429, nil},
		{"seconds", "GET", nil, []line{{status: 429, header: after("7")}, {status: 200}}, 200, secs(7)},
		{"seconds on 503", "GET", nil, []line{{status: 503, header: after("3")}, {status: 200}}, 200, secs(3)},
		{"date", "GET", nil, []line{{status: 429, header: after("Tue, 24 Nov 2026 12:00:09 GMT")}, {status: 200}}, 200, secs(9)},
		{"date gone by", "GET", nil, []line{{status: 429, header: after("Tue, 24 Nov 2026 11:00:00 GMT")}, {status: 200}}, 200, secs(1)},
		{"zero", "GET", nil, []line{{status: 429, header: after("0")}, {status: 200}}, 200, secs(1)},
		{"negative", "GET", nil, []line{{status: 429, header: after("-5")}, {status: 200}}, 200, secs(1)},
		{"nonsense", "GET", nil, []line{{status: 429, header: after("soon")}, {status: 200}}, 200, secs(1)},
		{"reset", "GET", nil, []line{{status: 429, header: reset("2026-11-24T12:00:11Z")}, {status: 200}}, 200, secs(11)},
		{"reset by the minute", "GET", nil, []line{{status: 429, header: reset("2026-11-24T12:01Z")}, {status: 200}}, 200, secs(60)},
		{"reset nonsense", "GET", nil, []line{{status: 429, header: reset("1700000000")}, {status: 200}}, 200, secs(1)},
		{"too long", "GET", nil, []line{{status: 429, header: after("61")}}, 429, nil},
		{"absurd", "GET", nil, []line{{status: 429, header: after("9223372036854775807")}}, 429, nil},
		{"refused", "GET", nil, []line{{err: errors.New("not the tenant's origin")}}, 0, nil},
		{"refused for now", "GET", nil, []line{{err: temporary(true)}, {status: 200}}, 200, secs(1)},
		{"refused for good", "GET", nil, []line{{err: temporary(false)}}, 0, nil},
		{"connection ends", "GET", nil, []line{{err: io.ErrUnexpectedEOF}, {err: io.EOF}, {status: 200}}, 200, secs(1, 2)},
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	for _, tc := range retryCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(t.Context(), tc.method, "https://acme.atlassian.net/", tc.body)
			if err != nil {
				t.Fatal(err)
			}
			req.Method = tc.method
			play := &play{lines: tc.lines}
			var waits []time.Duration
			resp, err := newRetry(play, &waits).RoundTrip(req)
			status := 0
			if err == nil {
				status = resp.StatusCode
				_ = resp.Body.Close()
			}
			if status != tc.status {
				t.Errorf("status: got %d (%v), want %d", status, err, tc.status)
			}
			if diff := cmp.Diff(tc.waits, waits); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
			if play.open != 0 {
				t.Errorf("%d bodies left open", play.open)
			}
			for i, body := range play.bodies {
				if body != play.bodies[0] {
					t.Errorf("body of attempt %d: got %q, want %q", i+1, body, play.bodies[0])
				}
			}
		})
	}
}

func secs(list ...int) []time.Duration {
	var out []time.Duration
	for _, n := range list {
		out = append(out, time.Duration(n)*time.Second)
	}
	return out
}

// newRetry waits no time but writes down how long, with jitter that changes
// nothing for a backoff and nothing for an announced wait.
func newRetry(base http.RoundTripper, waits *[]time.Duration) *rest.Retry {
	return &rest.Retry{
		Base: base,
		Now:  func() time.Time { return retryNow },
		Rand: func() float64 { return 0 },
		Sleep: func(_ context.Context, d time.Duration) error {
			// The backoff's smallest jitter is 0.7.
			if d%time.Second != 0 {
				d = time.Duration(float64(d)/0.7 + 0.5)
			}
			*waits = append(*waits, d)
			return nil
		},
	}
}

func TestRetryBackoff(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		random float64
		want   []time.Duration
	}{
		{0, []time.Duration{700 * time.Millisecond, 1400 * time.Millisecond, 2800 * time.Millisecond, 5600 * time.Millisecond, 11200 * time.Millisecond, 21 * time.Second, 21 * time.Second}},
		{0.5, secs(1, 2, 4, 8, 16, 30, 30)},
		{1, []time.Duration{1300 * time.Millisecond, 2600 * time.Millisecond, 5200 * time.Millisecond, 10400 * time.Millisecond, 20800 * time.Millisecond, 30 * time.Second, 30 * time.Second}},
	} {
		var got []time.Duration
		retry := &rest.Retry{
			Base: &play{lines: []line{{status: 503}}}, Attempts: 8, Rand: func() float64 { return tc.random },
			Sleep: func(_ context.Context, d time.Duration) error {
				got = append(got, d.Round(time.Millisecond))
				return nil
			},
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://acme.atlassian.net/", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := retry.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("random %v (-want +got):\n%s", tc.random, diff)
		}
	}
}

func TestRetryNeverComesBackTooEarly(t *testing.T) {
	t.Parallel()
	for _, random := range []float64{0, 0.999} {
		var waits []time.Duration
		retry := newRetry(&play{lines: []line{{status: 429, header: http.Header{"Retry-After": {"10"}}}, {status: 200}}}, &waits)
		retry.Rand = func() float64 { return random }
		retry.Sleep = func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			return nil
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://acme.atlassian.net/", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := retry.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if len(waits) != 1 || waits[0] < 10*time.Second || waits[0] > 13*time.Second {
			t.Errorf("random %v: got %v, want one wait of 10 to 13 s", random, waits)
		}
	}
}

func TestRetryKeepsToTheDeadline(t *testing.T) {
	t.Parallel()
	var waits []time.Duration
	play := &play{lines: []line{{status: 429, header: http.Header{"Retry-After": {"5"}}}}}
	retry := newRetry(play, &waits)
	now := time.Now()
	retry.Now = func() time.Time { return now }
	ctx, cancel := context.WithDeadline(t.Context(), now.Add(4*time.Second))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://acme.atlassian.net/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := retry.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusTooManyRequests || string(data) != "answer" || len(waits) != 0 {
		t.Errorf("got %d %q (%v) after waits %v, want the 429 untouched and at once", resp.StatusCode, data, err, waits)
	}
}

func TestRetryEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	play := &play{lines: []line{{status: 503}}}
	// Sleep is the real one: the context ends while it waits.
	retry := &rest.Retry{Base: play, Rand: func() float64 { cancel(); return 1 }}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://acme.atlassian.net/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := retry.RoundTrip(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if play.open != 0 || len(play.bodies) != 1 {
		t.Errorf("got %d attempts and %d open bodies, want 1 and 0", len(play.bodies), play.open)
	}
}

func TestRetryBodyThatCannotBeReadAgain(t *testing.T) {
	t.Parallel()
	var waits []time.Duration
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "https://acme.atlassian.net/", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	req.GetBody = func() (io.ReadCloser, error) { return nil, boom }
	resp, err := newRetry(&play{lines: []line{{status: 503}}}, &waits).RoundTrip(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, boom) {
		t.Errorf("got %v, want boom", err)
	}
}
