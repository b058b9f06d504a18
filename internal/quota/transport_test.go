package quota

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Jira also counts a call whose caller gave up; one that was never sent costs nothing.
func TestGivenUpCalls(t *testing.T) {
	t.Parallel()
	got, gone := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(got)
		<-gone
	}))
	defer server.Close()
	defer close(gone)
	l := &Ledger{Now: newClock().now}
	client := &http.Client{Transport: &Transport{Base: http.DefaultTransport, Ledger: l, Tenant: "acme", Purpose: Person}}
	call := func(ctx context.Context, address string) {
		t.Helper()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/rest/api/3/issue/AB-1", nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := client.Do(req); err == nil {
			_ = resp.Body.Close()
			t.Error("there is an answer")
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-got
		cancel()
	}()
	call(ctx, server.URL)
	if points := l.App().Used; points != 2 {
		t.Errorf("given up: got %d points, want 2", points)
	}
	call(ctx, server.URL)
	call(t.Context(), "http://127.0.0.1:1")
	if points := l.App().Used; points != 2 {
		t.Errorf("never sent: got %d points, want 2", points)
	}
}
