package connecttest

import (
	"net/http"
	"testing"
	"time"
)

func addFault(t *testing.T, s *Site, f Fault) {
	t.Helper()
	if err := s.AddFault(f); err != nil {
		t.Fatal(err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	info := site.URL() + "/_edge/tenant_info"
	addFault(t, site, Fault{Method: "get", Path: "/_edge/*", Status: 429, RetryAfter: 7, Times: 2})
	addFault(t, site, Fault{Path: "/_edge/*", Status: 302, Times: 1, Headers: map[string]string{"Location": "http://other.example.com/"}})
	addFault(t, site, Fault{Path: "/_edge/*", Status: 200, Times: 1, Body: `{"cloudId":`})
	for i, want := range []int{429, 429, 302, 200, 200} {
		got := get(t, info, "")
		if got.status != want {
			t.Errorf("call %d: got %d, want %d", i, got.status, want)
		}
		switch {
		case want == 429 && got.header.Get("Retry-After") != "7":
			t.Errorf("Retry-After: got %q", got.header.Get("Retry-After"))
		case want == 302 && got.header.Get("Location") == "":
			t.Error("the location is missing")
		case i == 3 && string(got.body) != `{"cloudId":`:
			t.Errorf("body: got %s", got.body)
		case i == 4 && got.str("cloudId") != site.CloudID():
			t.Errorf("after the faults: got %s", got.body)
		}
	}
	addFault(t, site, Fault{Path: "*", Status: 503})
	site.ClearFaults()
	if got := get(t, info, ""); got.status != 200 {
		t.Errorf("cleared: got %d", got.status)
	}
}

func TestFaultResetsAndDelays(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	info := site.URL() + "/_edge/tenant_info"
	addFault(t, site, Fault{Path: "/_edge/*", Reset: true, Times: 1})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, info, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := http.DefaultTransport.RoundTrip(r); err == nil {
		response.Body.Close()
		t.Errorf("reset: got %d, want a broken connection", response.StatusCode)
	}
	addFault(t, site, Fault{Path: "/_edge/*", DelayMs: 30})
	start := time.Now()
	if got := get(t, info, ""); got.status != 200 || time.Since(start) < 30*time.Millisecond {
		t.Errorf("delay: got %d after %v", got.status, time.Since(start))
	}
}

func TestFaultRefusals(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	for _, f := range []Fault{
		{},
		{Path: "/x"},
		{Path: "x", Status: 500},
		{Path: "/x", Status: 99},
		{Path: "/x", Status: 600},
		{Path: "/x", Status: 500, Times: -1},
		{Path: "/x", DelayMs: -1},
		{Path: "/x", Status: 500, RetryAfter: -1},
	} {
		if err := site.AddFault(f); err == nil {
			t.Errorf("%+v: got no error", f)
		}
	}
}
