package rest_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// near is an answer's header that warns.
func near(remaining int, reset string) http.Header {
	return http.Header{
		"X-Ratelimit-Nearlimit": {"true"}, "X-Ratelimit-Remaining": {strconv.Itoa(remaining)}, "X-Ratelimit-Reset": {reset},
	}
}

// pacer is a Pace whose clock moves only by waiting.
func pacer(base http.RoundTripper, budget *rest.Budget, waits *[]time.Duration) *rest.Pace {
	now := retryNow
	return &rest.Pace{
		Base: base, Budget: budget, Rand: func() float64 { return 0 },
		Now: func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error {
			*waits = append(*waits, d)
			now = now.Add(d)
			return nil
		},
	}
}

func send(ctx context.Context, t *testing.T, rt http.RoundTripper) error {
	t.Helper()
	resp, err := rt.RoundTrip(limitRequest(ctx, t))
	if err == nil {
		_ = resp.Body.Close()
	}
	return err
}

func TestPace(t *testing.T) {
	t.Parallel()
	quota := func(reason, after string) http.Header {
		return http.Header{"Ratelimit-Reason": {reason}, "Retry-After": {after}, "X-Ratelimit-Remaining": {"0"}}
	}
	const second = time.Second
	cases := []struct {
		name    string
		headers []http.Header
		want    []time.Duration
	}{
		{"enough is left", []http.Header{{"X-Ratelimit-Remaining": {"90"}}, nil, nil}, nil},
		{"spread until the reset", []http.Header{near(20, "2026-11-24T12:00:10Z"), near(19, "2026-11-24T12:00:10Z"), nil}, []time.Duration{second / 2, second / 2}},
		{"at most a second apart", []http.Header{near(20, "2026-11-24T12:30Z"), nil, nil}, []time.Duration{second, second}},
		{"nothing is left", []http.Header{near(0, "2026-11-24T12:30Z"), nil, nil}, []time.Duration{second, second}},
		{"a reset that has passed", []http.Header{near(20, "2026-11-24T12:00Z"), nil, nil}, []time.Duration{second, second}},
		{"until it is full again", []http.Header{near(20, "2026-11-24T12:00:10Z"), {"X-Ratelimit-Remaining": {"90"}}, nil, nil}, []time.Duration{second / 2}},
		{"a used-up quota holds all", []http.Header{quota(rest.ReasonTenantQuota, "30"), nil, nil}, []time.Duration{30 * second, second}},
		{"a used-up app quota holds all", []http.Header{quota(rest.ReasonGlobalQuota, "3"), nil}, []time.Duration{3 * second}},
		{"so does one of an unknown kind", []http.Header{quota("jira-cost-based", "3"), nil}, []time.Duration{3 * second}},
		{"no waiting for more than a minute", []http.Header{quota(rest.ReasonTenantQuota, "600"), nil}, nil},
		{"a burst holds its endpoint", []http.Header{quota(rest.ReasonBurst, "30"), nil, nil}, []time.Duration{30 * second, second / 100}},
		{"without an end for two seconds", []http.Header{{"Ratelimit-Reason": {rest.ReasonBurst}}, nil}, []time.Duration{2 * second}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := &play{}
			for _, header := range tc.headers {
				p.lines = append(p.lines, line{status: http.StatusOK, header: header})
			}
			var waits []time.Duration
			pace := pacer(p, nil, &waits)
			for range tc.headers {
				if err := send(t.Context(), t, pace); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(waits, tc.want) {
				t.Errorf("waited %v, want %v", waits, tc.want)
			}
		})
	}
}

func TestPaceShared(t *testing.T) {
	t.Parallel()
	warn := &play{lines: []line{{status: http.StatusOK, header: near(20, "2026-11-24T12:30Z")}}}
	var budget rest.Budget
	var waits []time.Duration
	if err := send(t.Context(), t, pacer(warn, &budget, &waits)); err != nil {
		t.Fatal(err)
	}
	// The same tenant through another transport.
	if err := send(t.Context(), t, pacer(transport(answer), &budget, &waits)); err != nil || len(waits) != 1 {
		t.Errorf("got %v after %v, want one wait", err, waits)
	}
}

func TestPaceEndsWithTheContext(t *testing.T) {
	t.Parallel()
	warn := &play{lines: []line{{status: http.StatusOK, header: near(1, "2026-11-24T12:30Z")}}}
	pace := &rest.Pace{Base: warn, Now: func() time.Time { return retryNow }}
	if err := send(t.Context(), t, pace); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := send(ended, t, pace); !errors.Is(err, context.Canceled) || len(warn.bodies) != 1 {
		t.Errorf("got %v after %d calls, want context.Canceled and no call", err, len(warn.bodies))
	}
	// No time to wait: the API decides.
	short, cancel := context.WithDeadline(t.Context(), retryNow)
	defer cancel()
	if err := send(short, t, pace); err != nil || len(warn.bodies) != 2 {
		t.Errorf("got %v after %d calls, want a call at once", err, len(warn.bodies))
	}
	broken := &rest.Pace{Base: &play{lines: []line{{err: errors.New("down")}}}}
	if err := send(t.Context(), t, broken); err == nil || !strings.Contains(err.Error(), "down") {
		t.Errorf("got %v, want the transport's error", err)
	}
}
