package connecttest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
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

// TestFaultBodiesVary has faults whose bodies are numbered, and a very long one.
func TestFaultBodiesVary(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	info := site.URL() + "/_edge/tenant_info"
	addFault(t, site, Fault{Path: "/_edge/*", Status: 200, Times: 2, Body: `{"nextPageToken":"t{n}"}`})
	addFault(t, site, Fault{Path: "/_edge/*", Status: 200, Times: 1, Body: `{}`, Fill: 1 << 20})
	for _, want := range []string{`{"nextPageToken":"t1"}`, `{"nextPageToken":"t2"}`} {
		if got := get(t, info, ""); string(got.body) != want {
			t.Errorf("got %s, want %s", got.body, want)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, info, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if n, err := io.Copy(io.Discard, response.Body); n != 2+1<<20 || err != nil {
		t.Errorf("got %d bytes, %v", n, err)
	}
}

// TestFaultsRetryAfter sends a number, a fraction, a date and a word over HTTP.
func TestFaultsRetryAfter(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	const date = "Wed, 21 Oct 2026 07:28:00 GMT"
	fault := func(retryAfter any) answered {
		return postJSON(t, site.URL()+"/-/faults", map[string]any{"path": "/_edge/*", "status": 429, "times": 1, "retryAfter": retryAfter})
	}
	for sent, want := range map[any]string{7: "7", 1.5: "1.5", "0.25": "0.25", date: date, "soon": "soon"} {
		if got := fault(sent); got.status != 201 {
			t.Errorf("add a fault with %v: got %d\n%s", sent, got.status, got.body)
		}
		if got := get(t, site.URL()+"/_edge/tenant_info", ""); got.status != 429 || got.header.Get("Retry-After") != want {
			t.Errorf("%v: got %d with Retry-After %q, want %q", sent, got.status, got.header.Get("Retry-After"), want)
		}
	}
	for _, wrong := range []any{true, struct{}{}, []int{1}, -1, json.RawMessage("1e999")} {
		if got := fault(wrong); got.status != 400 && got.status != 422 {
			t.Errorf("retryAfter %v: got %d", wrong, got.status)
		}
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

// TestFaultsWithoutEnd has answers that break off, stop or never end.
func TestFaultsWithoutEnd(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	ask := func(f Fault, most int64) (n int64, err error) {
		t.Helper()
		f.Path, f.Status, f.Times, f.Body = "/_edge/*", 200, 1, "half"
		addFault(t, site, f)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, site.URL()+"/_edge/tenant_info", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		n, err = io.CopyN(io.Discard, response.Body, 4)
		if err != nil || most == 4 {
			return n, err
		}
		if f.Stall {
			time.AfterFunc(20*time.Millisecond, cancel)
		}
		more, err := io.CopyN(io.Discard, response.Body, most-4)
		return n + more, err
	}
	if n, err := ask(Fault{Headers: map[string]string{"Content-Length": "400"}}, 400); n != 4 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("half an answer: got %d bytes and %v", n, err)
	}
	if n, err := ask(Fault{Stall: true}, 400); n != 4 || !errors.Is(err, context.Canceled) {
		t.Errorf("stall: got %d bytes and %v, want 4 until the caller gives up", n, err)
	}
	if n, err := ask(Fault{Endless: true}, 1<<20); n != 1<<20 || err != nil {
		t.Errorf("endless: got %d bytes and %v", n, err)
	}
	if got := get(t, site.URL()+"/_edge/tenant_info", ""); got.status != 200 {
		t.Errorf("afterwards: got %d", got.status)
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
		{Path: "/x", Status: 200, Fill: -1},
		{Path: "/x", Status: 500, RetryAfter: -1},
		{Path: "/x", Reset: true, Stall: true},
		{Path: "/x", DelayMs: 1, Endless: true, Body: "x"},
		{Path: "/x", Status: 200, Endless: true},
	} {
		if err := site.AddFault(f); err == nil {
			t.Errorf("%+v: got no error", f)
		}
	}
}

// TestFaultsAreListed: over HTTP a fault is added, listed with what is left of it, and
// ended.
func TestFaultsAreListed(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	if got := postJSON(t, site.URL()+"/-/faults", map[string]any{"path": "/_edge/*", "status": 503, "times": 2}); got.status != http.StatusCreated {
		t.Fatalf("add: got %d %s", got.status, got.body)
	}
	list := func() (faults []Fault) {
		var answer struct{ Faults []Fault }
		got := get(t, site.URL()+"/-/faults", "")
		if err := json.Unmarshal(got.body, &answer); err != nil || got.status != http.StatusOK || answer.Faults == nil {
			t.Fatalf("list: got %d %s", got.status, got.body)
		}
		return answer.Faults
	}
	for want := 2; want > 0; want-- {
		if got := list(); len(got) != 1 || got[0].Times != want || got[0].Status != 503 {
			t.Errorf("got %+v, want one that is left %d times", got, want)
		}
		get(t, site.URL()+"/_edge/tenant_info", "")
	}
	if got := list(); len(got) != 0 {
		t.Errorf("used up: got %+v", got)
	}
}
