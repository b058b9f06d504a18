package connecttest

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"
)

// NewSite starts a site on a loopback port and closes it when the test ends.
// It takes at most one Options.
func NewSite(tb testing.TB, o ...Options) *Site {
	tb.Helper()
	s, err := New(slices.Concat(o, []Options{{}})[0])
	if err != nil {
		tb.Fatalf("new site: %v", err)
	}
	var config net.ListenConfig
	listener, err := config.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("new site: %v", err)
	}
	if err := s.SetBaseURL("http://" + listener.Addr().String()); err != nil {
		tb.Fatalf("new site: %v", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			tb.Errorf("serve site: %v", err)
		}
	}()
	tb.Cleanup(func() {
		s.Close()
		_ = server.Close()
	})
	return s
}

// Client returns a client for calls to the site: no redirects are followed.
func (s *Site) Client() *http.Client {
	return s.sender.Client()
}
