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

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func answer(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("x")), Request: req}, nil
}

func limitRequest(ctx context.Context, t *testing.T) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://acme.atlassian.net/", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestLimit(t *testing.T) {
	t.Parallel()
	slots := rest.NewSlots(1)
	// Two limits share the place, as a tenant's app and user calls do.
	first, second := &rest.Limit{Base: transport(answer), Slots: slots}, &rest.Limit{Base: transport(answer), Slots: slots}
	held, err := first.RoundTrip(limitRequest(t.Context(), t))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		resp, err := second.RoundTrip(limitRequest(t.Context(), t))
		if err == nil {
			err = resp.Body.Close()
		}
		done <- err
	}()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := first.RoundTrip(limitRequest(ended, t)); !errors.Is(err, context.Canceled) {
		t.Errorf("no place and no time: got %v, want context.Canceled", err)
	}
	select {
	case err := <-done:
		t.Error("two calls ran at once", err)
	default:
	}
	_ = held.Body.Close()
	_ = held.Body.Close() // gives the place back once only
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := len(slots); got != 0 {
		t.Errorf("places taken: got %d, want 0", got)
	}
}

func TestLimitGivesBackAfterFailure(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	limit := &rest.Limit{Base: transport(func(*http.Request) (*http.Response, error) { return nil, boom })}
	for range 20 { // more than the 8 places there are
		if _, err := limit.RoundTrip(limitRequest(t.Context(), t)); !errors.Is(err, boom) {
			t.Fatalf("got %v, want boom", err)
		}
	}
}

func TestNewSlots(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{-1: 8, 0: 8, 1: 1, 20: 20} {
		if got := cap(rest.NewSlots(n)); got != want {
			t.Errorf("NewSlots(%d): got %d places, want %d", n, got, want)
		}
	}
}
